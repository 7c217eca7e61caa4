"""What each kind of node does with what it is told: one module per family of kinds."""
