"""The console's routes put together."""

from importlib.metadata import version

from fastapi import FastAPI

from ivrengine.console.agents_api import agents_api
from ivrengine.console.calls_api import calls_api
from ivrengine.console.desk_api import desk_api
from ivrengine.console.gate import BearerGate
from ivrengine.console.health import health_api
from ivrengine.console.intercom_api import intercom_api
from ivrengine.console.kpis_api import kpis_api
from ivrengine.console.observing_api import observing_api
from ivrengine.console.operators_api import operators_api
from ivrengine.console.ports import ConsoleParts
from ivrengine.console.problems import answer_with_problems
from ivrengine.console.start_page import start_page
from ivrengine.console.supervision_api import supervision_api
from ivrengine.console.talk_api import talk_api
from ivrengine.console.trunks_api import trunks_api


def console_app(parts: ConsoleParts) -> FastAPI:
    """Return the console over ``parts``, an ASGI application."""
    # The interactive pages of FastAPI load scripts from elsewhere, which a call centre's network
    # need not reach.
    app = FastAPI(
        title="ivrengine",
        version=version("ivrengine"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(start_page(parts))
    app.include_router(health_api(parts.readiness, parts.metrics))
    app.include_router(observing_api(parts.observations, parts.calls_out))
    app.include_router(intercom_api(parts.intercoms))
    app.include_router(desk_api(parts.agents, parts.recordings_running, parts.wrap_ups))
    app.include_router(talk_api(parts.conversations))
    app.include_router(supervision_api(parts.supervising, parts.records))
    app.include_router(operators_api(parts.operating))
    app.include_router(kpis_api(parts.reporting))
    # Last of those about agents: it takes any verb.
    app.include_router(agents_api(parts.agents))
    app.include_router(calls_api(parts))
    app.include_router(trunks_api(parts.trunks))
    answer_with_problems(app)
    app.add_middleware(BearerGate, token=parts.token)
    return app
