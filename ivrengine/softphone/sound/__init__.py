"""G.711 as numbers: what a telephone says, and what can be told of what it hears."""
