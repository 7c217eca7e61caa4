"""The console over the engine's parts, and the gauges that its metrics page reads from them."""

import asyncio
from typing import TYPE_CHECKING

from fastapi import FastAPI

from ivrengine.agents.views import AGENT_STATES
from ivrengine.calls.talk_desk import TalkDesk
from ivrengine.console.app import console_app
from ivrengine.console.ports import ConsoleParts, NumberToDial
from ivrengine.console.token import load_token
from ivrengine.telemetry.gauges import LinesInUse, Views, show, show_number

if TYPE_CHECKING:
    from ivrengine.bootstrap.engine import Engine


def open_console(engine: "Engine") -> FastAPI:
    """Return the console of ``engine``."""
    foundation = engine.foundation
    show(foundation.registry, _views(engine), agent_states=AGENT_STATES)
    show_number(foundation.registry, "ivr_legs", lambda: len(engine.legs))
    show_number(foundation.registry, "ivr_setups_waiting", lambda: engine.setting_up.waiting)
    show_number(foundation.registry, "ivr_tasks", lambda: len(asyncio.all_tasks()))
    parts = ConsoleParts(
        agents=engine.desk,
        operating=engine.reloading,
        supervising=engine.supervision,
        observations=engine.house.observations,
        intercoms=engine.house.intercoms,
        calls_out=engine.house.calls_out,
        recordings_running=engine.house.recordings,
        conversations=TalkDesk(
            lambda: engine.exchange.sessions.values(), lambda: engine.dispatcher.roster
        ),
        wrap_ups=engine.house.notes,
        reporting=engine.counting.reporting,
        calls=engine.exchange,
        trunks=engine.admission,
        records=foundation.storage.records,
        tickets=foundation.storage.tickets,
        recordings=foundation.paths.recordings,
        readiness=engine.readiness,
        metrics=foundation.registry,
        token=load_token(foundation.paths.root),
        numbers=[
            NumberToDial(number=entry.number, purpose=f"group {entry.trunk}")
            for entry in foundation.settings.numbers
        ],
    )
    return console_app(parts)


def _views(engine: "Engine") -> Views:
    return Views(
        trunks=lambda: [
            LinesInUse(trunk=use.trunk, lines=use.lines, in_use=use.in_use)
            for use in engine.admission.usage()
        ],
        waiting=lambda: engine.desk.waiting().items(),
        agent_states=engine.desk.states,
        overlong=engine.desk.overlong,
    )
