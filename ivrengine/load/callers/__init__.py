"""The callers of a load: SIPp does their signalling, a process of ours the rest."""

from ivrengine.load.callers.callers import Callers
from ivrengine.load.callers.tally import Tally

__all__ = ["Callers", "Tally"]
