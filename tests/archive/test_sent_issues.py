"""Which issues are in the archive, and in which words: what was sent, as it was approved."""

import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps import archived, made_ahead
from newsletter.workflow.steps.site import Built, build_site
from tests.support.archives import SETTINGS, archive_workspace, built, files_in, was_sent, workspace_in, write_issue
from tests.support.books import planned
from tests.support.cli import newsletter


def page(folder: Path, slug: str = "2021-07") -> str:
    return (folder / slug / "index.html").read_text(encoding="utf-8")


def change(root: Path, old: str = "안녕하세요.", new: str = "반갑습니다.") -> None:
    path = root / "issues" / "2021-07.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_words_that_nobody_approved_are_not_shown_and_the_page_stays(tmp_path: Path) -> None:
    root, site = tmp_path / "w", tmp_path / "site"
    workspace = archive_workspace(root, "2021-07")
    built(workspace, site)
    before = files_in(site)
    change(root)
    found = built(workspace, site)
    (told,) = found.warnings
    assert "newsletter approve 2021-07" in told.in_language("en")
    assert (found.problems, found.issues, files_in(site)) == ((), 1, before)
    # Elsewhere nobody knows what the page was like: it is left out, and that is an error.
    elsewhere = Workspace(root, workspace.settings)
    (root / ".newsletter" / "archive" / "2021-07.json").unlink()
    found = built(elsewhere, tmp_path / "other")
    assert len(found.problems) == 1
    assert not (tmp_path / "other" / "2021-07").exists()
    # The folder has it still, and keeps it.
    assert len(built(elsewhere, site).problems) == 1
    assert "안녕하세요." in page(site)


def test_what_was_approved_anew_is_shown(tmp_path: Path) -> None:
    root, site = tmp_path / "w", tmp_path / "site"
    workspace = archive_workspace(root, "2021-07")
    built(workspace, site)
    change(root)
    done = newsletter("approve", "2021-07", "--yes", "--by", "Jane Doe", cwd=root)
    assert done.returncode == 0, done.stderr
    assert built(workspace_in(root), site).warnings == ()
    assert "반갑습니다." in page(site)
    # From now on the approval tells: to change a tag or the theme is no change of the words.
    change(root, "tags: [경제", "tags: [일자리")
    toml = root / "newsletter.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + '[theme]\naccent = "#0b5394"\n', encoding="utf-8")
    assert built(workspace_in(root), site).warnings == ()
    assert "일자리" in page(site)
    change(root, "반갑습니다.", "또 고쳤습니다.")
    (told,) = built(workspace_in(root), site).warnings
    assert "issues/2021-07.yaml: intro" in told.in_language("en")


def test_without_approvals_the_file_is_shown_as_it_is_and_that_is_told(tmp_path: Path) -> None:
    root, site = tmp_path / "w", tmp_path / "site"
    workspace = archive_workspace(root, "2021-07", settings=f"{SETTINGS}[schedule]\nrequire_approval = false\n")
    change(root)
    for _ in range(2):
        (told,) = built(workspace, site).warnings
        assert "as its file is now" in told.in_language("en")
    assert "반갑습니다." in page(site)


@pytest.mark.parametrize(
    ("states", "has_page", "is_listed"),
    [
        ({"sent": 3}, True, True),
        ({"sent": 1, "failed": 2}, True, True),
        ({"in_doubt": 1, "suppressed": 2}, True, True),
        ({"planned": 3}, False, False),
        ({"failed": 3}, False, False),
        ({"cancelled": 3}, False, False),
        ({"sent": 1, "cancelled": 2}, True, False),
    ],
    ids=str,
)
def test_an_issue_is_there_when_somebody_has_it(
    tmp_path: Path, states: dict[str, int], has_page: bool, is_listed: bool
) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07", "2022-07")
    was_sent(tmp_path / "w", "2022-07", **states)
    found = built(workspace, tmp_path / "site")
    files = files_in(tmp_path / "site")
    assert ("2022-07/index.html" in files) == has_page
    assert found.issues == 1 + is_listed
    led = [name for name, data in files.items() if b"2022-07" in data and not name.startswith(("2022-07/", "."))]
    assert bool(led) == is_listed


def test_the_planned_issue_has_its_page_before_anything_leads_to_it(tmp_path: Path) -> None:
    def build(planned: str) -> Built:
        nothing = lambda _done, _total: None  # noqa: E731
        return build_site(workspace, site, ledger, planned=planned, making=nothing, writing=nothing)

    root, site = tmp_path / "w", tmp_path / "site"
    workspace = archive_workspace(root, settings=f"{SETTINGS}[schedule]\nrequire_approval = false\n")
    write_issue(root, "2021-07")
    with open_ledger(workspace, Purpose.SENDING) as ledger:
        planned(ledger)
        build("")
        assert not (site / "2021-07").exists()
        found = build("2021-07")
        assert found.issues == 0
        assert "구독자님" in page(site)
        assert "2021-07" not in (site / "index.html").read_text(encoding="utf-8")


def test_a_page_stays_where_nobody_knows_any_more_that_its_issue_was_sent(tmp_path: Path) -> None:
    root, site = tmp_path / "w", tmp_path / "site"
    workspace = archive_workspace(root, "2021-07", "2022-07")
    write_issue(root, "2023-07")
    built(workspace, site, drafts=True)
    for path in (root / "issues").glob("*.sent.json"):
        path.unlink()
    for _ in range(2):
        found = built(workspace, site)
        assert [told.in_language("en")[:7] for told in found.warnings] == ["2021-07", "2022-07"]
        assert "안녕하세요." in page(site)
        assert not (site / "2023-07").exists(), "a draft does not stay"
    was_sent(root, "2022-07", planned=3)
    (root / "issues" / "2021-07.yaml").unlink()
    built(workspace, site)
    assert not (site / "2021-07").exists(), "who removes the file means it"
    assert not (site / "2022-07").exists(), "nobody has it"


def test_a_broken_issue_stops_only_its_page(tmp_path: Path) -> None:
    root, site = tmp_path / "w", tmp_path / "site"
    archive_workspace(root, "2021-07", "2022-07", "2023-07")
    done = newsletter("archive", "build", str(site), cwd=root)
    assert (done.returncode, done.stdout) == (0, f"{site}\n")
    assert "3 issues" in done.stderr
    write_issue(root, "2021-07", "title: [\n")
    (root / "issues" / "2022-07.sent.json").write_text("{", encoding="utf-8")
    (root / "issues" / "2023-07.yaml").unlink()
    done = newsletter("archive", "build", str(site), cwd=root)
    assert done.returncode == 65
    for told in ("issues/2021-07.yaml:", "issues/2022-07.sent.json", "issues/2023-07.yaml is not there"):
        assert told in done.stderr
    assert "안녕하세요." in page(site), "a page that letters lead to stays"
    assert not (site / "2023-07").exists()


def test_many_issues_are_made_on_all_cores_and_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "title: 제목\npublish_at: {}-07-26T09:00\nintro: '{{{{ subscriber.name | default(\"독자\") }}}}님'\n"
    for root in (tmp_path / "a", tmp_path / "b"):
        archive_workspace(root)
        for year in range(2001, 2018):
            write_issue(root, f"{year}-07", text.format(year))
            was_sent(root, f"{year}-07")
    # One of them is broken: that is told once, by who asked.
    for root in (tmp_path / "a", tmp_path / "b"):
        write_issue(root, "2005-07", "title: [\n")
    made: list[int] = []

    def counted(*given: Any) -> int:  # noqa: ANN401 - what make_ahead takes
        made.append(make_ahead(*given))
        return made[-1]

    make_ahead = made_ahead.make_ahead
    monkeypatch.setattr(archived, "make_ahead", counted)
    for cores, name in ((2, "a"), (1, "b")):
        monkeypatch.setattr(made_ahead, "usable_cores", lambda cores=cores: cores)
        assert len(built(workspace_in(tmp_path / name), tmp_path / f"site-{name}").problems) == 1
    assert made == [17, 0]
    assert files_in(tmp_path / "site-a") == files_in(tmp_path / "site-b")
    assert not multiprocessing.active_children()
