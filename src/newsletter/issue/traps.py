"""Say in a person's words why a line of YAML does not mean what was typed, with the line to paste instead.

Touches: nothing. Limits: looks at one line at a time; a text over several lines is told to become a `|` block.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.printable import character_name

from .flow import mend, quoted

_LINE = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)*)(?P<key>[^\s\"'#\[\]{},:]+|\"[^\"]*\"):(?P<gap>[ \t]+)(?P<value>\S.*)")
_ITEM = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)+)(?P<value>\S.*)")
# A key that is none, for the sign behind it: `type： notice`, `type:notice`; but `https://…` is no key.
_NO_KEY = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)*)(?P<key>[a-z][a-z_]*)[ ]*(?P<colon>[：﹕꞉∶]|:(?=[^ \t/]))(?P<value>.*)")
_SCHEMES = {"http", "https", "mailto", "tel", "sms"}
_WHOLE = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ ]*(?:#.*)?""")
_BLOCK = re.compile(r"[|>][+-]?[1-9]?[+-]?[ ]*(?:#.*)?")
_COMMENT = phrase("issue.yaml.comment_loses_the_rest")
IN_BRACES = phrase("issue.yaml.needs_quotes_in_braces")
A_LIST = phrase("issue.yaml.needs_quotes_at_start", start="[")
_TIGHT_COLON = phrase("issue.yaml.colon_needs_space")
_INDICATORS = "*&!%@`|>,]}?-"
_PARSER_WORDS = (
    ("could not find expected ':'", phrase("issue.yaml.is_neither_key_nor_text")),
    ("mapping values are not allowed", phrase("issue.yaml.colon_cannot_stand_here")),
    ("but found '<stream end>'", phrase("issue.yaml.file_ends_in_bracket")),
    ("but found '<block", phrase("issue.yaml.indentation_does_not_fit")),
    ("expected <block end>", phrase("issue.yaml.does_not_belong_to_line_above")),
    ("expected ',' or", phrase("issue.yaml.bracket_is_open")),
    ("while parsing a flow node", phrase("issue.yaml.bracket_is_open")),
    ("unexpected end of stream", phrase("issue.yaml.quote_is_open")),
    ("cannot start any token", phrase("issue.yaml.cannot_begin_with_this")),
    ("unknown escape character", phrase("issue.yaml.backslash_begins_escape")),
)
LONGEST_HINT = 500
"""Characters of a line that is worth pasting; a longer one would bury the message."""


@dataclass(frozen=True, slots=True)
class Trap:
    """Why the value of a line is not the text that was meant, and the line that would be."""

    column: int
    """Of the value, from 1."""
    message: Said
    line: str
    """To paste; empty where no single line would do."""

    @property
    def hint(self) -> Said:
        return phrase("issue.yaml.write", line=self.line.strip()) if 0 < len(self.line) <= LONGEST_HINT else SILENCE


def diagnose(lines: Sequence[str], at: int, related: Sequence[int]) -> tuple[int, Trap] | None:
    """The line, from 1, that made the parser stumble at line `at`, and its trap; None where no line is suspicious."""
    for number in (at, *related):
        found = trap(lines[number - 1]) or no_key(lines[number - 1]) if number <= len(lines) else None
        if found:
            # Quotes round a text that a comment has torn from its next line would not join them again.
            torn = number != at and found.message == _COMMENT
            return number, replace(found, line="") if torn else found
    above = next((number for number in range(min(at, len(lines)) - 1, 0, -1) if lines[number - 1].strip()), 0)
    if above and (found := no_key(lines[above - 1])):
        return above, found
    if above and (found := trap(lines[above - 1])) and found.message == _COMMENT:
        return above, replace(found, line="")
    return None


def no_key(line: str) -> Trap | None:
    """The trap in a line whose key is none: its colon is the wide one of Korean keyboards, or has no space behind it.

    Only for a line that is wrong already: a text may begin with `vs:`.
    """
    match = _NO_KEY.fullmatch(line.rstrip())
    if match is None or match["key"] in _SCHEMES:
        return None
    value = match["value"].strip()
    written = quoted(_meant(value)) if value and _reason(value) else value
    wide = phrase("issue.yaml.colon_is_wide", character=character_name(match["colon"]))
    message = _TIGHT_COLON if match["colon"] == ":" else wide
    return Trap(match.start("colon") + 1, message, f"{match['lead']}{match['key']}: {written}".rstrip())


def plain_words(problem: str) -> Said:
    """The parser's complaint for a person."""
    known = (words for fragment, words in _PARSER_WORDS if fragment in problem)
    return next(known, phrase("issue.yaml.is_no_yaml", said=problem))


def trap(line: str) -> Trap | None:
    """The trap in a line; None where its value means what it says, as far as the line alone can tell."""
    if re.match(r" *\t[ \t]*\S", line):
        return Trap(1, phrase("issue.yaml.tab_indents"), "")
    match = _LINE.fullmatch(line.rstrip()) or _ITEM.fullmatch(line.rstrip())
    if match is None:
        return None
    parts = match.groupdict()
    value: str = parts["value"]
    head = f"{parts['lead']}{parts['key']}: " if "key" in parts else parts["lead"]
    if len(line) <= LONGEST_HINT and re.match(r"(?:\[\s*)?\{(?!\{)", value) and (mended := mend(value)):
        return Trap(match.start("value") + mended.offset + 1, IN_BRACES, head + mended.text)
    message = phrase("issue.yaml.tab_after_colon") if "\t" in parts.get("gap", "") else _reason(value)
    if message is None:
        return None
    repairable = not value.startswith("{") or value.startswith("{{")
    return Trap(match.start("value") + 1, message, head + quoted(_meant(value)) if repairable else "")


def lost_comment(rest_of_line: str) -> str:
    """The text that a ` #` cut off a value; empty for a comment, which has a space after its `#`."""
    match = re.match(r"\s+(#[^\s#].*)", rest_of_line)
    return match[1].rstrip() if match else ""


def _reason(value: str) -> Said | None:
    """Why an unquoted or badly quoted value is not the text it looks like; None for a good one."""
    first = value[0]
    if first in "\"'":
        return _quotes(value)
    if value.startswith("{{"):
        return phrase("issue.yaml.needs_quotes_at_start", start="{{")
    if first == "#":
        return _COMMENT if lost_comment(" " + value) else None
    if first == "[":
        is_list = re.fullmatch(r"\[(?:[^\]]*\]|\s*)\s*(#.*)?", value)
        return None if is_list else A_LIST
    if first == "{":
        return None if re.fullmatch(r"\{.*\}\s*(#.*)?", value) else IN_BRACES
    if first in _INDICATORS and not _BLOCK.fullmatch(value):
        return phrase("issue.yaml.needs_quotes_at_start", start=first)
    return _inside(value)


def _inside(value: str) -> Said | None:
    if re.search(r":(?:\s|$)", value):
        return phrase("issue.yaml.needs_quotes_for_colon")
    return _COMMENT if re.search(r"\s#[^\s#]", value) else None


def _quotes(value: str) -> Said | None:
    if not _WHOLE.fullmatch(value):
        closed = value.find(value[0], 1) > 0
        return phrase("issue.yaml.goes_on_after_quote") if closed else phrase("issue.yaml.quote_is_open")
    if value[0] == '"' and re.search(r"\\[^0abtnvfre \"/\\N_LPxuU]", value):
        return phrase("issue.yaml.backslash_begins_escape")
    return None


def _meant(value: str) -> str:
    """The text a person had in mind: without quotes that were put round the whole of it."""
    first = value[0]
    if first in "\"'" and value.endswith(first) and len(value) > 1:
        inner = value[1:-1]
        return inner.replace("''", "'") if first == "'" else inner
    return value[1:] if first == '"' and '"' not in value[1:] else value
