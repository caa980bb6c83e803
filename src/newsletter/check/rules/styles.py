"""Style sheets and the colours in them: style-in-body, style-bytes, nested-at, css-var, rgba-hsl, downlevel-revealed.

Touches: nothing.
"""

import re
from collections.abc import Iterable, Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material, Sheet
from newsletter.check.page import Page, StartTag
from newsletter.check.rule import Found, warning
from newsletter.edition.stylesheet import Declaration, StyleRule, declarations_of, style_rules
from newsletter.excerpt import shortened

_MOST_BYTES = 16_384  # octets; Gmail leaves out the <style> that crosses it
_QUOTED = re.compile(r"""\"[^"]*\"|'[^']*'|url\([^)]*\)""", re.IGNORECASE)
_VARIABLE = re.compile(r"\bvar\(", re.IGNORECASE)
_FUNCTION = re.compile(r"\b(?:rgb|hsl)a?\(", re.IGNORECASE)
_SEE_THROUGH = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{4})(?![\w-])", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BARE_CONDITION = re.compile(r"<!\[\s*if\b[^>\]]{0,80}\]>", re.IGNORECASE)
_COLOURED = ("bgcolor", "color", "text", "link")
_SHOWN = 80


@warning("style-in-body", "caniemail, style element https://www.caniemail.com/features/html-style/")
def style_in_body(material: Material) -> Iterator[Found]:
    """Gmail on phones, and others, read style sheets in the head only."""
    for sheet in material.sheets:
        for tag in sheet.page.named("style"):
            if not any(outer.name == "head" for outer in tag.around()):
                yield Found(phrase("check.styles.style-in-body.found"), tag=tag, sheet=sheet)


@warning("style-bytes", "email-bugs 90, tried in Gmail https://github.com/hteumeuleu/email-bugs/issues/90")
def style_bytes(material: Material) -> Iterator[Found]:
    """Gmail leaves out the style sheet that takes all of them over 16 KB."""
    for sheet in material.sheets:
        sizes = [len(css.encode()) for css in sheet.page.styles]
        if sum(sizes) > _MOST_BYTES:
            yield Found(
                phrase("check.styles.style-bytes.found", bytes=sum(sizes), most=_MOST_BYTES),
                tag=next(iter(sheet.page.named("style")), None),
                sheet=sheet,
            )


@warning("nested-at", "email-bugs 21, tried in Gmail https://github.com/hteumeuleu/email-bugs/issues/21")
def nested_at(material: Material) -> Iterator[Found]:
    """Gmail throws away a whole style sheet for one at-rule inside another."""
    for sheet in material.sheets:
        for tag, css in _sheets(sheet.page):
            for outer, inner in _nested(style_rules(css)):
                yield Found(phrase("check.styles.nested-at.found", inner=inner, outer=outer), tag=tag, sheet=sheet)


@warning("css-var", "caniemail, CSS variables https://www.caniemail.com/features/css-variables/")
def css_var(material: Material) -> Iterator[Found]:
    """Hardly any mail program knows CSS variables, and what they were to say is lost."""
    for sheet in material.sheets:
        for tag, declaration in _declared(sheet.page):
            if declaration.name.startswith("--") or _VARIABLE.search(_bare(declaration)):
                yield Found(phrase("check.styles.css-var.found", declaration=_short(declaration)), tag=tag, sheet=sheet)


@warning("rgba-hsl", "caniemail, rgba() https://www.caniemail.com/features/css-rgba/")
def rgba_hsl(material: Material) -> Iterator[Found]:
    """Outlook knows colours of six digits; of the others the text or the ground is gone."""
    for sheet in material.sheets:
        for tag, declaration in (*_declared(sheet.page), *_attributed(sheet.page)):
            value = _bare(declaration)
            if _FUNCTION.search(value) or _SEE_THROUGH.search(value):
                yield Found(
                    phrase("check.styles.rgba-hsl.found", declaration=_short(declaration)), tag=tag, sheet=sheet
                )


@warning(
    "downlevel-revealed",
    "Microsoft, about conditional comments https://learn.microsoft.com/en-us/previous-versions/windows/internet-explorer/ie-developer/compatibility/ms537512(v=vs.85)",
)
def downlevel_revealed(material: Material) -> Iterator[Found]:
    """`<![if !mso]>` is no HTML: parsers rewrite it, and what it was to hide from Outlook is shown or lost."""
    for sheet in material.sheets:
        html = sheet.edition.html
        # Comments are filled with as many characters, so that offsets stay.
        for match in _BARE_CONDITION.finditer(_COMMENT.sub(lambda comment: " " * len(comment[0]), html)):
            yield Found(
                phrase("check.styles.downlevel-revealed.found", condition=match[0]),
                tag=_tag_before(sheet, html, match.start()),
                sheet=sheet,
            )


def _sheets(page: Page) -> Iterator[tuple[StartTag | None, str]]:
    """Each style sheet with its tag; with the first one where it cannot be told which is whose."""
    tags = page.named("style")
    alike = len(tags) == len(page.styles)
    for number, css in enumerate(page.styles):
        yield tags[number if alike else 0] if tags else None, css


def _nested(rules: Iterable[StyleRule], outer: str = "") -> Iterator[tuple[str, str]]:
    for rule in rules:
        name = f"@{rule.keyword}" if rule.keyword else ""
        if outer and name:
            yield outer, name
        yield from _nested(rule.rules, name or outer)


def _declared(page: Page) -> Iterator[tuple[StartTag | None, Declaration]]:
    """Every declaration of style attributes and style sheets, each text once."""
    told: set[str] = set()
    styled = ((tag, declarations_of(style)) for tag in page.tags if (style := tag.get("style")))
    sheets = ((tag, tuple(_of_rules(style_rules(css)))) for tag, css in _sheets(page))
    for tag, declarations in (*styled, *sheets):
        for declaration in declarations:
            if str(declaration) not in told:
                told.add(str(declaration))
                yield tag, declaration


def _of_rules(rules: Iterable[StyleRule]) -> Iterator[Declaration]:
    for rule in rules:
        yield from rule.declarations
        yield from _of_rules(rule.rules)


def _attributed(page: Page) -> Iterator[tuple[StartTag, Declaration]]:
    """Colours in attributes, as declarations."""
    for tag in page.tags:
        yield from ((tag, Declaration(name, tag.get(name))) for name in _COLOURED if tag.get(name))


def _bare(declaration: Declaration) -> str:
    """The value without what is quoted or an address."""
    return _QUOTED.sub("", declaration.value)


def _short(declaration: Declaration) -> str:
    return shortened(" ".join(str(declaration).split()), _SHOWN)


def _tag_before(sheet: Sheet, html: str, offset: int) -> StartTag | None:
    line = html.count("\n", 0, offset) + 1
    column = offset - html.rfind("\n", 0, offset)
    before = [tag for tag in sheet.page.tags if (tag.line, tag.column) <= (line, column)]
    return before[-1] if before else None


RULES = (
    style_in_body,
    style_bytes,
    nested_at,
    css_var,
    rgba_hsl,
    downlevel_revealed,
)
