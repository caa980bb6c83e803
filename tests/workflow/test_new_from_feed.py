"""`new SLUG --from-feed FEED`: the newest entries since the last issue are short notes, cleaned."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.check.finding import Severity
from newsletter.errors import InputError, UsageError
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.check import check_file
from newsletter.workflow.new_from_feed import new_from_feed
from newsletter.workflow.steps.begun import BegunIssue
from tests.cli.conftest import make_workspace

NOW = datetime(2026, 12, 1, tzinfo=UTC)
LAST = "title: A\npublish_at: 2026-11-02T09:00\nintro: |\n  a\n"
FEED = """<rss><channel><title>소식 &amp; 글</title>
<item><title>옛 글</title><link>https://example.org/0</link><pubDate>Mon, 26 Oct 2026 10:00:00 +0900</pubDate></item>
<item><title>둘 {{ x }}</title><link>/2?utm_source=rss</link><pubDate>Mon, 16 Nov 2026 23:30:00 +0000</pubDate>
<description>
&lt;p&gt;요약 &lt;b&gt;굵게&lt;/b&gt;.&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;
&lt;p&gt;1. 끝&lt;/p&gt;</description></item>
<item><title>셋</title><link>javascript:alert(1)</link><pubDate>Mon, 23 Nov 2026 10:00:00 +0900</pubDate></item>
<item><title></title><description></description></item>
</channel></rss>"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = make_workspace(tmp_path / "letters")
    (root / "issues" / "2026-11.yaml").write_text(LAST, encoding="utf-8")
    return find_workspace(root, explicit=None, environ={})


def begun(workspace: Workspace, feed: str = FEED, newest: int = 10) -> BegunIssue:
    path = workspace.root / "feed.xml"
    path.write_text(feed, encoding="utf-8")
    return new_from_feed(workspace, "2026-12", str(path), newest=newest, now=NOW)


def test_entries_since_the_last_issue_become_notes(workspace: Workspace) -> None:
    made = begun(workspace)
    assert made.path.read_text(encoding="utf-8").split("\n\n", 1)[1] == (
        'title: ""\nline_breaks: keep\n\nsections:\n  - type: briefs\n    heading: 소식 & 글\n    items:\n'
        "      - title: 셋\n        source: 소식 & 글, 2026-11-23\n"
        '      - title: 둘 {{ "{{" }} x }}\n'
        "        text: |\n          요약 굵게. 1. 끝\n        source: 소식 & 글, 2026-11-17\n"
    )
    assert "2 notes; 1 older" in made.told[0].in_language("en")
    findings = check_file(workspace, made.path, lambda *_: None).findings
    asked = [one.message.in_language("en") for one in findings if one.severity is Severity.ERROR]
    assert asked == ["title: must not be empty"]


def test_only_so_many_are_taken(workspace: Workspace) -> None:
    made = begun(workspace, newest=1)
    assert "1 more than were asked for" in made.told[0].in_language("en")


def test_a_feed_with_nothing_new_makes_no_issue(workspace: Workspace) -> None:
    old = FEED.replace("Nov 2026", "Oct 2026").replace("<item><title></title><description></description></item>", "")
    for feed, says in ((old, "nothing newer"), ("<rss/>", "no entries"), ("no feed", "no RSS")):
        with pytest.raises(InputError) as raised:
            begun(workspace, feed)
        assert says in raised.value.in_language("en")
    assert not (workspace.issues / "2026-12.yaml").exists()
    with pytest.raises(InputError):
        new_from_feed(workspace, "2026-12", str(workspace.root / "none.xml"), now=NOW)
    with pytest.raises(UsageError):
        new_from_feed(workspace, "2026-11", "feed.xml", now=NOW)
