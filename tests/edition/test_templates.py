"""Templates: whose win, and how their mistakes are told."""

from pathlib import Path

import pytest

from newsletter.edition.edition import Variant
from newsletter.edition.render import render
from newsletter.edition.templates import render_template
from newsletter.errors import InputError
from newsletter.settings.workspace import Workspace
from tests.support.letters import issue_of, story, workspace_at
from tests.support.spoken import assert_told_in_both


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = workspace_at(tmp_path)
    workspace.templates.mkdir(parents=True)
    return workspace


def test_a_workspace_replaces_single_files(workspace: Workspace) -> None:
    (workspace.templates / "_footer.html.j2").write_text("<tr><td>우리 꼬리말</td></tr>", encoding="utf-8")
    issue = issue_of(workspace.root)
    html = render(issue, workspace, Variant("ko", (), 0)).html
    assert "우리 꼬리말" in html
    assert "신성장동력</h1>" in html


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("<p>\n{% if %}</p>", r"the template is not written as it should be \(Expected an expression", 2),
        (
            "<p>\n\n{{ letter.nothing }}",
            "^[^ ]+ `letter` has no `nothing`; it has both_ways, chrome_language, date, dir, ",
            3,
        ),
        ("<p>{{ letter.titel }}", "`letter` has no `titel`; did you mean `title`?", 1),
        ("<p>{{ palette.inc }}", "`palette` has no `inc`; did you mean `ink`?", 1),
        ("<p>{{ nothing }}", "^[^ ]+ there is no `nothing`; templates know closing, contents, dir, end, ", 1),
        ("{% if sectoins %}{% endif %}", "there is no `sectoins`; did you mean `sections`?", 1),
        ("{{ letter.title.nothing }}", "a text has no `nothing`", 1),
        ("{{ sections.nothing }}", "`sections` has no `nothing`", 1),
        ("{{ hero.src }}", "`src` of something that this letter does not have; ask first", 1),
        ("{% for s in sections %}{{ s.hedding }}{% endfor %}", "this section has no `hedding`; did you mean `head", 1),
        ("\n{{ 1 / 0 }}", r"the template cannot be filled \(ZeroDivisionError: division by zero\)", 2),
        ("\n{{ letter.title + 1 }}", "TypeError", 2),
        ("\n{{ t('nothing') }}", "KeyError", 2),
        ("\n{{ letter.__class__.__mro__ }}", "SecurityError", 2),
        ("{% include 'nothing.j2' %}", "there is no template nothing.j2", 1),
        ("{% for x in range(10 ** 9) %}{% endfor %}", "OverflowError", 1),
    ],
)
def test_a_mistake_in_a_template_is_told_with_file_and_line(
    workspace: Workspace, source: str, message: str, line: int
) -> None:
    (workspace.templates / "_hero.html.j2").write_text(source, encoding="utf-8")
    (workspace.templates / "layout.html.j2").write_text("{% include '_hero.html.j2' %}", encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        render(issue_of(workspace.root, sections=[story()]), workspace, Variant("ko", (0,), 1))
    assert_told_in_both(caught.value)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("templates/email/_hero.html.j2", line)


def test_text_is_escaped_and_never_a_template(workspace: Workspace) -> None:
    (workspace.templates / "x.html.j2").write_text("{{ text }}", encoding="utf-8")
    assert render_template("x.html.j2", {"text": "<b>{{ 7 * 7 }}</b>"}, workspace.templates) == (
        "&lt;b&gt;{{ 7 * 7 }}&lt;/b&gt;"
    )


def test_an_edit_shows_at_once(workspace: Workspace) -> None:
    for said in ("처음", "나중"):
        (workspace.templates / "x.html.j2").write_text(said, encoding="utf-8")
        assert render_template("x.html.j2", {}, workspace.templates) == said


def test_a_workspaces_new_file_wins_at_once(workspace: Workspace) -> None:
    (workspace.templates / "x.html.j2").write_text("{% include '_row.html.j2' %}", encoding="utf-8")
    render_template("x.html.j2", {}, workspace.templates)
    (workspace.templates / "_row.html.j2").write_text("우리 줄", encoding="utf-8")
    assert render_template("x.html.j2", {}, workspace.templates) == "우리 줄"
