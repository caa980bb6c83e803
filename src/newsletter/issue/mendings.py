"""What to write instead of a value or a key that the model refuses, as a line to paste. Touches: nothing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time

from newsletter.catalogue import SILENCE, Phrase, Said, phrase
from newsletter.excerpt import suggestion

from .addresses import telephone_number, with_scheme
from .flow import quoted
from .model import lists_of_texts
from .part import Part, declared_keys
from .structure_signs import strange_trap
from .texts import TextKind
from .traps import IN_BRACES, LONGEST_HINT, Trap, no_key, trap
from .tree import DataPath, Entry, Node

_NO_LIST = "settings.value.must_be_list"
_NO_MAPPING = "settings.value.must_be_table"
_NO_TIME = "issue.value.must_be_time"
_DATE = re.compile(
    r"\s*(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})(?!\d)[.일]?[\sT]*(오전|오후|am|pm|AM|PM)?"
    r"\s*(?:(\d{1,2})(?:\s*[:시]\s*(\d{1,2})?)?)?"
)
_NO_ADDRESS = {"issue.value.must_be_address", "issue.value.is_no_whole_address"}
_NO_TEXT = {
    "settings.value.must_be_text",
    "issue.value.must_be_text_not_list",
    "issue.value.must_be_text_not_mapping",
}
_LISTS_OF_TEXTS = lists_of_texts()
_BARE = re.compile(r"\w[\w .·()-]*(?:, [\w .·()-]+)*")
"""Texts that need no quotes between brackets; what is parted by commas was meant as several."""
_OPEN = "…"
_OTHER_NAMES = (
    (
        {"image", "images", "img", "picture", "pictures", "photo", "photos", "그림", "사진", "이미지"},
        ("images", "image", "hero", "src"),
    ),
    ({"text", "texts", "content", "contents", "본문", "내용"}, ("body", "intro", "text", "summary")),
    ({"link", "links", "href", "address", "링크", "주소"}, ("url",)),
    ({"date", "time", "when", "날짜", "시각", "일시"}, ("starts_at", "publish_at")),
    ({"end", "ends", "until", "종료", "끝"}, ("ends_at",)),
    ({"due", "until", "closes", "마감"}, ("deadline",)),
    ({"title", "이름"}, ("name",)),
    ({"company", "organisation", "organization", "기관", "회사"}, ("employer",)),
    ({"options", "choices", "links", "답"}, ("answers",)),
    ({"name", "제목"}, ("title", "heading", "label")),
)
"""How people call a key, and which it is: the first that there is."""


@dataclass(frozen=True, slots=True)
class TornText:
    """A text in braces that a comma tore in two; line and column from 1 are of its beginning."""

    key: str
    line: int
    column: int
    hint: Said
    message: Said = IN_BRACES


def meant_key(key: str, known: Sequence[str]) -> str:
    """The known key that was probably meant; empty where nobody can know."""
    others = (name for names, meant in _OTHER_NAMES if key.lower() in names for name in meant if name in known)
    return next(others, "") or suggestion(key, known)


def key_hint(key: str, model: type[Part], node: Node) -> Said:
    """The line to write for a key that holds a mapping, where its text, or a list of texts, was put behind another."""
    text = _first_text(node)
    return _mapping(f"{key}: ", model, text) if text else SILENCE


def no_key_in(lines: list[str], node: Node, message: Said) -> Trap | None:
    """The trap where a mapping was to be, and `type：notice` is a text."""
    if _code(message) != _NO_MAPPING or not isinstance(node.content, str) or not node.plain:
        return None
    line = lines[node.line - 1]
    return strange_trap(line) or no_key(line)


def value_hint(lines: list[str], node: Node, message: Said, path: DataPath, model: type[Part] | None) -> Said:
    """What to write where a list, a mapping or an address was to be, or a text was; `model` is of the mapping there."""
    code, content = _code(message), node.content
    if not path:
        return SILENCE
    lead = "- " if isinstance(path[-1], int) else f"{path[-1]}: "
    if code == _NO_LIST:
        return _as_list(lines, node, lead, str(path[-1]), model)
    if code == _NO_MAPPING and model and (text := _first_text(node)):
        return _mapping(lead, model, text)
    if isinstance(content, str) and code in _NO_ADDRESS:
        return _address(lines, node, content)
    if isinstance(content, str) and code == _NO_TIME and (written := _time(content)):
        return phrase("issue.yaml.write", line=f"{lead}{written}")
    return _as_text(lines, node) if code in _NO_TEXT else SILENCE


def torn_text(lines: list[str], mapping: Node, key: str, known: Sequence[str]) -> TornText | None:
    """`{ value: 1,234명 }` has the key `234명`; None where `key` is no such piece of a text."""
    entries = list(mapping.content.items()) if isinstance(mapping.content, dict) else []
    index = next((at for at, (name, _) in enumerate(entries) if name == key), -1)
    last = index
    while index >= 0 and entries[index][0] not in known and _is_piece(lines, entries[index][1]):
        index -= 1
    if index in (-1, last):
        return None
    while last + 1 < len(entries) and entries[last + 1][0] not in known and _is_piece(lines, entries[last + 1][1]):
        last += 1
    name, begin, end = entries[index][0], entries[index][1].value, entries[last][1].key
    if not begin.plain or not isinstance(begin.content, str) or begin.line != end.line:
        return None
    whole = trap(lines[begin.line - 1])  # where more than one text is torn
    mended = whole.hint if whole and whole.message == IN_BRACES else SILENCE
    replaced = _replaced(lines, begin, end.end_column, quoted)
    return TornText(name, begin.line, begin.column, replaced if mended == SILENCE else mended)


def _first_text(node: Node) -> str:
    """The text of a node, or the first of a list of texts; empty for anything else."""
    content = node.content[0].content if isinstance(node.content, list) and node.content else node.content
    return content if isinstance(content, str) else ""


def _as_list(lines: list[str], node: Node, lead: str, key: str, model: type[Part] | None) -> Said:
    """What to write where a text or a mapping stands in the place of a list."""
    content = node.content
    if isinstance(content, dict):
        line = lines[node.line - 1].rstrip()
        before, braces = line[: node.column - 1], line[node.column - 1 :]
        if braces[:1] == "{" and braces[-1] == "}" and len(line) <= LONGEST_HINT:
            return phrase("issue.yaml.write", line=f"{before.strip()} [{braces}]")
        return phrase("issue.yaml.begin_with_dash", line=f"- {lines[node.line - 1].strip()}")
    if not isinstance(content, str) or not content:
        return SILENCE
    if key in _LISTS_OF_TEXTS:
        return phrase("issue.yaml.write", line=f"{lead}[{content if _BARE.fullmatch(content) else quoted(content)}]")
    return _mapping(f"{lead}[", model, content, "]") if model else SILENCE


def _time(text: str) -> str:
    """`2026. 7. 26. 9시 30분` as a time is written; the hour is a guess where there is none, and empty for no date."""
    match = _DATE.match(text)
    if match is None:
        return ""
    year, month, day, noon, hour, minute = match.groups()
    later = 12 if noon in {"오후", "pm", "PM"} and int(hour or 12) < 12 else 0
    try:
        day_of, at = date(int(year), int(month), int(day)), time(int(hour or 9) + later, int(minute or 0))
    except ValueError:
        return ""
    return f"{day_of.isoformat()}T{at:%H:%M}"


def _is_piece(lines: list[str], entry: Entry) -> bool:
    """Whether no colon stands behind a key, so that it has no value."""
    behind = lines[entry.key.end_line - 1][entry.key.end_column - 1 :].lstrip()
    return entry.key.plain and entry.value.content == "" and behind[:1] in {",", "}"}


def _mapping(lead: str, model: type[Part], text: str, behind: str = "") -> Said:
    """The mapping with the keys it must have, and one for an address; the text goes to where it was meant."""
    keys = declared_keys(model)
    address = with_scheme(text) or (text if re.match(r"https?://|mailto:|tel:", text) else "")
    fits = [name for name, key in keys.items() if address and key.kind is TextKind.LINK]
    required = [name for name, field in model.model_fields.items() if field.is_required() or name in fits]
    kinds = {name: keys[name].kind for name in required}
    wanted = TextKind.LINK if address and TextKind.LINK in kinds.values() else TextKind.PICTURE
    takes = next((name for name, kind in kinds.items() if kind is wanted), next(iter(required), ""))
    if not takes or len(text) > LONGEST_HINT or "\n" in text:
        return SILENCE
    written = address if kinds[takes] is TextKind.LINK and address else text
    values = (f"{name}: {_in_braces(written) if name == takes else quoted(_OPEN)}" for name in required)
    return phrase("issue.yaml.write", line=f"{lead}{{ {', '.join(values)} }}{behind}")


def _in_braces(text: str) -> str:
    return text if re.fullmatch(r"[\w./-]+", text) else quoted(text)


def _address(lines: list[str], node: Node, text: str) -> Said:
    if number := telephone_number(text):
        return phrase("issue.yaml.number_is_text", number=number)
    meant = with_scheme(text)
    if not meant or node.line != node.end_line:
        return SILENCE
    return _replaced(lines, node, node.end_column, lambda _: meant if node.plain else quoted(meant))


def _replaced(lines: list[str], begin: Node, end_column: int, write: Callable[[str], str]) -> Said:
    """The line to paste, with something else from a node to a column."""
    line = lines[begin.line - 1]
    if len(line) > LONGEST_HINT:
        return SILENCE
    before, piece, behind = line[: begin.column - 1], line[begin.column - 1 : end_column - 1], line[end_column - 1 :]
    return phrase("issue.yaml.write", line=f"{before}{write(piece)}{behind}".strip())


def _as_text(lines: list[str], node: Node) -> Said:
    """What to write where a list or a mapping stands in the place of a text."""
    if node.line == node.end_line or (node.end_line == node.line + 1 and node.end_column == 1):
        line = lines[node.line - 1]
        value = line[node.column - 1 :].rstrip()
        if len(line) <= LONGEST_HINT:
            written = f"{line[: node.column - 1].strip()} {quoted(value)}".replace(":  ", ": ")
            return phrase("issue.yaml.write_if_text", line=written)
    return phrase("issue.yaml.write_block")


def _code(message: Said) -> str:
    return message.code if isinstance(message, Phrase) else ""
