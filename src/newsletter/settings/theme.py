"""Judge the colours of `[theme]`: text that cannot be read is refused when the settings are loaded. Touches: nothing.

Limits: one problem for a colour, the worst; templates of somebody's own may put text where ours do not.
"""

from collections.abc import Callable, Iterator, Mapping

from pydantic import ValidationError

from newsletter.errors import Problem

from .colours import READABLE, contrast, least_contrast, nearest
from .model import ThemeTable
from .palette import DARK, PAIRS, palette_of

_NAMES = {
    "ground": "the ground",
    "paper": "the paper",
    "tint": "the tint",
    "ink": "text",
    "muted": "small text",
    "accent": "links",
    "on_accent": "a button's words",
}
Palette = Mapping[str, str]


def theme_problems(data: object) -> list[Problem]:
    """What is too faint in the `[theme]` table as read; nothing where it is no valid table, which others tell."""
    try:
        given = ThemeTable.model_validate(data or {}).colours
    except ValidationError:
        return []
    palette = palette_of(given)
    faint = sorted(pair for pair in _pairs() if _ratio(palette, *pair) < READABLE)
    told: dict[str, Problem] = {}
    for text, surface in sorted(faint, key=lambda pair: _ratio(palette, *pair)):
        key, fit = _culprit(text, surface, given)
        told.setdefault(key, _problem(key, fit, text, surface, palette))
    return list(told.values())


def _pairs() -> Iterator[tuple[str, str]]:
    return ((prefix + text, prefix + surface) for prefix in ("", DARK) for text, surface in PAIRS)


def _ratio(palette: Palette, text: str, surface: str) -> float:
    return least_contrast(palette[text], palette[surface])


def _culprit(text: str, surface: str, given: Palette) -> tuple[str, str | None]:
    """Which of the colours that somebody chose to change, and what would do instead of it."""
    chosen = [key for key in (text, surface, "accent") if key in given]
    fits = {key: nearest(given[key], _judge(key, given)) for key in chosen}
    return next(((key, fit) for key, fit in fits.items() if fit), (chosen[0], None))


def _judge(key: str, given: Palette) -> Callable[[str], bool]:
    def fits(colour: str) -> bool:
        palette = palette_of({**given, key: colour})
        return all(_ratio(palette, *pair) >= READABLE for pair in _pairs() if key in pair)

    return fits


def _problem(key: str, fit: str | None, text: str, surface: str, palette: Palette) -> Problem:
    what, ground = (_NAMES[name.removeprefix(DARK)] for name in (text, surface))
    where = f"on {ground}" if surface.removeprefix(DARK) != "accent" else "on the button"
    shown = contrast(palette[text], palette[surface])
    ratio = f"{_ratio(palette, text, surface):.2f}:1"
    seen = "" if shown < READABLE else " once Gmail has inverted the letter"
    dark = ", in the dark," if text.startswith(DARK) else ""
    return Problem(
        f"{what} ({text} {palette[text]}) {where} ({surface} {palette[surface]}){dark} would have a contrast of {ratio}"
        f"{seen}; it takes {READABLE}:1 to be readable",
        path=f"theme.{key}",
        hint=f'{key} = "{fit}" would do.' if fit else f"No {key} goes with the other colours; change those as well.",
    )
