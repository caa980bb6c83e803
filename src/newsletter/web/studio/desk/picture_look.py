"""`GET desk/picture`: a small look of a picture of an issue, for its field. Touches: files of the workspace, reading.

Shown is what the issue's file names, or what lies in `issues/assets/`; never what is outside of the workspace, also
behind a link. It is decoded and encoded anew, so that nothing but pixels comes out; a GIF that moves stays as it is.
"""

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.desk.saving.stored_issue import as_text
from newsletter.desk.text.edit import data_in
from newsletter.edition.picture_files import PictureError
from newsletter.edition.pictures import Encoded, load_picture
from newsletter.errors import InputError
from newsletter.issue.find import SLUG
from newsletter.issue.scan import file_bytes
from newsletter.issue.seek import seek_picture
from newsletter.issue.tree import Data
from newsletter.settings.workspace import Workspace
from newsletter.web.guard import not_here
from newsletter.web.letter_frame.frame import picture_response
from newsletter.web.studio.workspace_letters import WorkspaceLetters

_WIDE = 240
"""CSS pixels of the look."""
_LONGEST = 1_000
"""Characters of a name; longer than any path that a file system takes."""


class PictureLook:
    def __init__(self, letters: WorkspaceLetters) -> None:
        self._letters = letters

    def routes(self) -> list[Route]:
        return [Route("/desk/picture", self.show)]

    async def show(self, request: Request) -> Response:
        slug, src = request.query_params.get("issue", ""), request.query_params.get("src", "")
        workspace = (await run_in_threadpool(self._letters.now)).workspace
        found = await run_in_threadpool(_look, workspace, slug, src)
        return (picture_response(found.media_type, found.data) if found else None) or not_here()


def _look(workspace: Workspace, slug: str, src: str) -> Encoded | None:
    issue = workspace.issues / f"{slug}.yaml"
    if not SLUG.fullmatch(slug) or not 0 < len(src) <= _LONGEST or not issue.is_file():
        return None
    path = seek_picture(src, issue, workspace.root).path
    if path is None or not (_lies_in_assets(path, workspace) or _names(issue, src)):
        return None
    try:
        return load_picture(path, _WIDE, quickly=True)
    except PictureError:
        return None


def _lies_in_assets(path: Path, workspace: Workspace) -> bool:
    """`path` has no links in it any more; a folder of pictures that is one leads nowhere that counts."""
    return path.is_relative_to(workspace.issues.resolve() / "assets")


def _names(issue: Path, src: str) -> bool:
    try:
        return src in _texts(data_in(as_text(file_bytes(issue, issue.name), issue.name), issue.name))
    except InputError:
        return False


def _texts(data: Data) -> set[str]:
    if isinstance(data, str):
        return {data.strip()}
    inside = data.values() if isinstance(data, dict) else data
    return {text for one in inside for text in _texts(one)}
