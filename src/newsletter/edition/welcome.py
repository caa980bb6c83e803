"""The welcome letter has no page in the archive, and so nothing that leads to one. Touches: nothing."""

from dataclasses import replace

from newsletter.settings.footer import AUTO
from newsletter.settings.workspace import Workspace


def without_page(workspace: Workspace) -> Workspace:
    """The same where no issue has a page: pictures are embedded, and the footer leads to the archive's index alone."""
    settings = workspace.settings
    archive = settings.links.archive_url
    footer = {"forward": False, **({"archive": archive} if settings.footer.archive == AUTO else {})}
    changed = {
        "links": settings.links.model_copy(update={"archive_url": ""}),
        "images": settings.images.model_copy(update={"mode": "embed"}),
        "footer": settings.footer.model_copy(update=footer),
    }
    return replace(workspace, settings=settings.model_copy(update=changed))
