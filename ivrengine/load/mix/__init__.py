"""Who calls: one short description by a tester, and what SIPp is given, drawn from it by a seed."""
