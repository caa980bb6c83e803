"""What the studio says of a letter: languages and tags, raw message, headers, inbox rows; and how it is asked for."""

import email
import email.policy
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from newsletter.edition.wrap import columns
from newsletter.errors import SettingsError
from newsletter.message.headers import leaving_fields, sender_field, standing_fields, subject_field
from newsletter.message.message import Letterhead
from newsletter.settings.workspace import Workspace
from newsletter.web.studio.inbox_rows import clients, cut, inbox_rows
from newsletter.web.studio.model import Asked
from newsletter.web.studio.panels.findings import findings_panel
from newsletter.web.studio.query import Query
from newsletter.web.studio.raw_message import HEADER_WORDS, readable_wire
from newsletter.web.studio.readers import MAX_READERS
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from tests.support.letters import picture_bytes
from tests.web.studio.studio_site import ISSUE, SETTINGS, make_workspace

SECTIONS = """sections:
  - type: notice
    only_for: [시민]
    body: 시민에게만
  - type: notice
    body: 모두에게
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "workspace")
    (made.root / "issues" / "2021-07.yaml").write_text(ISSUE + SECTIONS, encoding="utf-8")
    return made


@pytest.fixture
def letters(workspace: Workspace) -> WorkspaceLetters:
    return WorkspaceLetters(workspace, "2021-07", {})


def test_language_and_tags_can_be_others_than_the_readers(letters: WorkspaceLetters) -> None:
    own = letters.now().load(Asked())
    assert (own.reader, own.language, own.tags, own.all_tags) == ("hong@example.com", "ko", (), ("시민",))
    assert "시민에게만" not in own.text
    asked = letters.now().load(Asked(language="en-GB", tags=("시민", "청년")))
    assert (asked.reader, asked.language, asked.tags) == ("hong@example.com", "en", ("시민", "청년"))
    assert "시민에게만" in asked.text
    assert "홍길동님" in asked.text
    assert letters.now().load(Asked(language="no such language")).language == "ko"


def test_hosted_pictures_are_seen_before_they_are_published(workspace: Workspace) -> None:
    address = "https://news.example.org/archive"
    hosted = {"NEWSLETTER_IMAGES__MODE": "hosted", "NEWSLETTER_LINKS__ARCHIVE_URL": address}
    (workspace.root / "issues" / "river.png").write_bytes(picture_bytes(40, 20))
    picture = "  - { type: notice, body: 강, image: { src: river.png, alt: 강 } }\n"
    (workspace.root / "issues" / "2021-07.yaml").write_text(ISSUE + SECTIONS + picture, encoding="utf-8")
    now = WorkspaceLetters(workspace, "2021-07", hosted).now()
    view = now.load(Asked())
    named = [cid for cid in view.pictures if f'src="cid:{cid}"' in view.html]
    assert named == list(view.pictures)
    assert f"{address}/pictures/" not in view.html
    html = email.message_from_bytes(now.message(Asked())[1], policy=email.policy.default).get_body(("html",))
    assert html is not None
    assert f'src="{address}/pictures/river-' in html.get_content(), "what is sent is the address"


def test_the_raw_message_is_what_is_sent_with_short_pictures(letters: WorkspaceLetters) -> None:
    view = letters.now().load(Asked())
    slug, data = letters.now().message(Asked())
    assert slug == "2021-07"
    assert view.size == len(data)
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert message["Subject"] == view.subject
    html = message.get_body(("html",))
    assert html is not None
    assert html.get_content().replace("\r\n", "\n") == view.html
    wire = data.decode("ascii").replace("\r\n", "\n")
    assert _undated(view.raw) == _undated(wire)
    assert len(view.raw) <= len(wire)


def _undated(raw: str) -> str:
    """Up to its first picture; the two messages may be of different seconds."""
    return re.sub(r"^Date: .*$", "Date:", raw.partition("Content-Type: image/png")[0], flags=re.MULTILINE)


def test_a_signature_is_shown_where_there_is_a_key_and_not_missed_where_there_is_none(workspace: Workspace) -> None:
    dkim = '[dkim]\nkeys = [{ selector = "s1", file = "dkim.pem" }]\n'
    (workspace.root / "newsletter.toml").write_text(SETTINGS + dkim, encoding="utf-8")
    letters = WorkspaceLetters(workspace, "2021-07", {})
    assert letters.now().load(Asked()).problems == ()
    assert "DKIM-Signature" not in letters.now().load(Asked()).raw
    key = workspace.root / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
    view = WorkspaceLetters(workspace, "2021-07", {}).now().load(Asked())
    assert view.headers[0].name == "DKIM-Signature"
    assert "d=news.example.org;" in view.headers[0].value
    assert view.headers[0].why
    assert view.raw.startswith("DKIM-Signature: ")


def test_only_pictures_are_shortened() -> None:
    lines = "\r\n".join("QUJD" * 19 for _ in range(100))
    text = f"--=_a\r\nContent-Type: text/html\r\n\r\n{lines}\r\n"
    picture = f"--=_a\r\nContent-Type: image/png\r\nContent-ID: <x>\r\n\r\n{lines}\r\n--=_a--\r\n"
    shown = readable_wire((text + picture).encode())
    assert shown.startswith(text.replace("\r\n", "\n"))
    assert "[… 97]\n--=_a--" in shown
    assert len(shown) < len(text) + 600


def everything() -> Letterhead:
    """A letterhead by which every header is written."""
    return Letterhead(
        newsletter="서울이슈큐레이터",
        list_id="studio.news.example.org",
        slug="2021-07",
        sender_name="서울연구원",
        sender_address="no-reply@news.example.org",
        reply_to="desk@news.example.org",
        envelope_sender="bounce@news.example.org",
        date=datetime(2026, 11, 22, tzinfo=UTC),
        pages_url="https://news.example.org",
        archive_url="https://news.example.org/archive",
        unsubscribe_mailto="leave@news.example.org",
        key_id="k1",
    )


def test_every_header_we_ever_send_is_explained_in_both_languages(letters: WorkspaceLetters) -> None:
    head = everything()
    fields = [sender_field(head), subject_field(head, "ko", "x"), *leaving_fields(head, "token")]
    fields += standing_fields(head, "ko")
    names = (
        {field.name for field in fields}
        | {line.name for line in letters.now().load(Asked()).headers}
        | {"DKIM-Signature"}
    )
    assert names <= HEADER_WORDS.keys()
    assert all(words.in_language(language) for words in HEADER_WORDS.values() for language in ("ko", "en"))
    assert all(line.why for line in letters.now().load(Asked()).headers)


def test_an_inbox_row_is_cut_by_columns() -> None:
    html = "<html><head><title>x</title></head><body><div>미리 보는 글" + "‌ " * 50 + "</div><p>본문</p></body></html>"
    rows = {row.client: row for row in inbox_rows("서울연구원", "가" * 60, html)}
    assert rows.keys() == clients().keys()
    assert rows["gmail"].subject == "가" * 34 + "…"
    assert rows["gmail"].subject_cut
    assert rows["gmail"].preheader == ""
    assert rows["naver"].preheader == ""
    assert rows["gmail_phone"].preheader == "미리 보는 글"
    assert not rows["gmail_phone"].preheader_cut
    short = {row.client: row for row in inbox_rows("서울연구원", "짧은 제목", html)}
    assert (short["gmail"].subject_cut, short["gmail"].preheader) == (False, "미리 보는 글")


def test_every_width_says_where_it_comes_from() -> None:
    assert all(widths.measured.startswith(("assumed", "measured")) for widths in clients().values())


@given(st.text(max_size=60), st.integers(0, 60))
def test_what_is_cut_never_takes_more_room(text: str, room: int) -> None:
    shown = cut(text, room)
    assert columns(shown) <= room or shown == text
    assert shown == text or shown == "" or shown.endswith("…")


@given(st.text(max_size=300), st.text(max_size=300), st.lists(st.text(max_size=30), max_size=5))
def test_a_link_leads_back_to_what_was_asked(reader: str, language: str, tags: list[str]) -> None:
    query = Query.of(QueryParams({"as": reader, "language": language, "tags": ";".join(tags), "look": "dark"}))
    assert Query.of(QueryParams(query.link()[1:])) == query
    assert Query.of(QueryParams(query.link(view="text")[1:])).view == "text"
    assert len(query.asked.reader or "") <= 200


def test_what_makes_no_sense_is_the_default() -> None:
    query = Query.of(QueryParams("view=nothing&look=<script>&images=maybe&ui=fr&issue="))
    assert (query.view, query.look, query.images, query.spoken) == ("letter", "light", "on", "")
    assert query.asked == Asked()
    assert query.link() == "?"
    assert Query.of(QueryParams("tags=;")).asked.tags == ()
    assert Query.of(QueryParams("tags=;")).link() == "?tags=%3B"


def test_readers_are_found_in_a_large_file_and_their_number_is_bounded(workspace: Workspace) -> None:
    rows = "".join(f"reader{number}@example.com,독자 {number}\n" for number in range(60_000))
    workspace.csv.write_text(f"email,name\n{rows}last@example.com,마지막\n", encoding="utf-8")
    letters = WorkspaceLetters(workspace, "2021-07", {})
    assert len(letters.now().find_readers("독자")) == MAX_READERS
    assert letters.now().load(Asked(reader="LAST@example.com")).reader == "last@example.com"
    assert letters.now().load(Asked(reader="reader1@example.com")).reader == "reader1@example.com"
    assert letters.now().load(Asked(reader="마지막")).reader == "last@example.com"


def test_a_request_sees_one_workspace_whatever_is_saved_meanwhile(
    workspace: Workspace, letters: WorkspaceLetters
) -> None:
    toml = workspace.root / "newsletter.toml"
    toml.write_text(f'{SETTINGS}[preview]\nproof_to = ["editor@example.org"]\n', encoding="utf-8")
    before = letters.now()
    toml.write_text(SETTINGS.replace("서울이슈큐레이터", "다른 이름"), encoding="utf-8")
    after = letters.now()
    assert (before.publisher.name, list(before.proof_to)) == ("서울이슈큐레이터", ["editor@example.org"])
    assert (after.publisher.name, list(after.proof_to)) == ("다른 이름", [])


def test_settings_that_cannot_be_read_are_told_under_the_last_name_and_allow_nobody(
    workspace: Workspace, letters: WorkspaceLetters
) -> None:
    toml = workspace.root / "newsletter.toml"
    toml.write_text(f'{SETTINGS}[preview]\nproof_to = ["editor@example.org"]\n', encoding="utf-8")
    assert letters.now().proof_to
    toml.write_text("[newsletter]\n", encoding="utf-8")
    now = letters.now()
    assert (now.publisher.name, now.publisher.language, list(now.proof_to)) == ("서울이슈큐레이터", "ko", [])
    assert now.load(Asked()).problems[0].file == "newsletter.toml"
    with pytest.raises(SettingsError):
        now.send_proof(Asked(), "editor@example.org")


def test_an_issue_that_is_taken_away_says_so_and_comes_back(workspace: Workspace, letters: WorkspaceLetters) -> None:
    path = workspace.root / "issues" / "2021-06.yaml"
    text = path.read_text(encoding="utf-8")
    assert letters.now().load(Asked(issue="2021-06")).problems == ()
    path.unlink()
    assert letters.now().load(Asked(issue="2021-06")).problems
    assert findings_panel(letters.now(), Asked(issue="2021-06")).errors
    path.write_text(text, encoding="utf-8")
    assert letters.now().load(Asked(issue="2021-06")).problems == ()
    (workspace.root / "issues" / "2021-07.yaml").rename(workspace.root / "issues" / "2021-08.yaml")
    assert letters.now().load(Asked()).problems
    assert letters.now().load(Asked(issue="2021-08")).problems == ()
