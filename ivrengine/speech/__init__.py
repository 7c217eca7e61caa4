"""How things are said to callers: texts, read-outs of values, voices, and the audio of all of it.

``catalogue`` holds the texts, ``readings`` turns a value into the prompts that say it, ``voices``
and ``rendering`` make audio of the texts, ``library`` lays that audio out for the softswitch.
"""
