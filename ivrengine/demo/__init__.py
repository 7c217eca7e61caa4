"""The demonstration call: two people on real telephones, told as a dialogue while it happens."""
