"""The whole system for tests with real telephones: one instance for each worker, people on demand.

`instance` is started once and serves every test of its worker.  After each test that used a
telephone it must come to rest: a channel, bridge, line or offer that is left fails that test.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from tests.kit.api import Refused, asked
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller

CALLER_NUMBER = "13900000001"
CONFLICT = 409
"""What the API answers when an agent has no wrap-up to end, or is not logged in."""

NewCaller = Callable[[str], Awaitable[Caller]]
NewAgent = Callable[[int], Awaitable[Agent]]


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A running system; nothing may outlive it."""
    instance = Instance(tmp_path_factory.mktemp("system"))
    instance.start()
    instance.libraries.load_all()
    yield instance
    strays = instance.stop()
    assert not strays, f"processes had to be killed: {strays}"


@pytest.fixture
async def people(instance: Instance) -> AsyncIterator[AsyncExitStack]:
    """Puts every telephone away, logs every agent out, then waits for rest."""
    await instance.until_ready()
    async with AsyncExitStack() as stack:
        yield stack
    await instance.comes_to_rest()


@pytest.fixture
async def new_caller(instance: Instance, people: AsyncExitStack) -> NewCaller:
    """Gives one more person outside a telephone: `await new_caller("13900000002")`."""

    async def give(number: str) -> Caller:
        settings = instance.caller_settings(number)
        return await people.enter_async_context(
            await Caller.with_phone(settings, instance.libraries)
        )

    return give


@pytest.fixture
async def caller(new_caller: NewCaller) -> Caller:
    """Somebody outside with a telephone."""
    return await new_caller(CALLER_NUMBER)


@pytest.fixture
async def agent(instance: Instance, people: AsyncExitStack) -> NewAgent:
    """Gives an agent a registered telephone: `await agent(8001)`; logged out in the end."""

    async def give(number: int) -> Agent:
        settings = instance.agent_settings(number)

        async def log_out() -> None:
            await instance.until_ready()
            for verb in ("end-wrap-up", "logout"):
                await order(instance, f"/api/agents/{number}/{verb}")

        people.push_async_callback(log_out)
        given = await people.enter_async_context(
            await Agent.with_phone(settings, instance.libraries)
        )
        await given.registers()
        return given

    return give


async def order(instance: Instance, path: str) -> None:
    """Gives an order over the API; that there was nothing to do is no trouble."""
    try:
        await asked(lambda: instance.api.post(path))
    except Refused as refusal:
        if refusal.status != CONFLICT:
            raise
