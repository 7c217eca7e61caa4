"""A stranger on another address gets one answer to everything, and never a call."""

import pytest

from tests.functional.guards.guarded import Edits, Guarded, StartAsterisk
from tests.functional.guards.raw_sip import Answer, RawSip

pytestmark = pytest.mark.functional

STRANGER = "127.0.0.2"
KNOWN, UNKNOWN = "8001", "6666"
AN_OPEN_DOOR: Edits = {
    "modules.conf": {
        "load = res_pjsip_nat.so": (
            "load = res_pjsip_nat.so\nload = res_pjsip_endpoint_identifier_anonymous.so"
        )
    },
    "pjsip.conf": {
        "[carrier](anyone)\n": "[anonymous](anyone)\ncontext = from-carrier\nallow = alaw\n\n"
        "[carrier](anyone)\n"
    },
}
"""What many guides advise, so that any carrier may call without being known: an anonymous endpoint.

Without one, Asterisk refuses strangers as it comes (22.10); the door is opened by configuration.
"""

GUESSED_PASSWORD = (
    'Authorization: Digest username="{user}", realm="asterisk", nonce="{nonce}", algorithm=MD5,'
    ' uri="sip:{user}@127.0.0.1", response="0123456789abcdef0123456789abcdef"\r\n'
)


def _shape(answer: Answer | None) -> tuple[int, list[str], str]:
    """What of an answer could tell a scanner something: all but random values."""
    assert answer is not None
    names = sorted(line.partition(":")[0] for line in answer.headers)
    realm = answer.header("WWW-Authenticate").partition('realm="')[2].partition('"')[0]
    return answer.status, names, realm


async def _call_by_a_stranger(asterisk: Guarded) -> tuple[int | None, int]:
    """Calls the main number from an unknown address: the final answer, if any, and the channels."""
    await asterisk.beats()
    with RawSip(asterisk.sip, source=STRANGER) as scanner:
        answer = await scanner.ask("INVITE", to="952588", sender=UNKNOWN, within_s=1.0)
        return answer.status if answer else None, len(await asterisk.channels())


async def test_an_anonymous_endpoint_lets_a_stranger_call_in(start_asterisk: StartAsterisk) -> None:
    asterisk = await start_asterisk(edits=AN_OPEN_DOOR)
    assert await _call_by_a_stranger(asterisk) == (None, 1)


async def test_our_configuration_lets_no_stranger_call_in(start_asterisk: StartAsterisk) -> None:
    asterisk = await start_asterisk()
    assert await _call_by_a_stranger(asterisk) == (401, 0)


async def test_our_configuration_tells_a_stranger_nothing(start_asterisk: StartAsterisk) -> None:
    asterisk = await start_asterisk()
    await asterisk.beats()
    with RawSip(asterisk.sip, source=STRANGER) as scanner:
        for method in ("REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE", "MESSAGE"):
            known = _shape(await scanner.ask(method, to=KNOWN, sender=KNOWN))
            unknown = _shape(await scanner.ask(method, to=UNKNOWN, sender=UNKNOWN))
            assert known == unknown, method
            assert known[0] == 401, method
        assert await asterisk.channels() == []


async def test_a_wrong_password_is_answered_like_an_unknown_name(
    start_asterisk: StartAsterisk,
) -> None:
    asterisk = await start_asterisk()
    shapes = []
    with RawSip(asterisk.sip, source=STRANGER) as scanner:
        for user in (KNOWN, UNKNOWN):
            challenge = await scanner.ask("REGISTER", to=user, sender=user)
            assert challenge is not None
            nonce = challenge.header("WWW-Authenticate").partition('nonce="')[2].partition('"')[0]
            extra = GUESSED_PASSWORD.format(user=user, nonce=nonce)
            shapes.append(_shape(await scanner.ask("REGISTER", to=user, sender=user, extra=extra)))
    assert shapes[0] == shapes[1]
    assert shapes[0][0] == 401


async def test_a_stranger_cannot_dial_anywhere(start_asterisk: StartAsterisk) -> None:
    asterisk = await start_asterisk()
    await asterisk.beats()
    prefixes = ("00", "+", "900", "011", "9", "*1", "*12", "8001", "s", "i", "952588")
    with RawSip(asterisk.sip, source=STRANGER) as scanner:
        for prefix in prefixes:
            answer = await scanner.ask("INVITE", to=f"{prefix}", sender=KNOWN)
            assert answer is not None
            assert answer.status == 401, prefix
    assert await asterisk.channels() == []


async def test_a_carrier_reaches_our_numbers_and_nothing_else(
    start_asterisk: StartAsterisk,
) -> None:
    asterisk = await start_asterisk()
    await asterisk.beats()
    dialled = ("0086101234567", "+861012345678", "8001", "*10", "*111", "s", "T", "fallback", "h")
    with RawSip(asterisk.sip) as carrier:
        for number in dialled:
            answer = await carrier.ask("INVITE", to=number, sender="13900000001")
            assert answer is not None, number
            assert answer.status == 404, number
    assert await asterisk.channels() == []
