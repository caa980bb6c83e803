"""A report as JSON, for `report --json`; and all issues. Touches: nothing."""

import json
from collections.abc import Sequence
from typing import Any

from newsletter.dispatch.reply_meanings import meaning_of
from newsletter.ledger.readers import LEAVE_REASONS

from .figures import ShortFigures
from .figures_json import figures_as_json
from .issue_report import IssueReport

CSV_OF_ISSUES = (
    *("issue", "standing", "planned_at", "began_at", "ended_at", "total", "sent", "failed", "in_doubt", "suppressed"),
    *("expired", "cancelled", "bounce_rate", "complaint_rate", "leaving_rate", "median", "p95", "seconds"),
    *(f"said_{reason}" for reason in LEAVE_REASONS),
)


def report_as_json(report: IssueReport) -> str:
    """The figures, and beside them who, and in whose words (docs/design.md 4.4); addresses as the report has them."""
    figures = figures_as_json(report.figures)
    for kept, run in zip(figures["runs"], report.runs, strict=False):
        kept |= {"pid": run.pid, "machine": run.machine}
    for kept, reply in zip(figures["replies"], report.replies, strict=False):
        told = meaning_of(reply.reply_rule, reply.reply_class)
        kept |= {
            "example": report.words(reply.example, "en"),
            "meaning": str(told.meaning) if told else "",
            "remedy": str(told.remedy) if told else "",
        }
    more = {
        "counted_at": report.counted_at.isoformat(timespec="seconds"),
        "subject": report.subject,
        "note": str(report.note),
        "discrepancies": [str(one) for one in report.discrepancies],
        "in_doubt": [
            {"address": report.address(one), "since": one.changed_at.isoformat(timespec="seconds")}
            for one in report.doubts
        ],
        "leave_words": report.own_words(),
        "leave_words_total": report.leave_words_total,
        "approval": _approval(report),
        "compared": [figures_as_json(one) for one in report.compared],
    }
    return json.dumps({**figures, **more}, ensure_ascii=False)


def issues_as_json(newsletter: str, issues: Sequence[ShortFigures]) -> str:
    """`{"newsletter", "issues": […]}`, first planned first."""
    return json.dumps(
        {"newsletter": newsletter, "issues": [figures_as_json(one) for one in issues]}, ensure_ascii=False
    )


def issue_cells(figures: ShortFigures) -> list[object]:
    """One line of CSV_OF_ISSUES."""
    of: dict[str, Any] = figures_as_json(figures)
    said = {f"said_{reason}": of["departed"]["said_why"].get(reason, 0) for reason in LEAVE_REASONS}
    known = {**of, **of["states"], **(of["acceptance"] or {}), **said}
    return [known.get(name) for name in CSV_OF_ISSUES]


def _approval(report: IssueReport) -> dict[str, object] | None:
    facts = report.approval
    if facts is None:
        return None
    return {
        "by": facts.by,
        "at": facts.at.isoformat(),
        "is_what_was_sent": facts.is_what_was_sent,
        "commit": facts.commit,
        "committed_by": facts.committed_by,
        "committed_at": facts.committed_at.isoformat() if facts.committed_at else None,
    }
