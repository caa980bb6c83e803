"""Findings as JSON, for scripts: in English, and keys are only ever added. Touches: nothing."""

import json
from collections.abc import Sequence
from typing import Any

from . import CheckedIssue, FormatOptions


def write(issues: Sequence[CheckedIssue], options: FormatOptions) -> str:
    """One object for a single issue, and else a list of them."""
    found = [_of_issue(issue) for issue in issues]
    return json.dumps(found[0] if options.single else found, ensure_ascii=False, indent=2)


def _of_issue(issue: CheckedIssue) -> dict[str, Any]:
    fixed = {} if issue.fixed is None else {"fixed": [one.to_json() for one in issue.fixed]}
    return {
        "issue": issue.slug,
        "findings": [finding.to_json() for finding in issue.findings],
        "ignored": [{**finding.to_json(), "reason": finding.ignored} for finding in issue.ignored],
        **fixed,
    }
