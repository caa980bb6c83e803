"""Before the first message the page and the pictures are there, fetched from where letters lead; behind the last, the
archive leads to them. Whatever goes wrong stops before any dot and is tried again."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.lock_file import alone
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Outcome, State
from newsletter.smtp.reply import Reply
from newsletter.workflow.steps import publish_command
from newsletter.workflow.steps.sent_issues import sent_issues
from newsletter.workflow.steps.site import Built, build_site
from tests.support.books import LIST, NOW, begun_long_ago, planned
from tests.support.cli import newsletter, started
from tests.support.letters import picture_bytes
from tests.support.mailroom import Mailroom
from tests.support.published_site import PublishedSite, published_site
from tests.support.terminal import at_terminal
from tests.workflow.conftest import Cron, Reload, approve, write_issue
from tests.workflow.test_send_due import HOUR

PICTURE = "hero: { src: river.png, alt: 강 }\n"
MISSED = "no message before its page and pictures are there"


@pytest.fixture
def www(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublishedSite]:
    with published_site(tmp_path_factory.mktemp("www")) as site:
        yield site


@pytest.fixture
def settings(www: PublishedSite) -> dict[str, str]:
    """Of a newsletter whose pictures are hosted, and whose archive a command publishes."""
    return {
        "NEWSLETTER_LINKS__ARCHIVE_URL": www.url,
        "NEWSLETTER_IMAGES__MODE": "hosted",
        "NEWSLETTER_ARCHIVE__PUBLISH": www.command,
    }


@pytest.fixture
def cron(open_workspace: Reload, www: PublishedSite, settings: dict[str, str]) -> Cron:
    """An approved issue that is due, with a picture."""
    workspace = open_workspace(**settings)
    begun_long_ago(workspace.root)
    www.install(workspace.root)
    (workspace.root / "issues" / "river.png").write_bytes(picture_bytes(1300, 700))
    write_issue(workspace.root, due=HOUR, more=PICTURE)
    approve(workspace)
    return Cron(workspace)


def pictures_of(room: Mailroom) -> list[str]:
    """Those of the letter that came last."""
    html = room.letter_to(room.mail[-1][0]).get_body(("html",))
    assert html is not None
    return re.findall(r'<img[^>]* src="([^"]+)"', html.get_content())


def fetched(address: str) -> bytes:
    with urlopen(address, timeout=20) as answer:
        body: bytes = answer.read()
    return body


def test_letters_go_out_once_all_they_lead_to_is_there_and_then_the_archive_leads_to_them(
    cron: Cron, room: Mailroom, www: PublishedSite
) -> None:
    assert (cron.run(), cron.warnings) == (0, [])
    assert len(room.mail) == 3
    letter = room.letter_to("hong@example.com")
    assert [part.get_content_type() for part in letter.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    (address,) = pictures_of(room)
    (approved,) = (cron.workspace.root / "issues" / "2026-11.approved" / "pictures").iterdir()
    assert address == f"{www.url}/pictures/{approved.name}"
    assert fetched(address) == approved.read_bytes()
    assert letter["List-Archive"] == f"<{www.url}>"
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert f"{www.url}/2026-11/" in plain.get_content()
    assert "신성장동력" in fetched(f"{www.url}/2026-11/").decode()
    before, behind = www.indexes()
    assert "2026-11" not in before
    assert "2026-11/" in behind
    assert (cron.run(), cron.words, len(www.indexes())) == (0, [], 2)


def test_what_the_command_says_is_in_its_log_and_none_of_our_secrets_is_given_to_it(
    cron: Cron, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_SMTP__PASSWORD", "secret")
    monkeypatch.setenv("DEPLOY_TOKEN", "theirs")
    assert cron.run() == 0
    log = cron.workspace.root / ".newsletter" / "publish.log"
    assert log.read_text(encoding="utf-8") == f"copying {cron.workspace.root / 'build' / 'archive'} with []\n"
    assert log.stat().st_mode & 0o777 == 0o600


PAGE, PNG = "/archive/2026-11/", "picture"
FAULTS = [
    (PNG, (404, ("X-Any", "1"), b""), "the web server answers 404"),
    (PNG, (200, ("Content-Type", "image/png"), b"GIF89a"), "another file is there (6 bytes)"),
    (PNG, (302, ("Location", "http://127.0.0.1:9/"), b""), "leads elsewhere (302): http://127.0.0.1:9/"),
    (PAGE, (500, ("X-Any", "1"), b""), "the web server answers 500"),
    (PAGE, (200, ("Content-Type", "text/html"), b"<title>Home</title>"), "another page is there"),
]


def test_what_is_not_there_stops_before_any_dot_and_the_next_run_sends(
    cron: Cron, room: Mailroom, www: PublishedSite
) -> None:
    (approved,) = (cron.workspace.root / "issues" / "2026-11.approved" / "pictures").iterdir()
    for what, answer, why in FAULTS:
        path = PAGE if what == PAGE else f"/archive/pictures/{approved.name}"
        www.faults = {path: answer}
        assert cron.run() == 69
        told = "\n".join(cron.words)
        assert f"http://127.0.0.1:{www.port}{path}: " in told
        assert why in told
        assert "Nothing was sent. `newsletter send 2026-11`, or the next `newsletter send --due`, tries again." in told
        assert room.mail == [], MISSED
    assert (cron.run(), cron.warnings) == (69, []), "told once, and tried again"
    www.faults = {PAGE: FAULTS[3][1], f"/archive/pictures/{approved.name}": FAULTS[0][1]}
    assert cron.run() == 69
    assert cron.warnings == [], "two are missing now: a site that comes and goes is one trouble"
    www.faults.clear()
    assert (cron.run(), cron.warnings, len(room.mail)) == (0, [], 3)
    assert "2026-11/" in www.indexes()[-1]


TROUBLES = {
    "fails": ("sys.exit(3)", "[archive] publish ended with exit code 3."),
    "hangs": ("import time; os.system('sleep 600 & echo $! > child'); time.sleep(600)", "took longer than"),
    "is killed": ("os.kill(os.getpid(), signal.SIGKILL)", "[archive] publish ended with exit code -9."),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_command_that_goes_wrong_stops_before_any_dot(
    cron: Cron, room: Mailroom, www: PublishedSite, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = TROUBLES[trouble]
    if trouble == "hangs":
        patience = {"seconds": 1.0}
        monkeypatch.setattr(publish_command.run_publish_command, "__kwdefaults__", patience)
    www.before_copying(code)
    assert cron.run() == 69
    assert said in cron.warnings[0]
    assert ".newsletter/publish.log" in cron.warnings[0]
    assert room.mail == [], MISSED
    if trouble == "hangs":
        child = int((cron.workspace.root / "child").read_text())
        with pytest.raises(ProcessLookupError):  # what it had started is gone with it
            os.kill(_unless_zombie(child), 0)
    www.before_copying("")
    assert (cron.run(), len(room.mail)) == (0, 3)


def _unless_zombie(pid: int) -> int:
    """A dead process that nobody has asked about yet still has its number."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return pid
    if state == "Z":
        raise ProcessLookupError
    return pid


def test_a_command_that_cannot_be_started_is_told(
    cron: Cron, open_workspace: Reload, room: Mailroom, settings: dict[str, str]
) -> None:
    cron.workspace = open_workspace(**settings | {"NEWSLETTER_ARCHIVE__PUBLISH": "./no-such-program --token=x9y8"})
    assert cron.run() == 69
    assert "[archive] publish cannot be started: there is no such file" in cron.warnings[0]
    assert "write its whole path" in cron.warnings[0]
    assert "publish.log" not in cron.warnings[0]
    assert "x9y8" not in "".join(cron.words)
    assert room.mail == [], MISSED


def test_the_operator_is_mailed_that_publishing_failed_and_how_to_try_again(
    cron: Cron, open_workspace: Reload, room: Mailroom, www: PublishedSite, settings: dict[str, str]
) -> None:
    cron.workspace = open_workspace(**settings, NEWSLETTER_OPERATOR__NOTIFY='["ops@example.org"]')
    www.before_copying("sys.exit(3)")
    assert cron.run() == 69
    notice = room.letter_to("ops@example.org")
    assert notice["Subject"] == "[newsletter] 2026-11: 올리지 못함"
    text = notice.get_content()
    assert "newsletter send 2026-11" in text
    assert "newsletter status" not in text


def test_an_archive_that_cannot_lead_to_it_at_the_end_is_tried_again_and_no_letter_is(
    cron: Cron, room: Mailroom, www: PublishedSite
) -> None:
    www.after_copying(f"Path({str(www.folder / 'trouble.py')!r}).write_text('sys.exit(4)')")
    assert cron.run() == 69
    assert "exit code 4" in cron.warnings[0]
    assert len(room.mail) == 3
    www.after_copying("")
    assert (cron.run(), cron.warnings) == (69, [])
    www.before_copying("")
    assert (cron.run(), cron.warnings) == (0, [])
    assert "2026-11/" in www.indexes()[-1]
    runs = len(www.indexes())
    assert (cron.run(), cron.words, len(www.indexes()), len(room.mail)) == (0, [], runs, 3)


def test_pictures_that_travel_inside_need_no_archive_to_go_out_but_it_is_told(
    cron: Cron, open_workspace: Reload, room: Mailroom, www: PublishedSite
) -> None:
    """Where no command publishes, somebody does by hand."""
    cron.workspace = open_workspace(NEWSLETTER_LINKS__ARCHIVE_URL=www.url)
    approve(cron.workspace)
    assert cron.run() == 0
    assert len(room.mail) == 3
    (told,) = cron.warnings
    assert f"{www.url}/2026-11/: the web server answers 404" in told
    assert "publish the folder build/archive now" in told
    assert "what its letters lead to is not there yet (" in told
    assert any("building its page and its pictures in build/archive" in words for words in cron.words)
    assert (cron.run(), cron.words) == (0, [])
    assert (cron.workspace.root / "build" / "archive" / "2026-11" / "index.html").is_file()


def test_who_sends_by_hand_is_told_before_the_question_that_nothing_is_uploaded(
    cron: Cron, room: Mailroom, www: PublishedSite, settings: dict[str, str]
) -> None:
    environ = settings | {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_LANG": "en"}
    for command, is_told in (("", True), (www.command, False)):
        environ["NEWSLETTER_ARCHIVE__PUBLISH"] = command
        with at_terminal("send", "2026-11", cwd=cron.workspace.root, **environ) as terminal:
            seen = terminal.read_until("Send it")
            terminal.type("no\n")
            terminal.read_to_end()
            assert terminal.process.wait() == 77
        assert (f"upload it to {www.url} yourself" in seen) is is_told
    assert room.mail == []


def test_hosted_pictures_that_nobody_published_stop_it_and_a_folder_that_is_served_as_it_is_does(
    cron: Cron, open_workspace: Reload, room: Mailroom, www: PublishedSite, settings: dict[str, str]
) -> None:
    by_hand = settings | {"NEWSLETTER_ARCHIVE__PUBLISH": ""}
    cron.workspace = open_workspace(**by_hand)
    assert cron.run() == 69
    assert "The letters would have no pictures. Publish the folder build/archive" in cron.warnings[0]
    assert room.mail == [], MISSED
    cron.workspace = open_workspace(**by_hand, NEWSLETTER_ARCHIVE__DIR=str(www.folder / "archive"))
    assert (cron.run(), cron.warnings, len(room.mail)) == (0, [], 3)
    assert "2026-11/" in (www.folder / "archive" / "index.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_made_stops_it(cron: Cron, room: Mailroom) -> None:
    (cron.workspace.root / "subscribers.csv").write_text("email,name\nhong@example.com,홍길동\n", encoding="utf-8")
    write_issue(cron.workspace.root, due=HOUR, more="author: '{{ subscriber.name }}'\n")
    approve(cron.workspace)
    assert cron.run() == 65
    assert "2026-11: its letters would lead to a page that cannot be made" in cron.warnings[0]
    assert "author" in cron.warnings[0]
    assert room.mail == [], MISSED


def test_a_corrected_picture_is_published_before_anybody_gets_it(
    cron: Cron, room: Mailroom, settings: dict[str, str]
) -> None:
    root, environ = cron.workspace.root, settings | {"NEWSLETTER_SMTP__URL": room.url}
    assert newsletter("send", "2026-11", "--yes", "--first", "1", cwd=root, **environ).returncode in {0, 77}
    (first,) = pictures_of(room)
    (root / "issues" / "river.png").write_bytes(picture_bytes(1300, 700, mode="L"))
    approve(cron.workspace)
    assert newsletter("revise", "2026-11", "--yes", cwd=root, **environ).returncode == 0
    assert newsletter("resume", "2026-11", cwd=root, **environ).returncode == 0
    assert (cron.run(), len(room.mail)) == (0, 3)
    (second,) = pictures_of(room)
    assert first != second
    assert fetched(first) != fetched(second), "who got the first has its picture still"


def test_killed_between_publishing_and_the_first_dot_everybody_gets_it_once(
    cron: Cron, room: Mailroom, www: PublishedSite, settings: dict[str, str]
) -> None:
    environ = settings | {"NEWSLETTER_SMTP__URL": room.url}
    www.after_copying("os.kill(os.getppid(), signal.SIGKILL)")
    killed = started("send", "--due", cwd=cron.workspace.root, **environ)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert room.mail == [], MISSED
    www.after_copying("")
    assert (cron.run(), cron.warnings) == (0, [])
    assert sorted(recipient for recipient, _ in room.mail) == [
        "hong@example.com",
        "jane@example.org",
        "kim@example.net",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_end_meanwhile_it_ends_the_command_and_sends_nothing(
    cron: Cron, room: Mailroom, www: PublishedSite, settings: dict[str, str], number: signal.Signals
) -> None:
    begun = www.folder / "begun"
    os.mkfifo(begun)
    www.before_copying(f"import time; open({str(begun)!r}, 'w').write(str(os.getpid())); time.sleep(600)")
    run = started("send", "--due", cwd=cron.workspace.root, **settings, NEWSLETTER_SMTP__URL=room.url)
    command = int(begun.read_text())
    run.send_signal(number)
    run.communicate(timeout=120)
    assert run.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(_unless_zombie(command), 0)
    assert room.mail == [], MISSED
    www.before_copying("")
    assert (cron.run(), len(room.mail)) == (0, 3)


def test_a_second_cron_meanwhile_neither_publishes_nor_sends(
    cron: Cron, room: Mailroom, www: PublishedSite, settings: dict[str, str]
) -> None:
    begun, go = www.folder / "begun", www.folder / "go"
    os.mkfifo(begun)
    os.mkfifo(go)
    www.before_copying(f"open({str(begun)!r}, 'w').close(); open({str(go)!r}).close()")
    first = started("send", "--due", cwd=cron.workspace.root, **settings, NEWSLETTER_SMTP__URL=room.url)
    begun.open().close()
    assert (cron.run(), cron.words, room.mail) == (75, [], [])
    www.before_copying("")
    go.open("w").close()
    first.communicate(timeout=120)
    assert first.returncode == 0
    assert len(room.mail) == 3
    assert len(www.indexes()) == 2
    assert (cron.run(), cron.words) == (0, [])


def test_a_publishing_that_never_ends_is_told_once(cron: Cron, room: Mailroom) -> None:
    lock = cron.workspace.state / "archive.lock"
    with alone(lock):
        assert (cron.run(), cron.warnings) == (75, [])
        os.utime(lock, (0, 0))
        assert cron.run() == 75
        (told,) = cron.warnings
        assert "over an hour" in told
        assert (cron.run(), cron.warnings, room.mail) == (75, [], [])
    assert (cron.run(), cron.warnings, len(room.mail)) == (0, [], 3)
    assert lock.stat().st_mtime > 0, "the next one is not taken for it"


def test_by_hand_it_is_the_same_and_a_canary_says_how_to_begin_again(
    cron: Cron, room: Mailroom, www: PublishedSite, settings: dict[str, str]
) -> None:
    root, environ = cron.workspace.root, settings | {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_LANG": "ko"}
    www.before_copying("sys.exit(3)")
    canary = newsletter("send", "2026-11", "--yes", "--first", "1", cwd=root, **environ)
    assert canary.returncode == 69
    assert "`newsletter resume 2026-11`, 이어서 `newsletter send 2026-11 --first 1` 명령을 실행하세요." in canary.stderr
    assert newsletter("resume", "2026-11", cwd=root, **environ).returncode == 0
    assert newsletter("send", "2026-11", "--yes", cwd=root, **environ).returncode == 69
    assert room.mail == [], MISSED
    www.before_copying("")
    www.after_copying(f"Path({str(www.folder / 'trouble.py')!r}).write_text('sys.exit(4)')")
    sent = newsletter("send", "2026-11", "--yes", cwd=root, **environ)
    assert sent.returncode == 0, sent.stderr
    assert len(room.mail) == 3
    assert "보관함이 아직 그 호를 가리키지 않습니다" in sent.stderr
    www.before_copying("")
    www.after_copying("")
    assert newsletter("send", "2026-11", "--yes", cwd=root, **environ).returncode == 0
    with open_ledger(cron.workspace, Purpose.READ) as ledger:
        assert ledger.unlisted(cron.workspace.settings.newsletter.list_id) == []
    assert len(room.mail) == 3


def test_a_page_waits_for_its_letters_while_another_issue_comes_and_goes(
    cron: Cron, room: Mailroom, www: PublishedSite
) -> None:
    room.replies = {"*": "451 4.7.1 try again later"}
    assert cron.run() == 75
    room.replies = {}
    write_issue(cron.workspace.root, "2026-12", due=HOUR, more="intro: 다른 글입니다. 이번에는 청년정책을 다룹니다.\n")
    text = (cron.workspace.root / "issues" / "2026-12.yaml").read_text(encoding="utf-8")
    changed = re.sub(r"(?ms)^intro: \|.*?(?=^publish_at)", "", text).replace("신성장동력", "청년정책")
    (cron.workspace.root / "issues" / "2026-12.yaml").write_text(changed, encoding="utf-8")
    approve(cron.workspace, "2026-12")
    cron.run()
    assert len(room.mail) == 3
    assert "2026-12/" in www.indexes()[-1]
    assert "2026-11/" not in www.indexes()[-1]
    page = cron.workspace.root / "build" / "archive" / "2026-11" / "index.html"
    assert page.is_file(), "its letters will lead to it"
    cron.retry_now = True
    assert (cron.run(), len(room.mail)) == (0, 6)
    assert "2026-11/" in www.indexes()[-1]


def test_whoever_joins_later_takes_no_issue_out_of_the_index_and_git_alone_has_the_pictures(
    cron: Cron, room: Mailroom, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = cron.workspace.root
    assert cron.run() == 0
    (address,) = pictures_of(room)
    with (root / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("late@example.com,\n")
    room.replies = {"late@example.com": "451 4.7.1 try again later"}
    environ = settings | {"NEWSLETTER_SMTP__URL": room.url}
    late = newsletter("send", "2026-11", "--latecomers", "--yes", cwd=root, **environ)
    assert late.returncode == 75, late.stderr
    with open_ledger(cron.workspace, Purpose.READ) as ledger:
        assert "2026-11" in [one.slug for one in build(cron, tmp_path_factory.mktemp("again"), ledger).site.listed]
    # As in a fresh clone, where a CI job builds it.
    clone = tmp_path_factory.mktemp("clone")
    build(cron, clone, None)
    picture = clone / "pictures" / address.rpartition("/")[2]
    assert picture.read_bytes() == fetched(address)


def build(cron: Cron, folder: Path, ledger: Ledger | None) -> Built:
    def silently(_done: int, _total: int) -> None: ...

    return build_site(cron.workspace, folder, ledger, making=silently, writing=silently)


def test_what_nobody_has_is_led_to_by_nothing(open_workspace: Reload) -> None:
    workspace = open_workspace()
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book)
        book.page_published(dispatch, 1, NOW)
        with book.lease(NOW) as lease:
            claims = book.claim(dispatch, lease, 5, NOW)
            book.turn((), claims, NOW)
            refused = Reply("rcpt", 550, "5.7.1", "no")
            book.turn([Outcome(claim, State.FAILED, refused, "policy") for claim in claims], (), NOW)
        assert [one.slug for one in book.unlisted(LIST)] == ["2021-07"]
        found, _ = sent_issues(workspace, book)
        assert not found["2021-07"].is_at_end
