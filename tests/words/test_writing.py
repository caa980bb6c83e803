"""Which script a language is written in, and from which side."""

import pytest

from newsletter.writing import direction_of, script_of


@pytest.mark.parametrize(
    ("tag", "script", "direction"),
    [
        ("ko", "Kore", "ltr"),
        ("ko-KR", "Kore", "ltr"),
        ("en-GB", "Latn", "ltr"),
        ("pt-BR", "Latn", "ltr"),
        ("ru", "Latn", "ltr"),
        ("ja", "Jpan", "ltr"),
        ("zh", "Hans", "ltr"),
        ("zh-CN", "Hans", "ltr"),
        ("zh-TW", "Hant", "ltr"),
        ("zh-Hant", "Hant", "ltr"),
        ("zh-hant-tw", "Hant", "ltr"),
        ("zh-Hans-HK", "Hans", "ltr"),
        ("ar", "Arab", "rtl"),
        ("ar-EG", "Arab", "rtl"),
        ("AR-eg", "Arab", "rtl"),
        ("ar-Latn", "Latn", "ltr"),
        ("arz", "Arab", "rtl"),
        ("he", "Hebr", "rtl"),
        ("iw", "Hebr", "rtl"),
        ("yi", "Hebr", "rtl"),
        ("fa-IR", "Arab", "rtl"),
        ("ur", "Arab", "rtl"),
        ("ckb", "Arab", "rtl"),
        ("dv", "Thaa", "rtl"),
        ("ku", "Latn", "ltr"),
        ("ku-IQ", "Arab", "rtl"),
        ("pa", "Latn", "ltr"),
        ("pa-PK", "Arab", "rtl"),
        ("az-Arab", "Arab", "rtl"),
        ("", "Latn", "ltr"),
    ],
)
def test_a_language_has_a_script_and_a_direction(tag: str, script: str, direction: str) -> None:
    assert (script_of(tag), direction_of(tag)) == (script, direction)
