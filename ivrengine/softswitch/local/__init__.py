"""An Asterisk on this machine without root: fetched, configured, started, watched, stopped.

``installation`` finds or fetches one, ``instance`` and ``rendering`` give it a place and a
configuration, ``asterisk`` runs it, ``supervisor`` keeps it and the engine running together.
"""
