"""How long agents may do what they do: who is signed out at the end, and who is only told of."""
