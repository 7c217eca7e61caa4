"""Ways through the demonstration's menus, for tests that begin somewhere inside them.

Keys are pressed as soon as they are of use, so that nobody waits for prompts a test is not about.
"""

import asyncio
from typing import Final

from tests.kit.person import Agent, Caller, Person

NUMBER: Final = "952588"
LANGUAGE_KEYS: Final = {"zh": "1", "en": "2"}
CALLER_HUMS_HZ: Final = 1000.0
AGENT_HUMS_HZ: Final = 440.0
PATIENCE_S: Final = 20.0


async def comes_to_the_menu(caller: Caller, language: str = "zh") -> None:
    """Calls, chooses the language over the greeting, and hears the main menu begin."""
    await caller.dials(NUMBER)
    await caller.presses(LANGUAGE_KEYS[language])
    await caller.hears("menu.main", language=language)


async def asks_for_trading(caller: Caller, language: str = "zh") -> None:
    """From the main menu to the moment in which a person of the trading queue is sought."""
    await caller.presses("01")
    await caller.hears("queue.consent", language=language, to_the_end=True)


async def waits_for_trading(caller: Caller, language: str = "zh") -> None:
    """Calls and comes to hear the music of the trading queue."""
    await comes_to_the_menu(caller, language)
    await asks_for_trading(caller, language)
    await caller.hears_music()


async def is_joined(caller: Caller, agent: Agent, language: str = "zh") -> None:
    """The agent picks up, the caller hears who it is, and then they hear each other."""
    await agent.answers(within_s=PATIENCE_S)
    await hears_the_number_of(caller, agent, language)
    await hear_each_other(caller, agent)


async def hears_the_number_of(listener: Person, agent: Agent, language: str) -> None:
    """Hears "Agent 8001 is here to help you", digit by digit with nothing between."""
    number = agent.phone.settings.user
    spoken = [*(f"num.digit.{digit}" for digit in number[:-1]), f"num.last.{number[-1]}"]
    await listener.hears_in_order(
        "queue.agent_lead", *spoken, "queue.agent_tail", language=language, within_s=PATIENCE_S
    )


async def hear_each_other(caller: Person, agent: Person) -> None:
    """Both hum, and each hears the other."""
    caller.hums(CALLER_HUMS_HZ)
    agent.hums(AGENT_HUMS_HZ)
    await asyncio.gather(
        caller.hears_tone(AGENT_HUMS_HZ, within_s=PATIENCE_S),
        agent.hears_tone(CALLER_HUMS_HZ, within_s=PATIENCE_S),
    )
