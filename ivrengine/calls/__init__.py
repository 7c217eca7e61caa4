"""One call, one task scope: accept it, run its flow, carry out what the flow orders, note it all."""
