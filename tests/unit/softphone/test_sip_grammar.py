"""SIP messages, challenges and session descriptions of the kit's telephone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.softphone.sip import sdp
from ivrengine.softphone.sip.digest import Challenge, Credentials, answer, read_challenge
from ivrengine.softphone.sip.message import (
    MalformedMessage,
    SipRequest,
    SipResponse,
    parse,
    tag_of,
    uri_of,
    user_of,
)
from ivrengine.softphone.sound.codec import Codec

pytestmark = pytest.mark.unit

WORD = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":"))
NAME = WORD.filter(lambda word: word.lower() not in ("", "l", "content-length"))


@given(st.lists(st.tuples(NAME, WORD)), st.binary())
def test_a_request_survives_the_wire(headers: list[tuple[str, str]], body: bytes) -> None:
    sent = SipRequest(method="INVITE", uri="sip:1@2", headers=tuple(headers), body=body)
    assert parse(sent.render()) == sent


def test_a_response_is_told_from_a_request() -> None:
    received = parse(b"SIP/2.0 486 Busy Here\r\nCSeq: 7 INVITE\r\n\r\n")
    assert isinstance(received, SipResponse)
    assert (received.status, received.reason, received.cseq) == (486, "Busy Here", (7, "INVITE"))


def test_compact_and_folded_headers_are_read() -> None:
    received = parse(b"BYE sip:a SIP/2.0\r\ni: abc\r\nf: <sip:x@y>\r\n ;tag=1\r\n\r\n")
    assert received.header("Call-ID") == "abc"
    assert tag_of(received.header("From")) == "1"


@pytest.mark.parametrize("datagram", [b"", b"\r\n\r\n", b"hello", b"OPTIONS sip:a SIP/2.0\r\nx"])
def test_what_is_no_sip_is_malformed(datagram: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse(datagram)


def test_a_byte_outside_ascii_survives_the_wire() -> None:
    sent = SipRequest(method="INVITE", uri="sip:1@2", headers=(("Call-ID", "a\xffb"),))
    assert b"a\xffb" in sent.render()


@pytest.mark.parametrize(
    ("value", "uri", "user"),
    [
        ('"A" <sip:8001@h:5060;x=1>;tag=2', "sip:8001@h:5060;x=1", "8001"),
        ("sip:8001@h;tag=2", "sip:8001@h", "8001"),
        ("<sip:h>", "sip:h", "h"),
    ],
)
def test_addresses_are_taken_apart(value: str, uri: str, user: str) -> None:
    assert (uri_of(value), user_of(value)) == (uri, user)


@pytest.mark.parametrize(
    ("challenge", "client_nonce", "password", "expected"),
    [
        pytest.param(
            Challenge(
                realm="testrealm@host.com",
                nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
                qop="auth",
            ),
            "0a4f113b",
            "Circle Of Life",
            "6629fae49393a05397450978507c4ef1",
            id="RFC 2617, 3.5",
        ),
        pytest.param(
            Challenge(
                realm="http-auth@example.org",
                nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                algorithm="SHA-256",
                qop="auth",
            ),
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            "Circle of Life",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
            id="RFC 7616, 3.9.1",
        ),
    ],
)
def test_digests_agree_with_the_standards_examples(
    challenge: Challenge, client_nonce: str, password: str, expected: str
) -> None:
    header = answer(
        challenge,
        Credentials(user="Mufasa", password=password),
        method="GET",
        uri="/dir/index.html",
        client_nonce=client_nonce,
    )
    assert f'response="{expected}"' in header


def test_a_challenge_is_read_with_and_without_quotes() -> None:
    header = 'Digest realm="asterisk", nonce="1/ab=", algorithm=MD5, qop="auth,auth-int", stale=no'
    assert read_challenge(header) == Challenge(realm="asterisk", nonce="1/ab=", qop="auth")


def test_a_password_is_not_in_the_repr_of_credentials() -> None:
    assert "hidden" not in repr(Credentials(user="a", password="hidden"))


@given(
    st.permutations(list(Codec)),
    st.integers(1, 65535),
    st.one_of(st.none(), st.integers(96, 127)),
)
def test_a_session_description_survives_the_wire(
    codecs: list[Codec], port: int, event_payload_type: int | None
) -> None:
    stream = sdp.AudioStream(
        address=("127.0.0.1", port), codecs=tuple(codecs), event_payload_type=event_payload_type
    )
    assert sdp.read(stream.render()) == stream


def test_an_answer_takes_the_offers_first_codec_and_event_number() -> None:
    offer = sdp.AudioStream(
        address=("127.0.0.1", 1), codecs=(Codec.PCMU, Codec.PCMA), event_payload_type=96
    )
    ours = sdp.AudioStream(address=("127.0.0.1", 2), codecs=(Codec.PCMA, Codec.PCMU))
    answered = sdp.answer_to(offer, ours)
    assert (answered.codecs, answered.event_payload_type) == ((Codec.PCMU,), 96)


def test_descriptions_without_a_codec_of_ours_are_unusable() -> None:
    with pytest.raises(sdp.UnusableSession):
        sdp.read(b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 18\r\n")
