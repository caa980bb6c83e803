"""`newsletter new --next`: each date of the schedule gets its issue, once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.settings.load import find_workspace
from newsletter.workflow.new_next import new_next
from newsletter.workflow.steps.published import published
from tests.cli.conftest import Call, make_workspace

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture
def monthly(tmp_path: Path) -> Path:
    root = make_workspace(tmp_path / "letters")
    settings = root / "newsletter.toml"
    settings.write_text(f'{settings.read_text()}every = "first monday 09:00"\n', encoding="utf-8")
    return root


def made(root: Path) -> tuple[str, str]:
    workspace = find_workspace(root, explicit=None, environ={})
    slug = new_next(workspace, now=NOW).stem
    at = published(workspace)[slug]
    assert at is not None
    return slug, at.isoformat()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_one_after_the_other_is_made_with_its_name_and_date(monthly: Path, language: str) -> None:
    settings = monthly / "newsletter.toml"
    settings.write_text(settings.read_text().replace('"en"', f'"{language}"'), encoding="utf-8")
    assert made(monthly) == ("2026-12", "2026-12-07T09:00:00+09:00")
    # A special issue takes the date that it has; one that cannot be read keeps its name.
    (monthly / "issues" / "new-year.yaml").write_text("title: New\npublish_at: 2027-01-04T12:00\nintro: |\n  a\n")
    (monthly / "issues" / "2027-02.yaml").write_text("{")
    assert made(monthly) == ("2027-03", "2027-03-01T09:00:00+09:00")


def test_the_command_names_what_it_made(call: Call, monthly: Path) -> None:
    ended = call("new", "--next", cwd=monthly)
    assert ended.code == 0, ended.err
    assert Path(ended.out.strip()).is_file()
    assert "newsletter preview 20" in ended.err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--next",), 78, '\n[schedule]\nevery = "last day 09:00"\n'),
        (("--next", "2026-12"), 64, "newsletter new --next"),
        ((), 64, "newsletter new --next"),
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_cannot_be_dated_is_told_with_the_next_step(
    call: Call, tmp_path: Path, words: tuple[str, ...], code: int, told: str, language: str
) -> None:
    root = make_workspace(tmp_path / "letters")
    before = sorted(root.rglob("*"))
    ended = call("new", *words, cwd=root, NEWSLETTER_LANG=language)
    assert (ended.code, told in ended.err) == (code, True), ended.err
    assert sorted(root.rglob("*")) == before


def test_the_next_one_may_begin_as_the_last_one_was(call: Call, monthly: Path) -> None:
    (monthly / "issues" / "last.yaml").write_text("title: A\nnumber: 3\nclosing: |\n  Bye.\n", encoding="utf-8")
    ended = call("new", "--next", "--from", "last", cwd=monthly)
    assert ended.code == 0, ended.err
    made = Path(ended.out.strip()).read_text(encoding="utf-8")
    assert 'title: ""\nnumber: 4\n' in made
    assert "publish_at: 20" in made
    assert "stands empty" in ended.err


def test_a_document_begins_an_issue_and_its_words_are_no_option(call: Call, monthly: Path) -> None:
    (monthly / "a.md").write_text("# A\n\nwords\n\n![far](https://example.org/a.png)\n", encoding="utf-8")
    ended = call("new", "first", "--from", "a.md", cwd=monthly)
    assert ended.code == 0, ended.err
    assert "left out: 1 picture" in ended.err
    assert call("new", "second", "--from", "a.md", "--with-texts", cwd=monthly).code == 64
    assert call("new", "third", "--with-texts", cwd=monthly).code == 64
    assert call("new", "first", "--from", "a.md", cwd=monthly).code == 64


def test_a_feed_begins_an_issue_and_is_no_document(call: Call, monthly: Path) -> None:
    item = "<item><title>B</title><link>https://example.org/b</link></item>"
    (monthly / "feed.xml").write_text(f"<rss><channel><title>A</title>{item}</channel></rss>", encoding="utf-8")
    ended = call("new", "first", "--from-feed", "feed.xml", cwd=monthly)
    assert ended.code == 0, ended.err
    assert "1 note" in ended.err
    assert call("new", "second", "--from-feed", "feed.xml", "--from", "first", cwd=monthly).code == 64
    assert call("new", "second", "--from-feed", "http://127.0.0.1:9/feed", cwd=monthly).code == 69
    assert call("new", "second", "--from-feed", "https://127.0.0.1:9/feed", cwd=monthly).code == 69
    assert not (monthly / "issues" / "second.yaml").exists()
