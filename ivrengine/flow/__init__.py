"""The flow language: what a caller hears next. Pure: inputs and state in, effects out."""
