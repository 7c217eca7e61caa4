"""Metrics keep the names that operators rely on, and count what the journal tells."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest
from prometheus_client.registry import CollectorRegistry

from ivrengine.calls.facts import (
    AnyFact,
    CallAdmitted,
    CallAnswered,
    CallEnded,
    CallerIdentified,
    CallRefused,
    PersonJoined,
    PersonSought,
    PromptHeard,
    SeekGivenUp,
    ServiceAsked,
    Timeline,
    WaitAnnounced,
)
from ivrengine.calls.talk_facts import WrapUpNoted
from ivrengine.telemetry.gauges import LinesInUse, Views, show, show_count, show_number
from ivrengine.telemetry.loop_lag import watch_loop_lag
from ivrengine.telemetry.metrics import Metrics, new_registry
from ivrengine.values import CallId

pytestmark = pytest.mark.unit


def admitted(call: str, trunk: str = "main", caller_class: str = "ordinary") -> CallAdmitted:
    return CallAdmitted(
        call=CallId(call),
        at=1.0,
        leg=f"{call}-leg",
        caller="13800138000",
        dialled="952588",
        trunk=trunk,
        caller_class=caller_class,
    )


def ended(call: str, outcome: str = "completed") -> CallEnded:
    return CallEnded(
        call=CallId(call), at=9.0, by="caller", cause="normal", outcome=outcome, duration_s=8.0
    )


def sought(call: str, contact: str, queue: str = "", agent: str = "") -> PersonSought:
    return PersonSought(
        call=CallId(call), at=2.0, contact=contact, queue=queue, agent=agent, since=2.0
    )


def joined(call: str, contact: str, waited_s: float) -> PersonJoined:
    return PersonJoined(
        call=CallId(call),
        at=5.0,
        contact=contact,
        agent="8001",
        reservation="r",
        agent_leg="l",
        bridge="b",
        recording="",
        waited_s=waited_s,
    )


class Counted:
    """Metrics over a registry of their own, fed with facts."""

    def __init__(self, *facts: AnyFact, unfinished: Sequence[Timeline] = ()) -> None:
        self.registry = CollectorRegistry()
        self.metrics = Metrics(self.registry)
        self.metrics.remember(unfinished)
        for fact in facts:
            self.metrics(fact)

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


def test_every_promised_name_is_there_from_the_first_scrape() -> None:
    registry = new_registry()
    Metrics(registry)
    views = Views(trunks=list, waiting=list, agent_states=list)
    show(registry, views, agent_states=("ready",))
    page = generate_latest(registry).decode()
    for name in (
        "ivr_calls_active",
        "ivr_trunk_lines",
        "ivr_calls_total",
        "ivr_calls_refused_total",
        "ivr_answer_seconds",
        "ivr_digit_to_prompt_seconds",
        "acd_waiting",
        "acd_agents",
        "acd_offer_delay_seconds",
        "acd_wait_seconds",
        "acd_expected_wait_error_seconds",
        "ivr_loop_lag_seconds",
        "ivr_ari_request_seconds",
        "ivr_events_dropped_total",
        "process_resident_memory_bytes",
    ):
        assert f"# TYPE {name} " in page


def test_a_call_is_active_between_its_admission_and_its_end() -> None:
    counted = Counted(admitted("a"), admitted("b"), admitted("c", "tollfree"), ended("a"))
    assert counted.value("ivr_calls_active", trunk="main") == 1
    assert counted.value("ivr_calls_active", trunk="tollfree") == 1


def test_an_ended_call_is_counted_under_what_its_admission_said() -> None:
    counted = Counted(admitted("a", "tollfree", "gold"), ended("a", "answered"))
    labels = {"trunk": "tollfree", "class": "gold", "outcome": "answered"}
    assert counted.value("ivr_calls_total", **labels) == 1


def refused(call: str, reason: str) -> CallRefused:
    return CallRefused(
        call=CallId(call),
        at=1.0,
        leg="l",
        caller="1",
        dialled="952588",
        trunk="main",
        caller_class="ordinary",
        reason=reason,
    )


def test_a_refused_call_is_counted_by_its_reason_and_is_never_active() -> None:
    counted = Counted(refused("a", "no-line"))
    labels = {"trunk": "main", "class": "ordinary", "outcome": "no-line"}
    assert counted.value("ivr_calls_total", **labels) == 1
    assert not counted.value("ivr_calls_active", trunk="main")


def test_only_want_of_a_line_counts_as_such() -> None:
    reasons = ("no-line", "kept-lines", "class-full", "unknown-number")
    counted = Counted(*(refused(reason, reason) for reason in reasons))
    assert counted.value("ivr_calls_refused_total", **{"trunk": "main", "class": "ordinary"}) == 3


def test_a_caller_who_has_proved_to_be_somebody_is_counted_as_such() -> None:
    proof = CallerIdentified(call=CallId("a"), at=3.0, customer="80000001", caller_class="trading")
    counted = Counted(admitted("a"), proof, ended("a"))
    labels = {"trunk": "main", "class": "trading", "outcome": "completed"}
    assert counted.value("ivr_calls_total", **labels) == 1


def test_a_call_that_went_on_through_a_restart_is_still_known() -> None:
    before = Timeline(call=CallId("a"), facts=(admitted("a"), sought("a", "v1", "general")))
    counted = Counted(unfinished=[before])
    assert counted.value("ivr_calls_active", trunk="main") == 1
    counted.metrics(joined("a", "v1", 7.0))
    counted.metrics(ended("a", "answered"))
    assert counted.value("ivr_calls_active", trunk="main") == 0
    labels = {"trunk": "main", "class": "ordinary", "outcome": "answered"}
    assert counted.value("ivr_calls_total", **labels) == 1
    assert counted.value("acd_wait_seconds_sum", queue="general") == 7.0


def test_the_end_of_a_call_that_nobody_knows_is_counted_as_unknown() -> None:
    counted = Counted(ended("a", "failed"))
    labels = {"trunk": "unknown", "class": "unknown", "outcome": "failed"}
    assert counted.value("ivr_calls_total", **labels) == 1


def test_durations_come_from_the_facts() -> None:
    call = CallId("a")
    counted = Counted(
        admitted("a"),
        CallAnswered(call=call, at=1.1, setup_s=0.025),
        PromptHeard(
            call=call,
            at=3.0,
            prompts=("x",),
            language="zh",
            heard_s=1.0,
            cut=True,
            digit_to_prompt_s=0.003,
        ),
        PromptHeard(call=call, at=4.0, prompts=("x",), language="zh", heard_s=1.0, cut=False),
        ServiceAsked(call=call, at=5.0, action="quotes.by_code", outcome="ok", took_s=0.25),
    )
    assert counted.value("ivr_answer_seconds_sum") == 0.025
    assert counted.value("ivr_digit_to_prompt_seconds_count") == 1
    assert counted.value("ivr_digit_to_prompt_seconds_sum") == 0.003
    service = {"action": "quotes.by_code", "outcome": "ok"}
    assert counted.value("ivr_service_seconds_sum", **service) == 0.25


def test_calls_that_go_out_are_counted_apart_from_waits_and_answers() -> None:
    goes_out = replace(admitted("a"), outgoing=True)
    answered = CallAnswered(call=CallId("a"), at=9.0, setup_s=8.0)
    counted = Counted(goes_out, answered, joined("a", "", 0.0), ended("a", "answered"))
    assert counted.value("ivr_answer_seconds_count") == 0
    assert counted.value("acd_wait_seconds_count", queue="unknown") is None
    assert counted.value("ivr_calls_active", trunk="main") == 0


def test_what_agents_noted_is_counted_by_queue_and_code() -> None:
    by_number = WrapUpNoted(call=CallId("a"), at=9.0, agent="8001", queue="", code="2")
    counted = Counted(by_number, replace(by_number, queue="complaints"), by_number)
    assert counted.value("acd_wrap_up_codes_total", queue="direct", code="2") == 2
    assert counted.value("acd_wrap_up_codes_total", queue="complaints", code="2") == 1


def test_a_wait_is_counted_for_the_queue_that_was_asked() -> None:
    given_up = SeekGivenUp(
        call=CallId("a"), at=6.0, contact="v3", outcome="caller-gone", waited_s=4.0
    )
    counted = Counted(
        admitted("a"),
        sought("a", "v1", "trading"),
        joined("a", "v1", 12.0),
        sought("a", "v2", agent="8005"),
        joined("a", "v2", 3.0),
        sought("a", "v3", "general"),
        given_up,
    )
    assert counted.value("acd_wait_seconds_sum", queue="trading") == 12.0
    assert counted.value("acd_wait_seconds_sum", queue="direct") == 3.0
    assert counted.value("acd_wait_seconds_count", queue="general") is None
    assert counted.value("acd_seeks_total", queue="general", outcome="caller-gone") == 1
    assert counted.value("acd_seeks_total", queue="trading", outcome="joined") == 1


def test_observers_are_taken_down() -> None:
    counted = Counted()
    counted.metrics.ari_request("play", 0.004)
    counted.metrics.loop_lag(0.5)
    counted.metrics.offer_delay(0.01)
    counted.metrics.event_dropped()
    counted.metrics.event_dropped("late")
    assert counted.value("ivr_ari_request_seconds_sum", operation="play") == 0.004
    assert counted.value("ivr_loop_lag_seconds_sum") == 0.5
    assert counted.value("acd_offer_delay_seconds_sum") == 0.01
    assert counted.value("ivr_events_dropped_total") == 2


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["main", "tollfree"]), st.booleans())
    )
)
def test_active_calls_are_those_admitted_and_not_ended(steps: list[tuple[str, str, bool]]) -> None:
    counted = Counted()
    up: dict[str, str] = {}
    for call, trunk, begins in steps:
        if begins and call not in up:
            up[call] = trunk
            counted.metrics(admitted(call, trunk))
        elif not begins and call in up:
            del up[call]
            counted.metrics(ended(call))
    for trunk in ("main", "tollfree"):
        active = counted.value("ivr_calls_active", trunk=trunk) or 0
        assert active == sum(held == trunk for held in up.values())


def test_gauges_are_read_at_the_moment_of_the_scrape() -> None:
    registry = CollectorRegistry()
    agents = ["ready", "talking", "ready"]
    waiting = {"general": 2}
    views = Views(
        trunks=lambda: [LinesInUse(trunk="main", lines=420, in_use=20)],
        waiting=lambda: waiting.items(),
        agent_states=lambda: agents,
    )
    show(registry, views, agent_states=("ready", "talking", "logged_out"))
    read = registry.get_sample_value
    assert read("ivr_trunk_lines", {"trunk": "main", "state": "busy"}) == 20
    assert read("ivr_trunk_lines", {"trunk": "main", "state": "free"}) == 400
    assert read("acd_agents", {"state": "ready"}) == 2
    assert read("acd_agents", {"state": "logged_out"}) == 0
    agents.remove("ready")
    waiting["general"] = 5
    assert read("acd_agents", {"state": "ready"}) == 1
    assert read("acd_waiting", {"queue": "general"}) == 5


def test_a_count_that_someone_else_keeps_is_shown() -> None:
    registry = CollectorRegistry()
    lost = [3]
    show_count(registry, "ivr_log_lines_dropped_total", lambda: lost[0])
    lost[0] = 4
    assert registry.get_sample_value("ivr_log_lines_dropped_total") == 4


def test_a_number_that_goes_up_and_down_is_read_at_the_moment_of_the_scrape() -> None:
    registry = CollectorRegistry()
    legs = [2]
    show_number(registry, "ivr_legs", lambda: legs[0])
    assert registry.get_sample_value("ivr_legs") == 2
    legs[0] = 0
    assert registry.get_sample_value("ivr_legs") == 0


class LateClock:
    """The loop's own time, and now and then a hold-up on top of it."""

    def __init__(self) -> None:
        self.held_up_s = 0.0

    def now(self) -> float:
        return asyncio.get_running_loop().time() + self.held_up_s


@pytest.mark.looptime
async def test_a_loop_that_is_held_up_shows_as_lag() -> None:
    clock = LateClock()
    lags: list[float] = []

    async def hold_up_once() -> None:
        async with asyncio.timeout(1.75), asyncio.TaskGroup() as scope:
            scope.create_task(watch_loop_lag(lags.append, clock, interval_s=0.5))
            await asyncio.sleep(0.75)
            clock.held_up_s = 0.3

    with pytest.raises(TimeoutError):
        await hold_up_once()
    assert lags == pytest.approx([0.0, 0.3, 0.0], abs=1e-6)


def announced(call: str, at: float, expected_s: float) -> WaitAnnounced:
    return WaitAnnounced(
        call=CallId(call),
        at=at,
        contact="v",
        queue="trading",
        position=1,
        expected_s=expected_s,
        waited_s=1.0,
    )


def test_the_last_promise_of_a_wait_is_held_against_what_became_of_it() -> None:
    begun = (admitted("a"), sought("a", "v", "trading"))
    counted = Counted(
        *begun, announced("a", 2.0, 300), announced("a", 3.0, 60), joined("a", "v", 3)
    )
    error = "acd_expected_wait_error_seconds"
    assert counted.value(f"{error}_count", queue="trading") == 1
    assert counted.value(f"{error}_bucket", queue="trading", le="30.0") == 0
    assert counted.value(f"{error}_bucket", queue="trading", le="60.0") == 1
    given_up = SeekGivenUp(call=CallId("a"), at=4.0, contact="v", outcome="key", waited_s=2.0)
    left = Counted(*begun, announced("a", 2.0, 300), given_up, joined("a", "v", 3))
    assert left.value(f"{error}_count", queue="trading") is None


def test_what_lasts_too_long_and_who_is_signed_out_is_counted() -> None:
    registry = new_registry()
    metrics = Metrics(registry)
    doing = ["talk", "talk", "hold"]
    views = Views(trunks=list, waiting=list, agent_states=list, overlong=lambda: doing)
    show(registry, views, agent_states=("ready",))
    metrics.overlong("trading", "talk")
    metrics.overlong("", "wrap_up")
    metrics.signed_out("not-ready")
    read = registry.get_sample_value
    assert [read("acd_overlong", {"state": state}) for state in ("talk", "hold", "ring")] == [
        2,
        1,
        0,
    ]
    spells = "acd_overlong_spells_total"
    assert read(spells, {"queue": "trading", "state": "talk"}) == 1
    assert read(spells, {"queue": "unknown", "state": "wrap_up"}) == 1
    assert read("acd_signed_out_total", {"cause": "not-ready"}) == 1
