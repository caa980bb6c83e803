"""Each distinct variant is made once, and a field that somebody never sees is asked of nobody."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.edition import render as rendering
from newsletter.edition.edition import Edition, Variant
from newsletter.errors import InputError, RefusedError
from newsletter.issue.model import Issue
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.check import check
from newsletter.workflow.steps.prepare import prepare
from tests.workflow.conftest import Reload, write_issue

SECTIONS = """sections:
  - type: notice
    body: 모두에게
  - type: notice
    only_for: [연구]
    body: "{{ subscriber.fields.team }}"
translations:
  en: { title: Engines }
"""
PEOPLE = "email,name,language,tags,team\n"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the variants that were really rendered, in order."""
    names: list[str] = []
    real: Callable[[Issue, Workspace, Variant], Edition] = rendering.render

    def counted(issue: Issue, workspace: Workspace, variant: Variant) -> Edition:
        names.append(variant.name)
        return real(issue, workspace, variant)

    monkeypatch.setattr(rendering, "render", counted)
    return names


def people(root: Path, *rows: str) -> None:
    (root / "subscribers.csv").write_text(PEOPLE + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def test_every_variant_is_rendered_once_when_an_issue_is_approved_and_never_again(
    open_workspace: Reload, tmp_path: Path, made: list[str]
) -> None:
    workspace = open_workspace()
    write_issue(tmp_path, more=SECTIONS)
    people(tmp_path, *(f"a{n}@example.com,,{'en' if n % 2 else 'ko'},{'연구' if n % 3 else ''},팀" for n in range(40)))
    keep(workspace, propose(workspace, "2026-11"), by="reviewer")
    assert made == ["ko", "ko-0", "en", "en-0"]
    assert prepare(workspace, "2026-11").audience.people == 40
    assert len(made) == 4


def test_every_variant_is_rendered_once_when_an_unapproved_issue_is_planned(
    open_workspace: Reload, tmp_path: Path, made: list[str]
) -> None:
    workspace = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    write_issue(tmp_path, more=SECTIONS)
    people(tmp_path, "a@example.com,,ko,연구,팀", "b@example.com,,ko,연구,팀", "c@example.com,,en,,")
    prepare(workspace, "2026-11")
    assert made == ["ko", "ko-0", "en", "en-0"]


def test_a_changed_translation_needs_a_new_approval(open_workspace: Reload, tmp_path: Path) -> None:
    workspace = open_workspace()
    path = write_issue(tmp_path, more=SECTIONS)
    people(tmp_path, "a@example.com,,ko,,")
    keep(workspace, propose(workspace, "2026-11"), by="reviewer")
    path.write_text(path.read_text(encoding="utf-8").replace("Engines", "Motors"), encoding="utf-8")
    with pytest.raises(RefusedError, match=r"issues/2026-11\.yaml: translations\.en\.title"):
        prepare(workspace, "2026-11")


def test_a_field_is_asked_only_of_those_who_see_its_section(open_workspace: Reload, tmp_path: Path) -> None:
    workspace = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    write_issue(tmp_path, more=SECTIONS)
    people(tmp_path, "a@example.com,,ko,시민,", "b@example.com,,en,,", "c@example.com,,ko,연구,팀")
    assert prepare(workspace, "2026-11").audience.people == 3
    assert "merge-missing" not in {finding.rule for finding in check(workspace, "2026-11").findings}
    people(tmp_path, "a@example.com,,ko,시민,", "b@example.com,,en,연구,", "c@example.com,,ko,연구,팀")
    with pytest.raises(InputError) as caught:
        prepare(workspace, "2026-11")
    [problem] = caught.value.problems
    assert (problem.file, problem.line) == ("subscribers.csv", 3)
    [finding] = [one for one in check(workspace, "2026-11").findings if one.rule == "merge-missing"]
    assert str(finding) == str(problem)


def test_a_field_of_a_translation_is_asked_only_of_its_readers(open_workspace: Reload, tmp_path: Path) -> None:
    workspace = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    write_issue(tmp_path, more="translations: { en: { title: 'For {{ subscriber.fields.team }}' } }\n")
    people(tmp_path, "a@example.com,,ko,,", "b@example.com,,,,", "c@example.com,,EN_gb,,team")
    assert prepare(workspace, "2026-11").audience.variants == {"ko": 2, "en": 1}
    people(tmp_path, "a@example.com,,ko,,", "c@example.com,,en,,")
    with pytest.raises(InputError, match=r"subscribers\.csv:3"):
        prepare(workspace, "2026-11")
