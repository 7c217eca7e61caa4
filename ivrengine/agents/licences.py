"""Licences of skills: told of before they expire, and gone by themselves the day after.

A skill with a licence lasts to the end of the licence's last day on the market's clock. The roster
is put in force anew at each midnight, so that nobody has to read any file again for it.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import structlog

from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_book import RosterBook
from ivrengine.clock import MARKET_ZONE, Clock, local_time
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)

WARNED_DAYS: Final = 30
"""For how many days before its last one a licence is told of."""

LONGEST_SLEEP_S: Final = 3600.0
"""A clock that is set meanwhile is noticed within so many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceNotice:
    """A licence that has expired, or will soon; ``days_left`` is 0 on its last day."""

    agent: AgentNumber
    skill: str
    number: str
    expires: date
    days_left: int

    def __str__(self) -> str:
        licence = f"agent {self.agent}: licence {self.number} for {self.skill}"
        if self.days_left < 0:
            return f"{licence} expired on {self.expires}; the skill is gone"
        return f"{licence} expires on {self.expires}, in {self.days_left} days"


def notices(roster: Roster, day: date) -> Iterator[LicenceNotice]:
    """Give every licence that has expired on ``day`` or will within 30 days, agent by agent."""
    for number, agent in roster.agents.items():
        for skill, licence in agent.licences.items():
            days_left = (licence.expires - day).days
            if days_left <= WARNED_DAYS:
                yield LicenceNotice(
                    agent=number,
                    skill=skill,
                    number=licence.number,
                    expires=licence.expires,
                    days_left=days_left,
                )


def today(clock: Clock) -> date:
    """Return the day of the market."""
    return local_time(clock.now()).date()


def next_midnight(now: float) -> float:
    """Return when the market's next day begins, in epoch seconds."""
    day = local_time(now).date() + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=MARKET_ZONE).timestamp()


class LicenceWatch:
    """Puts the roster in force anew at midnight, and logs what expires.

    Args:
        book: holds the roster.
        clock: tells the day.
    """

    def __init__(self, book: RosterBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def run(self) -> None:
        """Watch until cancelled."""
        warned_on: date | None = None
        while True:
            self._book.turn_day()
            day = today(self._clock)
            if day != warned_on:
                warned_on = day
                for notice in notices(self._book.roster, day):
                    self._warn(notice)
            now = self._clock.now()
            await asyncio.sleep(min(LONGEST_SLEEP_S, next_midnight(now) - now))

    def _warn(self, notice: LicenceNotice) -> None:
        log.warning(
            "licence_expired" if notice.days_left < 0 else "licence_expires",
            agent=notice.agent,
            skill=notice.skill,
            licence=notice.number,
            expires=str(notice.expires),
            days_left=notice.days_left,
        )
