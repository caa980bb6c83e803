"""Somebody else's site, which hopes that a letter leads to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from newsletter.web.server import background, listen

POPUP = """<!DOCTYPE html><title>popup</title><script>
const words = [{ studio: "start", y: 900 }, { studio: "marks", marks: [] }, { studio: "show" }, { studio: "painted" }];
for (const word of words) {
  for (const target of [opener, opener && opener.parent, opener && opener.top]) {
    try { target.postMessage({ ...word, forged: true }, "*"); } catch (_) {}
  }
}
try { opener.location = "/from-popup/opener"; } catch (_) {}
try { opener.top.location = "/from-popup/top"; } catch (_) {}
fetch("/popup-ran?referrer=" + encodeURIComponent(document.referrer) + "&opener=" + (opener !== null));
</script>"""


@dataclass
class Evil:
    """What reached it so far, as `GET /path?query`, with the Referer of each."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    referers: list[str] = field(default_factory=list)

    @property
    def unasked(self) -> list[str]:
        """All but what a person's click on a link opened."""
        return [one for one in self.asked if not one.startswith(("GET /popup", "GET /clicked", "GET /favicon"))]


@contextmanager
def evil_site() -> Iterator[Evil]:
    evil = Evil()

    async def answer(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        evil.asked.append(f"{request.method} {request.url.path}{query}")
        evil.referers.append(request.headers.get("referer", ""))
        if request.url.path == "/popup":
            return HTMLResponse(POPUP)
        return PlainTextResponse("seen", headers={"Access-Control-Allow-Origin": "*"})

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    with background(app, listen("127.0.0.1", 0)) as evil.url:
        yield evil
