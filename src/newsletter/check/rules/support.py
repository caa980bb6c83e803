"""What mail programs can show of it: css-support. Touches: the data of check/data, once."""

from collections.abc import Collection, Iterator

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.check.css.clients import FEATURE_PAGES, Support, client_names, harmless, supports
from newsletter.check.css.features import Use, uses_of
from newsletter.check.material import Material, Sheet
from newsletter.check.rule import Found, warning
from newsletter.excerpt import shortened

_SHOWN = 80


@warning(
    "css-support",
    "caniemail, May 2026, https://www.caniemail.com; Naver and Daum: src/newsletter/check/css/data/naver-daum.toml",
)
def css_support(material: Material) -> Iterator[Found]:
    """What the newest version of some mail program cannot show, but for what does no harm."""
    quiet = harmless().reasons.keys() | harmless().elsewhere.keys()
    for sheet in material.sheets:
        told = set(quiet)
        for use in uses_of(sheet.page):
            support = supports().get(use.feature)
            if use.feature not in told and support and (support.no or support.partly):
                told.add(use.feature)
                yield _found(sheet, use, support)


def _found(sheet: Sheet, use: Use, support: Support) -> Found:
    no, partly = _names(support.no), _names(support.partly)
    return Found(
        _says(_feature(use, support), no, partly),
        hint=phrase("check.support.css-support.found_hint", page=f"{FEATURE_PAGES}{use.feature}/"),
        tag=use.tag,
        sheet=sheet,
    )


def _says(feature: Said, no: tuple[Said, ...], partly: tuple[Said, ...]) -> Said:
    if no and partly:
        return phrase("check.support.css-support.no_and_partly", feature=feature, no=no, partly=partly)
    if no:
        return phrase("check.support.css-support.no", feature=feature, no=no)
    return phrase("check.support.css-support.partly", feature=feature, partly=partly)


def _feature(use: Use, support: Support) -> Said:
    """Its title, with what uses it where the title does not say so."""
    words = shortened(use.words, _SHOWN)
    if words in support.title:
        return Verbatim(support.title)
    return phrase("check.support.css-support.feature", title=support.title, words=words)


def _names(clients: Collection[str]) -> tuple[Said, ...]:
    return tuple(name for client, name in client_names().items() if client in clients)


RULES = (css_support,)
