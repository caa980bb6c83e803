"""The README, followed to the letter in an empty folder, ends with the letter in three inboxes."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from tests.support.cli import newsletter
from tests.support.mailroom import Mailroom
from tests.support.repository import ROOT

PARTS = {
    "README.md": ("## The first ten minutes", "### Let cron do it"),
    "README.ko.md": ("## 처음 10분", "### cron에 맡기기"),
}
OTHERWISE = {"init", "preview", "new", "demo"}
"""Commands of that part which are done before, or wait for a person."""


def block(text: str, language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return str(found)


def with_lines(toml: str, lines: str) -> str:
    """The settings with these lines in the place of those that begin alike, table by table."""
    told, table = {}, ""
    for line in lines.splitlines():
        table = line.partition("]")[0] if line.startswith("[") else table
        if "=" in line:
            told[table, line.partition("=")[0]] = line
    done, table = [], ""
    for line in toml.splitlines():
        table = line.partition("]")[0] if line.startswith("[") else table
        done.append(line if line.startswith("[") else told.pop((table, line.partition("=")[0]), line))
    assert told == {}
    return "\n".join(done) + "\n"


@pytest.mark.parametrize("readme", PARTS)
def test_the_first_ten_minutes_end_in_the_inbox(tmp_path: Path, room: Mailroom, readme: str) -> None:
    begin, end = PARTS[readme]
    text = (ROOT / readme).read_text(encoding="utf-8").partition(begin)[2].partition(end)[0]
    assert newsletter("init", "my-letter", cwd=tmp_path).returncode == 0
    root = tmp_path / "my-letter"
    (first,) = (root / "issues").glob("*.yaml")
    first.unlink()
    (root / "issues" / "2026-12.yaml").write_text(block(text, "yaml"), encoding="utf-8")
    toml = root / "newsletter.toml"
    toml.write_text(with_lines(toml.read_text(encoding="utf-8"), block(text, "toml")), encoding="utf-8")
    assert tomllib.loads(toml.read_text(encoding="utf-8"))["institute"]["copyright"].startswith("©")
    (root / "subscribers.csv").write_bytes((root / "subscribers.example.csv").read_bytes())
    lines = [shlex.split(line, comments=True)[1:] for line in re.findall(r"^newsletter .*$", text, re.MULTILINE)]
    lines = [words for words in lines if words[0] not in OTHERWISE]
    assert [words[0] for words in lines][:3] == ["check", "render", "approve"]
    for words in lines:
        asks = words[0] in {"approve", "send"} and not {"--dry-run", "--to"} & set(words)
        ended = newsletter(*words, *(["--yes"] if asks else []), cwd=root, NEWSLETTER_SMTP__URL=room.url)
        assert ended.returncode == 0, f"{words}\n{ended.stdout}\n{ended.stderr}"
    assert room.recipients()[0] == "you@example.com"
    assert sorted(room.recipients()[1:]) == ["hong@example.com", "jane@example.org", "reader@example.net"]
