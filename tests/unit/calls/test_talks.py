"""Which agent is in which conversation, as the journal tells."""

import pytest

from ivrengine.calls.facts import AnyFact, CallEnded, PersonJoined, PersonLeft, Timeline
from ivrengine.calls.observing.talks import Talk, Talks
from ivrengine.calls.talk_facts import TalkTurned
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber, CallId

pytestmark = pytest.mark.unit

CALL = CallId("c-1")
ANNA, BERT = AgentNumber("8001"), AgentNumber("8002")


def joined(agent: AgentNumber, leg: str) -> PersonJoined:
    return PersonJoined(
        call=CALL,
        at=1.0,
        contact="v",
        agent=agent,
        reservation="r",
        agent_leg=leg,
        bridge="b",
        recording="",
        waited_s=0.0,
    )


def left(agent: AgentNumber) -> PersonLeft:
    return PersonLeft(call=CALL, at=2.0, contact="v", agent=agent, by="agent", talked_s=1.0)


def turned(third: str = "", leg: str = "") -> TalkTurned:
    return TalkTurned(
        call=CALL, at=1.5, contact="v", agent=ANNA, phase="x", third_agent=third, third_leg=leg
    )


def ended() -> CallEnded:
    return CallEnded(
        call=CALL, at=3.0, by="caller", cause="normal", outcome="answered", duration_s=3.0
    )


def talk(agent: AgentNumber, leg: str) -> Talk:
    return Talk(call=CALL, agent=agent, leg=LegId(leg))


def told(watched: AgentNumber, *facts: AnyFact) -> list[Talk | None]:
    talks, heard = Talks(), list[Talk | None]()
    talks.watch(watched, heard.append)
    for fact in facts:
        talks(fact)
    return heard


def test_a_conversation_lasts_from_the_joining_to_the_end_of_it_or_of_the_call() -> None:
    assert told(ANNA, joined(ANNA, "a"), left(ANNA)) == [talk(ANNA, "a"), None]
    assert told(ANNA, joined(ANNA, "a"), ended()) == [talk(ANNA, "a"), None]


def test_who_is_consulted_and_then_serves_is_in_one_conversation() -> None:
    facts = (joined(ANNA, "a"), turned(BERT, "b"), left(ANNA), joined(BERT, "b"), turned())
    assert told(BERT, *facts) == [talk(BERT, "b")]
    assert told(ANNA, *facts) == [talk(ANNA, "a"), None]


def test_who_was_only_consulted_is_free_again() -> None:
    assert told(BERT, joined(ANNA, "a"), turned(BERT, "b"), turned()) == [talk(BERT, "b"), None]


def test_conversations_of_an_engine_that_died_are_known() -> None:
    talks = Talks()
    talks.remember([Timeline(call=CALL, facts=(joined(ANNA, "a"),))])
    assert talks.of(ANNA) == talk(ANNA, "a")
    assert talks.of(BERT) is None


def test_whoever_watches_no_longer_is_told_nothing() -> None:
    talks, heard = Talks(), list[Talk | None]()
    talks.watch(ANNA, heard.append)
    talks.unwatch(ANNA, heard.append)
    talks(joined(ANNA, "a"))
    assert heard == []
