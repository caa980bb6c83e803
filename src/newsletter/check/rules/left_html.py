"""HTML in a text, which no letter reads: html-left. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import Said, phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.edition.markdown.left_html import HtmlFault, LeftHtml, left_html
from newsletter.excerpt import shortened
from newsletter.issue.part import PlacedText
from newsletter.printable import one_line

_SHOWN = 60


@warning("html-left", "docs/issue-file.md#text")
def html_left(material: Material) -> Iterator[Found]:
    """`<b>` and `<br>` that readers would see, since the letter shows HTML as it was typed."""
    keeps_breaks = material.issue.line_breaks == "keep"
    for text in material.issue.texts():
        for left in left_html(text.text, text.kind):
            says = phrase("check.left_html.html-left.found", tag=shortened(one_line(left.tag), _SHOWN))
            hint = _hint(left, text, keeps_breaks=keeps_breaks)
            yield Found(says, hint=hint, path=text.path, sought=left.tag, nth=left.nth)


def _hint(left: LeftHtml, text: PlacedText, *, keeps_breaks: bool) -> Said:
    written = one_line(left.written)
    match left.fault:
        case HtmlFault.BREAK if keeps_breaks:
            return phrase("check.left_html.html-left.how_break_kept")
        case HtmlFault.BREAK:
            return phrase("check.left_html.html-left.how_break")
        case HtmlFault.PART:
            return phrase("check.left_html.html-left.how_part")
        case HtmlFault.PICTURE:
            key = "image" if text.path[0] == "sections" else "hero"
            return phrase("check.left_html.html-left.how_picture", line=f"{key}: {{ {written} }}")
        case HtmlFault.COMMENT:
            return phrase("check.left_html.html-left.how_comment")
        case HtmlFault.WRITTEN:
            return phrase("check.left_html.html-left.how_written", written=written)
        case HtmlFault.PLAIN:
            return phrase("check.left_html.html-left.how_plain", written=written)


RULES = (html_left,)
