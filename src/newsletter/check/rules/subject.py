"""The inbox row: subject-fold, -length, -fake-re, ad-prefix, preheader-missing, -length, -equals-subject.

Touches: nothing.
"""

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import Header, decode_header, make_header

from wcwidth import wcwidth

from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, error, warning
from newsletter.issue.fields import parse_text
from newsletter.issue.translation import Translated, translate
from newsletter.issue.tree import DataPath

_AD_MARK = "(광고)"
_LONGEST_SUBJECT = 70  # columns, Hangul two: what Gmail and Naver show of it on a phone in two lines
_PREHEADER = range(40, 111)
"""Columns that are good: Gmail shows some 100 beside a short subject, Mail on iOS two lines of 45."""
_FAKE_REPLY = re.compile(r"(?:re|fwd?|회신|전달)\s*:", re.IGNORECASE)


@error("subject-fold")
def subject_fold(material: Material) -> Iterator[Found]:
    """The subject must come back from its encoded form exactly, on lines of at most 76 characters (RFC 2047)."""
    for subject, path in _subjects(material):
        if not _survives(subject):
            yield Found(
                ko="제목을 메일 머리글로 바꾸면 글자가 달라집니다.",
                en="The subject does not survive being written as a mail header.",
                ko_hint="제목을 한 줄로, 눈에 보이는 글자로만 적으세요.",
                en_hint="Write the subject as one line of visible characters.",
                path=path,
            )


@warning("subject-length")
def subject_length(material: Material) -> Iterator[Found]:
    """Phones cut a long subject, and its end is never read."""
    for subject, path in _subjects(material):
        if _columns(subject) > _LONGEST_SUBJECT:
            yield Found(
                ko=f"제목이 길어 휴대전화에서 잘립니다. 한글 {_LONGEST_SUBJECT // 2}자 안쪽이 좋습니다.",
                en=f"The subject is cut on phones; up to {_LONGEST_SUBJECT} characters are good.",
                path=path,
            )


@warning("subject-fake-re")
def subject_fake_re(material: Material) -> Iterator[Found]:
    """A letter that pretends to be an answer is what spam does."""
    for subject, path in _subjects(material):
        if _FAKE_REPLY.match(subject):
            yield Found(
                ko="제목이 답장이나 전달한 메일처럼 보입니다.",
                en="The subject pretends to be a reply or a forwarded mail.",
                path=path,
            )


@error("ad-prefix")
def ad_prefix(material: Material) -> Iterator[Found]:
    """정보통신망법 제50조 with its decree: the subject of advertising begins with exactly `(광고)`."""
    for subject, path in _subjects(material):
        if material.issue.advertising and not subject.startswith(_AD_MARK):
            yield Found(
                ko=f"광고이므로 제목이 {_AD_MARK}로 시작해야 합니다.",
                en=f"Advertising: Korean law wants the subject to begin with {_AD_MARK}.",
                path=path if path[-1] == "subject" else ("advertising",),
            )


@warning("preheader-missing")
def preheader_missing(material: Material) -> Iterator[Found]:
    """Without one, the inbox shows whatever stands first in the letter."""
    if not material.issue.preheader:
        yield Found(
            ko="받은편지함에서 제목 옆에 보일 한 줄(preheader)이 없습니다.",
            en="There is no preheader, the line an inbox shows after the subject.",
            path=("title",),
        )


@warning("preheader-length")
def preheader_length(material: Material) -> Iterator[Found]:
    """A preheader is cut where its line ends, and a few words give the room away."""
    subjects = {subject for subject, _ in _subjects(material)}
    for text, path in _preheaders(material).items():
        columns = _columns(text)
        if text in subjects:
            continue  # preheader-equals-subject says so
        if columns > _PREHEADER[-1]:
            ko, en = "길어서 끝이 잘립니다", "is long and loses its end"
        elif columns < _PREHEADER[0]:
            ko, en = "짧아서 보일 자리가 남습니다", "is short and leaves room unused"
        else:
            continue
        least, most = _PREHEADER[0], _PREHEADER[-1]
        yield Found(
            ko=f"preheader가 {ko}: {columns}칸. {least}칸에서 {most}칸이 좋습니다(한글 한 자가 두 칸).",
            en=f"The preheader {en}: {columns} columns; {least} to {most} are good (Hangul takes two).",
            path=path,
        )


@warning("preheader-equals-subject")
def preheader_equals_subject(material: Material) -> Iterator[Found]:
    """The second line of the inbox row should say something new."""
    for sheet in material.sheets:
        words = _words(material, sheet)
        if words.issue.preheader and _with_defaults(words.issue.preheader) == _subject(sheet):
            path = _path(words, "preheader")
            yield Found(ko="preheader가 제목과 같습니다.", en="The preheader repeats the subject.", path=path)


def _preheaders(material: Material) -> dict[str, DataPath]:
    """The distinct preheaders and where each is written; a field counts as its default."""
    found: dict[str, DataPath] = {}
    for sheet in material.sheets:
        words = _words(material, sheet)
        if words.issue.preheader:
            found.setdefault(_with_defaults(words.issue.preheader), _path(words, "preheader"))
    return found


def _subjects(material: Material) -> list[tuple[str, DataPath]]:
    """The distinct subjects, and where each is written: the subject, or the title it is made of."""
    found: dict[str, DataPath] = {}
    for sheet in material.sheets:
        words = _words(material, sheet)
        found.setdefault(_subject(sheet), _path(words, "subject" if words.issue.subject else "title"))
    return list(found.items())


def _subject(sheet: Sheet) -> str:
    """The subject with the default words where a field stands."""
    subject = sheet.edition.subject
    for hole in sheet.edition.holes:
        subject = subject.replace(hole.marker, hole.default or "")
    return subject


def _with_defaults(text: str) -> str:
    return "".join(piece if isinstance(piece, str) else piece.default or "" for piece in parse_text(text))


def _columns(text: str) -> int:
    """How wide it is shown, Hangul two; what cannot be seen is nothing."""
    return sum(max(wcwidth(char), 0) for char in text)


def _words(material: Material, sheet: Sheet) -> Translated:
    return translate(material.issue, sheet.edition.language, material.language)


def _path(words: Translated, key: str) -> DataPath:
    return tuple(words.place(key).split("."))


def _survives(subject: str) -> bool:
    if not subject.strip():
        return False
    try:
        wire = Header(subject, "utf-8", maxlinelen=75, header_name="Subject").encode()
        same = str(make_header(decode_header(wire))) == subject
    except (HeaderParseError, UnicodeError):
        return False
    return same and max(map(len, f"Subject: {wire}".split("\n"))) <= 76
