"""`newsletter template copy`, and a sheet of the workspace's own."""

from pathlib import Path

import pytest

from newsletter.edition.render import render
from newsletter.edition.template_files import TEMPLATES, bundled_templates
from newsletter.edition.variants import variants
from newsletter.errors import InputError
from newsletter.settings.bundled import bundled
from tests.cli.conftest import Call, make_workspace
from tests.support.archives import was_sent, write_issue
from tests.support.letters import issue_of, workspace_at


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "letters")


@pytest.mark.parametrize("name", ["footer", "_footer", "_footer.html.j2"])
def test_a_template_is_copied_as_it_is_by_any_of_its_names(call: Call, small: Path, name: str) -> None:
    ended = call("template", "copy", name, cwd=small)
    assert ended.code == 0, ended.err
    copied = small / TEMPLATES / "_footer.html.j2"
    assert ended.out.strip() == str(copied)
    assert copied.read_bytes() == (bundled(TEMPLATES) / "_footer.html.j2").read_bytes()
    copied.write_text("mine", encoding="utf-8")
    again = call("template", "copy", name, cwd=small)
    assert again.code == 64
    assert "_footer.html.j2" in again.err
    assert copied.read_text(encoding="utf-8") == "mine"


def test_a_template_of_the_archive_is_copied_to_where_the_archive_finds_it(call: Call, small: Path) -> None:
    ended = call("template", "copy", "--web", "story", cwd=small)
    assert ended.code == 0, ended.err
    copied = small / "templates" / "web" / "sections" / "story.html.j2"
    assert ended.out.strip() == str(copied)
    copied.write_text("<p>mine: {{ section.headline }}</p>", encoding="utf-8")
    write_issue(small, "2021-07", "title: 제목\nsections: [{ type: story, body: 글 }]\n")
    was_sent(small, "2021-07")
    ended = call("archive", "build", "public", cwd=small)
    assert ended.code == 65
    assert "templates/web/sections/story.html.j2:1" in ended.err


@pytest.mark.parametrize("name", ["fotter", "../../newsletter.toml", "", "x" * 500])
def test_a_name_that_no_template_has_copies_nothing(call: Call, small: Path, name: str) -> None:
    ended = call("template", "copy", name, cwd=small)
    assert ended.code == 64
    assert "footer" in ended.err
    assert not (small / TEMPLATES).exists()


def test_a_link_is_never_written_through(call: Call, small: Path, tmp_path: Path) -> None:
    (small / TEMPLATES).mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    (small / TEMPLATES / "_footer.html.j2").symlink_to(elsewhere)
    assert call("template", "copy", "footer", cwd=small).code == 64
    assert not elsewhere.exists()


def test_every_template_has_a_short_name_of_its_own(call: Call, small: Path) -> None:
    for name in bundled_templates():
        assert call("template", "copy", name.removesuffix(".j2").removesuffix(".html").lstrip("_"), cwd=small).code == 0
    assert {path.name for path in (small / TEMPLATES).iterdir()} == set(bundled_templates())


def test_an_extra_sheet_is_inlined_behind_ours_and_its_faults_are_told_there(tmp_path: Path) -> None:
    workspace, issue = workspace_at(tmp_path), issue_of(tmp_path)
    sheet = tmp_path / TEMPLATES / "extra.css.j2"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("h1{color:{{ palette.accent }};text-transform:uppercase}\n", encoding="utf-8")
    (variant,) = variants(issue, ["ko"])
    assert "text-transform:uppercase" in render(issue, workspace, variant).html
    sheet.write_text("h1{color:red}\n.x{width 3px}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        render(issue, workspace, variant)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (f"{TEMPLATES}/extra.css.j2", 2)
