"""What the page for signing up offers: languages, tags, and the texts to agree to, an institute's own before ours.

Touches: files below templates/subscribe/. A text is `<tick>.<language>.txt`, such as consent.ko.txt: its first line
stands beside the tick, the others below it.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from string import Formatter

from newsletter.audience.sign_up import TICKS, ConsentText, Offer
from newsletter.catalogue import LANGUAGES, Said, phrase
from newsletter.errors import InputError, Problem
from newsletter.settings.explain import why_unreadable
from newsletter.settings.workspace import Workspace

CONSENT_FOLDER = "templates/subscribe"
_OURS = {
    "consent": "workflow.consent.consent",
    "over_14": "workflow.consent.over_14",
    "advertising": "workflow.consent.advertising",
}
_LONGEST = 20_000
"""Characters of a text: nobody reads more, and each stands in the ledger."""


def offer_of(workspace: Workspace) -> Offer:
    """Raises InputError (65) with every text of the institute's own that cannot be used."""
    subscribe = workspace.settings.subscribe
    ticks = [tick for tick in TICKS if tick != "advertising" or subscribe.advertising]
    problems: list[Problem] = []
    said: dict[str, dict[str, ConsentText]] = {}
    for language in LANGUAGES:
        holes = _holes(workspace, language)
        said[language] = {}
        for tick in ticks:
            try:
                said[language][tick] = _text(workspace.root, tick, language, holes)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems=problems)
    return Offer(said, subscribe.languages, subscribe.tags)


def _holes(workspace: Workspace, language: str) -> dict[str, str]:
    settings = workspace.settings
    return {
        "newsletter": settings.newsletter.name,
        "institute": settings.institute.name,
        "postal_address": settings.institute.postal_address,
        "phone": settings.institute.phones[0].number if settings.institute.phones else "",
        "confirm_within": _length(settings.subscribe.confirm_within, language),
    }


def _length(length: timedelta, language: str) -> str:
    """In days, or in hours begun where they are no whole days."""
    hours = -(-length // timedelta(hours=1))
    in_hours = phrase("workflow.consent.hours", count=hours)
    return (in_hours if hours % 24 else phrase("workflow.consent.days", count=hours // 24)).in_language(language)


def _text(root: Path, tick: str, language: str, holes: Mapping[str, str]) -> ConsentText:
    file = f"{CONSENT_FOLDER}/{tick}.{language}.txt"
    path = root / file
    if path.exists():
        said = _filled(_read(path, file), file, holes)
    else:
        said = phrase(_OURS[tick], **holes).in_language(language)
    label, *details = [line for line in map(str.strip, said.splitlines()) if line]
    return ConsentText(label, tuple(details))


def _read(path: Path, file: str) -> str:
    try:
        with path.open(encoding="utf-8-sig") as opened:
            text = opened.read(_LONGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(problems=[Problem(why_unreadable(error), file=file)]) from error
    if len(text) > _LONGEST:
        raise InputError(problems=[Problem(phrase("workflow.consent.is_too_long", most=_LONGEST), file=file)])
    if not text.strip():
        raise InputError(problems=[Problem(phrase("workflow.consent.is_empty"), file=file)])
    return text


def _filled(text: str, file: str, holes: Mapping[str, str]) -> str:
    """Names in braces are filled, and nothing is reached from them; what is in double braces stays a brace."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        told: Said = phrase("workflow.consent.brace_is_open")
        raise InputError(problems=[Problem(told, file=file, hint=_names(holes))]) from None
    for _, name, spec, conversion in parts:
        if name is not None and (name not in holes or spec or conversion):
            told = phrase("workflow.consent.no_such_hole", name=name)
            raise InputError(problems=[Problem(told, file=file, hint=_names(holes))])
    return "".join(before + (holes[name] if name is not None else "") for before, name, _, _ in parts)


def _names(holes: Mapping[str, str]) -> Said:
    return phrase("workflow.consent.holes", names=tuple(f"{{{name}}}" for name in holes))
