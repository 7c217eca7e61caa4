"""The tree of everything that may be raised on purpose.

What callers and networks normally do (no input, busy, hung up) is a value, never an exception:
what is here stands for a broken promise.

    EngineError
    ├── ConfigError            a setting or a file of an operator is wrong; nothing was changed
    │   └── FlowError          a flow file is wrong; carries every finding
    ├── TelephonyError         the softswitch did not do what was asked
    │   ├── LegGone            the leg has hung up: ends the call (caught in calls/session)
    │   ├── SwitchUnavailable  no connection to the softswitch, or no answer before the deadline
    │   └── SwitchRefused      the softswitch answered with a refusal
    ├── StorageError           the database did not take or give what was asked
    ├── SpeechError            a prompt or a fragment is not there
    └── Bug                    a state that the tables call impossible
"""


class EngineError(Exception):
    """Root of the tree; ``remedy`` says what a person can do next, when that is known."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class ConfigError(EngineError):
    """A setting or an operator's file is wrong; nothing was changed."""


class FlowError(ConfigError):
    """A flow file is wrong; the findings are in the message, one a line."""


class TelephonyError(EngineError):
    """The softswitch did not do what was asked."""


class LegGone(TelephonyError):
    """The leg has hung up, so nothing more can be done with it."""


class SwitchUnavailable(TelephonyError):
    """There is no connection to the softswitch, or it did not answer before the deadline."""


class SwitchOverloaded(TelephonyError):
    """The softswitch has more to do than it can, and somebody else goes first."""


class SwitchRefused(TelephonyError):
    """The softswitch answered with a refusal; ``status`` is its HTTP status."""

    def __init__(self, message: str, *, status: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.status = status


class StorageError(EngineError):
    """The database did not take or give what was asked."""


class SpeechError(EngineError):
    """A prompt or a fragment of a read-out is not there."""


class Bug(EngineError):
    """A state that our own tables call impossible: always a fault of this program."""
