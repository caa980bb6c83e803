"""Turn the templates under pages/ into answers: jinja2 with autoescape, the words of a language, the letter's colours.

Touches: the package's own files.
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

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

    def asset(self, name: str) -> Response:
        """A style sheet or script of the package, by a name that the application itself has written down."""
        return Response(self.text(f"{name}.j2"), media_type=_ASSET_TYPES[name.rsplit(".", 1)[1]])


def source_hash(text: str) -> str:
    """How a policy names an inline style or script (CSP Level 3, 2.3.1)."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
