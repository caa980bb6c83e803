"""No words from outside reach a terminal, a log or a mail with what moves its cursor or turns its writing."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.printable import one_line, printable
from newsletter.smtp.reply import reply_of
from newsletter.smtp.reply_parser import RawReply
from tests.support.cli import newsletter

HOSTILE = [
    "\x1b[31mred",
    "\x1b]0;renamed\x07",
    "\x1b]8;;http://evil.example.com\x1b\\here\x1b]8;;\x1b\\",
    "\x9b31m",
    "over\rwritten",
    "back\x08space",
    "nul\x00",
    "exe.\u202egpj",
    "\u2066isolated\u2069",
    "\u200fright",
    "line\u2028separator",
    "next\x85line",
    "\ufeffmark",
]
UNFIT = {"Cc", "Cs", "Zl", "Zp"}
TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def unfit(text: str) -> list[str]:
    """By Unicode's own tables, not by ours."""
    return [
        char
        for char in text
        if (unicodedata.category(char) in UNFIT and char not in "\n\t") or unicodedata.bidirectional(char) in TURNS
    ]


@given(st.text(st.characters(exclude_categories=[])))
def test_nothing_unfit_is_left_and_nothing_else_is_taken(text: str) -> None:
    shown = printable(text)
    assert unfit(shown) == []
    assert len(shown) == len(text)
    assert printable(shown) == shown
    assert "\n" not in one_line(text)
    assert unfit(one_line(text)) == []


@pytest.mark.parametrize("words", ["한글 문장, 그리고 English.", "a\tb\nc", "क्‍ष", "👩‍👩‍👧", "\u3000전각", "é"])
def test_words_stay_as_they_are(words: str) -> None:
    assert printable(words) == words


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_relay_said_is_fit_from_the_wire_on(hostile: str) -> None:
    assert unfit(reply_of("rcpt", 550, f"5.7.1 no {hostile}").text) == []
    assert unfit(RawReply(250, f"ok {hostile}\n{hostile}").quoted) == []


@pytest.mark.parametrize("hostile", [one for one in HOSTILE if "\x00" not in one])
def test_what_stood_on_the_command_line_is_fit_when_it_comes_back(tmp_path: Path, hostile: str) -> None:
    for words in (
        ("--lang", hostile, "status"),
        (hostile,),
        ("status", f"--{hostile}"),
        ("--workspace", hostile, "check"),
    ):
        ended = newsletter(*words, cwd=tmp_path)
        assert (ended.returncode in {64, 78}, unfit(ended.stderr)) == (True, []), words
