"""Values turned into the prompts that say them: pure, the same for every caller of a language.

A read-out is a tuple of prompt ids that are played one after the other without a gap. How a value
is read is said by whoever orders it (``Reading``) and never guessed from its looks: 600519 is a
code to a flow that asks for one, and a number of shares to another.
"""

from ivrengine.speech.readings.reading import Readable, Reading, read_out

__all__ = ["Readable", "Reading", "read_out"]
