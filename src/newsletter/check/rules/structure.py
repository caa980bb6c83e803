"""How the letter is built, for who hears it: html-lang, html-dir, heading-order, table-role, duplicate-id.

Touches: nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from newsletter.check.material import Material, Sheet
from newsletter.check.page import Tag
from newsletter.check.rule import Found, warning
from newsletter.issue.translation import translate

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
# Scripts of these languages run from right to left (CLDR 46, characterOrder).
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_OF_DATA = ("th", "caption", "colgroup", "thead")


@warning("html-lang")
def html_lang(material: Material) -> Iterator[Found]:
    """The language stands on <html> and, since mail programs take that away, on the outermost element of the body."""
    for sheet in material.sheets:
        wanted = _language(material, sheet)
        for tag in _outermost(sheet):
            given = tag.get("lang")
            if not given:
                told = Found(ko=f"<{tag.name}>에 lang이 없습니다.", en=f"<{tag.name}> has no lang.")
            elif not _LANGUAGE.fullmatch(given) or _primary(given) != _primary(wanted):
                told = Found(
                    ko=f'<{tag.name}>의 lang="{given[:20]}"은 글의 언어({wanted})가 아닙니다.',
                    en=f'lang="{given[:20]}" of <{tag.name}> is not the language of the text ({wanted}).',
                )
            else:
                continue
            hint = f'<{tag.name} lang="{wanted}">'
            yield replace(told, ko_hint=f"이렇게 적으세요: {hint}", en_hint=f"Write: {hint}", tag=tag, sheet=sheet)


@warning("html-dir")
def html_dir(material: Material) -> Iterator[Found]:
    """Inside a mailbox that runs from right to left, a letter without dir is turned round."""
    for sheet in material.sheets:
        wanted = "rtl" if _primary(_language(material, sheet)) in _RIGHT_TO_LEFT else "ltr"
        for tag in _outermost(sheet):
            if tag.get("dir").lower() != wanted:
                yield Found(
                    ko=f'<{tag.name}>에 dir="{wanted}"가 없습니다.',
                    en=f'<{tag.name}> has no dir="{wanted}".',
                    tag=tag,
                    sheet=sheet,
                )


@warning("heading-order")
def heading_order(material: Material) -> Iterator[Found]:
    """One h1, and no level left out below it: a screen reader reads headings as a table of contents."""
    for sheet in material.sheets:
        headings = [tag for tag in sheet.page.named(*_HEADINGS) if tag.says_something()]
        first = [tag for tag in headings if tag.name == "h1"]
        if not first:
            yield Found(ko="편지에 큰제목(h1)이 없습니다.", en="The letter has no h1.")
        for tag in first[1:]:
            yield _of_heading(material, sheet, tag, "큰제목(h1)이 하나 더 있습니다", "There is a second h1")
        level = 0 if first else 1
        for tag in headings:
            here = int(tag.name[1])
            if here > level + 1:
                after = f"h{level}" if level else ""
                ko = f"{after} 다음에 곧바로 {tag.name}이 옵니다" if after else f"h1보다 {tag.name}이 먼저 나옵니다"
                en = f"{tag.name} comes right after {after}" if after else f"{tag.name} comes before the h1"
                yield _of_heading(material, sheet, tag, ko, en)
            level = here


@warning("table-role")
def table_role(material: Material) -> Iterator[Found]:
    """A screen reader counts out the rows and columns of every table that does not say it is only there for layout."""
    for sheet in material.sheets:
        of_data = {_table_of(tag) for tag in sheet.page.named(*_OF_DATA)}
        of_data |= {_table_of(tag) for tag in sheet.page.named("td") if tag.get("scope") or tag.get("headers")}
        for tag in sheet.page.named("table"):
            if not tag.get("role") and tag not in of_data:
                yield Found(
                    ko='배치에 쓰인 <table>에 role="presentation"이 없습니다.',
                    en='A <table> used for layout has no role="presentation".',
                    tag=tag,
                    sheet=sheet,
                )


@warning("duplicate-id")
def duplicate_id(material: Material) -> Iterator[Found]:
    """Of two elements with one id, a link or a label finds the first only."""
    for sheet in material.sheets:
        seen: set[str] = set()
        for tag in sheet.page.tags:
            name = tag.get("id")
            if name in seen:
                yield Found(
                    ko=f'id="{name[:40]}"가 두 번 쓰였습니다.',
                    en=f'id="{name[:40]}" is used twice.',
                    tag=tag,
                    sheet=sheet,
                )
            seen |= {name} - {""}


def _outermost(sheet: Sheet) -> list[Tag]:
    """The document's element and that of the body that holds the letter: the one with the most text in it."""
    inside = [tag for tag in sheet.page.tags if tag.parent is not None and tag.parent.name == "body"]
    holders = sorted(inside, key=lambda tag: tag.end - tag.begin)[-1:]
    return [*sheet.page.named("html")[:1], *holders]


def _language(material: Material, sheet: Sheet) -> str:
    """That of the issue's words: where a translation is missing, the newsletter's own."""
    return translate(material.issue, sheet.edition.language, material.language).language


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _of_heading(material: Material, sheet: Sheet, tag: Tag, ko: str, en: str) -> Found:
    words = tag.words[:40]
    return Found(f"{ko}: ‘{words}’", f"{en}: “{words}”", path=material.path_of(tag.words), tag=tag, sheet=sheet)


def _table_of(tag: Tag) -> Tag | None:
    return next((outer for outer in tag.around() if outer.name == "table"), None)
