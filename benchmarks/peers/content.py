"""The one letter of the comparison: issue.yaml as plain data, as newsletter's HTML, and as a mail round anybody's HTML.

Touches: issue.yaml, newsletter.toml. Limits: paragraphs only, since Markdown is not what is compared.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from newsletter.audience.links import Links
from newsletter.edition.edition import Context, Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.issue.sections.figures import Figures
from newsletter.issue.sections.quote import Quote
from newsletter.issue.sections.story import Story
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace

HERE = Path(__file__).parent
READER = "reader@example.org"
WAY_OUT = "https://news.example.org/u/x"


def workspace_and_issue() -> tuple[Workspace, Issue]:
    workspace = find_workspace(HERE, explicit=HERE.parents[1], environ={})
    issue = load_issue(HERE / "issue.yaml", workspace_root=workspace.root, timezone="Asia/Seoul")
    return workspace, issue


@cache
def _edition() -> Edition:
    workspace, issue = workspace_and_issue()
    return render(issue, workspace, variants(issue, ["ko"])[0])


def our_html() -> str:
    """newsletter's letter, merged for a reader."""
    html = _edition().html
    for hole in _edition().holes:
        html = html.replace(hole.marker, WAY_OUT)
    return html


def mail_around(html: str) -> bytes:
    """A whole message with `html` for its HTML part; headers and text part are newsletter's for all."""
    in_html = {Context.HTML, Context.URL, Context.WHOLE_URL}
    edition = _edition()
    edition = replace(edition, html=html, holes=tuple(hole for hole in edition.holes if hole.context not in in_html))
    settings = workspace_and_issue()[0].settings
    links = Links((b"k" * 32,), settings.newsletter.list_id)
    head = letterhead(settings, edition.slug, datetime(2021, 7, 25, tzinfo=UTC), links.key_id)
    return Composer({"ko": edition}, head, links).compose(READER, READER, "ko", {}).data


def content() -> dict[str, Any]:
    """What the peers' own templates are filled with."""
    workspace, issue = workspace_and_issue()
    own, institute = workspace.settings.newsletter, workspace.settings.institute
    (figures,) = (section for section in issue.sections if isinstance(section, Figures))
    (quote,) = (section for section in issue.sections if isinstance(section, Quote))
    stories = [section for section in issue.sections if isinstance(section, Story)]
    return {
        "newsletter": own.name,
        "tagline": own.tagline,
        "month": "2021년 7월",
        "number": f"제{issue.number}호",
        "title": issue.title,
        "subject": issue.subject,
        "preheader": issue.preheader,
        "intro": _paragraphs(issue.intro),
        "stories": [_story(number, story) for number, story in enumerate(stories, start=1)],
        "figuresHeading": figures.heading,
        "figures": [{"value": item.value, "label": item.label} for item in figures.items],
        "quote": quote.text.strip(),
        "source": quote.source,
        "closing": _paragraphs(issue.closing),
        "footer": [
            "이 메일은 발신 전용입니다. 답장을 보내셔도 받아 볼 수 없습니다.",
            f"{institute.name} · {institute.postal_address}",
            " · ".join(f"{phone.label} {phone.number}" for phone in institute.phones),
            institute.copyright,
        ],
        "wayOut": WAY_OUT,
    }


def _story(number: int, story: Story) -> dict[str, Any]:
    (card,) = story.research
    if story.button is None:
        raise ValueError("every story of the comparison has a button")
    return {
        "ordinal": f"{number:02d}",
        "heading": story.heading,
        "body": _paragraphs(story.body),
        "card": {
            "title": card.title,
            "url": card.url,
            "summary": card.summary,
            "by": f"{', '.join(card.authors)} · {card.year}",
        },
        "button": {"label": story.button.label, "url": story.button.url},
    }


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
