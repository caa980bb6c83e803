"""Move the first style sheet of a rendered letter into style attributes, once per edition. Touches: nothing.

premailer does it, with its network and file access off; what it would spoil in silence is refused before, with the
template's name. The sheet marked `data-premailer="ignore"` comes out byte for byte.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.catalogue import Said, phrase
from newsletter.errors import InputError, NewsletterError, Problem

from .inliner import inlined_by_premailer, rule_count
from .slim import slim
from .style_faults import placed_in_template, said_by_parser
from .template_files import EXTRA_SHEET, TEMPLATES

if TYPE_CHECKING:
    from tinycss2.ast import Node

LAYOUT = "layout.html.j2"
INLINE_SHEET = "inline.css.j2"
HEAD_SHEET = "head.css.j2"

_STYLE = re.compile(r"<style(?P<attributes>[^>]*)>(?P<css>.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_OPEN_CONDITION = re.compile(r"<!--\[if\b[^\]]*\]>")
_CLOSE_CONDITION = re.compile(r"<!\[endif\]-->")
_BARE_CONDITION = re.compile(r"<!\[if\b|<!\[endif\]>")
_GROUPS = frozenset({"media", "supports"})
_PSEUDO = re.compile(r":(?!first-child|last-child|nth-child)")


def inline_styles(html: str, text_of: Callable[[str], str]) -> str:
    """`html` with its style sheet inlined and all else as it was; ends with one line end.

    `text_of` gives a template's text by its name. Raises InputError when the layout or a sheet is one that premailer
    would spoil.
    """
    _check_layout(html)
    kept = []
    for sheet in _STYLE.finditer(_COMMENT.sub("", html)):
        ignored = "data-premailer" in sheet["attributes"]
        files = (HEAD_SHEET,) if ignored else (EXTRA_SHEET, INLINE_SHEET)
        if problems := _faults(sheet["css"], files[-1], inlined=not ignored):
            raise InputError(problems=[_placed(one, sheet["css"], files, text_of) for one in problems])
        if ignored:
            kept.append(sheet["css"])
    inlined = _transform(html)
    left = [sheet["css"] for sheet in _STYLE.finditer(_COMMENT.sub("", inlined))]
    if left != kept or not inlined.startswith("<!DOCTYPE html>"):
        raise NewsletterError(phrase("edition.style.head_was_changed"))
    return slim(inlined.strip(), kept) + "\n"


def _placed(problem: Problem, css: str, files: Sequence[str], text_of: Callable[[str], str]) -> Problem:
    """The problem in the first of the templates that has its line, else in the last."""
    places = [
        placed_in_template(replace(problem, file=f"{TEMPLATES}/{file}"), css, text_of(file))
        for file in files
        if file != EXTRA_SHEET or text_of(file)
    ]
    return next((place for place in places if place.line is not None), places[-1])


def _transform(html: str) -> str:
    try:
        return inlined_by_premailer(html)
    except _foreign_errors() as error:
        said = phrase("edition.style.premailer_refuses", said=str(error))
        raise InputError(problems=[Problem(said, file=f"{TEMPLATES}/{INLINE_SHEET}")]) from error


def _foreign_errors() -> tuple[type[Exception], ...]:
    """What premailer lets through: selectors cssselect refuses, sheets cssutils refuses, markup lxml refuses."""
    from xml.dom import DOMException

    from cssselect import SelectorError
    from lxml.etree import LxmlError

    return (SelectorError, DOMException, LxmlError, ValueError, AssertionError)


def _check_layout(html: str) -> None:
    problems, layout = [], f"{TEMPLATES}/{LAYOUT}"
    if not html.lstrip().startswith("<!DOCTYPE html>"):
        problems.append(Problem(phrase("edition.style.must_begin_with_doctype"), file=layout, line=1))
    if _BARE_CONDITION.search(html):
        hint = phrase("edition.style.write_hidden_condition")
        problems.append(Problem(phrase("edition.style.bare_condition"), file=layout, hint=hint))
    if len(_OPEN_CONDITION.findall(html)) != len(_CLOSE_CONDITION.findall(html)):
        problems.append(Problem(phrase("edition.style.condition_is_open"), file=layout))
    if problems:
        raise InputError(problems=problems)


@lru_cache(maxsize=16)
def _faults(css: str, file: str, *, inlined: bool) -> tuple[Problem, ...]:
    """premailer swallows what follows broken CSS, so the sheet is read by a strict parser first."""
    import tinycss2

    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    problems = [
        Problem(complaint, file=f"{TEMPLATES}/{file}", line=rule.source_line, column=rule.source_column)
        for rule in rules
        if (complaint := _complaint(rule, inlined=inlined))
    ]
    if inlined and not problems and rule_count(css) != len(rules):
        problems.append(Problem(phrase("edition.style.premailer_drops_rules"), file=f"{TEMPLATES}/{file}"))
    return tuple(problems)


def _complaint(rule: "Node", *, inlined: bool) -> Said | None:
    """What is wrong with a rule, or nothing."""
    import tinycss2

    if rule.type == "error":
        return phrase("edition.style.is_no_css", said=said_by_parser(rule.message))
    if rule.type == "at-rule":
        if inlined:
            return phrase("edition.style.cannot_be_inlined", what=f"@{rule.at_keyword}", sheet=HEAD_SHEET)
        inner = tinycss2.parse_rule_list(rule.content or [], skip_comments=True, skip_whitespace=True)
        complaints = (_complaint(part, inlined=False) for part in inner if rule.lower_at_keyword in _GROUPS)
        return next(filter(None, complaints), None)
    selector = tinycss2.serialize(rule.prelude).strip()
    if inlined and ("*" in selector or _PSEUDO.search(selector)):
        return phrase("edition.style.selector_cannot_be_inlined", selector=selector, sheet=HEAD_SHEET)
    return (_unreadable(selector) if inlined else None) or _declarations(rule, selector)


def _unreadable(selector: str) -> Said | None:
    from cssselect import SelectorError, parse

    try:
        parse(selector)
    except SelectorError as error:
        return phrase("edition.style.selector_cannot_be_read", selector=selector, said=str(error))
    return None


def _declarations(rule: "Node", selector: str) -> Said | None:
    import tinycss2

    for part in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
        if part.type == "error":
            return phrase(
                "edition.style.is_no_css_in", selector=selector, said=said_by_parser(part.message, inside=True)
            )
        if part.type != "declaration":
            return phrase("edition.style.rule_inside_rule", selector=selector)
    return None
