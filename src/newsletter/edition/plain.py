"""The text part: the whole letter in 72 columns, written from the issue and not scraped from HTML. Touches: nothing.

Links stand as [1], [2], … in the text and as a list under it, so that they can be read aloud and are never broken.
How a section is written is told by its type (newsletter/edition/sections).
"""

import re

from newsletter.issue.model import Issue

from .context import LetterContext
from .markdown.prose import Prose
from .markers import Markers
from .plain_page import PlainPage
from .sections.shown import ShownSection
from .views import FooterView
from .wrap import TEXT_COLUMNS


def plain_text(issue: Issue, context: LetterContext, prose: Prose, markers: Markers) -> str:
    """The text part of one variant, ending with a line end; merge fields are markers."""
    page = PlainPage(prose, markers, context.words, context.letter.dir)
    _masthead(page, issue, context)
    page.body(issue.intro, "intro")
    for section in context.shown:
        _section(page, section)
    if issue.closing:
        page.rule("-")
        page.body(issue.closing, "closing")
    page.list_of_links()
    _footer(page, context.footer)
    return page.finished()


def _masthead(page: PlainPage, issue: Issue, context: LetterContext) -> None:
    letter = context.letter
    page.add(
        *page.wrap(letter.newsletter),
        *page.wrap(letter.tagline),
        *page.wrap(" · ".join(part for part in (letter.date or letter.month, letter.number) if part)),
        "=" * TEXT_COLUMNS,
    )
    page.add(*page.wrap(letter.title))
    if issue.summary:
        lines = (page.line(line, f"summary[{index}]") for index, line in enumerate(issue.summary))
        page.add(*page.wrap(letter.summary_label), *(part for line in lines for part in page.wrap(line, "- ", "  ")))
    if issue.hero and context.hero:
        page.picture(issue.hero, context.hero, "hero")


def _section(page: PlainPage, shown: ShownSection) -> None:
    view = shown.view
    page.rule("-")
    heading = "  ".join(part for part in (view.ordinal, view.heading) if part)
    page.add(
        *page.wrap(view.kicker),
        *page.wrap(heading, rest=" " * (len(view.ordinal) + 2) if view.ordinal else ""),
        *page.wrap(" · ".join(part for part in (view.byline, view.reading_time) if part)),
    )
    if shown.section.image and view.image:
        page.picture(shown.section.image, view.image, f"{shown.place}.image")
    shown.write(page)
    page.buttons(view.buttons)


def _footer(page: PlainPage, footer: FooterView) -> None:
    page.rule("=")
    page.add(*page.wrap(footer.no_reply_notice))
    page.add(*page.wrap(footer.why), *page.wrap(footer.unsubscribe_hint), *_ways_out(page, footer))
    phones = [f"{phone.label} {phone.number}" for phone in footer.phones]
    if footer.social:
        page.add(*(f"{link.label}: {link.url}" for link in footer.social))
    page.add(
        *page.wrap(footer.institute),
        *page.wrap(footer.postal_address),
        *page.wrap(" · ".join(phones)),
        *([f"{page.words('website')}: {footer.website}"] if footer.website else []),
        *page.wrap(footer.copyright),
    )
    if footer.partners:
        page.add(*page.wrap(f"{page.words('partners')}:"), *_partners(page, footer))
    if footer.funding:
        page.add(*page.wrap(footer.funding))


def _partners(page: PlainPage, footer: FooterView) -> list[str]:
    return [
        line
        for one in footer.partners
        for line in (*page.wrap(one.alt, "- ", "  "), *([f"  {one.url}"] if one.url else []))
    ]


def _ways_out(page: PlainPage, footer: FooterView) -> list[str]:
    lines = []
    if footer.unsubscribe_url:
        lines.append(f"{page.words('unsubscribe')}: {page.in_link(footer.unsubscribe_url)}")
    if footer.unsubscribe_mailto:
        address = re.sub(r"^mailto:|\?.*$", "", footer.unsubscribe_mailto)
        lines.extend(page.wrap(page.words("unsubscribe_mail", address=address)))
    if footer.web_url:
        lines.append(f"{page.words('web_version')}: {page.in_link(footer.web_url)}")
    for key, url in (("archive", footer.archive_url), ("subscribe", footer.subscribe_url)):
        lines.extend([f"{page.words(key)}: {url}"] if url else [])
    return lines
