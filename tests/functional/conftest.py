"""The whole system for tests with real telephones: one instance for each worker, people on demand.

`instance` is started once and serves every test of its worker.  After each test that used a
telephone it must come to rest: a channel, bridge, line, task or offer that is left fails that test.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest

from tests.kit.api import Refused, asked
from tests.kit.instance import Instance
from tests.kit.laid_out import lay_out
from tests.kit.person import Agent, Caller

CALLER_NUMBER = "13900000001"
CONFLICT = 409
"""What the API answers when an agent has no wrap-up to end, or is not logged in."""

StartInstance = Callable[[Path, Mapping[str, str]], Instance]
NewCaller = Callable[[str], Awaitable[Caller]]
NewAgent = Callable[[int], Awaitable[Agent]]


@pytest.fixture(scope="session")
def start_instance(request: pytest.FixtureRequest) -> Iterator[StartInstance]:
    """Starts a system with settings of its own; nothing of any may outlive the run."""
    shelf = Path(request.config.cache.mkdir("prompts"))

    with ExitStack() as running:

        def start(state_dir: Path, settings: Mapping[str, str]) -> Instance:
            lay_out(shelf, state_dir / "prompts")
            instance = Instance(state_dir, settings=settings)
            running.callback(_stopped_cleanly, instance)
            instance.start()
            instance.libraries.load_all()
            return instance

        yield start


def _stopped_cleanly(instance: Instance) -> None:
    strays = instance.stop()
    assert not strays, f"processes had to be killed: {strays}"


@pytest.fixture(scope="session")
def instance(start_instance: StartInstance, tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """A running system as it comes."""
    return start_instance(tmp_path_factory.mktemp("system"), {})


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
                await order(instance, number, verb)

        people.push_async_callback(log_out)
        given = await people.enter_async_context(
            await Agent.with_phone(settings, instance.libraries)
        )
        await given.registers()
        return given

    return give


@pytest.fixture
async def present_agent(instance: Instance, agent: NewAgent) -> NewAgent:
    """Gives an agent who is logged in and takes no callers yet: `await present_agent(8001)`."""

    async def give(number: int) -> Agent:
        given = await agent(number)
        await order(instance, number, "login")
        return given

    return give


@pytest.fixture
async def ready_agent(instance: Instance, present_agent: NewAgent) -> NewAgent:
    """Gives an agent who is logged in and ready for callers: `await ready_agent(8001)`."""

    async def give(number: int) -> Agent:
        given = await present_agent(number)
        await order(instance, number, "ready")
        return given

    return give


async def order(instance: Instance, number: int, verb: str, body: object = None) -> None:
    """Gives an order for an agent over the API; that there was nothing to do is no trouble."""
    try:
        await asked(lambda: instance.api.post(f"/api/agents/{number}/{verb}", body))
    except Refused as refusal:
        if refusal.status != CONFLICT:
            raise
