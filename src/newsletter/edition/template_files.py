"""Which files the letter's templates are, for whoever only names or reads them: what fills them in is templates.py.

Touches: file system. Nothing here needs Jinja, which `send` of an approved letter never loads.
"""

from pathlib import Path

from newsletter.settings.bundled import bundled

TEMPLATES = "templates/email"
EXTRA_SHEET = "extra.css.j2"
"""A sheet of the workspace's own, inlined behind ours."""


def bundled_templates() -> tuple[str, ...]:
    """The names of the templates that travel with the tool."""
    return tuple(sorted(path.name for path in bundled(TEMPLATES).glob("*.j2")))


def template_text(name: str, own: Path) -> str:
    """A template as it is written: the workspace's, else the bundled one; empty where there is neither."""
    paths = (own / name, bundled(TEMPLATES) / name)
    return next((path.read_text(encoding="utf-8") for path in paths if path.is_file()), "")
