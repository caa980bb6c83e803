"""The archive under `/archive/`: the files that were built, as they are, but for the number of views on a page.

Touches: the built folder, reading. Nothing outside of it is read, whatever is asked and wherever its links lead, and
nothing in it but what an archive is made of. A folder in which none was built is none, whatever lies there.
"""

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from posixpath import splitext

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles

from newsletter.archive.site import LIST
from newsletter.issue.find import SLUG
from newsletter.ledger.page_views import ArchivePage
from newsletter.web.guard import not_here

from .robots import is_read
from .visits import PageVisits

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".ics": "text/calendar; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
}
"""Nothing else is served, whatever lies in the folder."""
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Robots-Tag": "all",
    # A page changes when the next issue comes; what is there still is answered by its ETag alone.
    "Cache-Control": "no-cache",
}
_FOR_EVER = "public, max-age=31536000, immutable"
"""Of pictures: their names are made from what is in them."""
_LARGEST_PAGE = 8 * 1024 * 1024

ShowViews = Callable[[bytes, int], bytes]
"""A page and its number of views -> the page with the number in it."""


@dataclass(frozen=True, slots=True)
class ArchiveSite:
    """What was built in `folder`, which may be built anew, or for the first time, while it is served."""

    folder: Path
    visits: PageVisits
    show_views: ShowViews

    @property
    def is_built(self) -> bool:
        return (self.folder / LIST).is_file()

    async def answer(self, request: Request, not_built: Callable[[Request], Response]) -> Response:
        """GET and HEAD of `/archive/{path}`; `not_built` makes the answer while there is none."""
        path: str = request.path_params["path"]
        return await run_in_threadpool(self._answer, path, request, not_built)

    def _answer(self, path: str, request: Request, not_built: Callable[[Request], Response]) -> Response:
        if not self.is_built:
            return not_built(request)
        parts = path.split("/")
        if any(part.startswith(".") or not part.isprintable() or "\\" in part for part in parts) or "" in parts[:-1]:
            return not_here()
        if parts[-1] == "":
            return self._file("/".join([*parts[:-1], "index.html"]), request)
        if "." not in parts[-1] and self._found("/".join([*parts, "index.html"])):
            # Relative, since a web server in front may have put the archive anywhere.
            return RedirectResponse(f"{parts[-1]}/", status_code=308)
        return self._file(path, request)

    def _file(self, path: str, request: Request) -> Response:
        media_type = MEDIA_TYPES.get(splitext(path)[1].lower())
        found = self._found(path) if media_type else None
        if found is None:
            return self._nothing()
        name, status = found
        headers = _HEADERS | ({"Cache-Control": _FOR_EVER} if path.startswith("pictures/") else {})
        response = FileResponse(name, headers=headers, media_type=media_type, stat_result=status)
        page = _page_of(path)
        if page is not None and status.st_size <= _LARGEST_PAGE:
            return self._page(page, response, request)
        return _unless_known(response, request)

    def _page(self, page: ArchivePage, response: FileResponse, request: Request) -> Response:
        """A page with its number, if it has a place for one; the number is part of its ETag."""
        built = Path(response.path).read_bytes()
        if self.show_views(built, 0) == built:
            return _unless_known(response, request)
        if is_read(request.method, request.headers):
            self.visits.count(page)
        number = self.visits.number(page)
        if number is None:
            return _unless_known(response, request)
        shown = self.show_views(built, number)
        headers = {**_HEADERS, "ETag": f'"{hashlib.sha256(shown).hexdigest()[:32]}"'}
        return _unless_known(Response(shown, headers=headers, media_type=response.media_type), request)

    def _nothing(self) -> Response:
        if found := self._found("404.html"):
            return FileResponse(found[0], 404, _HEADERS, MEDIA_TYPES[".html"], stat_result=found[1])
        return not_here()

    def _found(self, path: str) -> tuple[str, os.stat_result] | None:
        """A file below the folder, links followed first."""
        try:
            name, status = StaticFiles(directory=self.folder, check_dir=False).lookup_path(path)
        except (OSError, ValueError):  # a name that is too long, or that no file can have
            return None
        return (name, status) if status is not None and stat.S_ISREG(status.st_mode) else None


def _page_of(path: str) -> ArchivePage | None:
    """`2026-11/index.html` and `2026-11/en/index.html` are pages of an issue."""
    *folders, name = path.split("/")
    if name != "index.html" or not 1 <= len(folders) <= 2 or not SLUG.fullmatch(folders[0]):
        return None
    return ArchivePage(*folders)


def _unless_known(response: Response, request: Request) -> Response:
    """Nothing but the head for who has it already (RFC 9110, 13)."""
    if StaticFiles().is_not_modified(response.headers, request.headers):
        return NotModifiedResponse(response.headers)
    return response
