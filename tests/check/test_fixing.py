"""What `check --fix` replaces, as text in and text out: only what is known, and never what a file says otherwise."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.check.fixing import fixed, is_sound
from newsletter.issue.read import read_issue_text
from newsletter.issue.tree import read_tree

FILE = "issues/2026-11.yaml"
BEFORE = """\
title： 서울\u200b의 ＡＢＣ
subject: 안내： 접수
preheader: 시간 １０：３０
intro: |
  \uf0b7 첫째\u00ad 문의： 02-123\ufffc
  \uf53a 모름 \ufffd 👩\u200d👩 می\u200cخواهم ❤\ufe0f \U000f02b1
  السعر \u200e+82 / 02\u200e-123
  02\u200e-123 \u202e뒤
sections:
  - type：notice
    body: "문의： 여기 \u200b#3"
  - type: notice
\u00a0\u00a0\u00a0\u00a0body: 끝 \u200b#3
closing: 끝\u2028줄
translations:
  ja: { intro: ＮＨＫ }
  en: { intro: ＮＨＫ： x }
"""
AFTER = """\
title: 서울의 ABC
subject: 안내： 접수
preheader: 시간 10:30
intro: |
  • 첫째 문의: 02-123
  \uf53a 모름 \ufffd 👩\u200d👩 می\u200cخواهم ❤\ufe0f \U000f02b1
  السعر \u200e+82 / 02\u200e-123
  02-123 뒤
sections:
  - type: notice
    body: "문의: 여기 #3"
  - type: notice
    body: 끝 \u200b#3
closing: 끝 줄
translations:
  ja: { intro: ＮＨＫ }
  en: { intro: NHK： x }
"""
TOLD = """\
1:6: “：” (U+FF1A FULLWIDTH COLON) → “:”
1:10: U+200B ZERO WIDTH SPACE → deleted
1:13: “ＡＢＣ” (U+FF21 FULLWIDTH LATIN CAPITAL LETTER A) → “ABC”
3:15: “１０：３０” (U+FF11 FULLWIDTH DIGIT ONE) → “10:30”
5:3: U+F0B7 → “•”
5:7: U+00AD SOFT HYPHEN → deleted
5:11: “：” (U+FF1A FULLWIDTH COLON) → “:”
5:19: “￼” (U+FFFC OBJECT REPLACEMENT CHARACTER) → deleted
8:5: U+200E LEFT-TO-RIGHT MARK → deleted
8:11: U+202E RIGHT-TO-LEFT OVERRIDE → deleted
10:9: “：” (U+FF1A FULLWIDTH COLON) → “: ”
11:14: “：” (U+FF1A FULLWIDTH COLON) → “:”
11:19: U+200B ZERO WIDTH SPACE → deleted
13:1: U+00A0 NO-BREAK SPACE → “    ”
14:11: U+2028 LINE SEPARATOR → “ ”
17:16: “ＮＨＫ” (U+FF2E FULLWIDTH LATIN CAPITAL LETTER N) → “NHK”
""".replace("“￼” (U+FFFC OBJECT REPLACEMENT CHARACTER)", "U+FFFC OBJECT REPLACEMENT CHARACTER")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_known_is_replaced_and_the_rest_stays(end: str) -> None:
    text, replacements = fixed(BEFORE.replace("\n", end), FILE, "ko")
    assert text == AFTER.replace("\n", end)
    assert [str(one.said()) for one in replacements] == [f"{FILE}:{line}" for line in TOLD.splitlines()]
    assert fixed(text, FILE, "ko") == (text, [])


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("title：가\nintro：나\n", "title: 가\nintro: 나\n"),
        ("title: 가\nsections:\n  - type：divider\n", "title: 가\nsections:\n  - type: divider\n"),
        ("title: 가\nintro: |\n  url：https\n", "title: 가\nintro: |\n  url:https\n"),
        ("title: 가\nsections:\n  - { type: notice, only_for: [type：가] }\n", None),
    ],
)
def test_a_line_whose_only_colon_is_wide_gets_one_with_a_space(text: str, mended: str | None) -> None:
    assert fixed(text, FILE, "ko")[0] == (mended or text.replace("：", ":"))


@pytest.mark.parametrize("piece", ["  가：나 ", "가\u200e", "\n\u00a0\u00a0title：가"])
def test_a_file_full_of_them_takes_no_time(piece: str) -> None:
    text = "title： 글\nintro: " + piece * (90_000 // len(piece))
    begun = time.process_time()
    fixed(text, FILE, "ko")
    assert time.process_time() - begun < 3


def test_what_is_unfit_to_be_parsed_is_left() -> None:
    for text in ("[" * 100_000 + "：", "title：\0", "title： " + "가" * 300_000):
        assert fixed(text, FILE, "ko") == (text, [])


def test_full_width_letters_of_a_japanese_newsletter_stay() -> None:
    assert fixed("title: ＮＨＫ\nintro: ＡＢＣ\n", FILE, "ja") == ("title: ＮＨＫ\nintro: ＡＢＣ\n", [])


def test_a_file_that_is_broken_otherwise_is_mended_all_the_same() -> None:
    text, replacements = fixed("title： [서울] \uf0b7ＡＢＣ\nintro: |\n  글\u200b자： 끝\n", FILE, "ko")
    assert text == "title: [서울] •ABC\nintro: |\n  글자： 끝\n"
    assert len(replacements) == 3


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("intro: قال \u202eJane\u200b نعم\n", "intro: قال \u202eJane نعم\n"),
        ("intro: |\n  글\u2028둘\n  title：x\n", "intro: |\n  글 둘\n  title:x\n"),
        ("intro: |\n  \uf06c 가\n  - \uf06e 나 \uf06e\n", "intro: |\n  ● 가\n  - ■ 나 \uf06e\n"),
        ("intro: 가\u3164나\U000e0001\n", "intro: 가\u3164나\U000e0001\n"),
    ],
)
def test_what_may_mean_something_is_left(text: str, mended: str) -> None:
    assert fixed(text, FILE, "ko")[0] == mended


SIGNS = st.sampled_from(
    list("ab가：:＃#, []{}'\"|-\n １Ａ\u00a0\u3000\u200b\u200d\ufeff\u00ad\uf0b7\uf53a\ufffc\u2028\x0b\u202e")
)
LINES = st.sampled_from(["title: ", "intro: |\n  ", "  ", "- type: ", "type：", "sections:\n  - ", "body: '", "# "])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(SIGNS, LINES), max_size=40).map("".join))
def test_whatever_it_is_given_it_keeps_what_could_be_read(text: str) -> None:
    after, replacements = fixed(text, FILE, "ko")
    assert after == text or replacements
    assert after.count("\n") == text.count("\n")
    root, problems = read_issue_text(FILE, text.split("\n"))
    if root and is_sound(root, problems) and not {"\u2028", "\x0b"} & set(text):
        assert shape(read_tree(after)[0].data()) == shape(root.data())


def shape(data: object) -> object:
    """How many texts stand where."""
    if isinstance(data, dict):
        return [shape(value) for value in data.values()]
    return [shape(value) for value in data] if isinstance(data, list) else isinstance(data, str)
