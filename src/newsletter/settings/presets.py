"""The looks that `[theme] preset` names: type, rhythm, ordinals, cards, and a palette. Touches: presets.toml, once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

from .palette import PALETTE

PresetName = Literal["quiet", "journal", "bulletin"]
FontFamily = Literal["sans", "serif"]
Density = Literal["compact", "normal", "airy"]


@dataclass(frozen=True, slots=True)
class Preset:
    """One look; sizes are CSS pixels. A setting of `[theme]` wins over what it says."""

    name: PresetName
    palette: Mapping[str, str]
    """All colours by name."""
    headline: int
    headline_wide: int
    """The headline where there is room and the mail program knows media queries."""
    heading: int
    body: int
    heading_font: FontFamily
    tight: bool
    """Headings of Hangul are set two hundredths of an em closer."""
    radius: int
    """Of buttons, cards and pictures."""
    density: Density
    masthead: Literal["rule", "centred", "band"]
    ordinal: Literal["small", "large", "block"]
    card: Literal["spine", "ruled", "boxed"]


@cache
def preset(name: PresetName) -> Preset:
    """The look with this name."""
    return _presets()[name]


@cache
def _presets() -> Mapping[str, Preset]:
    text = resources.files(__package__).joinpath("presets.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: _preset(name, table) for name, table in tomllib.loads(text).items()})


def _preset(name: str, table: dict[str, Any]) -> Preset:
    colours = table.pop("colours", {})
    return Preset(name=name, palette=MappingProxyType({**PALETTE, **colours}), **table)  # type: ignore[arg-type]
