"""Turn the templates under pages/ into answers: jinja2 with autoescape, the words of a language, the letter's colours.

Touches: the package's own files.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from newsletter.settings.palette import PALETTE

from .guard import COMMON_HEADERS
from .words import words_of

_ASSET_TYPES = {"css": "text/css", "js": "text/javascript"}


class Paper:
    """The pages of one application, in one language."""

    def __init__(self, language: str) -> None:
        self._environment = Environment(
            loader=PackageLoader("newsletter.web", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(language=language, w=words_of(language), palette=PALETTE)

    def text(self, template: str, context: Mapping[str, Any] | None = None) -> str:
        return self._environment.get_template(template).render(context or {})

    def page(self, template: str, context: Mapping[str, Any], *, policy: str, status: int = 200) -> Response:
        """An HTML answer with its content security policy."""
        headers = {**COMMON_HEADERS, "Content-Security-Policy": policy}
        return HTMLResponse(self.text(template, context), status_code=status, headers=headers)

    def script(self, name: str) -> str:
        """The source of a script of the package, such as `frame.js`; it is no template."""
        return (_pages() / name).read_text(encoding="utf-8")

    def asset(self, name: str) -> Response:
        """A style sheet or script of the package; 404 for any other name."""
        kind = _ASSET_TYPES.get(name.rpartition(".")[2], "")
        if not kind or name not in _assets():
            return PlainTextResponse("Not here.\n", status_code=404)
        text = self.script(name) if name in _scripts() else self.text(f"{name}.j2")
        return Response(text, media_type=kind)


def _pages() -> Traversable:
    return files("newsletter.web") / "pages"


@cache
def _assets() -> frozenset[str]:
    """Names that may be asked for: what there is, so that a name is never made into a path."""
    found = (entry.name.removesuffix(".j2") for entry in _pages().iterdir())
    return frozenset(name for name in found if name.endswith((".css", ".js")) and name[0] != "_")


@cache
def _scripts() -> frozenset[str]:
    return frozenset(entry.name for entry in _pages().iterdir() if entry.name.endswith(".js"))


def source_hash(text: str) -> str:
    """How a policy names an inline style or script (CSP Level 3, 2.3.1)."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
