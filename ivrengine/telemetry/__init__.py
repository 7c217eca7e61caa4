"""What operators see of the running engine: log lines and metrics.

Everything here hangs on the journal or is told by observers; no business code calls it.
"""
