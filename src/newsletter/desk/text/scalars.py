"""A text as YAML, as a person would write it: plain where it can be, else in quotes, or under `|`. Touches: nothing.

Limits: whether a file reads it back as the same text, its reader says; here is only what to write.
"""

import re

_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
# What newsletter.issue.scan refuses in a file, and what no YAML may hold; a mark of byte order shows nowhere.
_UNSAFE = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
_TO_ESCAPE = re.compile(rf'[{_UNSAFE}\\"\n\t]')
_NOT_IN_A_LINE = re.compile(rf"[{_UNSAFE}\n\t]")
_NOT_IN_A_BLOCK = re.compile(rf"[{_UNSAFE}]")
_NOT_PLAIN = re.compile(r"^[\[\]{},#&*!|>'\"%@`]|^[-?:](?:\s|$)|^(?:---|\.\.\.)(?:\s|$)|:(?:\s|$)|\s#|^(?:<<|=)$")
_NOT_PLAIN_IN_BRACKETS = re.compile(r"[\[\]{},]|^[-?:]|:[\[\]{},\"']")
_NO_TEXT = re.compile(
    r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
"""What a reader of YAML 1.2 (10.3.2) takes for a number, a yes or no, or nothing."""


def reads_as_no_text(text: str) -> bool:
    """Whether other readers than this project take it, written plain, for something else than a text."""
    return bool(_NO_TEXT.fullmatch(text))


def can_be_plain(text: str, *, in_brackets: bool = False) -> bool:
    """Whether it says the same without quotes; empty text does not."""
    if not text or text != text.strip() or _NOT_IN_A_LINE.search(text) or _NOT_PLAIN.search(text):
        return False
    return not (in_brackets and _NOT_PLAIN_IN_BRACKETS.search(text))


def in_quotes(text: str, quote: str, *, strictly: bool = False) -> str:
    """In these quotes, or, if not `strictly`, in the others where they save an escape; some texts take only `"`."""
    if _NOT_IN_A_LINE.search(text):
        return _in_double_quotes(text)
    other = "'" if quote == '"' else '"'
    if not strictly and _is_escaped(text, quote) and not _is_escaped(text, other):
        quote = other
    return _in_double_quotes(text) if quote == '"' else "'" + text.replace("'", "''") + "'"


def under_bar(text: str, indent: int, deeper: int, *, keeps: bool = False) -> tuple[str, list[str]] | None:
    """The header and the lines of a text under `|`; None where it cannot be written so.

    `indent` are the blanks before a line, `deeper` how many of them are more than those of what the text is in. With
    `keeps` it stood under `|+`, which is as good for a text with one line end.
    """
    if not text.strip() or _NOT_IN_A_BLOCK.search(text):
        return None
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    chomping = "-" if not ends else "+" if ends > 1 or keeps else ""
    first = next(line for line in body.split("\n") if line)
    if first[0] in " \t" and not 0 < deeper < 10:
        return None
    indicator = str(deeper) if first[0] in " \t" else ""
    lines = [" " * indent + line if line else "" for line in body.split("\n")]
    return f"|{indicator}{chomping}", lines + [""] * (ends - 1)


def _is_escaped(text: str, quote: str) -> bool:
    return quote in text or (quote == '"' and "\\" in text)


def _in_double_quotes(text: str) -> str:
    return '"' + _TO_ESCAPE.sub(_escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    code = ord(sign)
    return _ESCAPED.get(sign) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
