"""`newsletter new SLUG --from FILE`: a document becomes an issue to go through. Touches: that file, reading; `issues/`.

Its words, headings, lists, tables, links, footnotes and pictures come along; what does not is told. Nothing is written
over, and nothing is fetched. Limits: those of steps/read_document.py.
"""

from collections import Counter
from pathlib import Path, PurePath

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.desk.text.fresh_text import fresh_text
from newsletter.edition.pasted.as_issue import DocumentIssue, as_issue
from newsletter.edition.pasted.left_out import LeftOut
from newsletter.edition.pasted.pieces import PastedPicture
from newsletter.edition.pasted.spelled import LITERAL_BRACES, with_literal_braces
from newsletter.edition.picture_files import PictureError
from newsletter.errors import InputError, Problem
from newsletter.excerpt import shortened
from newsletter.issue.scaffold import new_path, write_issue
from newsletter.issue.schema import NAME
from newsletter.issue.tree import Data
from newsletter.printable import one_line
from newsletter.settings.workspace import Workspace

from .steps.begun import BegunIssue
from .steps.place_pictures import PlacedPictures, remove_pictures
from .steps.read_document import ReadDocument, read_document

_SHOWN = 60


def is_document(given: str) -> bool:
    """Whether `--from` names a document, and no issue: by what its name ends in."""
    return Path(given).suffix.lower() not in {"", ".yaml", ".yml"}


def new_from_file(workspace: Workspace, slug: str, document: Path) -> BegunIssue:
    """Raises UsageError where the issue is there, InputError for a document that cannot be read, CannotWriteError."""
    new_path(workspace, slug)
    return new_from_document(workspace, slug, read_document(document), document.name)


def new_from_document(workspace: Workspace, slug: str, read: ReadDocument, file: str) -> BegunIssue:
    """The same for a document that was read; `file` is what it is called."""
    new_path(workspace, slug)
    taking = _Taking(read, PlacedPictures(workspace, slug))
    made = as_issue(read.blocks, title=_named(read, file), keep_picture=taking.keep)
    if not made.says_something:
        raise InputError(problems=[Problem(phrase("workflow.new.says_nothing"), file)])
    text = fresh_text(_in_order(read, made), comments=_comments(file))
    written = taking.pictures.write()
    try:
        path = write_issue(workspace, slug, text)
    except Exception:
        remove_pictures(written)
        raise
    if braces := text.count(LITERAL_BRACES):
        read.left_out.add(LeftOut.BRACES, braces)
    return BegunIssue(path, (*taking.told(made), *read.left_out.told(), *_unknown(read)))


class _Taking:
    """Pictures on their way from a document to the issue."""

    def __init__(self, read: ReadDocument, pictures: PlacedPictures) -> None:
        self._read = read
        self.pictures = pictures
        self._refused: Counter[Said] = Counter()

    def keep(self, picture: PastedPicture) -> str:
        """Its name in the issue; of one that cannot be taken nothing, and it stays among what was left out."""
        try:
            data = self._read.pictures.find(picture.src)
            name = self.pictures.take(data) if data is not None else ""
        except PictureError as error:
            self._refused[error.why] += 1
            return ""
        if name:
            self._read.left_out.add(LeftOut.PICTURES, -1)
        return name

    def told(self, made: DocumentIssue) -> list[Said]:
        count = len(self.pictures.files)
        alts = [phrase("workflow.new.pictures_kept", count=count)] if count else []
        unplaced = [phrase("workflow.new.pictures_unplaced", files=tuple(made.unplaced))] if made.unplaced else []
        refused = [phrase("workflow.new.picture_refused", why=why, count=count) for why, count in self._refused.items()]
        return [*alts, *unplaced, *refused]


def _in_order(read: ReadDocument, made: DocumentIssue) -> dict[str, Data]:
    """Front matter and what the text gave, in the order of an issue."""
    said = {key: _literal(value) for key, value in read.said.items()}
    data = {**made.data, **said}
    order = ("title", "number", "subject", "preheader", "author", "tags", "line_breaks", "hero", "intro", "sections")
    return {key: data[key] for key in order if key in data}


def _literal(value: Data) -> Data:
    return with_literal_braces(value) if isinstance(value, str) else value


def _named(read: ReadDocument, file: str) -> str:
    title = read.said.get("title")
    return shortened(read.title or (title if isinstance(title, str) else "") or PurePath(file).stem, 200)


def _comments(file: str) -> str:
    return f"# yaml-language-server: $schema={NAME}\n# {one_line(file)}\n"


def _unknown(read: ReadDocument) -> list[Said]:
    names = tuple(Verbatim(shortened(name, _SHOWN)) for name in read.unknown)
    return [phrase("workflow.new.front_matter_left_out", names=names)] if names else []
