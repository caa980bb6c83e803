"""A place of an issue in the words of the form: `sections[1].body` is `절 2 (이야기) › 본문`. Touches: nothing."""

import re
from collections.abc import Iterator

from newsletter.catalogue import spoken_language
from newsletter.issue.model import Issue
from newsletter.issue.part import Part, declared_keys
from newsletter.issue.sections.own import OwnSection
from newsletter.issue.sections.section import Section

from .field_words import FormWords

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_BETWEEN = " › "


def place_in_words(issue: Issue, place: str, language: str) -> str:
    """What an editor calls a place, as far as it is one of the form; empty where it is none."""
    sections: tuple[Section, ...] = issue.sections
    own = tuple(dict.fromkeys(type(one) for one in sections if isinstance(one, OwnSection)))
    path = [int(index) if index else name for name, index in _STEP.findall(place)]
    return _BETWEEN.join(_steps(issue, path, FormWords(spoken_language(language), own)))


def _steps(issue: Issue, rest: list[int | str], words: FormWords) -> Iterator[str]:
    model: type[Part] | None = type(issue)
    while rest and model is not None:
        name = str(rest.pop(0))
        if name not in model.model_fields:
            return
        label = words.of(model, name).label
        if name == "translations":
            # The words of a translation stand where those of the issue do.
            yield f"{label} ({rest.pop(0)})" if rest else label
            continue
        number = rest.pop(0) if rest and isinstance(rest[0], int) else None
        parts = declared_keys(model)[name].parts
        model = parts[0] if parts else None
        if isinstance(number, int):
            label = f"{label} {number + 1}"
            if name == "sections":
                section = issue.sections[number] if number < len(issue.sections) else None
                model = type(section) if section else None
                label += f" ({words.type_label(type(section), section.type)})" if section else ""
        yield label
