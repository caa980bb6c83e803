"""`newsletter template copy`: a bundled template into the workspace, to be changed there. Touches: file system."""

from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.edition.template_files import TEMPLATES, bundled_templates
from newsletter.errors import UsageError
from newsletter.excerpt import suggestion
from newsletter.issue.scaffold import write_new
from newsletter.settings.bundled import bundled
from newsletter.settings.explain import safe
from newsletter.settings.workspace import Workspace


def copy_template(workspace: Workspace, name: str, *, web: bool = False) -> Path:
    """Copy the template with this name, or its short one (`footer` for `_footer.html.j2`); the path of the copy.

    With `web` one of the archive's. Never overwrites. Raises UsageError for a name that no template has, and where
    there is one already; CannotWriteError.
    """
    source, target, known = _of_archive(workspace) if web else _of_letter(workspace)
    found = name if name in known else _by_short_name(known).get(name.removeprefix("_"))
    if found is None:
        near = suggestion(name, [*known, *_by_short_name(known)])
        said = phrase("workflow.template.is_unknown", name=f"`{safe(name)}`")
        hint = (
            phrase("workflow.template.meant", near=near)
            if near
            else phrase("workflow.template.known", known=tuple(_by_short_name(known)))
        )
        raise UsageError(said, hint=hint)
    path = target / found
    text = (source / found).read_text(encoding="utf-8")
    if path.is_symlink() or write_new(path, text) is None:
        shown = path.relative_to(workspace.root).as_posix()
        raise UsageError(phrase("issue.scaffold.is_there_already", path=shown))
    return path


def _of_letter(workspace: Workspace) -> tuple[Path, Path, tuple[str, ...]]:
    """Where they come from, where they go, and what they are called."""
    return bundled(TEMPLATES), workspace.templates, bundled_templates()


def _of_archive(workspace: Workspace) -> tuple[Path, Path, tuple[str, ...]]:
    from newsletter.archive.page_templates import OWN, PAGES

    known = sorted(path.relative_to(PAGES).as_posix() for path in PAGES.glob("**/*.j2"))
    return PAGES, workspace.root / OWN, tuple(known)


def _by_short_name(known: tuple[str, ...]) -> dict[str, str]:
    """`footer` -> `_footer.html.j2`, `inline.css` -> `inline.css.j2`, `story` -> `sections/story.html.j2`."""
    return {Path(name).name.removesuffix(".j2").removesuffix(".html").removeprefix("_"): name for name in known}
