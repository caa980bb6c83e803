"""The HTML itself: doctype, script-tag, form-tag, unclosed-tag, important-lost, title-empty.

Touches: nothing.
"""

import re
from collections.abc import Iterable, Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning
from newsletter.edition.stylesheet import Declaration, StyleRule, style_rules

_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark", re.IGNORECASE)
_OUTLOOK = re.compile(r"\[data-ogs[bc]\]", re.IGNORECASE)
_COLOURED = re.compile(r"(?:.*-)?color|background|border(?:-(?:top|right|bottom|left))?|fill")


@error("doctype", "HTML, 13.1.1 https://html.spec.whatwg.org/multipage/syntax.html#the-doctype")
def doctype(material: Material) -> Iterator[Found]:
    """Without it, browsers fall into quirks mode and widths go wrong."""
    if any(not sheet.edition.html.startswith("<!DOCTYPE html>") for sheet in material.sheets):
        yield Found(phrase("check.markup.doctype.found"))


@error("script-tag", "Mailchimp, Limitations of HTML Email https://mailchimp.com/help/limitations-of-html-email/")
def script_tag(material: Material) -> Iterator[Found]:
    """No mail program runs scripts; filters refuse them."""
    for sheet in material.sheets:
        for tag in sheet.page.named("script"):
            yield Found(phrase("check.markup.script-tag.found"), tag=tag, sheet=sheet)


@error("form-tag", "caniemail, form https://www.caniemail.com/features/html-form/")
def form_tag(material: Material) -> Iterator[Found]:
    """Forms are taken for phishing, and do not work in most mail programs."""
    for sheet in material.sheets:
        for tag in sheet.page.named("form", "input", "button", "select", "textarea"):
            yield Found(phrase("check.markup.form-tag.found", tag=tag.name), tag=tag, sheet=sheet)


@error("unclosed-tag", "HTML, 13.1.2.2 https://html.spec.whatwg.org/multipage/syntax.html#end-tags")
def unclosed_tag(material: Material) -> Iterator[Found]:
    """One unclosed table, and Outlook throws the rest of the letter about."""
    for sheet in material.sheets:
        for name in sheet.page.unclosed:
            yield Found(phrase("check.markup.unclosed-tag.found", tag=name))


@error("important-lost", "CSS Cascading 4, 6.1 https://www.w3.org/TR/css-cascade-4/#cascade-sort")
def important_lost(material: Material) -> Iterator[Found]:
    """Inlined colours win over a dark rule without `!important`: white text on white."""
    for sheet in material.sheets:
        for css in sheet.page.styles:
            for declaration in _dark_colours(style_rules(css)):
                if not declaration.important:
                    yield Found(
                        phrase("check.markup.important-lost.found", declaration=str(declaration)),
                        tag=next(iter(sheet.page.named("style")), None),
                        sheet=sheet,
                    )


@warning("title-empty", "WCAG 2.2, 2.4.2 https://www.w3.org/TR/WCAG22/#page-titled")
def title_empty(material: Material) -> Iterator[Found]:
    """Screen readers and browser tabs say the title."""
    if any(not any(tag.words for tag in sheet.page.named("title")) for sheet in material.sheets):
        yield Found(phrase("check.markup.title-empty.found"))


def _dark_colours(rules: Iterable[StyleRule], *, dark: bool = False) -> Iterator[Declaration]:
    """What the rules for dark screens say of colours; of anything else, nobody minds which one wins."""
    for rule in rules:
        inside = dark or bool(_DARK.search(rule.prelude) or _OUTLOOK.search(rule.selector))
        if inside:
            yield from (one for one in rule.declarations if _COLOURED.fullmatch(one.name))
        yield from _dark_colours(rule.rules, dark=inside)


RULES = (
    doctype,
    script_tag,
    form_tag,
    unclosed_tag,
    important_lost,
    title_empty,
)
