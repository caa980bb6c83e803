"""What letter_speed.py measures: the example, and letters of many sections. Touches: the repository's issues."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from newsletter.audience.links import Links
from newsletter.edition import render as rendering
from newsletter.edition.edition import Variant
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "issues" / "2021-07.yaml"
SECTIONS = (5, 50, 200)


def example() -> tuple[Workspace, Issue]:
    workspace = find_workspace(ROOT, explicit=ROOT, environ={})
    return workspace, _loaded(EXAMPLE, workspace)


def sections_issue(folder: Path, count: int) -> tuple[Workspace, Issue]:
    """A letter of `count` stories and two merge fields, however many stories there are."""
    issues = folder / str(count) / "issues"
    issues.mkdir(parents=True)
    story = (
        "  - type: story\n    heading: 상암 DMC\n    body: |\n      " + "서울의 새로운 산업을 살펴봅니다. " * 4 + "\n"
    )
    greeting = (
        'intro: |\n  {{ subscriber.name | default("구독자") }}님, {{ subscriber.fields.소속 | default("서울") }}\n'
    )
    path = issues / "2026-11.yaml"
    path.write_text(f"title: 신성장동력\n{greeting}sections:\n{story * count}", encoding="utf-8")
    workspace = replace(example()[0], root=folder / str(count))
    return workspace, _loaded(path, workspace)


def composer_of(workspace: Workspace, issue: Issue) -> Composer:
    """A composer with the edition in Korean, the names of editions being what `compose` is asked for."""
    settings = workspace.settings
    links = Links((b"k" * 32,), settings.newsletter.list_id)
    head = letterhead(settings, issue.slug, datetime(2026, 11, 1, tzinfo=UTC), links.key_id)
    return Composer({"ko": rendering.render(issue, workspace, _korean(issue))}, head, links)


def page_before_inlining(issue: Issue, workspace: Workspace, variant: Variant) -> str:
    """The page exactly as `render` hands it to be inlined."""
    with patch("newsletter.edition.render.inline_styles", side_effect=lambda page, _: page) as inlining:
        rendering.render(issue, workspace, variant)
    return str(inlining.call_args.args[0])


def _loaded(path: Path, workspace: Workspace) -> Issue:
    zone = workspace.settings.newsletter.timezone
    return load_issue(path, workspace_root=workspace.root, timezone=str(ZoneInfo(zone)))


def _korean(issue: Issue) -> Variant:
    return variants(issue, ["ko"])[0]
