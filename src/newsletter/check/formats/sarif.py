"""Findings as SARIF 2.1.0, which code scanning and editors read. Touches: nothing.

Source: OASIS Static Analysis Results Interchange Format 2.1.0, sections 3.19 (tool component), 3.27 (result),
3.30 (region), 3.35 (suppression), 3.49 (reporting descriptor).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from newsletter import __version__
from newsletter.check.finding import Finding
from newsletter.check.rule import Rule
from newsletter.check.rules import RULES
from newsletter.check.texts import texts_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_URL = re.compile(r"https?://\S*[^\s;,.)]")


def sarif(findings: Iterable[Finding], language: str, prefix: str = "") -> dict[str, Any]:
    """One run with all rules and these findings, the ignored ones as suppressed.

    `prefix` is the workspace's folder in the repository, empty or with a slash at its end.
    """
    rules = list(RULES.values())
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    alike: Counter[str] = Counter()
    driver = {"name": "newsletter", "version": __version__, "rules": [_rule(rule, language) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, numbers[finding.rule], prefix, alike) for finding in findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, language: str) -> dict[str, Any]:
    texts = texts_of(rule)
    why, mend = texts.why.in_language(language), texts.mend.in_language(language)
    url = _URL.search(texts.source)
    return {
        "id": rule.id,
        "shortDescription": {"text": texts.finds.in_language(language)},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\n{mend}\n\n{texts.source}"},
        **({"helpUri": quote(url[0], safe=":/?#=&%")} if url else {}),
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": [rule.family]},
    }


def _result(finding: Finding, number: int, prefix: str, alike: Counter[str]) -> dict[str, Any]:
    region = {"startLine": finding.line, **({"startColumn": finding.column} if finding.column else {})}
    place = {
        "artifactLocation": {"uri": quote(f"{prefix}{finding.file}")},
        **({"region": region} if finding.line else {}),
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": finding.severity.value,
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"newsletter/v1": _fingerprint(finding, alike)},
        **({"suppressions": [_suppression(finding)]} if finding.ignored else {}),
        **({"properties": {"html": finding.letter.to_json()}} if finding.letter else {}),
    }


def _message(finding: Finding) -> str:
    where = f"{finding.place}: {finding.letter.excerpt}" if finding.letter and finding.line is None else ""
    return "\n".join(part for part in (finding.message, where, finding.hint) if part)


def _fingerprint(finding: Finding, alike: Counter[str]) -> str:
    """The same while other lines of the file change: of the rule, the words, and the line itself, not its number."""
    line = finding.excerpt.partition("\n")[0].strip()
    mark = hashlib.sha256("\0".join((finding.rule, finding.file, finding.message, line)).encode()).hexdigest()[:32]
    alike[mark] += 1
    return f"{mark}:{alike[mark]}"


def _suppression(finding: Finding) -> dict[str, str]:
    kind = "inSource" if finding.ignored_here else "external"
    return {"kind": kind, "status": "accepted", "justification": finding.ignored}
