"""Commands that SIPp sends: what is read from them, and what is refused."""

import pytest

from ivrengine.load.sound.protocol import Command, StrangeCommand

pytestmark = pytest.mark.unit


def test_a_command_names_its_call_and_says_what_is_wanted() -> None:
    command = Command.read(b"Call-ID: 1-2@host\r\nPresses: 600519\r\n\r\n")
    assert (command.call_id, command.verb, command.value) == ("1-2@host", "Presses", "600519")


def test_further_lines_are_found_by_their_name() -> None:
    command = Command.read(b"Call-ID: 1\nCalls: quote\nScript: listens 1.00, presses #\n")
    assert command.field("Script") == "listens 1.00, presses #"
    assert command.field("Voice") == ""


def test_what_follows_the_verb_is_kept_whole() -> None:
    body = b"SIP/2.0 200 OK\r\n\r\nv=0\r\nm=audio 4000 RTP/AVP 8 96"
    command = Command.read(b"Call-ID: 1\r\nTalks: to the other side\r\n\r\n" + body)
    assert command.text.encode().endswith(body)


@pytest.mark.parametrize("message", [b"", b"Call-ID: 1", b"Presses: 1\nCall-ID: 1"])
def test_a_message_without_call_or_verb_is_refused(message: bytes) -> None:
    with pytest.raises(StrangeCommand):
        Command.read(message)
