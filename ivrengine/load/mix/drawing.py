"""Callers drawn from the description: who calls each group of lines, one after the other."""

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from acd.trunk_groups import LineClass
from ivrengine.errors import ConfigError
from ivrengine.load.customers import CUSTOMERS_OF_A_CLASS, telephone
from ivrengine.load.mix.kinds import Kind
from ivrengine.load.mix.reading import Mix
from ivrengine.load.mix.script import Script

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCaller:
    """One call: who it is counted as, the number it comes from, and what is done in it."""

    label: str
    telephone: str
    script: Script


def draw_callers(mix: Mix, trunk: str, *, seed: int) -> Iterator[DrawnCaller]:
    """Return callers of one group of lines without end, the same for the same seed.

    In every thousand the shares are kept to the last caller. Customers of other classes than the
    ordinary one are counted apart, as `trading person`.

    Raises:
        ConfigError: nobody calls this group.
    """
    kinds = {kind: kind.share for kind in mix.kinds if kind.calls in (None, trunk)}
    if not sum(kinds.values()):
        raise ConfigError(f"no kind of caller calls the group {trunk}")
    return _drawn(mix, kinds, random.Random(f"{seed} {trunk}"), trunk)


def _drawn(
    mix: Mix, kinds: Mapping[Kind, Decimal], chance: random.Random, trunk: str
) -> Iterator[DrawnCaller]:
    classes = _shuffled(mix.customers.shares(), chance)
    # Groups share the list of customers from different ends, so that nobody calls twice at once.
    first = random.Random(trunk).randrange(CUSTOMERS_OF_A_CLASS)
    places = {line_class.value: itertools.count(first) for line_class in LineClass}
    for kind in _shuffled(kinds, chance):
        drawn = next(classes)
        customer = kind.customer or drawn
        place = next(places[customer]) % CUSTOMERS_OF_A_CLASS
        is_ordinary = customer == LineClass.ORDINARY.value
        yield DrawnCaller(
            label=kind.name if is_ordinary else f"{customer} {kind.name}",
            telephone=telephone(LineClass(customer), place),
            script=kind.draw(chance, mix.listens_s),
        )


def _shuffled(shares: Mapping[T, Decimal], chance: random.Random) -> Iterator[T]:
    """Return entries without end: ten for each percent of their share, shuffled again and again."""
    deck = [entry for entry, share in shares.items() for _ in range(int(share * 10))]
    while True:
        chance.shuffle(deck)
        yield from deck
