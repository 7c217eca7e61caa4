"""What those who count are told by the adapter to Asterisk, for tests that break its Asterisk."""

from collections import Counter
from typing import Final

from ivrengine.softphone.watch import Watch
from ivrengine.softswitch.ari import AriObservers, AriSettings, DropCause, SwitchHealth
from ivrengine.telephony import LegArrived, LegId, SwitchLost
from tests.kit.fake_ari.board import Channel
from tests.kit.switch_worlds import FakeWorld

QUICK: Final = AriSettings(
    order_deadline_s=1.0,
    pool_size=16,
    ping_interval_s=0.2,
    silence_limit_s=1.0,
    probe_interval_s=0.1,
    probe_deadline_s=0.5,
    unwell_after_s=1.0,
    beat_interval_s=0.1,
    replay_limit_s=0.3,
    redial_after_s=0.5,
)
"""Short enough for a test, long enough for a machine that is busy with others."""


class Notes:
    """What the adapter tells those who count."""

    def __init__(self) -> None:
        self.dropped: Counter[DropCause] = Counter()
        self.requests: list[tuple[str, float]] = []
        self.health: list[SwitchHealth] = []
        self.redials = 0
        self._watch = Watch()
        self.observers = AriObservers(
            request=lambda operation, seconds: self.requests.append((operation, seconds)),
            dropped=self._drop,
            health=self._feel,
        )

    async def redial(self) -> None:
        self.redials += 1
        self._watch.notify()

    async def redialled(self) -> bool:
        return await self._watch.until(lambda: self.redials > 0, within_s=8.0)

    async def feels(self, *faults: str) -> None:
        """Waits until exactly these signs of life are missing."""
        await self._watch.until(lambda: self._is_now(faults), within_s=8.0)
        assert self._is_now(faults), self.health

    async def dropped_one(self, cause: DropCause) -> None:
        """Waits until something was dropped for this cause."""
        assert await self._watch.until(lambda: self.dropped[cause] > 0, within_s=8.0)

    def _is_now(self, faults: tuple[str, ...]) -> bool:
        return bool(self.health) and self.health[-1].faults() == faults

    def _drop(self, cause: DropCause) -> None:
        self.dropped[cause] += 1
        self._watch.notify()

    def _feel(self, health: SwitchHealth) -> None:
        self.health.append(health)
        self._watch.notify()


async def arrived(world: FakeWorld) -> tuple[LegId, Channel]:
    channel = (await world.call_in()).channel
    await world.events.told(LegArrived, leg=channel.id)
    return LegId(channel.id), channel


async def lose(world: FakeWorld) -> None:
    mark = world.events.mark()
    await world.ari.drop_socket()
    await world.events.told(SwitchLost, since=mark)
