"""The shell around ``acd``: feeds it facts, carries out its commands, knows agents' telephones."""
