"""Reading each kind of node. A node's kind is the first field of its table."""

from collections.abc import Callable, Mapping

from ivrengine.flow.expressions import Literal
from ivrengine.flow.flow_fields import FlowFields
from ivrengine.flow.model import Dialplan
from ivrengine.flow.nodes import (
    ActNode,
    CallBackNode,
    CallNode,
    Case,
    CollectNode,
    EntryType,
    HangUpNode,
    LanguageNode,
    MenuNode,
    Node,
    PlayNode,
    RecordNode,
    ReturnNode,
    SetNode,
    SwitchNode,
)
from ivrengine.flow.seek_reader import read_agent, read_queue
from ivrengine.flow.speech_lines import Speech, ValueLine
from ivrengine.flow.targets import GLOBAL_KEYS, Take, Target, Way
from ivrengine.flow.yaml_tree import Row, Table
from ivrengine.speech.readings import Reading
from ivrengine.values import Language

MOST_DIGITS = 32
"""Digits of the longest entry; as many keys are kept when they are pressed early."""


def read_node(name: str, fields: FlowFields, dialplan: Dialplan) -> Node | None:
    """Return the node of a table, None with a finding when its kind is not known."""
    kind = next(iter(fields.table.entries), "")
    reader = READERS.get(kind)
    if reader is None:
        fields.unknown_word(fields.table, "the first field", kind or "empty", READERS)
        return None
    node = reader(name, fields, dialplan)
    fields.finish()
    return node


def _play(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    return PlayNode(
        name=name,
        line=fields.table.line,
        speech=fields.speech("play"),
        flush=fields.flag("flush", default=False),
        next=fields.needed_target("next"),
        on_hang_up=fields.target("on_hang_up"),
    )


def _say(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    line = ValueLine(
        line=fields.table.line,
        value=fields.expression("say") or Literal(value=False),
        reading=fields.choice("as", Reading),
        barge_in=fields.flag("barge_in", default=True),
    )
    return PlayNode(
        name=name,
        line=fields.table.line,
        speech=(line,),
        flush=fields.flag("flush", default=False),
        next=fields.needed_target("next"),
        on_hang_up=fields.target("on_hang_up"),
    )


def _menu(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    speech = fields.speech("menu")
    return MenuNode(
        name=name,
        line=fields.table.line,
        speech=speech,
        reprompt=_reprompt(fields, speech),
        choices=_choices(fields),
        silence=fields.target("silence"),
        exhausted=_or(fields, "exhausted", Way.OFFER),
        back=_or(fields, "back", Way.BACK),
        global_keys=_global_keys(fields),
        level=fields.flag("level", default=True),
        timing=fields.key_times(dialplan.timing),
        rounds=fields.rounds(dialplan.menu_rounds),
        flush=fields.flag("flush", default=False),
        on_hang_up=fields.target("on_hang_up"),
    )


def _collect(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    speech = fields.speech("prompts")
    least, most = _length(fields)
    return CollectNode(
        name=name,
        line=fields.table.line,
        variable=fields.word("collect"),
        entry=fields.choice("entry", EntryType, EntryType.DIGITS),
        least=least,
        most=most,
        places=fields.count("places", 8, least=0, most=8),
        check=fields.expression("check"),
        secret=fields.flag("secret", default=False),
        speech=speech,
        reprompt=_reprompt(fields, speech),
        exhausted=_or(fields, "exhausted", Way.OFFER),
        back=_or(fields, "back", Way.BACK),
        timing=fields.key_times(dialplan.timing),
        rounds=fields.rounds(dialplan.entry_rounds),
        flush=fields.flag("flush", default=False),
        next=fields.needed_target("next"),
    )


def _length(fields: FlowFields) -> tuple[int, int]:
    length = fields.count("length", 0, least=1, most=MOST_DIGITS)
    least = fields.count("min", length or 1, least=0, most=MOST_DIGITS)
    most = fields.count("max", length or MOST_DIGITS, least=1, most=MOST_DIGITS)
    if least > most:
        fields.page.find(fields.table.line, f"{fields.where}: min is greater than max")
    return least, most


def _switch(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    cases = []
    for tree in fields.rows("switch"):
        if not isinstance(tree, Table):
            fields.wrong(tree, "a case", "a table with when and goto")
            continue
        case = FlowFields(fields.page, tree, f"{fields.where}: a case")
        when = case.expression("when")
        if when is None:
            case.need("when")
            when = Literal(value=False)
        cases.append(Case(when=when, target=case.needed_target("goto")))
        case.finish()
    return SwitchNode(
        name=name,
        line=fields.table.line,
        cases=tuple(cases),
        otherwise=fields.needed_target("else"),
    )


def _set(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    return SetNode(
        name=name,
        line=fields.table.line,
        assignments=fields.expressions("set"),
        next=fields.needed_target("next"),
    )


def _call(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    return CallNode(
        name=name,
        line=fields.table.line,
        flow=fields.word("call"),
        arguments=fields.expressions("with"),
        into=fields.words("into"),
        next=fields.needed_target("next"),
    )


def _return(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    return ReturnNode(name=name, line=fields.table.line, values=fields.expressions("return"))


def _act(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    return ActNode(
        name=name,
        line=fields.table.line,
        action=fields.word("act"),
        arguments=fields.expressions("with"),
        into=fields.words("into"),
        filler=fields.speech("filler"),
        filler_after_s=fields.seconds("filler_after_s", 1.5),
        deadline_s=fields.seconds("deadline_s", 5.0),
        outcomes=fields.targets("outcomes"),
    )


def _record(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    return RecordNode(
        name=name,
        line=fields.table.line,
        variable=fields.word("record"),
        speech=fields.speech("prompts"),
        min_s=fields.seconds("min_s", 1.0),
        max_s=fields.seconds("max_s", 120.0),
        max_silence_s=fields.seconds("max_silence_s", 5.0),
        beep=fields.flag("beep", default=True),
        nothing=fields.needed_target("nothing"),
        next=fields.needed_target("next"),
        on_hang_up=fields.target("on_hang_up"),
    )


def _language(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    language = fields.choice("language", Language)
    if language not in dialplan.languages:
        fields.page.find(fields.table.line, f"{fields.where}: {language} is not spoken here")
    return LanguageNode(
        name=name, line=fields.table.line, language=language, next=fields.needed_target("next")
    )


def _hang_up(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    return HangUpNode(name=name, line=fields.table.line, speech=fields.speech("hang_up"))


def _call_back(name: str, fields: FlowFields, dialplan: Dialplan) -> Node:
    return CallBackNode(
        name=name,
        line=fields.table.line,
        number=fields.expression("call_back") or Literal(value=False),
        failed=fields.needed_target("failed"),
    )


def _choices(fields: FlowFields) -> dict[str, Target]:
    choices = fields.targets("choices")
    for keys in choices:
        fields.keyable(keys)
    return choices


def _reprompt(fields: FlowFields, speech: Speech) -> Speech:
    return fields.speech("reprompt") if "reprompt" in fields.table.entries else speech


def _global_keys(fields: FlowFields) -> frozenset[str]:
    tree = fields.take("global_keys")
    if tree is None:
        return frozenset(GLOBAL_KEYS)
    if not isinstance(tree, Row):
        fields.wrong(tree, "global_keys", "a list of the keys that keep their common meaning")
        return frozenset()
    keys = frozenset(fields.as_word("global_keys", key) for key in tree.items)
    for key in keys - GLOBAL_KEYS.keys():
        fields.unknown_word(tree, "global_keys", key, GLOBAL_KEYS)
    return keys


def _or(fields: FlowFields, name: str, way: Way) -> Target:
    return fields.target(name) or Take(line=fields.table.line, way=way)


READERS: Mapping[str, Callable[[str, FlowFields, Dialplan], Node]] = {
    "play": _play,
    "say": _say,
    "menu": _menu,
    "collect": _collect,
    "switch": _switch,
    "set": _set,
    "call": _call,
    "return": _return,
    "act": _act,
    "queue": read_queue,
    "agent": read_agent,
    "call_back": _call_back,
    "record": _record,
    "language": _language,
    "hang_up": _hang_up,
}
"""The reader of each kind of node, by the field that names the kind."""
