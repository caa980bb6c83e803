"""The inbox row: subject-fold, -length, -fake-re, ad-prefix, preheader-missing, -length, -equals-subject.

Touches: nothing.
"""

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import Header, decode_header, make_header

from wcwidth import wcwidth

from newsletter.catalogue import phrase
from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, error, warning
from newsletter.issue.fields import MergeField, parse_text
from newsletter.issue.translation import Translated, translate
from newsletter.issue.tree import DataPath

_AD_MARK = "(광고)"
_LONGEST_SUBJECT = 70  # columns, Hangul two: what Gmail and Naver show of it on a phone in two lines
_PREHEADER = range(40, 111)
"""Columns that are good: Gmail shows some 100 beside a short subject, Mail on iOS two lines of 45."""
_FAKE_REPLY = re.compile(r"(?:re|fwd?|회신|전달)\s*:", re.IGNORECASE)


@error("subject-fold", "RFC 2047, 2 https://www.rfc-editor.org/rfc/rfc2047#section-2")
def subject_fold(material: Material) -> Iterator[Found]:
    """The subject must come back from its encoded form exactly, on lines of at most 76 characters (RFC 2047)."""
    for subject, path in _subjects(material):
        if not subject.strip() and (found := _only_fields(material, path)):
            yield found
        elif not _survives(subject):
            yield Found(phrase("check.subject.subject-fold.found"), path=path)


def _only_fields(material: Material, path: DataPath) -> Found | None:
    """What to say of a subject in which nothing stands but holes; None where that is not it."""
    text = dict(material.texts()).get(path, "")
    fields = [piece for piece in parse_text(text) if isinstance(piece, MergeField)]
    if not fields:
        return None
    return Found(
        phrase("check.subject.subject-fold.only_fields", fields=tuple(f"`{field.key}`" for field in fields)),
        hint=phrase("check.subject.subject-fold.only_fields_hint", key=str(path[-1]), field=_written(fields[0])),
        path=path,
    )


def _written(field: MergeField) -> str:
    """The field as it is asked for in an issue, without its braces."""
    column = field.key.removeprefix("fields.")
    if column == field.key:
        return f"subscriber.{field.key}"
    return f"subscriber.fields.{column}" if column.isidentifier() else f'subscriber.fields["{column}"]'


@warning(
    "subject-length",
    "Mailchimp, Best Practices for Email Subject Lines https://mailchimp.com/help/best-practices-for-email-subject-lines/",
)
def subject_length(material: Material) -> Iterator[Found]:
    """Phones cut a long subject, and its end is never read."""
    for subject, path in _subjects(material):
        if _columns(subject) > _LONGEST_SUBJECT:
            yield Found(phrase("check.subject.subject-length.found", most=_LONGEST_SUBJECT), path=path)


@warning("subject-fake-re", "RFC 5322, 3.6.5 https://www.rfc-editor.org/rfc/rfc5322#section-3.6.5")
def subject_fake_re(material: Material) -> Iterator[Found]:
    """A letter that pretends to be an answer is what spam does."""
    for subject, path in _subjects(material):
        if _FAKE_REPLY.match(subject):
            yield Found(phrase("check.subject.subject-fake-re.found"), path=path)


@error(
    "ad-prefix",
    "정보통신망법 제50조 제4항, 시행령 제61조와 별표 6 https://www.law.go.kr/법령/정보통신망이용촉진및정보보호등에관한법률/제50조",
)
def ad_prefix(material: Material) -> Iterator[Found]:
    """정보통신망법 제50조 with its decree: the subject of advertising begins with exactly `(광고)`."""
    for subject, path in _subjects(material):
        if material.issue.advertising and not subject.startswith(_AD_MARK):
            yield Found(
                phrase("check.subject.ad-prefix.found"), path=path if path[-1] == "subject" else ("advertising",)
            )


@warning(
    "preheader-missing", "Mailjet, Email preheaders https://www.mailjet.com/email-playbook/open-rates/email-preheader"
)
def preheader_missing(material: Material) -> Iterator[Found]:
    """Without one, the inbox shows whatever stands first in the letter."""
    if not material.issue.preheader:
        yield Found(phrase("check.subject.preheader-missing.found"), path=("title",), lacking="preheader")


@warning(
    "preheader-length",
    "Mailjet, Email preheaders https://www.mailjet.com/email-playbook/open-rates/email-preheader"
    "; columns are our own measure",
)
def preheader_length(material: Material) -> Iterator[Found]:
    """A preheader is cut where its line ends, and a few words give the room away."""
    least, most = _PREHEADER[0], _PREHEADER[-1]
    subjects = {subject for subject, _ in _subjects(material)}
    for text, path in _preheaders(material).items():
        columns = _columns(text)
        if text in subjects:
            continue  # preheader-equals-subject says so
        if columns > most:
            says = phrase("check.subject.preheader-length.long", columns=columns, least=least, most=most)
        elif columns < least:
            says = phrase("check.subject.preheader-length.short", columns=columns, least=least, most=most)
        else:
            continue
        yield Found(says, path=path)


@warning(
    "preheader-equals-subject",
    "Mailjet, Email preheaders https://www.mailjet.com/email-playbook/open-rates/email-preheader",
)
def preheader_equals_subject(material: Material) -> Iterator[Found]:
    """The second line of the inbox row should say something new."""
    for sheet in material.sheets:
        words = _words(material, sheet)
        if words.issue.preheader and _with_defaults(words.issue.preheader) == _subject(sheet):
            path = _path(words, "preheader")
            yield Found(phrase("check.subject.preheader-equals-subject.found"), path=path)


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


RULES = (
    subject_fold,
    subject_length,
    subject_fake_re,
    ad_prefix,
    preheader_missing,
    preheader_length,
    preheader_equals_subject,
)
