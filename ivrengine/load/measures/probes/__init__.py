"""Telephones that call among all the others and know what they are to hear.

`crew` is what a run uses; `__main__` is the process, which is apart so that its times are its own.
"""
