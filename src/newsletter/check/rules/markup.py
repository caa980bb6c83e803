"""The HTML itself: doctype, script-tag, form-tag, unclosed-tag, important-lost, title-empty.

Touches: nothing.
"""

import re
from collections.abc import Iterator

from newsletter.check.material import Material
from newsletter.check.registry import Found, error, warning

_DARK_BLOCK = re.compile(r"@media[^{}]*prefers-color-scheme:\s*dark[^{}]*\{((?:[^{}]*\{[^{}]*\})*)", re.IGNORECASE)
_DARK_RULE = re.compile(r"\[data-ogs[bc]\][^{}]*\{([^{}]*)\}")
_RULE = re.compile(r"[^{}]*\{([^{}]*)\}")


@error("doctype")
def doctype(material: Material) -> Iterator[Found]:
    """Without it, browsers fall into quirks mode and widths go wrong."""
    if any(not sheet.edition.html.startswith("<!DOCTYPE html>") for sheet in material.sheets):
        yield Found(
            ko="편지가 <!DOCTYPE html> 로 시작하지 않습니다.", en="The letter does not begin with <!DOCTYPE html>."
        )


@error("script-tag")
def script_tag(material: Material) -> Iterator[Found]:
    """No mail program runs scripts; filters refuse them."""
    if any(sheet.page.named("script") for sheet in material.sheets):
        yield Found(ko="편지에 <script> 가 있습니다.", en="There is a <script> in the letter.")


@error("form-tag")
def form_tag(material: Material) -> Iterator[Found]:
    """Forms are taken for phishing, and do not work in most mail programs."""
    for sheet in material.sheets:
        for tag in sheet.page.named("form", "input", "button", "select", "textarea"):
            yield Found(ko=f"편지에 <{tag.name}> 이 있습니다.", en=f"There is a <{tag.name}> in the letter.")


@error("unclosed-tag")
def unclosed_tag(material: Material) -> Iterator[Found]:
    """One unclosed table, and Outlook throws the rest of the letter about."""
    for sheet in material.sheets:
        for name in sheet.page.unclosed:
            yield Found(
                ko=f"<{name}> 의 여는 태그와 닫는 태그가 맞지 않습니다.",
                en=f"The start and end tags of <{name}> do not match.",
            )


@error("important-lost")
def important_lost(material: Material) -> Iterator[Found]:
    """Inlined colours win over a dark rule without `!important`: white text on white."""
    for sheet in material.sheets:
        for declaration in _dark_declarations("\n".join(sheet.page.styles)):
            if "!important" not in declaration.replace(" ", "").lower():
                yield Found(
                    ko=f"어두운 화면의 규칙에 !important 가 없습니다: {declaration}",
                    en=f"A rule for dark screens has no !important: {declaration}",
                )


@warning("title-empty")
def title_empty(material: Material) -> Iterator[Found]:
    """Screen readers and browser tabs say the title."""
    if any(not any(tag.words for tag in sheet.page.named("title")) for sheet in material.sheets):
        yield Found(ko="편지의 <title> 이 비어 있습니다.", en="The letter's <title> is empty.")


def _dark_declarations(css: str) -> Iterator[str]:
    blocks = [rule[1] for block in _DARK_BLOCK.finditer(css) for rule in _RULE.finditer(block[1])]
    for block in [*blocks, *(rule[1] for rule in _DARK_RULE.finditer(css))]:
        yield from (declaration.strip() for declaration in block.split(";") if declaration.strip())
