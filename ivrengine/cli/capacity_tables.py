"""What ``ivrengine capacity`` prints: agents by both formulas, lines by group and class, nodes."""

from collections.abc import Iterator, Sequence
from math import inf

from rich.table import Table
from rich.text import Text

from acd.capacity.borne import Borne
from acd.capacity.plan import Centre, Plan
from acd.capacity.staff import Service
from acd.capacity.trunks import OTHERS, keeps

_BAR = 20
"""Characters of the longest bar."""

_SERVICE = ("agents", "rostered", "in time", "mean wait", "had to wait", "hang up", "occupied")
_TRUNK = ("calls", "offered", "lines", "leaves free", "refused", "in use")
_STEP = ("lines", "refused", "agents", "in time", "hang up", "nodes")


def planned_tables(
    needed: Plan, given: Plan | None, steps: Sequence[Plan], centre: Centre
) -> Iterator[Table]:
    """Show what a load needs, how it fares with what is given, and other loads beside it."""
    yield _agents("Agents that are needed", needed, centre)
    yield _lines("Lines that are needed", needed, centre)
    yield _nodes(needed, centre)
    if given is not None:
        yield _agents("Agents, with what there is", given, centre)
        yield _lines("Lines, with what there is", given, centre)
    yield _steps(steps)


def borne_tables(answer: Borne, centre: Centre) -> Iterator[Table]:
    """Show what each thing that is given bears, and how the least of them fares."""
    table = _table("Load that is borne", "", ("calls/h",))
    for limit in answer.limits:
        table.add_row(limit.of, f"{limit.calls_per_hour:,}")
    table.add_row("all together", f"{answer.calls_per_hour:,}", style="bold")
    yield table
    if answer.plan is not None:
        yield _agents(f"Agents, at {answer.calls_per_hour:,} calls an hour", answer.plan, centre)
        yield _lines(f"Lines, at {answer.calls_per_hour:,} calls an hour", answer.plan, centre)
        yield _nodes(answer.plan, centre)


def _agents(title: str, plan: Plan, centre: Centre) -> Table:
    table = _table(title, "formula", _SERVICE)
    if plan.staff is None:
        table.caption = "nobody asks for a person"
        return table
    for name, service in (("Erlang C", plan.staff.erlang_c), ("Erlang A", plan.staff.erlang_a)):
        style = "" if service.keeps(centre.targets) else "yellow"
        table.add_row(name, *_service_cells(service, centre), style=style)
    demand, targets = plan.demand, centre.targets
    table.caption = (
        f"{demand.for_agents_per_s * 3600:,.0f} callers an hour ask for a person, "
        f"{demand.agents_erl:,.1f} erlangs; in time: within {targets.within_s:g} s, "
        f"promised {_percent(targets.served_share)}"
    )
    return table


def _service_cells(service: Service, centre: Centre) -> Iterator[str]:
    yield f"{service.agents:,}"
    yield f"{service.rostered(centre.targets.shrinkage):,}"
    yield _percent(service.served_in_time)
    yield "endless" if service.mean_wait_s == inf else f"{service.mean_wait_s:,.1f} s"
    yield _percent(service.had_to_wait)
    yield _percent(service.abandoned)
    yield _percent(service.occupancy)


def _lines(title: str, plan: Plan, centre: Centre) -> Table:
    table = _table(title, "group", _TRUNK)
    for group, trunk in zip(centre.groups, plan.trunks, strict=True):
        kept = keeps(trunk, centre.targets.blocking, centre.reserved)
        table.add_row(
            trunk.name,
            _percent(group.share),
            f"{trunk.offered_erl:,.1f} E",
            f"{trunk.lines:,}",
            "",
            _percent(trunk.blocking),
            _percent(trunk.occupancy),
            style="bold" if kept else "bold yellow",
        )
        for each in trunk.classes if centre.reserved else ():
            cells = (_percent(each.share), "", "", f"{each.leaves_free}", _percent(each.blocking))
            table.add_row(f"  {each.name}", *cells, "")
    table.caption = (
        f"a call holds its line for {plan.line_time_s:,.1f} s: menus, wait by Erlang A, talk; "
        f"{OTHERS} may be refused {_percent(centre.targets.blocking)}"
    )
    return table


def _nodes(plan: Plan, centre: Centre) -> Table:
    nodes, rules, cost = plan.nodes, centre.rules, centre.cost
    table = _table("Engine nodes", "", ("nodes", "engine", "softswitch"))
    table.add_row(
        f"{rules.cores} cores each",
        f"{nodes.nodes}",
        f"{nodes.engine_cores:.2f} cores",
        f"{nodes.switch_cores:.2f} cores",
    )
    lines = [
        f"kept below {_percent(rules.most_of_engine_core)} of an engine's core and "
        f"{_percent(rules.most_of_cores)} of a node's; none is to spare",
        f"for cores that take {cost.pace_ms:g} ms for a fixed computation (--pace)",
        f"costs as measured on {cost.measured_on}: {cost.how}",
    ]
    if plan.agents_apart:
        lines.insert(1, f"nodes that share no queue need {plan.agents_apart:,} agents together")
    table.caption = "\n".join(lines)
    return table


def _steps(steps: Sequence[Plan]) -> Table:
    table = _table("Loads, busy-hour step by step", "calls/h", _STEP)
    table.add_column("█ agents ─ lines", no_wrap=True)
    most = max(max(plan.lines, _agents_of(plan)) for plan in steps)
    for plan in steps:
        service = plan.staff.erlang_a if plan.staff else None
        table.add_row(*_step_cells(plan, service), _bar(plan, most))
    table.caption = "agents and waits by Erlang A"
    return table


def _step_cells(plan: Plan, service: Service | None) -> Iterator[str]:
    yield f"{plan.demand.calls_per_hour:,.0f}"
    yield f"{plan.lines:,}"
    yield _percent(plan.blocking)
    yield f"{service.agents:,}" if service else ""
    yield _percent(service.served_in_time) if service else ""
    yield _percent(service.abandoned) if service else ""
    yield f"{plan.nodes.nodes}"


def _bar(plan: Plan, most: int) -> Text:
    agents, lines = (round(_BAR * n / most) for n in (_agents_of(plan), plan.lines))
    return Text("█" * agents + "─" * max(0, lines - agents))


def _agents_of(plan: Plan) -> int:
    return plan.staff.erlang_a.agents if plan.staff else 0


def _percent(share: float) -> str:
    """Return per cent with the digits that say something: refusals of a thousandth are shown."""
    percent = 100 * share
    if percent and percent < 0.001:
        return "<0.001 %"
    digits = 1 if percent >= 1 else 3
    return f"{percent:.{digits}f}".rstrip("0").rstrip(".") + " %"


def _table(title: str, first: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", caption_justify="left", box=None)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table
