"""The studio's panels: findings that point, sizes, the audience without anybody in it, and every issue's state."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from newsletter.catalogue import Verbatim
from newsletter.check.page import read_page
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import load_settings
from newsletter.settings.workspace import Workspace
from newsletter.web.studio.model import Asked
from newsletter.web.studio.panels.audience import audience_panel
from newsletter.web.studio.panels.findings import findings_panel
from newsletter.web.studio.panels.issues import IssueState, issues_panel
from newsletter.web.studio.panels.sizes import sizes_panel
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from newsletter.workflow.approve import keep, propose
from tests.support import books
from tests.web.studio.studio_site import SETTINGS, StudioSite, draw, make_workspace, studio_site

NOBODY = ("hong@example.com", "홍길동", "Jane", "jane@example.org", "김철수", "kim@example.net")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


@pytest.fixture
def client(site: StudioSite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, trust_env=False, timeout=60) as opened:
        yield opened


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "workspace")


def letters(workspace: Workspace) -> WorkspaceLetters:
    return WorkspaceLetters(workspace, "2021-07", {})


def reload(workspace: Workspace) -> Workspace:
    return Workspace(workspace.root, load_settings(workspace.root / "newsletter.toml", {}))


def write(workspace: Workspace, name: str, text: str) -> None:
    (workspace.root / name).write_text(text, encoding="utf-8")


def change(workspace: Workspace, old: str, new: str) -> None:
    path = workspace.root / "issues" / "2021-07.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_finding_names_file_and_line_and_points_into_the_letter(site: StudioSite, client: httpx.Client) -> None:
    site.edit("[누리집](https://www.si.re.kr)", "[여기](https://www.si.re.kr)")
    panel = html.unescape(client.get("/panel/findings").text)
    assert "issues/2021-07.yaml:5:" in panel
    found = re.search(r'data-tag="(\d+)" data-line="(\d+)"', panel)
    assert found
    view = WorkspaceLetters(Workspace(site.root, load_settings(site.root / "newsletter.toml", {})), "2021-07", {})
    shown = view.now().load(Asked()).html
    tag = read_page(shown).tags[int(found[1])]
    assert (tag.name, tag.words) == ("a", "여기")
    assert "여기" in shown.split("\n")[int(found[2]) - 1]
    page = client.get("/").text
    frame = re.search(r'src="(letter/[^"]+)"', page)
    assert frame
    assert re.search(rf"<a data-tag={found[1]} [^>]*><u[^>]*>여기", client.get(html.unescape(frame[1])).text)


def test_findings_are_of_the_edition_that_is_shown(workspace: Workspace) -> None:
    change(workspace, "[누리집](https://www.si.re.kr)", "[여기](https://www.si.re.kr)")
    shown = letters(workspace)
    for language in ("ko", "en"):
        asked = Asked(language=language)
        jumps = [one for one in findings_panel(shown.now(), asked).findings if one.rule == "link-text"]
        assert jumps
        assert all(one.tag is not None for one in jumps)
        assert read_page(shown.now().load(asked).html).tags[jumps[0].tag or 0].words == "여기"


def test_a_broken_issue_is_a_finding_with_its_caret(workspace: Workspace) -> None:
    change(workspace, "title: 신성장동력", "titel: 신성장동력")
    found = findings_panel(letters(workspace).now(), Asked()).findings
    assert found[0].place == "issues/2021-07.yaml:1:1"
    assert found[0].severity == "error"
    assert found[0].excerpt.rstrip().endswith("^")
    assert sizes_panel(letters(workspace).now(), Asked()) == ()


@pytest.mark.parametrize(
    ("rule", "place"), [("link-tekst", "newsletter.toml:12:1"), ("issue-file", "newsletter.toml:12:1")]
)
def test_what_keeps_the_rules_from_looking_is_no_clean_letter(workspace: Workspace, rule: str, place: str) -> None:
    shown = letters(workspace)
    write(workspace, "newsletter.toml", f'{SETTINGS}[check.ignore]\n{rule} = "why"\n')
    assert shown.now().load(Asked()).problems == ()
    [found] = findings_panel(shown.now(), Asked()).findings
    assert (found.severity, found.place, rule in found.excerpt) == ("error", place, True)
    assert sizes_panel(shown.now(), Asked()) == ()
    assert not audience_panel(shown.now(), Asked()).counted
    write(workspace, "newsletter.toml", SETTINGS)
    assert sizes_panel(shown.now(), Asked())
    assert audience_panel(shown.now(), Asked()).counted


def test_an_edition_that_is_not_on_the_screen_may_be_the_broken_one(site: StudioSite, client: httpx.Client) -> None:
    sections = "".join(f"  - {{ type: notice, body: 글, only_for: [t{number}] }}\n" for number in range(7))
    site.save(site.issue, f"{site.issue.read_text(encoding='utf-8')}sections:\n{sections}")
    assert "64" in client.get("/panel/findings").text
    for panel in ("audience", "sizes"):
        assert "먼저 고칠 곳이 있어" in client.get(f"/panel/{panel}").text


def test_sizes_are_taken_at_the_longest_values(workspace: Workspace) -> None:
    def measured() -> dict[str, tuple[int, str]]:
        return {size.name: (size.value, size.state) for size in sizes_panel(letters(workspace).now(), Asked(reader=""))}

    before = measured()
    # This issue has no preheader, which is as far from good as one that is too long.
    assert before.pop("preheader") == (0, "near")
    assert {state for _, state in before.values()} == {"good"}
    for state, octets in (("near", 95_000), ("over", 110_000)):
        write(workspace, "subscribers.csv", f"email,name\nhong@example.com,{'x' * (octets - before['html'][0])}\n")
        assert measured()["html"][1] == state
    assert measured()["message"][0] > before["message"][0]
    assert before["subject"][0] == len("[") + 2 * 8 + len("] ") + 2 * 5


def test_a_longer_letter_around_the_same_values_is_not_counted_anew(workspace: Workspace) -> None:
    write(workspace, "subscribers.csv", f"email,name\nhong@example.com,{'x' * 5000}\njane@example.org,Jane\n")
    shown = letters(workspace)
    before = sizes_panel(shown.now(), Asked())
    change(workspace, "더 읽으실 수 있습니다.", "더 읽으실 수 있습니다. " + "아직 끝나지 않은 이야기입니다. " * 40)
    moved, anew = sizes_panel(shown.now(), Asked()), sizes_panel(letters(workspace).now(), Asked())
    for old, now, fresh in zip(before, moved, anew, strict=True):
        assert abs(now.value - fresh.value) <= 8, now.name
        assert (now.value > old.value + 1000) == (now.name in ("html", "text", "message"))
    change(workspace, "님, 안녕하세요", "님, {{ subscriber.fields.소속 | default('시민') }}, 안녕하세요")
    assert sizes_panel(shown.now(), Asked()) == sizes_panel(letters(workspace).now(), Asked())


def test_the_audience_is_numbers_and_never_anybody(site: StudioSite, client: httpx.Client) -> None:
    rows = [
        "hong@example.com,홍길동,ko,시민;청년",
        "HONG@example.com,홍길동,ko,시민",
        "jane@example.org,Jane Doe,en,kim@example.net",
        "kim@example.net,김철수,홍길동,",
        "not an address,홍길동,ko,",
        "",
    ]
    site.save(site.root / "subscribers.csv", "email,name,language,tags\n" + "\n".join(rows))
    answer = client.get("/panel/audience").text
    for word in NOBODY:
        assert word not in answer
    workspace = Workspace(site.root, load_settings(site.root / "newsletter.toml", {}))
    found = audience_panel(letters(workspace).now(), Asked())
    assert (found.total, found.mailed, found.bad, found.duplicates) == (5, 3, 1, 1)
    assert dict(found.by_language) == {"ko": 2, "en": 1}
    assert dict(found.by_tag) == {"시민": 1, "청년": 1}
    assert [count for _, count in found.faults] == [1, 1]


def test_a_column_full_of_names_is_counted_and_not_shown(workspace: Workspace) -> None:
    rows = "".join(f"reader{number}@example.com,ko,홍길동{number}\n" for number in range(100))
    write(workspace, "subscribers.csv", f"email,language,tags\n{rows}")
    found = audience_panel(letters(workspace).now(), Asked())
    assert found.by_tag == ()
    assert "홍길동" not in str(found)


def states(shown: WorkspaceLetters) -> dict[str, IssueState]:
    return {one.slug: one for one in issues_panel(shown.now(), Asked()).issues}


def words(state: IssueState) -> str:
    return "; ".join(said.in_language("ko") for said in state.words)


def approve(workspace: Workspace, slug: str) -> None:
    keep(workspace, propose(workspace, slug), by="김검토")


def test_an_issue_goes_from_draft_to_approved_to_changed_and_due(workspace: Workspace) -> None:
    shown = letters(workspace)
    assert states(shown)["2021-07"].state == "draft"
    approve(workspace, "2021-07")
    assert states(shown)["2021-07"].state == "approved"
    assert "김검토" in words(states(shown)["2021-07"])
    assert "놓쳤" in words(states(shown)["2021-07"])
    draw(workspace.root / "issues" / "hero.png", "orange")
    assert states(shown)["2021-07"].state == "changed"
    approve(workspace, "2021-07")
    change(workspace, "안녕하세요", "반갑습니다")
    assert states(shown)["2021-07"].state == "changed"
    assert "intro" in words(states(shown)["2021-07"])
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    change(workspace, "2021-07-26T08:56:00+09:00", yesterday)
    approve(workspace, "2021-07")
    assert states(shown)["2021-07"].state == "due"
    (workspace.root / "issues" / "2021-07.approved" / "ko.html").write_text("other", encoding="utf-8")
    assert states(shown)["2021-07"].state == "broken"
    assert states(shown)["2021-06"].state == "draft"


def test_what_the_ledger_knows_comes_first(workspace: Workspace) -> None:
    write(workspace, "newsletter.toml", SETTINGS.replace("studio.news.example.org", books.LIST))
    workspace = reload(workspace)
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = books.planned(book, 3)
        assert told(workspace) == ("planned", "3통을 계획했고 아직 보내지 않았습니다")
        send(book, dispatch, 1)
        assert told(workspace) == ("sending", "3통 가운데 1통을 보냈습니다")
        book.pause(dispatch, Verbatim("by hand"), books.NOW)
        assert told(workspace)[0] == "paused"
        book.resume(dispatch, books.NOW)
        send(book, dispatch, 2)
        assert told(workspace) == ("sent", "3통 가운데 3통을 보냈습니다")
        other = books.planned(book, 2, slug="2021-06")
        book.cancel(other, books.NOW)
        assert told(workspace, "2021-06")[0] == "cancelled"


def told(workspace: Workspace, slug: str = "2021-07") -> tuple[str, str]:
    found = states(letters(workspace))[slug]
    return found.state, words(found)


def send(book: Ledger, dispatch: int, count: int) -> None:
    with book.lease(books.NOW) as lease:
        claims = book.claim(dispatch, lease, count, books.NOW)
        assert book.turn([], claims, books.NOW) == frozenset()
        book.turn([books.sent(claim) for claim in claims], [], books.NOW)


def test_looking_makes_no_ledger_and_one_that_cannot_be_read_is_said(workspace: Workspace) -> None:
    state = states(letters(workspace))["2021-07"]
    assert words(state) == "아직 승인되지 않았습니다"
    audience_panel(letters(workspace).now(), Asked())
    assert not (workspace.state / "ledger.db").exists()
    workspace.state.mkdir(exist_ok=True)
    (workspace.state / "ledger.db").write_bytes(b"this is no database at all, and long enough to be one" * 50)
    assert "장부를 읽을 수 없어" in words(states(letters(workspace))["2021-07"])


def test_a_broken_issue_is_named_beside_the_others(workspace: Workspace) -> None:
    write(workspace, "issues/2021-08.yaml", "title: [")
    found = issues_panel(letters(workspace).now(), Asked())
    assert [one.slug for one in found.issues] == ["2021-08", "2021-07", "2021-06"]
    assert found.issues[0].state == "broken"
    assert "issues/2021-08.yaml:1:" in words(found.issues[0])


def test_of_very_many_issues_the_last_are_listed_and_the_rest_counted(workspace: Workspace) -> None:
    text = (workspace.root / "issues" / "2021-06.yaml").read_text(encoding="utf-8")
    for number in range(10_000):
        write(workspace, f"issues/2022-{number:05}.yaml", text)
    shown = letters(workspace)
    found = issues_panel(shown.now(), Asked())
    assert len(found.issues) == 61
    assert found.issues[0].slug == "2022-09999"
    assert found.issues[-1].slug == "2021-07"
    assert found.more == 10_002 - 61
    assert len(shown.now().load(Asked()).issues) <= 202


def test_what_the_server_says_is_in_the_language_of_the_page(client: httpx.Client) -> None:
    assert "아직 승인되지 않았습니다" in client.get("/panel/issues").text
    assert "Not approved yet" in client.get("/panel/issues?ui=en").text
    assert "Gmail cuts it at 102 KB" in html.unescape(client.get("/panel/sizes?ui=en").text)
    assert client.get("/?issue=2099-01").text == "이 작업 폴더에 그런 호가 없습니다.\n"
    assert client.get("/?issue=2099-01&ui=en").text == "There is no such issue in this workspace.\n"


def test_an_unknown_panel_is_404(client: httpx.Client) -> None:
    for name in ("nothing", "_proof", "findings.html"):
        assert client.get(f"/panel/{name}").status_code == 404
