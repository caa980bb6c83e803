"""A file of an older letter -> what is kept of it: its front matter, its cleaned body, its pictures. Touches: files.

HTML, or Markdown (`.md`), in UTF-8, UTF-16 with its mark, or CP949. What front matter does not say is looked for: the
title in `og:title`, `<title>` or the first heading, the day in the head or in the file's name, the slug there, too.
Limits: 1 MB a file; pictures below the folder that is imported, PNG, JPEG or GIF; nothing is fetched.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from newsletter.archive.imported import PAGE
from newsletter.archive.web_pictures import PICTURES
from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.edition.foreign_facts import facts_of_head
from newsletter.edition.foreign_html import KeptPicture, NoLetterError, QuietPage, page_text, quiet_page
from newsletter.edition.markdown.foreign_markdown import foreign_markdown
from newsletter.edition.picture_files import PictureError
from newsletter.edition.pictures import load_picture
from newsletter.errors import InputError, Problem
from newsletter.issue.find import SLUG
from newsletter.issue.front_matter import AboutIssue, read_about
from newsletter.issue.scan import LARGEST, refuse_unsafe
from newsletter.printable import one_line
from newsletter.report.replies import masked, masked_address
from newsletter.settings.system_reason import system_reason

from .decoded import decoded_text

MARKDOWN = frozenset({".md", ".markdown"})
HTML = frozenset({".html", ".htm"})
_SLOT = 720
"""CSS pixels of the page's column; a picture is kept at twice that."""
_DAY = re.compile(
    r"(?<!\d)(20\d\d|19\d\d)[-._년 ]{0,2}"
    r"(0[1-9]|1[0-2]|[1-9](?!\d))[-._월 ]{0,2}"
    r"(0[1-9]|[12]\d|3[01]|[1-9](?!\d))?(?!\d)"
)
_INDEX = frozenset({"index", "page"})
_NAMED = 3
_OPEN_FIELD = re.compile(
    r"\*\|[A-Z_:]{1,40}\|\*|\{\{[^{}]{1,80}\}\}|\$%[^%]{1,80}%\$|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]{1,63}"
)
"""What another tool would have filled in, or an address; bounded, since a text may be one word of 1 MB."""


@dataclass(frozen=True, slots=True)
class OldIssue:
    """An older issue as it will be kept."""

    file: str
    """Where it came from, from the folder that is imported."""
    slug: str
    about: AboutIssue
    page: str
    """All of `page.html`."""
    pictures: Mapping[str, bytes]
    """By their name below `pictures/`."""
    told: tuple[Said, ...]
    """What was taken out, and what a person should look at."""

    def files(self) -> dict[str, bytes]:
        """By their path in the folder of the issue."""
        return {PAGE: self.page.encode(), **{f"{PICTURES}{name}": data for name, data in self.pictures.items()}}


@dataclass(slots=True)
class _Pictures:
    """Those that a file names, each read once."""

    root: Path
    beside: Path
    kept: dict[str, KeptPicture | None] = field(default_factory=dict)
    data: dict[str, bytes] = field(default_factory=dict)

    def take(self, source: str) -> KeptPicture | None:
        if source not in self.kept:
            self.kept[source] = self._read(source)
        return self.kept[source]

    def _read(self, source: str) -> KeptPicture | None:
        path = self._path(source)
        if path is None:
            return None
        try:
            encoded = load_picture(path, _SLOT)
        except PictureError:
            return None
        self.data[encoded.filename] = encoded.data
        return KeptPicture(f"{PICTURES}{encoded.filename}", encoded.width, encoded.height)

    def _path(self, source: str) -> Path | None:
        """The file, which must lie in the folder that is imported, wherever links lead."""
        name = unquote(urlsplit(source).path).replace("\\", "/")
        if not name or "\0" in name:
            return None
        try:
            path = (self.root / name.lstrip("/") if name.startswith("/") else self.beside / name).resolve()
        except (OSError, ValueError):
            return None
        return path if path.is_relative_to(self.root) and path.is_file() else None


def read_old_issue(path: Path, root: Path, zone: ZoneInfo) -> OldIssue:
    """`root` is the folder that is imported, resolved. Raises InputError with every problem of the file."""
    file = path.relative_to(root).as_posix()
    text = _text(path, file)
    is_markdown = path.suffix.lower() in MARKDOWN
    if is_markdown:
        refuse_unsafe(text, file)
    known = {} if is_markdown else facts_of_head(_below_front_matter(text))
    if "date" not in known and (day := _day_in(path, root)):
        known["date"] = day
    if is_markdown and (heading := next((line for line in text.split("\n") if line.startswith("# ")), "").strip("# ")):
        known["title"] = heading
    found = read_about(text, file, zone, {name: one_line(value) for name, value in known.items()})
    slug = _slug(path, root, found.about, file)
    pictures = _Pictures(root, path.parent)
    try:
        source = foreign_markdown(found.text) if is_markdown else found.text
        quiet = quiet_page(source, found.about.title, pictures.take)
    except NoLetterError as error:
        raise InputError(problems=[Problem(phrase("workflow.import.is_too_deep"), file)]) from error
    if not page_text(quiet.body) and not pictures.data:
        raise InputError(problems=[Problem(phrase("workflow.import.says_nothing"), file)])
    about = found.about.model_copy(update={"slug": ""})
    page = about.to_text() + "\n" + quiet.body
    if len(page.encode()) > LARGEST:
        raise InputError(problems=[Problem(phrase("workflow.import.is_too_large"), file)])
    refuse_unsafe(page, file)
    return OldIssue(file, slug, about, page, pictures.data, tuple(_told(quiet)))


def _told(quiet: QuietPage) -> list[Said]:
    removed = quiet.removed
    personal = tuple(dict.fromkeys(_OPEN_FIELD.findall(page_text(quiet.body))))
    return [
        phrase("workflow.import.ways_out", count=removed.ways_out) if removed.ways_out else SILENCE,
        phrase("workflow.import.personal", count=removed.personal) if removed.personal else SILENCE,
        phrase("workflow.import.elsewhere", hosts=tuple(sorted(removed.hosts))) if removed.hosts else SILENCE,
        phrase("workflow.import.lost", names=tuple(dict.fromkeys(map(one_line, removed.lost_pictures))))
        if removed.lost_pictures
        else SILENCE,
        _to_look_at(personal) if personal else SILENCE,
    ]


def _to_look_at(found: Sequence[str]) -> Said:
    """How many, and the first of them, addresses masked."""
    more = Verbatim(" …" if len(found) > _NAMED else "")
    named = tuple(_masked(one) for one in found[:_NAMED])
    return phrase("workflow.import.look", count=len(found), named=named, more=more)


def _masked(found: str) -> str:
    is_address = "@" in found and not found.startswith(("*|", "{{", "$%"))
    return masked_address(found, hide_domain=True) if is_address else masked(one_line(found), "")


def _text(path: Path, file: str) -> str:
    """Whatever encoding it is in; characters that no page may hold are dropped."""
    try:
        if path.is_symlink():
            raise InputError(problems=[Problem(phrase("workflow.import.is_link"), file)])
        if path.stat().st_size > LARGEST:
            raise InputError(problems=[Problem(phrase("workflow.import.is_too_large"), file)])
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            problems=[Problem(phrase("issue.file.cannot_be_read", why=system_reason(error)), file)]
        ) from error
    return decoded_text(data, file)


def _below_front_matter(text: str) -> str:
    return text.split("\n---", 1)[-1] if text.startswith("---\n") else text


def _day_in(path: Path, root: Path) -> str:
    """Of the file's name, else of its folder's; a month alone is its first day."""
    names = [path.stem] if path.parent == root else [path.stem, path.parent.name]
    for name in names:
        for year, month, day in _DAY.findall(name):
            try:
                return datetime(int(year), int(month), int(day or 1)).date().isoformat()  # noqa: DTZ001 - a day alone
            except ValueError:
                continue
    return ""


def _slug(path: Path, root: Path, about: AboutIssue, file: str) -> str:
    """What front matter says, else the file's name where it is ASCII, else the day."""
    if about.slug:
        if not SLUG.fullmatch(about.slug):
            raise InputError(problems=[Problem(phrase("workflow.import.is_no_slug"), file, path="slug")])
        return about.slug
    is_in_its_folder = path.stem.lower() in _INDEX and path.parent != root
    stem = path.parent.name if is_in_its_folder else path.stem
    made = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    return made if made and stem.isascii() else f"{about.date:%Y-%m-%d}"
