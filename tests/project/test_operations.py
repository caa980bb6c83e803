"""docs/operations.md says what is there: metrics by their names, and rules that Prometheus can read."""

import re

from ruamel.yaml import YAML

from newsletter.settings.environment import FROM_FILE
from tests.support.repository import ROOT

TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
METRIC = re.compile(r"\bnewsletter_[a-z_]+\b")


def test_every_metric_that_is_named_is_written_by_the_code() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    written = set(re.findall(r'"(newsletter_[a-z_]+)"', code))
    named = set(METRIC.findall(TEXT))
    assert len(named) > 10
    assert named - written == set()


def test_the_alerts_are_rules_of_such_metrics() -> None:
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    ((group,),) = YAML(typ="safe").load(block).values()
    for rule in group["rules"]:
        assert set(rule) <= {"alert", "expr", "for"}
        assert METRIC.search(rule["expr"]), rule
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_every_file_of_a_secret_that_is_named_is_read() -> None:
    known = {f"NEWSLETTER_{table}__{key}_FILE".upper() for table, key in FROM_FILE} | {"NEWSLETTER_SECRET_KEY_FILE"}
    assert set(re.findall(r"NEWSLETTER_\w+_FILE", TEXT)) - known == set()
