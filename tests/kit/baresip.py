"""baresip as an agent's softphone: a telephone that real people use, driven over its TCP door.

Each softphone has a folder with its own configuration.  It speaks a file and writes what it hears
to another, `heard.wav`, which is complete once the call is over.  Commands and events are JSON in
netstrings (baresip 1.1, module ctrl_tcp).
"""

import asyncio
import json
import os
import signal
import wave
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sound.codec import SAMPLE_RATE_HZ, Codec, Samples, decode
from ivrengine.softphone.sound.sources import tone

LONGEST_MESSAGE: Final = 64 * 1024
_HOST: Final = "127.0.0.1"
_STOPPED_WITHIN_S: Final = 5.0
_SPOKEN_S: Final = 60
_PAUSE_S: Final = 0.1
_REGISTERED: Final = "OK"

_CONFIG: Final = """\
sip_listen {host}:{sip_port}
rtp_ports {first_rtp_port}-{last_rtp_port}
module_path {modules}
module g711.so
module aufile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{control_port}
audio_source aufile,{folder}/spoken.wav
audio_player aufile,{folder}/heard.wav
audio_alert aufile,{folder}/bell.wav
ring_aufile none
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
call_max_calls 4
sip_autoanswer_beep no
"""


class SoftphoneFailed(Exception):
    """baresip did not do what it was told, or did not start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftphoneSettings:
    """Which baresip, whose account, and which ports it may take."""

    program: Path
    modules: Path
    user: str
    server: Address
    sip_port: int
    control_port: int
    first_rtp_port: int
    password: str | None = field(default=None, repr=False)
    hums_hz: float = 1000.0
    registers: bool = True
    opens_itself: bool = False


class Softphone:
    """One running baresip."""

    def __init__(
        self,
        settings: SoftphoneSettings,
        folder: Path,
        process: asyncio.subprocess.Process,
        control: "_Control",
    ) -> None:
        self.settings = settings
        self.folder = folder
        self._process = process
        self._control = control

    @classmethod
    async def start(
        cls, settings: SoftphoneSettings, folder: Path, *, within_s: float = 10.0
    ) -> Self:
        """Starts it and waits until it takes commands, and is registered if it should be.

        Raises:
            SoftphoneFailed: it did not come up, or the server did not take its REGISTER.
        """
        _write_configuration(settings, folder)
        with (folder / "log.txt").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *(str(settings.program), "-f", str(folder)),
                cwd=folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            control = await _Control.open(settings.control_port, within_s=within_s)
            phone = cls(settings, folder, process, control)
            if settings.registers:
                await phone._register(within_s)
        except BaseException:
            await _end(process)
            raise
        return phone

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def rings(self, *, within_s: float = 10.0) -> str:
        """Waits for the bell; who is calling."""
        event = await self._control.event("CALL_INCOMING", within_s=within_s)
        return str(event.get("peeruri", ""))

    async def answers(self, *, within_s: float = 10.0) -> None:
        """Waits for the bell, picks up, and waits until the call stands."""
        await self.rings(within_s=within_s)
        await self._control.command("accept")
        await self._control.event("CALL_ESTABLISHED", within_s=within_s)

    async def opens(self, *, within_s: float = 10.0) -> None:
        """Waits for a call that it answers by itself, because it was asked to and may."""
        await self._control.event("CALL_ESTABLISHED", within_s=within_s)

    async def dials(self, number: str, *, within_s: float = 10.0) -> None:
        """Calls and waits for the answer."""
        await self._control.command("dial", number)
        await self._control.event("CALL_ESTABLISHED", within_s=within_s)

    async def hangs_up(self) -> None:
        """Ends the call in hand."""
        await self._control.command("hangup")

    async def is_hung_up_on(self, *, within_s: float = 10.0) -> str:
        """Waits for the end of the call; the reason given."""
        event = await self._control.event("CALL_CLOSED", within_s=within_s)
        return str(event.get("param", ""))

    def vanishes(self) -> None:
        """Ends the program at once; nobody is told."""
        self._process.send_signal(signal.SIGKILL)

    def heard(self) -> Samples:
        """What came out of its loudspeaker in the last call, at 8 kHz."""
        with wave.open(str(self.folder / "heard.wav"), "rb") as sound:
            return np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)

    async def close(self) -> None:
        """Ends the program politely, then firmly."""
        self._control.close()
        await _end(self._process)

    async def _register(self, within_s: float) -> None:
        # Its first REGISTER was answered before the door was open, so no event tells of it.
        deadline = asyncio.get_running_loop().time() + within_s
        while _REGISTERED not in (told := await self._control.command("reginfo")):
            if asyncio.get_running_loop().time() > deadline:
                raise SoftphoneFailed(f"not registered: {told}")
            await asyncio.sleep(_PAUSE_S)


class _Control:
    """The TCP door.  Events wait in the stream until somebody asks for one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._events: list[dict[str, object]] = []

    @classmethod
    async def open(cls, port: int, *, within_s: float) -> Self:
        """Connects as soon as the door is open."""
        async with asyncio.timeout(within_s):
            while True:
                try:
                    return cls(*await asyncio.open_connection(_HOST, port, limit=LONGEST_MESSAGE))
                except ConnectionRefusedError:
                    await asyncio.sleep(_PAUSE_S)

    async def command(self, command: str, parameters: str = "", *, within_s: float = 5.0) -> str:
        """Sends a command and waits for what it answers; events on the way are kept."""
        text = json.dumps({"command": command, "params": parameters, "token": command}).encode()
        self._writer.write(b"%d:%s," % (len(text), text))
        async with asyncio.timeout(within_s):
            while not (message := await self._message()).get("response"):
                self._events.append(message)
        answer = str(message.get("data", ""))
        if not message.get("ok"):
            raise SoftphoneFailed(f"{command} {parameters}: {answer}")
        return answer

    async def event(self, *kinds: str, within_s: float) -> dict[str, object]:
        """Waits for one of these events; others before it are passed over."""
        async with asyncio.timeout(within_s):
            while True:
                message = self._events.pop(0) if self._events else await self._message()
                if message.get("type") in kinds:
                    return message

    def close(self) -> None:
        """Closes the connection."""
        self._writer.close()

    async def _message(self) -> dict[str, object]:
        length = int((await self._reader.readuntil(b":"))[:-1])
        text = (await self._reader.readexactly(length + 1))[:-1]
        message = json.loads(text)
        assert isinstance(message, dict)
        return message


def _write_configuration(settings: SoftphoneSettings, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    config = _CONFIG.format(
        host=_HOST,
        folder=folder,
        modules=settings.modules,
        sip_port=settings.sip_port,
        control_port=settings.control_port,
        first_rtp_port=settings.first_rtp_port,
        last_rtp_port=settings.first_rtp_port + 20,
    )
    (folder / "config").write_text(config)
    host, port = settings.server
    password = f";auth_pass={settings.password}" if settings.password else ""
    interval_s = 120 if settings.registers else 0
    opens_itself = ";sip_autoanswer=yes" if settings.opens_itself else ""
    (folder / "accounts").write_text(
        f"<sip:{settings.user}@{host}:{port}>{password};regint={interval_s}"
        f";answermode=manual{opens_itself};audio_codecs=PCMA,PCMU\n"
    )
    (folder / "contacts").touch()
    _write_wave(folder / "spoken.wav", _hum(settings.hums_hz))


def _hum(frequency_hz: float) -> Samples:
    frames = tone(Codec.PCMU, frequency_hz)
    payload = b"".join(next(frames) for _ in range(_SPOKEN_S * 50))
    return decode(payload, Codec.PCMU)


def _write_wave(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE_HZ)
        sound.writeframes(samples.tobytes())


async def _end(process: asyncio.subprocess.Process) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is None:
            os.killpg(process.pid, number)
        try:
            async with asyncio.timeout(_STOPPED_WITHIN_S):
                await process.wait()
                return
        except TimeoutError:
            continue
