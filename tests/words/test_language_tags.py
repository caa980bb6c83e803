"""Language tags as people write them, and what was meant."""

import pytest

from newsletter.language_tags import canonical, is_known, meant_tag


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("zh-Hant", True, ""),
        ("pt-BR", True, ""),
        ("ar-EG", True, ""),
        ("he", True, ""),
        ("haw", True, ""),
        ("sr-Latn-RS", True, ""),
        ("de-1996", True, ""),
        ("uk", True, "en"),
        ("kr", False, "ko"),
        ("jp", False, "ja"),
        ("jp-JP", False, "ja-JP"),
        ("cn", False, "zh-Hans"),
        ("kor", False, "ko"),
        ("iw", False, "he"),
        ("zz", False, ""),
        ("zh-Hanz", False, ""),
    ],
)
def test_a_tag_of_the_right_form_is_a_language_or_not(typed: str, known: bool, meant: str) -> None:
    assert (is_known(typed), meant_tag(typed)) == (known, meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zh_TW", "zh-TW"),
        ("ZH-hant-tw", "zh-Hant-TW"),
        ("AR", "ar"),
        ("ar_eg", "ar-EG"),
        ("English", "en"),
        ("아랍어", "ar"),
        ("日本語", "ja"),
        ("Klingon", ""),
        ("en us", ""),
        ("", ""),
        ("../x", ""),
    ],
)
def test_what_is_no_tag_leads_to_one(typed: str, meant: str) -> None:
    assert meant_tag(typed) == meant


def test_the_usual_case() -> None:
    assert canonical("SR_latn_rs") == "sr-Latn-RS"
