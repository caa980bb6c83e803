"""Templates of a workspace that no letter is made of, since no other names them. Touches: file system."""

from dataclasses import dataclass
from pathlib import Path

from newsletter.issue.own_types import OWN_TYPES, names_of_no_types

from .own_words import strange_words
from .template_files import EXTRA_SHEET, TEMPLATES, bundled_templates

_SUFFIXES = {".j2", ".jinja", ".jinja2", ".html", ".css"}


@dataclass(frozen=True, slots=True)
class StrangeTemplates:
    """`known` are the names that replace a bundled template."""

    folder: str = TEMPLATES
    names: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def strange_templates(root: Path) -> StrangeTemplates:
    """The templates of the workspace at `root` that neither replace one nor are named by another of its own."""
    known = (*bundled_templates(), EXTRA_SHEET)
    types = (f"sections/{name}" for name in names_of_no_types(root))
    own = {path.name: path for path in sorted((root / TEMPLATES).glob("*")) if path.suffix in _SUFFIXES}
    candidates = [name for name in own if name not in known]
    read = own | {str(path): path for path in (root / OWN_TYPES).glob("*/*.j2")}
    sources = {name: path.read_text(encoding="utf-8", errors="replace") for name, path in read.items() if candidates}
    strange = (
        name for name in candidates if not any(name in source for other, source in sources.items() if other != name)
    )
    words = (path.relative_to(root / TEMPLATES).as_posix() for path in strange_words(root / TEMPLATES))
    return StrangeTemplates(TEMPLATES, (*strange, *types, *words), known)
