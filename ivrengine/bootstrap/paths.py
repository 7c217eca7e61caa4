"""Where one instance keeps its state: every folder and file below the state folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePaths:
    """The folders of one instance; Asterisk's own stand beside them."""

    root: Path

    @property
    def prompts(self) -> Path:
        """Prompts laid out for Asterisk."""
        return self.root / "prompts"

    @property
    def recordings(self) -> Path:
        """WAV files of conversations and messages."""
        return self.root / "recordings"

    @property
    def journal(self) -> Path:
        """Segments of the journal of calls."""
        return self.root / "journal"

    @property
    def agents_log(self) -> Path:
        """Events of call distribution."""
        return self.root / "journal" / "agents.jsonl"

    @property
    def figures(self) -> Path:
        """What was counted up to the beginning of the events of call distribution."""
        return self.root / "journal" / "figures.json"

    @property
    def changes(self) -> Path:
        """Who changed what in operators' files."""
        return self.root / "changes.jsonl"

    @property
    def spool(self) -> Path:
        """Facts that wait for a database that is away."""
        return self.root / "spool"

    @property
    def logs(self) -> Path:
        """Log files of the engine."""
        return self.root / "log"
