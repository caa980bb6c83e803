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


def copy_template(workspace: Workspace, name: str) -> Path:
    """Copy the template with this name, or its short one (`footer` for `_footer.html.j2`); the path of the copy.

    Never overwrites. Raises UsageError for a name that no template has, and where there is one already;
    CannotWriteError.
    """
    known = bundled_templates()
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
    path = workspace.templates / found
    text = (bundled(TEMPLATES) / found).read_text(encoding="utf-8")
    if path.is_symlink() or write_new(path, text) is None:
        shown = path.relative_to(workspace.root).as_posix()
        raise UsageError(phrase("issue.scaffold.is_there_already", path=shown))
    return path


def _by_short_name(known: tuple[str, ...]) -> dict[str, str]:
    """`footer` -> `_footer.html.j2`, `inline.css` -> `inline.css.j2`."""
    return {name.removesuffix(".j2").removesuffix(".html").removeprefix("_"): name for name in known}
