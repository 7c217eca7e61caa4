"""Small dialplans for tests of flows, and calls through them in virtual time."""

from pathlib import Path

from ivrengine.errors import FlowError
from ivrengine.flow.effects import Effect, NoteEntry, Play
from ivrengine.flow.inputs import TimerExpired
from ivrengine.flow.loader import load
from ivrengine.flow.model import FlowSet
from ivrengine.flow.rehearsal.rehearsal import Rehearsal, Setting, StandIn, spoken
from ivrengine.flow.state import TimerName
from ivrengine.flow.stepper import Stepper
from ivrengine.values import Language

DEMO = Path(__file__).parents[2] / "dialplans" / "demo"

DIALPLAN = """\
dialplan: small
entry: main
main: menu
person: person
offer: offer
trouble: trouble
spent: person
languages: [zh, en]
max_steps: 60
last_steps: 20
menu_rounds:
  no_input: [say.nothing, say.help]
  no_match: [{prompt: say.wrong, barge_in: false}]
entry_rounds:
  no_input: [say.nothing]
  no_match: [{prompt: say.wrong, barge_in: false}]
"""

AROUND = {
    "dialplan.yaml": DIALPLAN,
    "person.yaml": """\
flow: person
start: wait
nodes:
  wait:
    queue: general
    prompts: {prompt: say.consent, barge_in: false}
    keys: {"*": "@main"}
    outcomes: {served: bye, failed: bye}
  bye: {hang_up: say.bye}
""",
    "offer.yaml": """\
flow: offer
start: offer
nodes:
  offer: {menu: say.offer, rounds: 2, exhausted: bye, level: false, back: "@main"}
  bye: {hang_up: say.bye}
""",
    "trouble.yaml": """\
flow: trouble
start: sorry
nodes:
  sorry: {play: say.sorry, next: "@offer"}
""",
}

MAIN = """\
flow: main
start: menu
{head}
nodes:
  menu:
    menu: say.menu
    choices: {{1: first}}
{nodes}
"""


def main_flow(nodes: str, head: str = "") -> str:
    """Return a flow ``main`` whose menu leads to the node ``first`` by key 1."""
    return MAIN.format(head=head, nodes=nodes)


def flow_set(main: str, **others: str) -> FlowSet:
    """Return flows made of ``main``, those around it, and ``others`` by their files' names."""
    more = {f"{name}.yaml": text for name, text in others.items()}
    return load({**AROUND, "main.yaml": main, **more})


def findings(main: str, **others: str) -> list[str]:
    """Return what is found wrong with such a set, one finding a line."""
    try:
        flow_set(main, **others)
    except FlowError as fault:
        return str(fault).splitlines()
    return []


class Call(Rehearsal):
    """A call that has begun."""

    def __init__(
        self,
        main: str,
        answers: dict[str, list[StandIn]] | None = None,
        entry: str = "",
        **others: str,
    ) -> None:
        super().__init__(Stepper(flow_set(main, **others)), Setting(answers=answers or {}))
        self.begin(entry, Language.ENGLISH)

    @property
    def place(self) -> str:
        """Where the call is, as ``flow.node``."""
        return self.state.place

    @property
    def hearing(self) -> list[str]:
        """What is being said at this moment."""
        return [spoken(item) for item in self.playing.items] if self.playing else []

    def presses(self, keys: str) -> list[Effect]:
        """Press keys in one instant and return what came of them."""
        before = len(self.effects)
        for key in keys:
            self.press(key)
        return self.effects[before:]

    def listens(self) -> None:
        """Let all that is being said be said to its end."""
        while self.playing is not None:
            self.happen_next()

    def lets_expire(self, name: TimerName) -> None:
        """Let the timer run out that runs for ``name``."""
        generation = self.state.timers[name]
        while generation in self.state.timers.values() and self.happen_next():
            pass

    def lets_expire_late(self, name: TimerName) -> TimerExpired:
        """Return the expiry of the timer that runs for ``name``, to be given when it is late."""
        return TimerExpired(generation=self.state.timers[name])

    def entries(self) -> list[tuple[str, str]]:
        """Return the keys and outcomes that were noted, in order."""
        return [(e.keys, e.outcome.value) for e in self.effects if isinstance(e, NoteEntry)]

    def plays(self) -> list[list[str]]:
        """Return everything that was begun to be said, in order."""
        return [[spoken(i) for i in e.items] for e in self.effects if isinstance(e, Play)]


def demo_sources(folder: Path = DEMO) -> dict[str, str]:
    """Return the names and texts of the demonstration's flow files."""
    return {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.yaml"))}
