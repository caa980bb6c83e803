"""Turn templates into answers: jinja2 with autoescape, the words of a language, the letter's colours.

Touches: the package's own files. A page of an application is looked for in the application's own folder, such as
studio/pages/, and then in pages/, where what the applications share is. So a script finds a shared one beside itself
(`import "./live.js"`): both are served under assets/.

In a template `w["studio.broken"]` stands for the words of the code `web.studio.broken`, which are in words/studio.toml;
what a page is given as a phrase it says by `{{ problem.hint | said }}`.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, Self

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from newsletter.catalogue import Said, spoken_language, texts
from newsletter.settings.model import Settings
from newsletter.settings.palette import PALETTE
from newsletter.settings.presets import preset

from .guard import COMMON_HEADERS, not_here

Application = Literal["studio", "demo", "subscribers", "gallery", "standalone", "difference"]

_SHARED = "pages"
_ASSET_TYPES = {"css": "text/css", "js": "text/javascript", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Publisher:
    """Whose pages these are: the newsletter's name, the institute's, the language of the pages, and their look."""

    name: str
    institute: str
    language: str
    palette: Mapping[str, str] = field(default_factory=lambda: PALETTE)
    """Colours by name, as in the letter (settings/palette.py)."""
    radius: int = 2
    """CSS pixels of round corners."""

    @classmethod
    def of(cls, settings: Settings, language: str) -> Self:
        """In the colours of `[theme]`."""
        theme = settings.theme
        radius = preset(theme.preset).radius if theme.radius is None else theme.radius
        return cls(settings.newsletter.name, settings.institute.name, language, theme.palette, radius)


class PageTemplates:
    """The pages of one application, in one language."""

    def __init__(self, application: Application, language: str, palette: Mapping[str, str] = PALETTE) -> None:
        self._language = language
        self.words = _words(spoken_language(language))
        self._folders = (f"{application}/pages", _SHARED)
        self._environment = Environment(
            loader=ChoiceLoader([PackageLoader("newsletter.web", folder) for folder in self._folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(language=language, w=self.words, palette=palette)
        self._environment.filters["said"] = self.said

    def said(self, words: Said) -> str:
        """The words in the language of the pages; in a template `{{ problem.hint | said }}`."""
        return words.in_language(self._language)

    def text(self, template: str, context: Mapping[str, Any] | None = None) -> str:
        return self._environment.get_template(template).render(context or {})

    def page(self, template: str, context: Mapping[str, Any], *, policy: str, status: int = 200) -> HTMLResponse:
        """An HTML answer with its content security policy."""
        headers = {**COMMON_HEADERS, "Content-Security-Policy": policy}
        return HTMLResponse(self.text(template, context), status_code=status, headers=headers)

    def script(self, name: str) -> str:
        """The source of a script of the application, such as `frame.js`; it is no template."""
        return _assets(*self._folders)[name].read_text(encoding="utf-8")

    def asset(self, name: str) -> Response:
        """A style sheet, script or picture of the application; 404 for any other name."""
        found = _assets(*self._folders).get(name)
        if found is None:
            return not_here()
        content = self.text(found.name) if found.name.endswith(".j2") else found.read_bytes()
        return Response(content, media_type=_ASSET_TYPES[name.rpartition(".")[2]])


@cache
def _assets(*folders: str) -> Mapping[str, Traversable]:
    """The files that may be asked for: what there is, so that a name is never made into a path."""
    found = [entry for folder in reversed(folders) for entry in files("newsletter.web").joinpath(folder).iterdir()]
    named = {entry.name.removesuffix(".j2"): entry for entry in found}
    return {name: entry for name, entry in named.items() if name.rpartition(".")[2] in _ASSET_TYPES and name[0] != "_"}


@cache
def _words(language: str) -> Mapping[str, str]:
    """All words of the web's catalogue, by file and key."""
    groups = [entry.name.removesuffix(".toml") for entry in files("newsletter.web").joinpath("words").iterdir()]
    return {
        f"{group}.{key}": words
        for group in groups
        for key, words in texts("newsletter.web", "words", f"{group}.toml", language=language).items()
    }


def source_hash(text: str) -> str:
    """How a policy names an inline style or script (CSP Level 3, 2.3.1)."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
