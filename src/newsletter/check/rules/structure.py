"""How the letter is built, for who hears it: html-lang, html-dir, heading-order, table-role, duplicate-id.

Touches: nothing.
"""

import re
from collections.abc import Iterator

from newsletter.catalogue import Said, phrase
from newsletter.check.material import Material, Sheet
from newsletter.check.page import StartTag
from newsletter.check.rule import Found, warning
from newsletter.excerpt import shortened
from newsletter.issue.translation import translate
from newsletter.writing import direction_of

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OF_DATA = ("th", "caption", "colgroup", "thead")


@warning("html-lang", "WCAG 2.2, 3.1.1 https://www.w3.org/TR/WCAG22/#language-of-page")
def html_lang(material: Material) -> Iterator[Found]:
    """The language stands on <html> and, since mail programs take that away, on the outermost element of the body."""
    for sheet in material.sheets:
        wanted = _language(material, sheet)
        for tag in _outermost(sheet):
            given = tag.get("lang")
            if not given:
                says = phrase("check.structure.html-lang.no_lang", tag=tag.name)
            elif not _LANGUAGE.fullmatch(given) or _primary(given) != _primary(wanted):
                says = phrase(
                    "check.structure.html-lang.wrong_lang", given=shortened(given, 20), tag=tag.name, wanted=wanted
                )
            else:
                continue
            hint = phrase("check.structure.html-lang.found_hint", tag=tag.name, wanted=wanted)
            yield Found(says, hint=hint, tag=tag, sheet=sheet)


@warning("html-dir", "HTML, the dir attribute https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute")
def html_dir(material: Material) -> Iterator[Found]:
    """Inside a mailbox that runs from right to left, a letter without dir is turned round."""
    for sheet in material.sheets:
        wanted = direction_of(_language(material, sheet))
        for tag in _outermost(sheet):
            if tag.get("dir").lower() != wanted:
                says = phrase("check.structure.html-dir.found", tag=tag.name, wanted=wanted)
                yield Found(says, tag=tag, sheet=sheet)


@warning("heading-order", "WCAG 2.2, 1.3.1 and 2.4.6 https://www.w3.org/WAI/tutorials/page-structure/headings/")
def heading_order(material: Material) -> Iterator[Found]:
    """One h1, and no level left out below it: a screen reader reads headings as a table of contents."""
    for sheet in material.sheets:
        headings = [tag for tag in sheet.page.named(*_HEADINGS) if tag.says_something()]
        first = [tag for tag in headings if tag.name == "h1"]
        if not first:
            yield Found(phrase("check.structure.heading-order.no_h1"))
        for tag in first[1:]:
            says = phrase("check.structure.heading-order.second_h1", words=shortened(tag.words, 40))
            yield Found(says, path=material.path_of(tag.words), tag=tag, sheet=sheet)
        level = 0 if first else 1
        for tag in headings:
            here = int(tag.name[1])
            if here > level + 1:
                yield Found(_skips(tag, level), path=material.path_of(tag.words), tag=tag, sheet=sheet)
            level = here


@warning("table-role", "WAI-ARIA 1.2, presentation https://www.w3.org/TR/wai-aria-1.2/#presentation")
def table_role(material: Material) -> Iterator[Found]:
    """A screen reader counts out the rows and columns of every table that does not say it is only there for layout."""
    for sheet in material.sheets:
        of_data = {_table_of(tag) for tag in sheet.page.named(*_OF_DATA)}
        of_data |= {_table_of(tag) for tag in sheet.page.named("td") if tag.get("scope") or tag.get("headers")}
        for tag in sheet.page.named("table"):
            if not tag.get("role") and tag not in of_data:
                yield Found(phrase("check.structure.table-role.found"), tag=tag, sheet=sheet)


@warning("duplicate-id", "HTML, the id attribute https://html.spec.whatwg.org/multipage/dom.html#the-id-attribute")
def duplicate_id(material: Material) -> Iterator[Found]:
    """Of two elements with one id, a link or a label finds the first only."""
    for sheet in material.sheets:
        seen: set[str] = set()
        for tag in sheet.page.tags:
            name = tag.get("id")
            if name in seen:
                yield Found(phrase("check.structure.duplicate-id.found", id=shortened(name, 40)), tag=tag, sheet=sheet)
            seen |= {name} - {""}


def _outermost(sheet: Sheet) -> list[StartTag]:
    """The document's element and that of the body that holds the letter: the one with the most text in it."""
    inside = [tag for tag in sheet.page.tags if tag.parent is not None and tag.parent.name == "body"]
    holders = sorted(inside, key=lambda tag: tag.end - tag.begin)[-1:]
    return [*sheet.page.named("html")[:1], *holders]


def _language(material: Material, sheet: Sheet) -> str:
    """That of the issue's words: where a translation is missing, the newsletter's own."""
    return translate(material.issue, sheet.edition.language, material.language).language


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _skips(heading: StartTag, level: int) -> Said:
    """That a heading comes too early, behind one of `level`; 0 where there was none."""
    words = shortened(heading.words, 40)
    if level:
        return phrase("check.structure.heading-order.skipped", tag=heading.name, former=f"h{level}", words=words)
    return phrase("check.structure.heading-order.before_h1", tag=heading.name, words=words)


def _table_of(tag: StartTag) -> StartTag | None:
    return next((outer for outer in tag.around() if outer.name == "table"), None)


RULES = (
    html_lang,
    html_dir,
    heading_order,
    table_role,
    duplicate_id,
)
