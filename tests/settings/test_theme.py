"""[theme]: one colour is enough, every other follows, and none that cannot be read is taken."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.edition.theme import theme_view
from newsletter.errors import Problem, SettingsError
from newsletter.settings.model import ThemeTable
from newsletter.settings.palette import PALETTE, palette_of
from newsletter.settings.theme import theme_problems
from tests.support.contrast import READABLE, contrast, inverted
from tests.support.issue_files import workspace

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
PAIRS = [
    (mode + text, mode + surface)
    for mode in ("", "dark_")
    for text, surface in [
        *((text, surface) for text in ("ink", "muted", "accent") for surface in ("paper", "tint")),
        ("muted", "ground"),
        ("on_accent", "accent"),
    ]
]


def faint(colours: dict[str, str]) -> list[tuple[str, str]]:
    """The pairs that cannot be read, as an independent measure sees them."""
    palette = palette_of(colours)
    return [
        (text, surface)
        for text, surface in PAIRS
        for change in (str, inverted)
        if contrast(change(palette[text]), change(palette[surface])) < READABLE
    ]


def problems(tmp_path: Path, theme: str, environ: dict[str, str] | None = None) -> list[Problem]:
    with pytest.raises(SettingsError) as caught:
        workspace(tmp_path, f"[theme]\n{theme}\n", environ)
    return list(caught.value.problems)


def test_without_a_theme_the_palette_is_the_default_one(tmp_path: Path) -> None:
    theme = workspace(tmp_path).settings.theme
    assert palette_of(theme.colours) == PALETTE
    view = theme_view(theme)
    assert (view.width, view.headline, view.headline_wide, view.heading, view.body) == (600, 32, 32, 22, 16)
    assert (theme.logo, theme.logo_alt) == ("", "")
    assert theme_problems({}) == []


def test_a_faint_colour_is_told_with_its_ratio_its_line_and_one_that_would_do(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, 'width = 560\naccent = "#777777"')
    assert str(problem).splitlines() == [
        (
            "newsletter.toml:10:1: theme.accent: links (accent #777777) on the paper (paper #ffffff) would have a "
            "contrast of 4.48:1; it takes 4.5:1 to be readable"
        ),
        '    accent = "#777777"',
        "    ^",
        'accent = "#767676" would do.',
    ]


def test_a_faint_colour_in_the_dark_is_told_too(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, 'dark_muted = "#444444"')
    assert (problem.line, problem.path) == (9, "theme.dark_muted")
    assert "in the dark" in str(problem.message)


def test_a_surface_that_carries_no_text_is_the_one_to_change(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, 'ground = "#808080"')
    assert problem.path == "theme.ground"
    assert str(problem.hint).startswith('ground = "#')


def test_a_faint_colour_of_the_environment_names_its_variable(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "", {"NEWSLETTER_THEME__INK": "#aaaaaa"})
    assert (problem.file, problem.path) == ("NEWSLETTER_THEME__INK", "theme.ink")


def test_faint_colours_are_told_together_with_everything_else(tmp_path: Path) -> None:
    found = problems(tmp_path, 'ink = "#aaaaaa"\n[newsletterr]')
    assert [problem.path for problem in found] == ["theme.ink", "newsletterr"]


@pytest.mark.parametrize(
    ("theme", "message"),
    [
        ('accent = "#abc"', 'must be a colour of six digits, such as "#aabbcc"'),
        ('accent = "0B6655"', 'must be a colour of six digits, such as "#0b6655"'),
        ('accent = "green"', "must be a colour of six digits"),
        ('accent = "rgb(1, 2, 3)"', "must be a colour of six digits"),
        ("accent = 7", "must be text"),
        ("width = 479", "must be at least 480"),
        ("width = 641", "must be at most 640"),
        ("headline = 60", "must be at most 36"),
        ("heading = 12", "must be at least 20"),
        ("body = 15", "must be at least 16"),
        ("logo_width = 300", "must be at most 280"),
        ('acent = "#0b6655"', "did you mean `accent`?"),
    ],
)
def test_what_no_letter_can_use_is_refused(tmp_path: Path, theme: str, message: str) -> None:
    [problem] = problems(tmp_path, theme)
    assert message in str(problem.message)
    assert problem.line == 9


def test_colours_are_kept_in_lower_case(tmp_path: Path) -> None:
    theme = workspace(tmp_path, '[theme]\naccent = "#0B5394"\n').settings.theme
    assert palette_of(theme.colours)["accent"] == "#0b5394"


@settings(max_examples=30)
@given(COLOURS)
def test_from_one_accent_follows_a_palette_that_can_be_read(accent: str) -> None:
    palette = palette_of({"accent": accent})
    if not theme_problems({"accent": accent}):
        assert faint({"accent": accent}) == []
    assert contrast(palette["dark_accent"], palette["dark_paper"]) >= READABLE
    assert contrast(palette["on_accent"], accent) >= READABLE or theme_problems({"accent": accent})


def test_what_follows_from_an_accent_can_still_be_chosen() -> None:
    given_too = {"accent": "#0b5394", "tint": "#ffffff", "dark_accent": "#ffcc88", "on_accent": "#fff8f0"}
    assert palette_of(given_too).items() >= given_too.items()
    assert palette_of(given_too)["dark_tint"] != palette_of({"accent": "#0b5394"})["dark_tint"]


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(sorted(PALETTE)), COLOURS, max_size=4))
def test_exactly_the_palettes_with_faint_text_are_refused(colours: dict[str, str]) -> None:
    found = theme_problems(ThemeTable(**colours).model_dump())
    assert bool(found) == bool(faint(colours))
    assert len({problem.path for problem in found}) == len(found)
    assert {problem.path.removeprefix("theme.") for problem in found} <= colours.keys()


@given(st.sampled_from(sorted(PALETTE)), COLOURS)
def test_the_colour_that_would_do_does(key: str, colour: str) -> None:
    for problem in theme_problems({key: colour}):
        assert problem.path == f"theme.{key}"
        if str(problem.hint).endswith("would do."):
            assert faint({key: str(problem.hint).split('"')[1]}) == []
