"""What callers come for: each service is a folder of its own and knows none of the others.

Every folder has the same files: ``model.py`` (its values), ``rules.py`` (pure decisions),
``ports.py`` (what it needs of the world), ``service.py`` (the actions that flows call) and
``speech.py`` (an answer as an outcome and values that a flow can speak).
"""
