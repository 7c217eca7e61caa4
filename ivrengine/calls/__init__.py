"""One call, one task scope: accept it, run its flow, carry out its orders, note it all."""
