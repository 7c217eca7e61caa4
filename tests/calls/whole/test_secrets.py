"""A secret that a caller keys is seen by the service it is for, and by nothing else."""

import json

import pytest

from ivrengine.calls.facts import EntryMade
from ivrengine.flow.loader import load
from ivrengine.flow.model import FlowSet
from tests.kit.bench.bench import a_bench
from tests.kit.flows import demo_sources

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

PIN = "90817"

FLOW = """\
flow: pin
start: ask
vars: {pin: secret}
nodes:
  ask:
    collect: pin
    secret: true
    length: 5
    prompts: quotes.ask_code
    next: tell
  tell:
    menu: quotes.after
    choices: {1: person}
    exhausted: "@main"
  person:
    call: waiting
    with: {topic: "'trading'"}
    next: "@main"
"""


def flows_with_a_secret() -> FlowSet:
    sources = demo_sources()
    main = sources["main.yaml"].replace("      1: quotes\n", "      1: quotes\n      7: pin\n")
    sources["main.yaml"] = main + "\n  pin:\n    call: pin\n    next: menu\n"
    return load({**sources, "pin.yaml": FLOW})


async def test_a_secret_is_in_no_fact_and_no_log_line() -> None:
    async with a_bench(flows_with_a_secret()) as bench:
        agent = await bench.ready("8001")
        caller = bench.call_in()
        await caller.presses("27")
        await caller.hears("quotes.ask_code")
        await caller.presses("1*" + PIN)
        await caller.hears("quotes.after")
        await caller.presses("1")
        await agent.rings()
        agent.answers()
        await caller.meets("8001")
        await caller.presses(PIN)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        entries = [fact for fact in bench.facts(EntryMade) if fact.node == "pin.ask"]
        assert [(fact.keys, fact.outcome) for fact in entries] == [
            ("******", "cleared"),
            ("******", "matched"),
        ]
        assert PIN not in "".join(bench.world.journal)
        assert PIN not in json.dumps(bench.logged, default=repr)


async def test_a_call_that_holds_a_secret_is_taken_up_where_it_held_none() -> None:
    async with a_bench(flows_with_a_secret()) as bench:
        caller = bench.call_in()
        await caller.presses("27")
        await caller.hears("quotes.ask_code")
        await caller.presses(PIN)
        await caller.hears("quotes.after")
        await bench.restart()
        await caller.hears("quotes.ask_code")
        assert PIN not in "".join(bench.world.journal)
