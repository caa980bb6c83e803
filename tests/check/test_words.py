"""Every rule tells in both languages what it finds, why that matters, how to mend it, and where that is known from."""

import re
from pathlib import Path

import pytest

from newsletter.check import texts
from newsletter.check.rule import RULES, Rule

FAMILIES = sorted({rule.family for rule in RULES.values()})
APART = re.compile(r"""[A-Za-z0-9)}>`’”"'\]] (?:은|는|이|가|을|를|과|와|로|으로|의|에|에서)(?=[ ,.])""")
"""A Korean particle that does not stand at its word."""
FOLDER = Path(texts.__file__).with_name("words")
GOOD = """
[some-rule]
finds = { ko = "가", en = "a" }
why = { ko = "나", en = "b" }
mend = { ko = "다", en = "c" }
source = "RFC 5322"
"""


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_tells_about_all_of_its_rules_and_no_other(family: str) -> None:
    assert set(texts.family_texts(family)) == {rule.id for rule in RULES.values() if rule.family == family}


def test_no_file_of_texts_is_left_without_its_family() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == FAMILIES


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_text_is_a_sentence_in_its_language(rule: Rule) -> None:
    told = texts.texts_of(rule)
    for words in (told.why, told.mend):
        assert re.search("[가-힣]", words.ko)
        assert not re.search("[가-힣]", words.en.replace("(광고)", ""))
        assert words.ko.endswith("."), words.ko
        assert words.en.endswith("."), words.en
    assert "\n" not in f"{told.finds.ko}{told.finds.en}"
    for words in (told.finds, told.why, told.mend):
        assert not APART.search(words.ko), words.ko
    assert not told.finds.en.endswith(".")


@pytest.mark.parametrize(
    ("good", "broken"),
    [
        ("source", "sauce"),
        ('source = "RFC 5322"', 'source = " "'),
        ('ko = "가", ', ""),
        ('en = "b"', 'en = ""'),
        ('{ ko = "다", en = "c" }', '"c"'),
        ("[some-rule]", "[some-rule]\nmore = 1"),
    ],
)
def test_a_text_that_is_not_as_it_should_be_is_refused(
    good: str, broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_FOLDER", tmp_path)
    assert good in GOOD
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "broken.toml").write_text(GOOD.replace(good, broken, 1), encoding="utf-8")
    assert texts.family_texts.__wrapped__("good")["some-rule"].why.in_language("en") == "b"
    with pytest.raises(ValueError, match="some-rule"):
        texts.family_texts.__wrapped__("broken")
