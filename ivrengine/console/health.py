"""Health and metrics, for whoever watches the engine from outside; open to all on the port."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ivrengine.console.ports import Check
from ivrengine.console.schemas import CheckShape, ReadinessShape


def health_api(readiness: Callable[[], Sequence[Check]], metrics: CollectorRegistry) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["health"])

    @router.get("/health/live")
    async def live() -> dict[str, bool]:
        """Answer as long as the engine's event loop turns."""
        return {"live": True}

    @router.get("/health/ready", responses={503: {"model": ReadinessShape}})
    async def ready(response: Response) -> ReadinessShape:
        """Tell whether calls can be served: 503 with the reasons when they cannot."""
        checks = tuple(CheckShape.of(check) for check in readiness())
        shape = ReadinessShape(ready=all(check.ok for check in checks), checks=checks)
        if not shape.ready:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return shape

    @router.get("/metrics", response_class=Response)
    async def prometheus() -> Response:
        """Give out all metrics in Prometheus' text format."""
        return Response(generate_latest(metrics), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router
