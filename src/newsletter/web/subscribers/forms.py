"""What a page's form says: the fields of its body, as browsers send them. Touches: nothing."""

from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict

FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 100


def fields_of(body: bytes) -> ImmutableMultiDict[str, str] | None:
    """The fields of a form in UTF-8, with the empty ones; None for what is none, or has too many."""
    try:
        return ImmutableMultiDict(
            parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
        )
    except ValueError:
        return None


def field_of(body: bytes, name: str) -> str:
    """One field, empty where there is none; a body that does not name it costs nothing to look through."""
    if name.encode() not in body:
        return ""
    fields = fields_of(body)
    return fields.get(name, "") if fields else ""
