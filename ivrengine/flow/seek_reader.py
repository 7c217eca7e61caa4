"""Reading the nodes that bring a caller to a person: ``queue`` and ``agent``."""

from acd.requirements import ANYBODY, RequirementError, parse_requirement
from ivrengine.flow.expressions import Literal
from ivrengine.flow.flow_fields import FlowFields
from ivrengine.flow.model import Dialplan
from ivrengine.flow.nodes import Need, News, Prefers, SeekNode, VariableName, WaitingKey
from ivrengine.flow.targets import Ask, Target
from ivrengine.flow.yaml_tree import Scalar, Table, Tree

MOST_BANDS = 99


def read_queue(name: str, fields: FlowFields, dialplan: Dialplan) -> SeekNode:
    """Return a node that brings the caller to anybody of a queue."""
    return _seek(name, fields, queue=fields.word_or_variable("queue"))


def read_agent(name: str, fields: FlowFields, dialplan: Dialplan) -> SeekNode:
    """Return a node that brings the caller to one agent."""
    return _seek(name, fields, agent=fields.word_or_variable("agent"))


def _seek(
    name: str,
    fields: FlowFields,
    *,
    queue: str | VariableName | None = None,
    agent: str | VariableName | None = None,
) -> SeekNode:
    return SeekNode(
        name=name,
        line=fields.table.line,
        queue=queue,
        agent=agent,
        needs=_needs(fields),
        prefers=_prefers(fields),
        band=_band(fields),
        takes_callback=fields.expression("takes_callback") or Literal(value=True),
        speech=fields.speech("prompts"),
        announcement=fields.speech("announcement"),
        news=tuple(_news(fields)),
        keys=_keys(fields),
        recorded=fields.flag("recorded", default=True),
        music_class=fields.word("music", "default"),
        max_wait_s=fields.seconds("max_wait_s", 600.0),
        outcomes=fields.targets("outcomes"),
    )


def _band(fields: FlowFields) -> int | None:
    if "band" not in fields.table.entries:
        return None
    return fields.count("band", 0, least=0, most=MOST_BANDS)


def _needs(fields: FlowFields) -> tuple[Need, ...]:
    return tuple(_need(fields, tree) for tree in fields.rows("needs"))


def _need(fields: FlowFields, tree: Tree) -> Need:
    if not isinstance(tree, Table):
        return _required(fields, tree)
    inner = FlowFields(fields.page, tree, f"{fields.where}: needs")
    if "var" in tree.entries:
        need = Need(requirement=VariableName(variable=inner.word("var")))
    else:
        written = inner.need("requirement")
        need = Need(requirement=ANYBODY) if written is None else _required(inner, written)
    need = Need(requirement=need.requirement, when=inner.expression("when"))
    inner.finish()
    return need


def _required(fields: FlowFields, tree: Tree) -> Need:
    text = tree.text if isinstance(tree, Scalar) else ""
    try:
        return Need(requirement=parse_requirement(text))
    except RequirementError as fault:
        fields.page.find(tree.line, f"{fields.where}: needs: {fault}")
        return Need(requirement=ANYBODY)


def _prefers(fields: FlowFields) -> Prefers | None:
    inner = fields.inner("prefers")
    if inner is None:
        return None
    named = "agent" in inner.table.entries
    prefers = Prefers(
        agent=inner.word_or_variable("agent") if named else None,
        last_agent=inner.flag("last_agent", default=False),
        needs=_needs(inner),
        for_s=inner.seconds("for_s", 20.0),
    )
    if not (named or prefers.last_agent or prefers.needs):
        hint = "give agent, last_agent or needs"
        inner.page.find(inner.table.line, f"{inner.where} names nobody", hint)
    inner.finish()
    return prefers


def _news(fields: FlowFields) -> list[News]:
    told: list[News] = []
    for tree in fields.rows("while_waiting"):
        if not isinstance(tree, Table):
            fields.wrong(tree, "while_waiting", "a table, or a list of tables")
            continue
        inner = FlowFields(fields.page, tree, f"{fields.where}: while_waiting")
        if told and "from_s" not in tree.entries:
            inner.page.find(tree.line, f"{inner.where}: from_s has to say after which wait")
        told.append(_one_news(inner))
        if len(told) > 1 and told[-1].from_s <= told[-2].from_s:
            inner.page.find(tree.line, f"{inner.where}: from_s is not greater than the one before")
    return told


def _one_news(inner: FlowFields) -> News:
    news = News(
        speech=inner.speech("prompts"),
        from_s=inner.seconds("from_s", 0.0, least=0.0),
        first_after_s=inner.seconds("first_after_s", News().first_after_s),
        every_s=inner.seconds("every_s", News().every_s, least=5.0),
        music=inner.word("music", ""),
    )
    inner.finish()
    return news


def _keys(fields: FlowFields) -> dict[str, WaitingKey]:
    found = {}
    for keys, tree in fields.entries("keys").items():
        fields.keyable(keys)
        found[keys] = _key(fields, keys, tree)
    return found


def _key(fields: FlowFields, keys: str, tree: Tree) -> WaitingKey:
    if not isinstance(tree, Table) or "reject" in tree.entries:
        return WaitingKey(target=fields.as_target(keys, tree))
    inner = FlowFields(fields.page, tree, f"{fields.where}: key {keys}")
    if "ask" in tree.entries:
        target: Target = Ask(line=tree.line, flow=inner.word("ask"))
    else:
        target = inner.needed_target("goto")
    key = WaitingKey(target=target, when=inner.expression("when"))
    inner.finish()
    return key
