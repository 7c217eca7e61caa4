"""Edits of one agent or queue in the operator's files, as the API takes them.

An edit is a merge patch (RFC 7396): a key with null goes, an object is merged into the one that is
there, everything else takes the place of what stood there. All else in the file stays as it is
written, comments included.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import JsonValue
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ivrengine.agents.roster import Roster, is_member_by_skill
from ivrengine.agents.roster_files import AGENTS_FILE, QUEUES_FILE, Texts, read_roster
from ivrengine.errors import ConfigError
from ivrengine.values import AgentNumber

Patch = Mapping[str, JsonValue]
Edit = Callable[[Texts, Roster], Texts]
"""Returns the texts of the files that it alters, given those in force and what they say."""


class NoSuchEntry(ConfigError):
    """There is no agent or queue of this name."""


def edit_queue(name: str, patch: Patch) -> Edit:
    """Return the edit that merges ``patch`` into the queue ``name``."""

    def edit(texts: Texts, roster: Roster) -> Texts:
        if name not in roster.queues:
            raise NoSuchEntry(f"there is no queue {name}", remedy="GET /api/queues lists them")
        _refuse_other_name(patch, "name", name)
        document = _Document(texts[QUEUES_FILE])
        _merge(document.entry("queues", "name", name), patch)
        return {QUEUES_FILE: document.text()}

    return edit


def edit_agent(number: str, patch: Patch) -> Edit:
    """Return the edit that merges ``patch`` into the agent ``number``.

    ``queues`` among it are not kept with the agent: they alter the lists of members of queues.
    """

    def edit(texts: Texts, roster: Roster) -> Texts:
        if AgentNumber(number) not in roster.agents:
            raise NoSuchEntry(f"there is no agent {number}", remedy="GET /api/agents lists them")
        _refuse_other_name(patch, "number", number)
        own = {key: value for key, value in patch.items() if key != "queues"}
        edited: dict[str, str] = {}
        if own:
            document = _Document(texts[AGENTS_FILE])
            entry = document.entry("agents", "number", number)
            _skills_by_level(entry)
            _merge(entry, own)
            edited[AGENTS_FILE] = document.text()
        if "queues" in patch:
            document = _Document(texts[QUEUES_FILE])
            altered = read_roster({**texts, **edited}).roster or roster
            _alter_memberships(document, altered, AgentNumber(number), _names(patch["queues"]))
            edited[QUEUES_FILE] = document.text()
        return edited

    return edit


class _Document:
    """One file as it is written."""

    def __init__(self, text: str) -> None:
        self._yaml = YAML(typ="rt")
        self._yaml.preserve_quotes = True
        self._yaml.width = 4096
        self._yaml.indent(mapping=2, sequence=4, offset=2)
        self._tree: Any = self._yaml.load(text)

    def entry(self, key: str, field: str, name: str) -> CommentedMap:
        """Return the entry of the list ``key`` whose ``field`` is ``name``; it has to exist."""
        found: CommentedMap = next(entry for entry in self._tree[key] if entry[field] == name)
        return found

    def text(self) -> str:
        """Return the whole file."""
        out = io.StringIO()
        self._yaml.dump(self._tree, out)
        return out.getvalue()


def _merge(entry: CommentedMap, patch: Patch) -> None:
    for key, value in patch.items():
        if value is None:
            entry.pop(key, None)
        elif isinstance(value, dict) and isinstance(entry.get(key), dict):
            _merge(entry[key], value)
        else:
            entry[key] = _written(value)


def _written(value: JsonValue) -> Any:
    """Return ``value`` as it stands in a file: short things on one line, and without nulls."""
    match value:
        case dict():
            table = CommentedMap({k: _written(v) for k, v in value.items() if v is not None})
            table.fa.set_flow_style()
            return table
        case list():
            row = CommentedSeq(_written(each) for each in value)
            if not any(isinstance(each, dict) for each in value):
                row.fa.set_flow_style()
            return row
        case _:
            return value


def _skills_by_level(entry: CommentedMap) -> None:
    """Let skills that are listed stand with their level, so that one of them can be altered."""
    skills = entry.get("skills")
    if isinstance(skills, list):
        entry["skills"] = _written(dict.fromkeys(map(str, skills), 1))


def _refuse_other_name(patch: Patch, field: str, name: str) -> None:
    if patch.get(field, name) != name:
        raise ConfigError(
            f"{field}: what is called {name} cannot be renamed",
            remedy="edit the files, and reload",
        )


def _names(value: JsonValue) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ConfigError("queues: a list of names is expected")
    return frozenset(str(name) for name in value)


def _alter_memberships(
    document: _Document, roster: Roster, number: AgentNumber, wanted: Iterable[str]
) -> None:
    """List the agent with the queues that are ``wanted``, and with no others."""
    wanted = frozenset(wanted)
    unknown = sorted(wanted - roster.queues.keys())
    if unknown:
        raise ConfigError(f"there is no queue {', '.join(unknown)}")
    agent = roster.agents[number]
    for name, queue in roster.queues.items():
        by_skill = is_member_by_skill(agent, queue)
        listed = number in queue.members.agents
        if name not in wanted and by_skill:
            raise ConfigError(
                f"agent {number} serves {name} for what the agent can do, not for being listed",
                remedy="take the skill away, or alter `members` of the queue",
            )
        if (name in wanted) == (listed or by_skill):
            continue
        members = document.entry("queues", "name", name)["members"]
        if name in wanted:
            members.setdefault("agents", _written([])).append(DoubleQuotedScalarString(number))
        else:
            members["agents"].remove(number)
            if not members["agents"]:
                del members["agents"]
