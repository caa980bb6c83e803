"""CSS is read into plain values, whatever it looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.edition.stylesheet import Declaration, StyleRule, declarations_of, style_rules


def test_a_style_attribute_is_read_as_its_declarations() -> None:
    assert declarations_of("Padding: 0 4px ;color:Red!important;broken;") == (
        Declaration("padding", "0 4px"),
        Declaration("color", "Red", important=True),
    )


def test_rules_inside_at_rules_and_inside_rules_are_kept_where_they_stand() -> None:
    media, nested, face = style_rules(
        "@media (max-width:600px){a{color:red}} b{color:red;&:hover{gap:1px}} @font-face{src:x}"
    )
    assert (media.keyword, media.prelude) == ("media", "(max-width:600px)")
    assert media.rules == (StyleRule("a", declarations=(Declaration("color", "red"),)),)
    assert [rule.selector for rule in nested.rules] == ["&:hover"]
    assert (face.keyword, face.declarations) == ("font-face", (Declaration("src", "x"),))


@given(st.text("{}@;:a()[]'\"\\/*!#.,&> \n", max_size=80))
def test_no_css_is_too_broken(css: str) -> None:
    style_rules(css)
    declarations_of(css)


@pytest.mark.parametrize("deep", ["(" * 20_000, "a{" * 20_000, "@media x{" * 20_000, "a:" + "[" * 20_000])
def test_what_is_nested_without_end_is_not_read(deep: str) -> None:
    assert (style_rules(deep), declarations_of(deep)) == ((), ())
