"""Words with their emphasis as Markdown that reads back as just these words. Touches: nothing.

What is written is read by the letter's own Markdown: first with nothing escaped, then with all, and of what is escaped
only that stays which is needed. Where emphasis cannot be written, as of a bracket within a word, it is left out before
any word is. Limits: of more than 4,000 characters in a paragraph, all is escaped that could be needed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.edition.markdown.footnotes import FOOTNOTE_NUMBER
from newsletter.edition.markdown.line_breaks import KEEP_BREAKS
from newsletter.edition.markdown.syntax import letter_syntax
from newsletter.edition.wire_address import wire_address
from newsletter.issue.fields import parse_text

from .pieces import CODE, SLANTED, STRONG, STRUCK, PastedRun, PastedRuns
from .tidied_words import tidied_words

_ESCAPES: dict[str, tuple[re.Pattern[str], str]] = {
    "slash": (re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)", re.MULTILINE), r"\\\\"),
    "star": (re.compile(r"\*"), r"\\*"),
    "under": (re.compile(r"_"), r"\\_"),
    "tick": (re.compile(r"`"), r"\\`"),
    "bracket": (re.compile(r"[\[\]]"), r"\\\g<0>"),
    "angle": (re.compile(r"<"), r"\\<"),
    "tilde": (re.compile(r"~"), r"\\~"),
    "entity": (re.compile(r"&(?=#?\w{1,32};)"), r"\\&"),
    "pipe": (re.compile(r"\|"), r"\\|"),
    "heading": (re.compile(r"^#(?=#{0,5}(?:\s|$))|#(?=#*$)", re.MULTILINE), r"\\#"),
    "number": (re.compile(r"^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE), r"\1\\\2"),
    "dash": (re.compile(r"^[-+=](?=[\s=-]|$)", re.MULTILINE), r"\\\g<0>"),
    "quote": (re.compile(r"^>", re.MULTILINE), r"\\>"),
    "caption": (
        re.compile(r"^(?:(표|table)(\s*))?:(?=\s)|^(표|table)(\s*):", re.MULTILINE | re.IGNORECASE),
        r"\1\2\3\4\\:",
    ),
    "numbered": (re.compile(r"^((?:표|table)\s*\d[\d.\-]*)([.:])(?=\s)", re.MULTILINE | re.IGNORECASE), r"\1\\\2"),
}
_ALL = frozenset(_ESCAPES)
_ALWAYS = re.compile(r"^\[(?=[^\]\n]{1,999}\]:)|\[(?=\^)", re.MULTILINE)
"""What is a reference or a footnote by what stands elsewhere in the text."""
_MAY_BE_MARKUP = re.compile(r"[^\w .,!?%()'\"/·…“”‘’「」『』+-]|_|^[+-]|^\d{1,9}[.)]")
_LONGEST = 4_000
LITERAL_BRACES = '{{ "{{" }}'
_HREF = "href"
_SIGNS = {STRONG: "**", STRUCK: "~~", SLANTED: "*"}
_NESTED = (_HREF, *_SIGNS)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The block that words stand in, with `@` for them and `further` before their further lines."""

    block: str
    further: str = ""
    one_line: bool = False


PARAGRAPH = Surroundings("@")
HEADING = Surroundings("# @", one_line=True)
BULLET = Surroundings("- @", "  ")
NUMBER = Surroundings("1. @", "   ")
QUOTE = Surroundings("> @", "> ")
BEFORE_TABLE = Surroundings("@\n\n| a | b |\n| --- | --- |\n")
BEHIND_TABLE = Surroundings("| a | b |\n| --- | --- |\n\n@")
CELL = Surroundings("| a | b |\n| --- | --- |\n| @ | b |", one_line=True)
IN_NOTE = Surroundings("@", "    ")


def spelled(words: PastedRuns, around: Surroundings, *, keep_breaks: bool, thorough: bool = True) -> str:
    """Markdown for words in these surroundings; line breaks as a `\\` at the end of a line, unless they are kept.

    Without `thorough` all is escaped that could be needed, as soon as anything has to be.
    """
    if around.one_line:
        words = tidied_words(_with_text(one, one.text.replace("\n", " ")) for one in words)
    if not words or _is_plain(words, around):
        return "".join(one.text for one in words)
    spell = _Spelling(words, around, "full", keep_breaks)
    for chosen in _with_less_and_less(words):
        for form in ("bare", "angle", "full") if any(_says_itself(one) for one in chosen) else ("full",):
            spell = _Spelling(chosen, around, form, keep_breaks)
            if spell.says_same(frozenset()):
                return spell.text(frozenset())
            if spell.says_same(_ALL):
                return spell.text(_least(spell) if thorough else _ALL)
    return spell.text(_ALL)


def _is_plain(words: PastedRuns, around: Surroundings) -> bool:
    """Whether nothing in them could be markup; most paragraphs are so, and need not be read."""
    plain = len(words) == 1 and words[0] == PastedRun(words[0].text) and not _MAY_BE_MARKUP.search(words[0].text)
    return plain and around not in {BEFORE_TABLE, BEHIND_TABLE}


def _least(spell: "_Spelling") -> frozenset[str]:
    needed = _ALL
    if len(spell.text(needed)) > _LONGEST:
        return needed
    for kind in _ESCAPES:
        without = needed - {kind}
        if spell.text(without) == spell.text(needed) or spell.says_same(without):
            needed = without
    return needed


def _with_less_and_less(words: PastedRuns) -> Iterator[PastedRuns]:
    """The same words: with all their emphasis, with that of words, with strong words, with links, with nothing."""
    yield words
    yield tidied_words(_marked(one, one.marks if any(map(str.isalnum, one.text)) else frozenset()) for one in words)
    yield tidied_words(_marked(one, one.marks & {STRONG}) for one in words)
    yield tidied_words(_marked(one, frozenset()) for one in words)
    yield tidied_words(PastedRun(one.text, note=one.note) for one in words)


def _marked(one: PastedRun, marks: frozenset[str]) -> PastedRun:
    return PastedRun(one.text, marks, one.href, one.note)


def _with_text(one: PastedRun, text: str) -> PastedRun:
    return PastedRun(text, one.marks, one.href, one.note)


@dataclass(frozen=True, slots=True)
class _Spelling:
    words: PastedRuns
    around: Surroundings
    form: str
    """Of a link whose words are its address: as it is, in angle brackets, or like any other."""
    keep_breaks: bool

    def text(self, escaped: frozenset[str]) -> str:
        pieces, begins = [], True
        for one in self.words:
            pieces.append((one, self._piece(one, escaped, begins=begins)))
            begins = one.text.endswith("\n")
        line = with_literal_braces(_nested(pieces, _NESTED, self.form))
        if not self.keep_breaks:
            line = line.replace("\n", "\\\n")
        return line.replace("\n", "\n" + self.around.further)

    def _piece(self, one: PastedRun, escaped: frozenset[str], *, begins: bool) -> str:
        if one.note:
            return f"[^{one.note}]"
        if CODE in one.marks:
            return _in_ticks(one.text.replace("\n", " "))
        if self.form != "full" and _says_itself(one):
            return one.text
        text = one.text if begins else f"\0{one.text}"
        for kind, (pattern, instead) in _ESCAPES.items():
            if kind in escaped:
                text = pattern.sub(instead, text)
        if "bracket" not in escaped:
            text = _ALWAYS.sub(r"\\[", text)
        return text.removeprefix("\0")

    def says_same(self, escaped: frozenset[str]) -> bool:
        labels = tuple(sorted({one.note for one in self.words if one.note}))
        tokens = _parsed(_with_notes(self.around.block.replace("@", self.text(escaped)), labels), self.keep_breaks)
        kinds, place = _shape(self.around.block, labels)
        if tuple(token.type for token in tokens) != kinds:
            return False
        return _same(_read(tokens[place], self.keep_breaks), _meant(self.words))


def with_literal_braces(text: str) -> str:
    """Braces that begin no merge field."""
    return text.replace("{{", LITERAL_BRACES)


def _nested(pieces: Sequence[tuple[PastedRun, str]], keys: Sequence[str], form: str) -> str:
    """Links around strong words around struck ones, …"""
    if not keys:
        return "".join(text for _, text in pieces)
    key, *inner = keys
    line = ""
    for value, group in groupby(pieces, key=lambda piece: piece[0].href if key == _HREF else key in piece[0].marks):
        inside = list(group)
        text = _nested(inside, inner, form)
        if not value:
            line += text
        elif key != _HREF:
            line += f"{_SIGNS[key]}{text}{_SIGNS[key]}"
        elif form != "full" and len(inside) == 1 and _says_itself(inside[0][0]):
            line += text if form == "bare" else f"<{text}>"
        else:
            line += f"[{text}]({_target(str(value))})"
    return line


def _says_itself(one: PastedRun) -> bool:
    return bool(one.href) and one.href in {one.text, f"mailto:{one.text}"} and not set(one.text) & set(" <>\n")


def _target(address: str) -> str:
    """An address as the target of a link: what Markdown, a table or a merge field would read is percent-encoded."""
    safe = re.sub(r"[\s<>{}|\\`\"^]", lambda found: quote(found[0]), address)
    safe = re.sub(r"&(?=#?\w{1,32};)", r"\\&", safe)
    return safe if safe.count("(") == safe.count(")") == 0 else f"<{safe}>"


def _in_ticks(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks, room = "`" * (longest + 1), " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{ticks}{room}{text}{room}{ticks}"


_Seen = tuple[str, frozenset[str], str, bool]
"""A character, its emphasis, where it leads, and whether an address became a link by itself."""


def _meant(words: PastedRuns) -> list[_Seen]:
    return [
        _seen(char, one.marks, wire_address(one.href) if one.href else "", by_itself=False)
        for one in words
        for char in ([f"[{one.note}]"] if one.note else one.text.replace("\n", " ") if CODE in one.marks else one.text)
    ]


def _read(token: Token, keep_breaks: bool) -> list[_Seen]:
    marks: list[str] = []
    href, by_itself = "", False
    found: list[_Seen] = []
    for child in token.children or ():
        name = child.type.removesuffix("_open").removesuffix("_close")
        if name == "link":
            href, by_itself = str(child.attrs.get("href", "")), child.info == "auto"
        elif name in _SIGNS:
            marks.append(name) if child.nesting > 0 else marks.remove(name)
        elif name == FOOTNOTE_NUMBER:
            found.append(_seen(f"[{child.content}]", frozenset(), "", by_itself=False))
        else:
            is_break = name == "hardbreak" or (name == "softbreak" and keep_breaks)
            text = "\n" if is_break else " " if name == "softbreak" else child.content
            if name not in {"hardbreak", "softbreak", "text", "code_inline"}:
                text = "\0"
            looks = frozenset([*marks, CODE] if name == "code_inline" else marks)
            found += [_seen(char, looks, href, by_itself=by_itself) for char in text]
        if child.type == "link_close":
            href, by_itself = "", False
    return found


def _seen(char: str, marks: frozenset[str], href: str, *, by_itself: bool) -> _Seen:
    return (char, frozenset(), "", False) if char.isspace() else (char, marks, href, by_itself)


def _same(read: Sequence[_Seen], meant: Sequence[_Seen]) -> bool:
    return len(read) == len(meant) and all(
        one[:2] == other[:2] and (one[2] == other[2] or (one[3] and not other[2]))
        for one, other in zip(read, meant, strict=True)
    )


def _with_notes(block: str, labels: Sequence[str]) -> str:
    return block + "".join(f"\n\n[^{label}]: n" for label in labels)


@lru_cache(maxsize=256)
def _shape(block: str, labels: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """What the surroundings are read as, and where in it the words stand."""
    words = "x" + "".join(f"[^{label}]" for label in labels)
    tokens = _parsed(_with_notes(block.replace("@", words), labels), keep_breaks=False)
    return tuple(token.type for token in tokens), next(at for at, one in enumerate(tokens) if one.content == words)


def _parsed(source: str, keep_breaks: bool) -> list[Token]:
    opened = "".join(piece for piece in parse_text(source) if isinstance(piece, str))
    return _parser().parse(opened, {KEEP_BREAKS: keep_breaks})


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).use(letter_syntax)
