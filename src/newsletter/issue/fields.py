"""Merge fields in the text of an issue: a small grammar of our own, never evaluated by a template engine.

    {{ subscriber.name | default("구독자") }}      {{ subscriber.fields["회사 이름"] }}      {{ "{{" }}

Touches: nothing. Limits: `subscriber.name`, `.email`, `.language`, `.fields.X` and `.fields["X"]`, one optional
`default("…")`, and the literal braces; nothing else.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from newsletter.catalogue import Phrase, Said, phrase
from newsletter.excerpt import shortened, suggestion
from newsletter.settings.explain import WrongValueError

_SHOWN = 40
_STRING = r"""\"((?:[^"\\\n]|\\["\\])*)\"|'((?:[^'\\\n]|\\['\\])*)'"""
# Neither of the two repeats possessively, which CPython before 3.11.5 matches wrongly (gh-106052). Nothing in them can
# be read in two ways, so that they take no longer.
_QUOTED = r"""\"(?:[^"\\\n]|\\["\\])*\"|'(?:[^'\\\n]|\\['\\])*'"""
_END = re.compile(rf"(?:{_QUOTED}|(?!\}}\}}|\{{\{{)[^\"'])*\}}\}}", re.DOTALL)
_BEFORE_BAR = re.compile(rf"(?:{_QUOTED}|[^\"'|])*")
_LITERAL = re.compile(r"""\s*(?:"(\{\{|\}\})"|'(\{\{|\}\})')\s*""")
_PLAIN = {"subscriber.name": "name", "subscriber.email": "email", "subscriber.language": "language"}
_COLUMN = re.compile(rf"subscriber\s*\.\s*fields\s*(?:\.\s*(\w+)|\[\s*(?:{_STRING})\s*\])")
_SUBSCRIBER = "subscriber."
# Handlebars, Go, Liquid, Mailjet: `{{{name}}}`, `{{#if x}}`, `{{ .Subscriber.Name }}`, `{{var:name}}`.
_OF_ANOTHER_TOOL = re.compile(r"[{#/^>&.%!$]|(?:var|data)\s*:")
_MOST_ERRORS = 20
"""Of one text; more than anybody reads, and a hostile one could have thousands."""
_DEFAULT = re.compile(rf"default\s*\(\s*(?:{_STRING})\s*\)")


@dataclass(frozen=True, slots=True)
class MergeField:
    """One hole in a text: the key it is looked up under and the words that stand in when the value is missing.

    Keys are `name`, `email`, `language` and `fields.<column>`; keys that begin with `link.` are the letter's own
    (`link.unsubscribe`) and cannot be written in an issue.
    """

    key: str
    default: str | None = None


class FieldError(WrongValueError):
    """A merge field that cannot be read; `offset` is where its `{{` stands in the text, from 0."""

    def __init__(self, offset: int, said: Said, others: "tuple[FieldError, ...]" = ()) -> None:
        super().__init__(said)
        self.offset = offset
        self.others = others
        """What is wrong behind it in the same text."""


def parse_text(text: str) -> list[str | MergeField]:
    """The text in pieces: words as they are (literal braces already written out), and merge fields between them.

    Raises FieldError for the first field that cannot be read, with the others of the text.
    """
    pieces: list[str | MergeField] = []
    errors: list[FieldError] = []
    words, position = "", 0
    while (start := text.find("{{", position)) >= 0 and len(errors) < _MOST_ERRORS:
        words += text[position:start]
        end = _END.match(text, start + 2)
        if end is None:
            errors.append(_unclosed(text, start))
            position = start + 2
            continue
        inner, position = text[start + 2 : end.end() - 2], end.end()
        if literal := _LITERAL.fullmatch(inner):
            words += literal[1] or literal[2]
            continue
        if words:
            pieces.append(words)
        words = ""
        try:
            pieces.append(_field(inner, start))
        except FieldError as error:
            errors.append(error)
    if errors:
        raise FieldError(errors[0].offset, errors[0].said, tuple(errors[1:]))
    words += text[position:]
    return [*pieces, words] if words else pieces


def fields_in(text: str) -> list[MergeField]:
    """The merge fields of a text, in order, repeated ones too."""
    return [piece for piece in parse_text(text) if isinstance(piece, MergeField)]


def with_samples(text: str, sample: str) -> str:
    """The text with `sample` in the place of every merge field."""
    return "".join(sample if isinstance(piece, MergeField) else piece for piece in parse_text(text))


def is_of_another_tool(said: Said) -> bool:
    """Whether an error says that a field is none of ours but one of another mailing tool."""
    return isinstance(said, Phrase) and said.code == "issue.field.of_another_tool"


def _field(inner: str, offset: int) -> MergeField:
    name, pipe, rest = _cut(inner)
    return MergeField(_key(name, offset), _default(rest, offset) if pipe else None)


def _cut(inner: str) -> tuple[str, str, str]:
    """Name, `|` and what follows; a `|` inside quotes belongs to the name of a column."""
    quoted = _BEFORE_BAR.match(inner)
    size = quoted.end() if quoted else 0
    return inner[:size].strip(), inner[size : size + 1], inner[size + 1 :].strip()


def _key(name: str, offset: int) -> str:
    plain = re.sub(r"\s", "", name)
    if plain in _PLAIN:
        return _PLAIN[plain]
    column = _COLUMN.fullmatch(name)
    if column is None:
        _unknown(name, offset)
    label = column[1] or _unescape(column[2] or column[3] or "")
    if not label.strip():
        raise FieldError(offset, phrase("issue.field.names_no_column"))
    return f"fields.{label.strip()}"


def _unknown(name: str, offset: int) -> NoReturn:
    if re.search("[“”‘’]", name):
        raise FieldError(offset, phrase("issue.field.curly_quotes", field=name))
    shown = shortened(name, _SHOWN)
    if _OF_ANOTHER_TOOL.match(name):
        written = f"{{{{{shown}}}}}" + "}" * name.startswith("{")
        raise FieldError(offset, phrase("issue.field.of_another_tool", field=f"`{written}`"))
    ways = [*_PLAIN, "subscriber.fields.X"]
    near = _meant(name) if re.fullmatch(r"[\w\s.]+", name) else ""
    if near:
        raise FieldError(offset, phrase("issue.field.unknown_near", field=f"`{shown}`", near=near))
    raise FieldError(offset, phrase("issue.field.unknown", field=f"`{shown}`", known=tuple(ways)))


def _meant(name: str) -> str:
    """What everybody has and is nearly spelled so; otherwise a column, if it can be one."""
    last = name.removeprefix(_SUBSCRIBER).strip()
    near = suggestion(last, [plain.removeprefix(_SUBSCRIBER) for plain in _PLAIN])
    if near:
        return _SUBSCRIBER + near
    column = f"{_SUBSCRIBER}fields.{last}"
    return column if _COLUMN.fullmatch(column) and last not in {"subscriber", "fields"} else ""


def _default(text: str, offset: int) -> str:
    match = _DEFAULT.fullmatch(text)
    if match is None:
        raise FieldError(offset, phrase("issue.field.only_default_after_bar", found=shortened(text, _SHOWN)))
    return _unescape(match[1] if match[1] is not None else match[2])


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _unclosed(text: str, start: int) -> FieldError:
    shown = shortened(text[start:].split("\n", 1)[0], _SHOWN)
    return FieldError(start, phrase("issue.field.has_no_end", field=shown))
