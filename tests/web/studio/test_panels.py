"""Every panel of the list has all that a panel needs; how a size is shown beside its limit."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import QueryParams

from newsletter.web.page_templates import PageTemplates
from newsletter.web.studio.model import Asked
from newsletter.web.studio.panels.registry import PANELS, Panel
from newsletter.web.studio.panels.sizes import state_of
from newsletter.web.studio.query import Query
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from tests.web.studio.studio_site import make_workspace, studio_site


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        ("preheader", 4, "near"),
        ("preheader", 39, "near"),
        ("preheader", 40, "good"),
        ("preheader", 100, "near"),
        ("preheader", 111, "over"),
        ("subject", 0, "good"),
        ("text", 10**9, "good"),
    ],
)
def test_a_preheader_can_also_be_too_short(name: str, value: int, state: str) -> None:
    limits = {
        "preheader": {"near": 100, "limit": 110, "least": 40},
        "subject": {"near": 60, "limit": 70},
        "text": {"near": 0, "limit": 0},
    }
    assert state_of(value, **limits[name]) == state


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_panel_has_a_tab_and_a_template_that_draws_what_it_makes(tmp_path: Path, panel: Panel, language: str) -> None:
    now = WorkspaceLetters(make_workspace(tmp_path / "workspace"), "2021-07", {}).now()
    templates = PageTemplates("studio", language)
    assert templates.words[f"panels.tab.{panel.name}"]
    made = panel.make(now, Asked())
    context = {"publisher": now.publisher, "query": Query.of(QueryParams()), "csrf": "", panel.name: made}
    assert f'id="{panel.name}-body"' in templates.text(f"panel_{panel.name}.html.j2", context)


def test_the_pages_are_in_the_language_that_was_asked_for_or_the_newsletters(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    assert workspace.settings.newsletter.language == "ko"
    for asked, spoken in ((None, "ko"), ("en", "en")):
        assert WorkspaceLetters(workspace, "2021-07", {}, asked).now().publisher.language == spoken


def test_the_page_has_the_panels_of_the_list_and_no_other(tmp_path: Path) -> None:
    with (
        studio_site(tmp_path / "workspace", panels=[PANELS[3], PANELS[0]]) as site,
        httpx.Client(base_url=site.url, trust_env=False, timeout=60) as client,
    ):
        tabs = re.findall(r'id="panel-tab-(\w+)"', client.get("/").text)
        assert tabs == ["issues", "findings", "proof"]
        assert client.get("/panel/issues").status_code == 200
        assert client.get("/panel/sizes").status_code == 404
