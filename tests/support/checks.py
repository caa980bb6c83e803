"""An issue file and a subscriber file on disk -> the findings of the check. Touches: the test's own folder."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.catalogue import Said
from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding
from newsletter.check.outside import Outside
from newsletter.check.run import examine
from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.settings.model import Settings
from newsletter.workflow.steps.people import MailingList
from newsletter.workflow.steps.survey import sizes_alone, survey, survey_rows

from .issue_files import write_issue
from .letters import workspace_at


def findings_of(
    root: Path,
    text: str,
    people: str = "",
    *,
    language: str = "ko",
    outside: Outside | None = None,
    **tables: dict[str, Any],
) -> list[Finding]:
    """What the check says of an issue with this text, sent to these subscribers (CSV), if there are any.

    `outside` is what a look outside has told; `tables` change single keys of the settings: `links={"pages_url": ""}`.
    """
    path = write_issue(root, text)
    newsletter = {"language": language} | tables.pop("newsletter", {})
    workspace = workspace_at(root, newsletter=newsletter, **tables)
    issue = load_issue(path, workspace_root=root, timezone="Asia/Seoul")
    editions = [render(issue, workspace, variant) for variant in variants(issue, [language, *issue.translations])]
    (root / "subscribers.csv").write_text(people, encoding="utf-8")
    named = {edition.variant: edition for edition in editions}
    settings, csv = workspace.settings, root / "subscribers.csv"
    audience = survey(issue, named, settings, MailingList(csv), None) if people else sizes_alone(issue, named, settings)
    return list(examine(issue, editions, workspace, "issues/2026-11.yaml", audience, outside).findings)


def audience_of(
    issue: Issue, editions: Sequence[Edition], settings: Settings, rows: Iterable[Subscriber | BadRow]
) -> AudienceSummary:
    """These rows in numbers, each as somebody else, whatever their addresses.

    An edition that a test has cut about can be composed all the same.
    """
    named = {edition.variant: _whole(edition) for edition in editions}
    links = settings.links.model_copy(update={"pages_url": "https://news.example.org"})
    settings = settings.model_copy(update={"links": links})
    summary = sizes_alone(issue, named, settings)
    summary.file = "subscribers.csv"
    people = (
        replace(row, key=f"{number}.{row.key}") if isinstance(row, Subscriber) else row
        for number, row in enumerate(rows)
    )
    return survey_rows(people, summary, issue, named, settings, None)


def _whole(edition: Edition) -> Edition:
    texts = edition.subject, edition.html, edition.text
    return replace(edition, holes=tuple(hole for hole in edition.holes if any(hole.marker in text for text in texts)))


def of_rule(findings: list[Finding], *rules: str) -> list[Finding]:
    """The findings of these rules only."""
    return [finding for finding in findings if finding.rule in rules]


def ko(said: Said) -> str:
    """In Korean; `str()` has it in English."""
    return said.in_language("ko")
