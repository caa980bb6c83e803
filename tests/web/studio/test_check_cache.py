"""What the panels are told of an issue is kept while nothing has changed, and made anew when something has."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.edition.edition import Variant
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import load_settings
from newsletter.settings.workspace import Workspace
from newsletter.web.studio.cache import Stamp, stamp
from newsletter.web.studio.check_cache import Checks
from newsletter.web.studio.edition_cache import Editions, load
from newsletter.web.studio.model import Asked
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from tests.web.studio.studio_site import make_workspace

PEOPLE = "email,name,language,tags\na@example.com,가,ko,시민\nb@example.com,나,ko,기자\nc@example.com,다,ko,기자\n"
SECTION = "sections:\n  - { type: notice, body: 글, only_for: [시민] }\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "workspace")
    save(made.csv, PEOPLE)
    save(issue_of(made), issue_of(made).read_text(encoding="utf-8") + SECTION)
    return made


def issue_of(workspace: Workspace) -> Path:
    return workspace.issues / "2021-07.yaml"


def settings_of(workspace: Workspace) -> Stamp:
    return stamp([workspace.root / "newsletter.toml"])


def save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    save(path, text.replace(old, new))


class CheckedStudio:
    """The checks of one studio, as it asks for them after each save."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.checks = Checks(Editions())

    def mailed(self) -> dict[str, int]:
        """How many get which edition."""
        root = self.workspace.root
        settings = settings_of(self.workspace)
        now = Workspace(root, load_settings(root / "newsletter.toml", {}))
        return dict(self.checks.check(issue_of(now), now, settings).audience.variants)


def test_a_subscriber_more_is_counted(workspace: Workspace) -> None:
    studio = CheckedStudio(workspace)
    assert sum(studio.mailed().values()) == 3
    save(workspace.csv, f"{PEOPLE}d@example.com,라,ko,\n")
    assert sum(studio.mailed().values()) == 4


def test_a_section_for_others_is_counted_for_them(workspace: Workspace) -> None:
    studio = CheckedStudio(workspace)
    before = studio.mailed()
    edit(issue_of(workspace), "only_for: [시민]", "only_for: [기자]")
    after = studio.mailed()
    assert sorted(before.values()) == sorted(after.values()) == [1, 2]
    assert before != after


def test_another_language_of_the_newsletter_sorts_its_readers_anew(workspace: Workspace) -> None:
    save(workspace.csv, PEOPLE.replace(",ko,", ",,"))
    studio = CheckedStudio(workspace)
    assert all(variant.startswith("ko") for variant in studio.mailed())
    edit(workspace.root / "newsletter.toml", 'language = "ko"', 'language = "en"')
    assert all(variant.startswith("en") for variant in studio.mailed())


def test_what_has_not_changed_is_not_made_again(workspace: Workspace) -> None:
    checks = Checks(Editions())
    first = checks.check(issue_of(workspace), workspace, settings_of(workspace))
    assert checks.check(issue_of(workspace), workspace, settings_of(workspace)) is first


def test_who_leaves_meanwhile_is_counted_no_more(workspace: Workspace) -> None:
    studio = CheckedStudio(workspace)
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        assert sum(studio.mailed().values()) == 3
        ledger.suppress(
            workspace.settings.newsletter.list_id,
            key="a@example.com",
            reason="unsubscribed",
            now=datetime.now(UTC),
        )
        assert sum(studio.mailed().values()) == 2


def test_what_was_made_by_old_settings_is_not_kept_for_new_ones(workspace: Workspace) -> None:
    """A panel may wait for its turn while somebody saves newsletter.toml."""
    letters = WorkspaceLetters(workspace, None, {})
    waiting = letters.now()
    edit(workspace.root / "newsletter.toml", 'name = "서울이슈큐레이터"', 'name = "새이름큐레이터"')
    assert "새이름큐레이터" not in waiting.load(Asked(issue=None)).html
    waiting.checked(issue_of(workspace))
    assert "새이름큐레이터" in letters.now().load(Asked(issue=None)).html


def test_an_edition_is_one_of_the_issue_that_was_read(workspace: Workspace) -> None:
    """Somebody may save between the reading of an issue and its rendering."""
    editions, variant = Editions(), Variant("ko", (0,), 1)
    issue, before = load(issue_of(workspace), workspace, settings_of(workspace))
    edit(issue_of(workspace), "title: 신성장동력", "title: 다른주제")
    later, after = load(issue_of(workspace), workspace, settings_of(workspace))
    assert "다른주제" in editions.edition(later, after, variant, workspace).html
    assert "다른주제" not in editions.edition(issue, before, variant, workspace).html
