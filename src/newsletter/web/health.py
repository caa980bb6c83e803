"""How a worker is, on a port of its own: for probes of an orchestrator, and for Prometheus. Touches: nothing.

`/livez` is 503 where only a new process helps, `/healthz` where it cannot work as it should just now; both say why, as
JSON without addresses. Limits: whoever reaches the port can read it.
"""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.report.worker_health import WorkerHealth

from .guard import BoundedHeader, SecurityHeaders

_UNAVAILABLE = 503
_PROMETHEUS = "text/plain; version=0.0.4"


def health_app(look: Callable[[], WorkerHealth]) -> Starlette:
    """The application; `look` is asked for each answer."""

    async def live(_request: Request) -> Response:
        health = look()
        return _json(health, is_good=health.is_alive)

    async def ready(_request: Request) -> Response:
        health = look()
        return _json(health, is_good=health.is_ready)

    async def metrics(_request: Request) -> Response:
        return PlainTextResponse(look().to_prometheus(), media_type=_PROMETHEUS)

    return Starlette(
        routes=[
            Route("/livez", live, methods=["GET"]),
            Route("/healthz", ready, methods=["GET"]),
            Route("/metrics", metrics, methods=["GET"]),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(BoundedHeader)],
    )


def _json(health: WorkerHealth, *, is_good: bool) -> Response:
    status = 200 if is_good else _UNAVAILABLE
    return Response(health.to_json(), status, media_type="application/json")
