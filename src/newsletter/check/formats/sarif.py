"""Findings as SARIF 2.1.0, which code scanning and editors read. Touches: nothing.

Source: OASIS Static Analysis Results Interchange Format 2.1.0, sections 3.19 (tool component), 3.27 (result),
3.30 (region), 3.35 (suppression), 3.49 (reporting descriptor).
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from newsletter import __version__
from newsletter.check.finding import Finding
from newsletter.check.rule import Rule
from newsletter.check.rules import RULES

from . import CheckedIssue, FormatOptions

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_URL = re.compile(r"https?://\S*[^\s;,.)]")


def write(issues: Sequence[CheckedIssue], options: FormatOptions) -> str:
    """One run for all issues, with all rules; what is ignored is suppressed."""
    found = [finding for issue in issues for finding in (*issue.findings, *issue.ignored)]
    return json.dumps(_log(found, options), ensure_ascii=False, indent=2)


def _log(findings: Iterable[Finding], options: FormatOptions) -> dict[str, Any]:
    rules = list(RULES.values())
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    alike: Counter[str] = Counter()
    described = [_rule(rule, options.language) for rule in rules]
    run = {
        "tool": {"driver": {"name": "newsletter", "version": __version__, "rules": described}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, numbers[finding.rule], options, alike) for finding in findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, language: str) -> dict[str, Any]:
    why, mend = rule.why.in_language(language), rule.mend.in_language(language)
    url = _URL.search(rule.source)
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.finds.in_language(language)},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\n{mend}\n\n{rule.source}"},
        **({"helpUri": quote(url[0], safe=":/?#=&%")} if url else {}),
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": [rule.family]},
    }


def _result(finding: Finding, number: int, options: FormatOptions, alike: Counter[str]) -> dict[str, Any]:
    message = finding.message.in_language(options.language)
    region = {"startLine": finding.line, **({"startColumn": finding.column} if finding.column else {})}
    place = {
        "artifactLocation": {"uri": quote(f"{options.prefix}{finding.file}")},
        **({"region": region} if finding.line else {}),
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": finding.severity.value,
        "message": {"text": _told(finding, options.language)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"newsletter/v1": _fingerprint(finding, message, alike)},
        **({"suppressions": [_suppression(finding)]} if finding.ignored else {}),
        **({"properties": {"html": finding.letter.to_json()}} if finding.letter else {}),
    }


def _told(finding: Finding, language: str) -> str:
    where = f"{finding.place}: {finding.letter.excerpt}" if finding.letter and finding.line is None else ""
    said = (finding.message.in_language(language), where, finding.hint.in_language(language))
    return "\n".join(filter(None, said))


def _fingerprint(finding: Finding, message: str, alike: Counter[str]) -> str:
    """The same while other lines of the file change: of the rule, the words, and the line itself, not its number."""
    line = finding.excerpt.partition("\n")[0].strip()
    mark = hashlib.sha256("\0".join((finding.rule, finding.file, message, line)).encode()).hexdigest()[:32]
    alike[mark] += 1
    return f"{mark}:{alike[mark]}"


def _suppression(finding: Finding) -> dict[str, str]:
    kind = "inSource" if finding.ignored_here else "external"
    return {"kind": kind, "status": "accepted", "justification": finding.ignored}
