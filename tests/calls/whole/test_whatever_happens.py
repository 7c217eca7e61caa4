"""Whatever callers, agents, the softswitch and death do, in any order: nothing is left over."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acd.agent_states import Work
from acd.events import AgentLoggedOut
from acd.model import AgentId
from ivrengine.agents.agent_line import leg_of
from ivrengine.errors import LegGone, SwitchRefused, SwitchUnavailable, TelephonyError
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner
from ivrengine.telephony import LegRole
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

AGENTS = ("8001", "8002")
WAYS = ("2", "201", "00", "243", "258001#", "11600519", "*", "**", "#", "0", "1", "3", "9", "5")
ORDERS = ("lift_guard", "answer", "play", "stop", "start_music", "stop_music", "record", "dial")
BRIDGE_ORDERS = ("create_bridge", "join", "record_talk")
LOOK_EVERY_S, LONELY_FOR_S = 0.5, 15.0
BUGS = frozenset({"call_failed", "clearing_up_failed", "task_failed", "agent_leg_failed"})


@dataclass(slots=True)
class Scene:
    """The bench, and everybody who ever called."""

    bench: Bench
    callers: list[Party]

    def caller(self, number: int) -> Party:
        return self.callers[number % len(self.callers)]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens, written so that a failing example can be read."""

    what: str
    of: tuple[object, ...]
    happen: Callable[[Scene], Awaitable[None]]

    def __repr__(self) -> str:
        return f"{self.what}{self.of}"


def calls_in() -> Act:
    async def happen(scene: Scene) -> None:
        scene.callers.append(scene.bench.call_in(f"1390000000{len(scene.callers)}"))

    return Act("calls in", (), happen)


def presses(caller: int, keys: str) -> Act:
    async def happen(scene: Scene) -> None:
        await scene.caller(caller).presses(keys, gap_s=0.05)

    return Act("presses", (caller, keys), happen)


def hangs_up(caller: int) -> Act:
    async def happen(scene: Scene) -> None:
        scene.caller(caller).hangs_up()

    return Act("hangs up", (caller,), happen)


def has_phone(agent: str, manner: Manner) -> Act:
    async def happen(scene: Scene) -> None:
        phone = scene.bench.phones.get(agent)
        if phone is not None:
            phone.manner = manner
        else:
            await scene.bench.ready(agent, manner, acts_after_s=0.5)

    return Act("has phone", (agent, manner.name), happen)


def agent_hangs_up(agent: str) -> Act:
    async def happen(scene: Scene) -> None:
        if phone := scene.bench.phones.get(agent):
            phone.hangs_up()

    return Act("agent hangs up", (agent,), happen)


def logs_out(agent: str) -> Act:
    async def happen(scene: Scene) -> None:
        scene.bench.engine.dispatcher.file(AgentLoggedOut(agent=AgentId(agent)))

    return Act("logs out", (agent,), happen)


def order_fails(order: str, fault: TelephonyError) -> Act:
    async def happen(scene: Scene) -> None:
        scene.bench.world.exchange.fail(order, fault)

    return Act("order fails", (order, type(fault).__name__), happen)


def out_of_reach(for_s: float) -> Act:
    async def happen(scene: Scene) -> None:
        scene.bench.world.exchange.lose_connection()
        await asyncio.sleep(for_s)
        scene.bench.world.exchange.connect()

    return Act("out of reach", (for_s,), happen)


def switch_dies() -> Act:
    async def happen(scene: Scene) -> None:
        scene.bench.world.exchange.restart()

    return Act("switch dies", (), happen)


def engine_dies(away_s: float) -> Act:
    async def happen(scene: Scene) -> None:
        await scene.bench.restart(away_s=away_s)
        await asyncio.sleep(0.05)

    return Act("engine dies", (away_s,), happen)


class Watch:
    """Sees to it, while things happen, that nobody talks to the dead or is nobody's."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._since: dict[str, float] = {}

    async def keep(self) -> None:
        """Look again and again; raises when something has been wrong for too long."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            now = asyncio.get_running_loop().time()
            wrong = await self._wrong()
            self._since = {each: self._since.get(each, now) for each in wrong}
            late = [each for each, since in self._since.items() if now - since > LONELY_FOR_S]
            assert not late, late

    async def _wrong(self) -> list[str]:
        """Say what is wrong now; nothing is while nobody could know."""
        bench = self._bench
        try:
            legs = {leg.leg: leg.role for leg in await bench.world.exchange.live_legs()}
        except TelephonyError:
            return []
        if not bench.engine.pulse.beats:
            return []
        owned = bench.engine.calls.sessions
        dead = [
            f"{desk.agent} is {desk.work} at a leg that is gone"
            for desk in bench.engine.dispatcher.router.desks()
            if desk.work in (Work.TALKING, Work.HOLD)
            and desk.reservation is not None
            and leg_of(desk.reservation) not in legs
        ]
        return dead + [
            f"{leg} has no owner"
            for leg, role in legs.items()
            if role is LegRole.CALLER and leg not in owned
        ]


FAULTS = (
    SwitchUnavailable("no answer"),
    SwitchRefused("no", status=500),
    LegGone("gone"),
)
CALLERS = st.integers(0, 2)
ACTS = st.one_of(
    st.builds(presses, CALLERS, st.sampled_from(WAYS)),
    st.builds(has_phone, st.sampled_from(AGENTS), st.sampled_from(Manner)),
    st.builds(hangs_up, CALLERS),
    st.builds(agent_hangs_up, st.sampled_from(AGENTS)),
    st.builds(order_fails, st.sampled_from(ORDERS + BRIDGE_ORDERS), st.sampled_from(FAULTS)),
    st.builds(calls_in),
    st.builds(out_of_reach, st.sampled_from((0.1, 3.0))),
    st.builds(engine_dies, st.sampled_from((0.0, 1.0, 40.0))),
    st.builds(logs_out, st.sampled_from(AGENTS)),
    st.builds(switch_dies),
)
PAUSES_S = st.sampled_from((0.0, 0.01, 0.03, 0.2, 1.0, 4.0, 12.0))


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(acts=st.lists(st.tuples(PAUSES_S, ACTS), min_size=4, max_size=14))
async def test_nothing_is_left_over_whatever_happens(acts: list[tuple[float, Act]]) -> None:
    async with a_bench() as bench:
        bench.world.exchange.order_delay_s = 0.02
        scene = Scene(bench, [bench.call_in()])
        watch = asyncio.ensure_future(Watch(bench).keep())
        await scene.callers[0].presses("201", gap_s=0.05)
        await bench.ready("8001", Manner.ANSWERS, acts_after_s=0.5)
        for pause_s, act in acts:
            await asyncio.sleep(pause_s)
            await act.happen(scene)
        await asyncio.sleep(5)
        for caller in scene.callers:
            caller.hangs_up()
        await asyncio.sleep(LONELY_FOR_S)
        assert not watch.done(), watch.exception()
        watch.cancel()
        assert await bench.is_quiet() == []
        assert not [entry for entry in bench.logged if entry["event"] in BUGS]
