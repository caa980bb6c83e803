"""Findings as SARIF 2.1.0: what the standard demands of a log, a run, a rule, a result and a suppression."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from newsletter.catalogue import Verbatim
from newsletter.check.finding import Finding, LetterPlace, Severity
from newsletter.check.formats import FormatOptions
from newsletter.check.formats.sarif import write
from newsletter.check.rules import RULES
from newsletter.report.findings import CheckReport

FOUND = Finding(
    "img-alt",
    Severity.ERROR,
    Verbatim("그림에 alt 가 없습니다."),
    "issues/2026-11.yaml",
    12,
    3,
    Verbatim("적으세요."),
    "  src: a\n  ^",
)
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
NUMBER = {"type": "integer", "minimum": 1}
# From the standard's own schema: what is required, and the types of all that we write. No other key may appear.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "additionalProperties": False,
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/rule"}},
                                },
                            }
                        },
                    },
                    "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                },
            },
        },
    },
    "$defs": {
        "rule": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "shortDescription": TEXT,
                "fullDescription": TEXT,
                "help": TEXT,
                "helpUri": {"type": "string", "pattern": r"^https?://[\x21-\x7e]+[^;,.)]$"},
                "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
                "properties": {
                    "type": "object",
                    "properties": {"tags": {"type": "array", "uniqueItems": True, "items": {"type": "string"}}},
                },
            },
        },
        "result": {
            "type": "object",
            "required": ["message"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": LEVEL,
                "message": TEXT,
                "locations": {"type": "array", "items": {"$ref": "#/$defs/location"}},
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                "suppressions": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/suppression"}},
                "properties": {"type": "object"},
            },
        },
        "location": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "physicalLocation": {
                    "type": "object",
                    "required": ["artifactLocation"],
                    "additionalProperties": False,
                    "properties": {
                        "artifactLocation": {
                            "type": "object",
                            "properties": {"uri": {"type": "string", "pattern": r"^[\x21-\x7e]+$"}},
                        },
                        "region": {
                            "type": "object",
                            "required": ["startLine"],
                            "additionalProperties": False,
                            "properties": {"startLine": NUMBER, "startColumn": NUMBER},
                        },
                    },
                }
            },
        },
        "suppression": {
            "type": "object",
            "required": ["kind"],
            "additionalProperties": False,
            "properties": {
                "kind": {"enum": ["inSource", "external"]},
                "status": {"enum": ["accepted", "underReview", "rejected"]},
                "justification": {"type": "string", "minLength": 1},
            },
        },
    },
}


def written(*findings: Finding, language: str = "ko", prefix: str = "") -> dict[str, Any]:
    log: dict[str, Any] = json.loads(write([CheckReport("2026-11", findings)], FormatOptions(language, prefix)))
    return log


def results(*findings: Finding, prefix: str = "") -> list[dict[str, Any]]:
    log = written(*findings, prefix=prefix)
    Draft202012Validator(SCHEMA).validate(log)
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_rule_is_described_in_the_newsletters_language(language: str) -> None:
    rules = written(language=language)["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert [rule["fullDescription"]["text"] for rule in rules] == [
        rule.why.in_language(language) for rule in RULES.values()
    ]
    assert all(urlsplit(rule["helpUri"]).hostname for rule in rules if "helpUri" in rule)


def test_a_finding_has_its_rule_its_place_and_what_to_do() -> None:
    [result] = results(FOUND)
    assert list(RULES)[result["ruleIndex"]] == result["ruleId"] == "img-alt"
    assert result["level"] == "error"
    assert result["message"]["text"] == "그림에 alt 가 없습니다.\n적으세요."
    place = result["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "issues/2026-11.yaml"},
        "region": {"startLine": 12, "startColumn": 3},
    }


def test_a_path_is_a_uri_from_the_root_of_the_repository() -> None:
    [result] = results(replace(FOUND, file="issues/칠월 #1.yaml"), prefix="letters/")
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == "letters/issues/칠월 #1.yaml"
    assert "#" not in uri


def test_what_is_only_in_the_letter_says_where_in_the_words() -> None:
    letter = LetterPlace("ko", 40, 7, 12, "<td>")
    [result] = results(replace(FOUND, line=None, column=None, letters=(letter,)))
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert "2026-11.html [ko] 40:7: <td>" in result["message"]["text"]
    assert result["properties"]["html"] == {"variant": "ko", "line": 40, "column": 7}


def test_what_is_ignored_is_suppressed_with_its_reason() -> None:
    here, settings = replace(FOUND, ignored="왜냐하면", ignored_here=True), replace(FOUND, ignored="because")
    first, second = results(here, settings)
    assert first["suppressions"] == [{"kind": "inSource", "status": "accepted", "justification": "왜냐하면"}]
    assert second["suppressions"][0]["kind"] == "external"


def test_a_fingerprint_outlives_lines_above_and_tells_two_apart() -> None:
    first, moved = results(FOUND)[0], results(replace(FOUND, line=99))[0]
    assert first["partialFingerprints"] == moved["partialFingerprints"]
    one, two = results(FOUND, FOUND)
    assert one["partialFingerprints"] != two["partialFingerprints"]
    assert first["partialFingerprints"] != results(replace(FOUND, message=Verbatim("x")))[0]["partialFingerprints"]


@given(st.text(min_size=1), st.text(min_size=1, max_size=20), st.none() | st.integers(1, 9))
def test_no_words_break_the_log(words: str, file: str, line: int | None) -> None:
    finding = Finding(
        "link-text",
        Severity.WARNING,
        Verbatim(words),
        file.encode("utf-8", "replace").decode(),
        line,
        hint=Verbatim(words),
    )
    assert len(results(finding)) == 1
