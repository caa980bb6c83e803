"""A letter -> one HTML file that says it is a draft, holds its pictures and asks nobody for anything. Touches: nothing.

The letter stays as it is, dark too; above it comes a bar in its language and colours, and what an inbox shows of it.
The policy stands before all of the letter, so that nothing in it runs or is fetched. Limits: a picture that is shown
twice is in the file twice.
"""

import base64
from collections.abc import Iterator, Sequence
from itertools import accumulate

from newsletter.catalogue import phrase, spoken_language
from newsletter.check.page import StartTag, read_page
from newsletter.edition.edition import Picture
from newsletter.web.letter_frame.frame import PICTURE_TYPES, LetterFrame, framed
from newsletter.web.page_templates import PageTemplates
from newsletter.web.studio.inbox_rows import preview_words
from newsletter.workflow.standalone import StandaloneLetter
from newsletter.writing import direction_of

from .harmless_links import LinkRules, harmless_tags


def standalone_page(letter: StandaloneLetter) -> str:
    """The whole file."""
    templates = PageTemplates("standalone", letter.variant.language, letter.palette)
    words = templates.words
    rules = LinkRules(letter.personal, words["standalone.does_not_work"], words["standalone.is_counted"])
    tags = read_page(letter.html).tags
    pieces = dict(harmless_tags(tags, rules))
    # The parser of premailer makes a body where a template has none: a draft that does not say so is never written.
    body = next(tag for tag in tags if tag.name == "body")
    pieces[body] = body.written + templates.text("bar.html.j2", _bar(letter))
    for title in (tag for tag in tags[: body.index] if tag.name == "title"):
        pieces[title] = f"{title.written}{words['standalone.draft']} · "
    pictures = {one.cid: _data_address(one) for one in letter.pictures if one.media_type in PICTURE_TYPES}
    return framed("".join(_with(letter.html, tags, pieces)), LetterFrame(pictures, head=templates.text("head.html.j2")))


def _bar(letter: StandaloneLetter) -> dict[str, object]:
    variant = letter.variant
    is_part = len(variant.sections) < variant.total
    return {
        "letter": letter,
        "direction": direction_of(variant.language),
        "spoken": spoken_language(variant.language),
        "what": phrase("web.standalone.what", slug=letter.slug),
        "part": phrase("web.standalone.part", shown=len(variant.sections), total=variant.total) if is_part else None,
        "preview": preview_words(letter.html),
    }


def _with(html: str, tags: Sequence[StartTag], pieces: dict[StartTag, str]) -> Iterator[str]:
    """The letter with other start tags."""
    starts = [0, *accumulate(len(line) for line in html.split("\n") for line in (f"{line}\n",))]
    done = 0
    for tag in tags:
        if tag in pieces:
            begin = starts[tag.line - 1] + tag.column - 1
            yield html[done:begin]
            yield pieces[tag]
            done = begin + len(tag.written)
    yield html[done:]


def _data_address(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode('ascii')}"
