"""What is secret is seen by the service that it is handed to, and by nothing else."""

import pytest

from ivrengine.flow.effects import Act, NoteCheckpoint, NoteEntry
from ivrengine.flow.rehearsal.rehearsal import StandIn
from ivrengine.values import Secret
from tests.kit.flows import Call, main_flow

pytestmark = pytest.mark.unit

PIN = "704193"
LOGIN = main_flow(
    """\
  first: {collect: account, length: 4, prompts: say.account, next: ask_pin}
  ask_pin: {collect: pin, length: 6, secret: true, prompts: say.pin, next: check}
  check:
    act: login.check
    with: {account: account, pin: pin}
    outcomes: {ok: inside, error: {reject: ask_pin, prompts: [say.wrong_pin]}}
  inside: {menu: say.inside, choices: {1: first}}
""",
    "vars: {account: text, pin: secret}",
)


def logging_in(*answers: StandIn) -> Call:
    call = Call(LOGIN, {"login.check": list(answers)})
    call.presses("1")
    call.presses("8000")
    return call


def seen(call: Call) -> str:
    """Return everything that a log, a journal or a debugger could show, the caller's keys aside."""
    told = [happening for happening in call.happenings if happening.kind != "press"]
    return repr(call.effects) + repr(call.state) + repr(told)


def test_only_the_service_gets_the_secret() -> None:
    call = logging_in(StandIn())
    call.presses(PIN)
    asked = [e for e in call.effects if isinstance(e, Act)]
    given = asked[0].arguments["pin"]
    assert given == Secret(PIN)
    assert isinstance(given, Secret)
    assert given.reveal() == PIN
    call.wait(1)
    assert call.place == "main.inside"
    assert PIN not in seen(call)


def test_what_is_noted_of_a_secret_entry_tells_nothing_not_even_its_length() -> None:
    call = logging_in(StandIn())
    call.presses("70*")
    call.presses("7#")
    call.listens()
    call.presses(PIN)
    notes = [e.keys for e in call.effects if isinstance(e, NoteEntry) and "ask_pin" in e.node]
    assert notes == ["******"] * 3


@pytest.mark.parametrize("pressed", [PIN[:1], PIN[:5], f"{PIN}#"])
def test_keys_that_are_under_way_are_not_shown_by_the_state(pressed: str) -> None:
    call = logging_in(StandIn())
    call.presses(pressed)
    assert pressed not in repr(call.state).replace(f"generation={pressed}", "")
    assert f"'{pressed}'" not in repr(call.state)


def test_a_secret_typed_ahead_is_not_shown_either() -> None:
    call = Call(
        main_flow(
            "  first: {play: {prompt: say.law, barge_in: false}, next: ask}\n"
            "  ask: {collect: pin, length: 6, secret: true, next: menu}",
            "vars: {pin: secret}",
        )
    )
    call.presses("1" + PIN)
    assert call.state.keys == PIN
    assert PIN not in seen(call)
    call.listens()
    assert PIN not in seen(call)


def test_no_checkpoint_is_noted_while_a_secret_is_held() -> None:
    call = logging_in(StandIn())
    call.presses(PIN)
    call.wait(1)
    noted = [e.checkpoint for e in call.effects if isinstance(e, NoteCheckpoint)]
    assert [each.frames[-1][2] for each in noted] == ["menu", "first", "ask_pin"]
    assert noted[-1].variables == {"0.account": "8000"}


def test_a_rejected_secret_is_asked_for_again_and_then_a_person_offered() -> None:
    call = logging_in(StandIn(outcome="error"))
    for _ in range(3):
        call.presses(PIN)
        call.wait(1)
    assert call.place == "offer.offer"
    assert PIN not in seen(call)
