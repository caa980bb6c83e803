"""What was sent to sign up, by a form of either encoding or as JSON, as plain values that nobody has judged yet.

Touches: nothing.
"""

import json
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from starlette.datastructures import ImmutableMultiDict

from newsletter.audience.sign_up import TICKS, WrittenWish

from .forms import FORM, MAX_FIELDS, fields_of
from .languages import ASKED

STAMP = "form"
"""The hidden field with the time at which the form was shown."""
TRAP = "website"
"""The field that no person sees."""
_MULTIPART = "multipart/form-data"
_LONGEST = 320
"""Characters of a value that are looked at; no address has more."""
_TEXTS = ("email", "name", "language")


@dataclass(frozen=True, slots=True)
class SentForm:
    """What a form said."""

    written: WrittenWish
    page_language: str
    stamp: str
    is_trapped: bool


def sent_form(body: bytes, content_type: str) -> SentForm | None:
    """The form; None for what is none."""
    kind = content_type.partition(";")[0].strip().lower()
    fields = _multipart(body, content_type) if kind == _MULTIPART else fields_of(body) if kind in (FORM, "") else None
    if fields is None:
        return None
    texts = {name: fields.get(name, "")[:_LONGEST] for name in _TEXTS}
    written = WrittenWish(
        **texts,
        tags=frozenset(fields.getlist("tags")),
        ticks=frozenset(tick for tick in TICKS if fields.get(tick)),
    )
    return SentForm(written, fields.get(ASKED, ""), fields.get(STAMP, ""), bool(fields.get(TRAP)))


def _multipart(body: bytes, content_type: str) -> ImmutableMultiDict[str, str] | None:
    """As `fields_of`, of RFC 7578; files are no fields."""
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    whole = BytesParser(policy=HTTP).parsebytes(head + body)
    if not whole.is_multipart():
        return None
    fields: list[tuple[str, str]] = []
    try:
        for part in whole.iter_parts():
            name = part.get_param("name", header="content-disposition")
            if isinstance(name, str) and part.get_filename() is None:
                fields.append((name, bytes(part.get_payload(decode=True) or b"").decode()))
    except (ValueError, LookupError):
        return None
    return ImmutableMultiDict(fields) if 0 < len(fields) <= MAX_FIELDS else None


def sent_json(body: bytes) -> WrittenWish | str:
    """What an object in JSON says; or the name of the first key that is not as it should be, empty for no object."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(data, dict):
        return ""
    wrong = [name for name, value in data.items() if not _fits(name, value)]
    if wrong:
        return wrong[0][:_LONGEST] or " "
    texts = {name: data.get(name, "") for name in _TEXTS}
    return WrittenWish(
        **texts,
        tags=frozenset(data["tags"]) if "tags" in data else None,
        ticks=frozenset(tick for tick in TICKS if data.get(tick)),
    )


def _fits(name: str, value: object) -> bool:
    if name in _TEXTS:
        return isinstance(value, str) and len(value) <= _LONGEST
    if name in TICKS:
        return isinstance(value, bool)
    return name == "tags" and isinstance(value, list) and all(isinstance(tag, str) for tag in value)
