"""The agents' telephones of a load: a hundred of them in a process of their own.

`crew` is what a run uses; `__main__` is the process; `exchange` has its telephones on one socket.
"""
