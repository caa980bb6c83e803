"""What HWP, Word and Excel leave in a text: named at its place, and left alone where a language has it of its own."""

from pathlib import Path

import pytest

from newsletter.issue.strange_signs import lost_in, narrow, shows, wide_in
from tests.support.checks import findings_of, ko, of_rule

TEXT = """\
title: 신성장 동력
preheader: 서울의 다음 산업을 정책연구로 살펴보고, 네 갈래로 나누어 소개합니다.
intro: |
  \uf0b7 첫째 \uf53a 둘째
  ● \uf06c 셋째 \uf06c
  \uf06c 넷째
  글\ufffd자 \ufffc \U000f02b1
  ＡＢＣ는 １０：３０에
translations:
  ja: { intro: "ＮＨＫ：東京" }
  en: { intro: "ＮＨＫ" }
"""


def test_each_is_named_at_its_place(tmp_path: Path) -> None:
    found = findings_of(tmp_path, TEXT)
    told = [(one.line, one.column, str(one.message)) for one in of_rule(found, "strange-char", "wide-latin")]
    assert told == [
        (4, 3, "There is the private-use character U+F0B7, which was a •."),
        (4, 8, "There is the private-use character U+F53A, which only another program's font can show."),
        (5, 5, "There is the private-use character U+F06C, which only another program's font can show."),
        (7, 4, "A letter was lost here: U+FFFD REPLACEMENT CHARACTER"),
        (
            7,
            7,
            "A picture or another thing was lost here when text was pasted: U+FFFC OBJECT REPLACEMENT CHARACTER",
        ),
        (7, 9, "There is the private-use character U+F02B1, which only another program's font can show."),
        (8, 3, "“ＡＢＣ” is full-width (U+FF21 FULLWIDTH LATIN CAPITAL LETTER A); write “ABC”."),
        (8, 8, "“１０：３０” is full-width (U+FF11 FULLWIDTH DIGIT ONE); write “10:30”."),
        (11, 17, "“ＮＨＫ” is full-width (U+FF2E FULLWIDTH LATIN CAPITAL LETTER N); write “NHK”."),
    ]
    assert ko(of_rule(found, "strange-char")[0].message).endswith("U+F0B7. • 모양이던 글자입니다.")


@pytest.mark.parametrize("text", ["ＮＨＫのニュース", "北京ＡＢＣ", "（괄호）！？", "ⅠⅡⅢ ㈜ ① ½ ㎡", "サ：ビス"])
def test_what_a_text_is_set_with_stays(text: str) -> None:
    assert list(wide_in(text)) == []
    assert list(lost_in(text)) == []


@pytest.mark.parametrize(("text", "shown"), [("\uf06c 가", "●"), ("- \uf06e 가", "■"), ('body: "\uf071 가', "❑")])
def test_a_bullet_is_known_at_the_beginning_of_a_line(text: str, shown: str) -> None:
    [match] = lost_in(f"앞줄\n{text}")
    assert shows(match[0], f"앞줄\n{text}", match.start()) == shown
    assert shows(match[0], f"앞줄 {text}", match.start()) == ""


def test_narrow_letters_are_those_of_ascii() -> None:
    assert narrow("ＡＺａｚ０９：（가") == "AZaz09:（가"
