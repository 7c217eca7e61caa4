"""What was heard in a call, found again frame by frame in the installed prompt library."""
