"""``ivrengine demo``: the demonstration call again, in a system that runs already."""

import asyncio

import typer
from rich.console import Console

from ivrengine.bootstrap.system import system_of
from ivrengine.cli.api import Api
from ivrengine.cli.call_lines import DialogueLines
from ivrengine.cli.demo_house import ApiHouse
from ivrengine.cli.softswitch import progress_shown
from ivrengine.config import Settings, load_settings
from ivrengine.demo.show import LeftOut, Shown, show
from ivrengine.errors import EngineError
from ivrengine.softphone.hearing.ear import NotHeard
from ivrengine.softphone.sip.phone import CallRefused
from ivrengine.softphone.sip.registration import RegistrationRefused
from ivrengine.softswitch.local.installation import fetch

app = typer.Typer()

_NOT_SERVED = (NotHeard, CallRefused, RegistrationRefused, TimeoutError)


@app.command()
def demo() -> None:
    """Place one demonstration call and show it as a dialogue; exit code 1 when it is not served."""
    settings = load_settings()
    console = Console(highlight=False, soft_wrap=True)
    try:
        shown = asyncio.run(_performed(settings, console))
    except (*_NOT_SERVED, ExceptionGroup) as fault:
        cause = _first(fault)
        if not isinstance(cause, _NOT_SERVED):
            raise
        raise EngineError(
            f"the demonstration call failed: {cause or type(cause).__name__}",
            remedy="`ivrengine softswitch status` tells whether Asterisk answers, and "
            "`ivrengine queues` whether the engine does",
        ) from fault
    match shown:
        case LeftOut(reason=reason):
            console.print(f"left out: {reason}")
        case Shown(call=None):
            console.print("the call was served, but its record has not come yet")
        case Shown(call=call) if call is not None:
            console.print(f"kept as {call.id}; recorded: {', '.join(call.recordings) or 'nothing'}")


async def _performed(settings: Settings, console: Console) -> Shown | LeftOut:
    with progress_shown() as report:
        installation = fetch(settings.for_softswitch(), report)
    house = ApiHouse(Api(settings), system_of(settings, installation).switch)
    return await show(settings, house, DialogueLines(console).tell)


def _first(fault: BaseException) -> BaseException:
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return fault
