"""The HTML itself: doctype, script-tag, form-tag, unclosed-tag, important-lost, title-empty.

Touches: nothing.
"""

import re
from collections.abc import Iterable, Iterator

from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning
from newsletter.edition.stylesheet import Declaration, StyleRule, style_rules

_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark", re.IGNORECASE)
_OUTLOOK = re.compile(r"\[data-ogs[bc]\]", re.IGNORECASE)
_COLOURED = re.compile(r"(?:.*-)?color|background|border(?:-(?:top|right|bottom|left))?|fill")


@error("doctype")
def doctype(material: Material) -> Iterator[Found]:
    """Without it, browsers fall into quirks mode and widths go wrong."""
    if any(not sheet.edition.html.startswith("<!DOCTYPE html>") for sheet in material.sheets):
        yield Found(
            ko="편지가 <!DOCTYPE html>로 시작하지 않습니다.", en="The letter does not begin with <!DOCTYPE html>."
        )


@error("script-tag")
def script_tag(material: Material) -> Iterator[Found]:
    """No mail program runs scripts; filters refuse them."""
    for sheet in material.sheets:
        for tag in sheet.page.named("script"):
            yield Found(ko="편지에 <script>가 있습니다.", en="There is a <script> in the letter.", tag=tag, sheet=sheet)


@error("form-tag")
def form_tag(material: Material) -> Iterator[Found]:
    """Forms are taken for phishing, and do not work in most mail programs."""
    for sheet in material.sheets:
        for tag in sheet.page.named("form", "input", "button", "select", "textarea"):
            yield Found(
                ko=f"편지에 <{tag.name}>이 있습니다.",
                en=f"There is a <{tag.name}> in the letter.",
                tag=tag,
                sheet=sheet,
            )


@error("unclosed-tag")
def unclosed_tag(material: Material) -> Iterator[Found]:
    """One unclosed table, and Outlook throws the rest of the letter about."""
    for sheet in material.sheets:
        for name in sheet.page.unclosed:
            yield Found(
                ko=f"<{name}>의 여는 태그와 닫는 태그가 맞지 않습니다.",
                en=f"The start and end tags of <{name}> do not match.",
            )


@error("important-lost")
def important_lost(material: Material) -> Iterator[Found]:
    """Inlined colours win over a dark rule without `!important`: white text on white."""
    for sheet in material.sheets:
        for css in sheet.page.styles:
            for declaration in _dark_colours(style_rules(css)):
                if not declaration.important:
                    yield Found(
                        ko=f"어두운 화면의 규칙에 !important가 없습니다: {declaration}",
                        en=f"A rule for dark screens has no !important: {declaration}",
                        tag=next(iter(sheet.page.named("style")), None),
                        sheet=sheet,
                    )


@warning("title-empty")
def title_empty(material: Material) -> Iterator[Found]:
    """Screen readers and browser tabs say the title."""
    if any(not any(tag.words for tag in sheet.page.named("title")) for sheet in material.sheets):
        yield Found(ko="편지의 <title>이 비어 있습니다.", en="The letter's <title> is empty.")


def _dark_colours(rules: Iterable[StyleRule], *, dark: bool = False) -> Iterator[Declaration]:
    """What the rules for dark screens say of colours; of anything else, nobody minds which one wins."""
    for rule in rules:
        inside = dark or bool(_DARK.search(rule.prelude) or _OUTLOOK.search(rule.selector))
        if inside:
            yield from (one for one in rule.declarations if _COLOURED.fullmatch(one.name))
        yield from _dark_colours(rule.rules, dark=inside)
