"""Judge the colours of `[theme]`: text that cannot be read is refused when the settings are loaded. Touches: nothing.

Limits: one problem for a colour, the worst; templates of somebody's own may put text where ours do not.
"""

from collections.abc import Callable, Iterator, Mapping

from pydantic import ValidationError

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.errors import Problem

from .colours import READABLE, contrast, least_contrast, nearest_colour
from .model import ThemeTable
from .palette import DARK, PAIRS, palette_of
from .presets import preset

_NAMES = {
    "ground": phrase("settings.theme.ground"),
    "paper": phrase("settings.theme.paper"),
    "tint": phrase("settings.theme.tint"),
    "ink": phrase("settings.theme.ink"),
    "muted": phrase("settings.theme.muted"),
    "accent": phrase("settings.theme.accent"),
    "on_accent": phrase("settings.theme.on_accent"),
}
Palette = Mapping[str, str]


def theme_problems(data: object) -> list[Problem]:
    """What nobody could see of the `[theme]` table as read; nothing where it is no valid table, which others tell."""
    try:
        theme = ThemeTable.model_validate(data or {})
    except ValidationError:
        return []
    palette = theme.palette
    faint = sorted(pair for pair in _pairs() if _ratio(palette, *pair) < READABLE)
    told: dict[str, Problem] = {}
    if theme.logo_dark and not theme.logo:
        told["logo_dark"] = Problem(
            phrase("settings.theme.dark_logo_alone"), path="theme.logo_dark", hint=phrase("settings.theme.give_a_logo")
        )
    for text, surface in sorted(faint, key=lambda pair: _ratio(palette, *pair)):
        key, fit = _culprit(text, surface, theme)
        told.setdefault(key, _problem(key, fit, text, surface, palette))
    return list(told.values())


def readable_accent(theme: ThemeTable) -> str | None:
    """The accent nearest to that of a theme that can be read beside the other colours."""
    return nearest_colour(theme.accent, _judge("accent", theme))


def _pairs() -> Iterator[tuple[str, str]]:
    return ((prefix + text, prefix + surface) for prefix in ("", DARK) for text, surface in PAIRS)


def _ratio(palette: Palette, text: str, surface: str) -> float:
    return least_contrast(palette[text], palette[surface])


def _culprit(text: str, surface: str, theme: ThemeTable) -> tuple[str, str | None]:
    """Which of the colours that somebody chose to change, and what would do instead of it."""
    given = theme.colours
    chosen = [key for key in (text, surface, "accent") if key in given]
    fits = {key: nearest_colour(given[key], _judge(key, theme)) for key in chosen}
    return next(((key, fit) for key, fit in fits.items() if fit), (chosen[0], None))


def _judge(key: str, theme: ThemeTable) -> Callable[[str], bool]:
    given, base = theme.colours, preset(theme.preset).palette

    def fits(colour: str) -> bool:
        palette = palette_of({**given, key: colour}, base)
        return all(_ratio(palette, *pair) >= READABLE for pair in _pairs() if key in pair)

    return fits


def _problem(key: str, fit: str | None, text: str, surface: str, palette: Palette) -> Problem:
    what, ground = (_NAMES[name.removeprefix(DARK)] for name in (text, surface))
    on_button = surface.removeprefix(DARK) == "accent"
    only_inverted = contrast(palette[text], palette[surface]) >= READABLE
    return Problem(
        phrase(
            "settings.theme.too_faint",
            what=what,
            ink=f"{text} {palette[text]}",
            ground=phrase("settings.theme.button") if on_button else ground,
            surface=f"{surface} {palette[surface]}",
            dark=phrase("settings.theme.in_the_dark") if text.startswith(DARK) else SILENCE,
            ratio=f"{_ratio(palette, text, surface):.2f}",
            inverted=phrase("settings.theme.once_inverted") if only_inverted else SILENCE,
            least=str(READABLE),
        ),
        path=f"theme.{key}",
        hint=_instead(key, fit),
    )


def _instead(key: str, fit: str | None) -> Said:
    return phrase("settings.theme.would_do", key=key, colour=fit) if fit else phrase("settings.theme.no_match", key=key)
