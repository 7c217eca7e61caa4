"""The command line: one module for each command, all assembled in ``main``."""
