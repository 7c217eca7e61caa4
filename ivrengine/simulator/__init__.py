"""An exchange in memory, with callers and agents' telephones that do as they are told."""
