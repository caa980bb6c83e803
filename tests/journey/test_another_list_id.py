"""A list_id that changes, with the real command: who left stays away, old links go on working, nobody is lost."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.journey.conftest import PAGES
from tests.support.cli import newsletter, started
from tests.support.mailroom import Mailroom

NEW = "letter.city.example.org"
HONG, JANE, KIM = "hong@example.com", "jane@example.org", "kim@example.net"


class Desk:
    """The commands of one workspace, and its letters."""

    def __init__(self, root: Path, room: Mailroom) -> None:
        self.root, self.room = root, room
        self.old = next(line.split('"')[1] for line in self._toml().splitlines() if line.startswith("list_id"))
        self.environ = {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}
        for slug, about in (("2026-12", "겨울 골목의 불빛"), ("2027-01", "새해의 동네 도서관")):
            text = f"title: {about}\nintro: |\n  이번 달에는 {about}을 다룹니다.\n"
            (root / "issues" / f"{slug}.yaml").write_text(text, encoding="utf-8")

    def run(self, *words: str, code: int = 0, **environ: str) -> str:
        ended = newsletter(*words, cwd=self.root, **self.environ, **environ)
        assert ended.returncode == code, f"{words}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout + ended.stderr

    def write(self, list_id: str, *former: str) -> None:
        """Into newsletter.toml."""
        kept = [line for line in self._toml().splitlines() if not line.startswith(("list_id", "former_list_ids"))]
        at = kept.index("[newsletter]") + 1
        kept[at:at] = [f'list_id = "{list_id}"', f"former_list_ids = {json.dumps(former)}"]
        (self.root / "newsletter.toml").write_text("\n".join(kept) + "\n", encoding="utf-8")

    def link_of(self, address: str) -> str:
        return str(self.room.letter_to(address)["List-Unsubscribe"]).strip("<>")

    @contextmanager
    def pages(self) -> Iterator[httpx.Client]:
        """A client of `serve`."""
        with started("serve", "--port", "0", cwd=self.root, **self.environ) as serving:
            assert serving.stdout is not None
            try:
                with httpx.Client(trust_env=False, base_url=serving.stdout.readline().strip()) as client:
                    yield client
            finally:
                serving.send_signal(signal.SIGTERM)
            assert serving.wait(30) == 0

    def click(self, client: httpx.Client, link: str) -> None:
        answer = client.post(link.removeprefix(PAGES), data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200

    def identities(self) -> dict[str, str]:
        rows = [json.loads(line) for line in self.run("ledger", "export", "2026-11").splitlines()]
        return {row["address"]: row["message_id"] for row in rows if row["kind"] == "delivery"}

    def _toml(self) -> str:
        return (self.root / "newsletter.toml").read_text(encoding="utf-8")


@pytest.fixture
def desk(workspace: Path, room: Mailroom) -> Desk:
    return Desk(workspace, room)


def test_who_left_gets_nothing_under_another_list_id_and_old_links_work_on(desk: Desk, room: Mailroom) -> None:
    desk.run("send", "2026-11", "--yes")
    links = {address: desk.link_of(address) for address in (HONG, JANE, KIM)}
    with desk.pages() as client:
        desk.click(client, links[HONG])

    # The list_id changes: nothing is sent, whichever way it is tried, and the words name both ways on.
    desk.write(NEW)
    rename = f"newsletter rename-list {desk.old} {NEW}"
    for words in (["send", "2026-12", "--yes"], ["--quiet", "send", "--due"]):
        told = desk.run(*words, code=77)
        assert rename in told, words
        assert f"newsletter ledger init --newsletter {NEW}" in told, words
    assert desk.run("--quiet", "send", "--due", code=77) == "", "told again after a day, not every ten minutes"
    assert len(room.mail) == 3

    # Who clicks meanwhile is not lost, although the pages know another list_id than the letter.
    with desk.pages() as client:
        assert "<form" in client.get(links[KIM].removeprefix(PAGES)).text
        desk.click(client, links[KIM])

        # It is asked about, and taken along. The pages run on.
        desk.run("rename-list", desk.old, NEW, code=64)
        told = desk.run("rename-list", desk.old.upper(), NEW, "--yes")
        assert f'former_list_ids = ["{desk.old}"]' in told

        # Until the old salt is written down, who left by a link could not be recognised.
        assert f'former_list_ids = ["{desk.old}"]' in desk.run("send", "2026-12", "--yes", code=77)
        assert len(room.mail) == 3
        desk.write(NEW, desk.old)
        desk.run("send", "2026-12", "--yes")
        assert room.recipients()[3:] == [JANE]
        assert room.letter_to(JANE)["List-Id"].endswith(f"<{NEW}>")

        # Links of both letters open the page; the old one ends it for the new name.
        for link in (links[JANE], desk.link_of(JANE)):
            assert client.get(link.removeprefix(PAGES)).status_code == 200
        desk.click(client, links[JANE])
    left = [line.split("\t")[1] for line in desk.run("subscribers", "list", "--suppressed").splitlines()]
    assert left == [HONG, JANE, KIM]
    desk.run("send", "2027-01", "--yes")
    assert len(room.mail) == 4
    assert "BROKEN" not in desk.run("ledger", "verify")
    # A person takes it back, whichever name the link was made with.
    assert "may be mailed again" in desk.run("subscribers", "unsuppress", JANE)
    assert JANE not in desk.run("subscribers", "list", "--suppressed")


def test_an_issue_that_was_begun_goes_on_with_the_words_it_was_planned_with(desk: Desk, room: Mailroom) -> None:
    room.replies = {KIM: "451 4.7.1 greylisted"}
    desk.run("send", "2026-11", "--yes", code=75)
    planned = desk.identities()
    desk.run("rename-list", desk.old, NEW, "--yes")
    assert NEW in desk.run("send", "2026-11", "--yes", code=77), "under the old list_id it is not sent any more"
    desk.write(NEW, desk.old)
    room.replies = {}
    desk.run("send", "2026-11", "--yes", "--retry-now")
    letter = room.letter_to(KIM)
    assert letter["Message-ID"] == planned[KIM]
    assert letter["List-Id"] == room.letter_to(HONG)["List-Id"]
    assert letter["List-Id"].endswith(f"<{desk.old}>")
    assert desk.identities() == planned
    with desk.pages() as client:
        desk.click(client, desk.link_of(KIM))
    desk.run("send", "2026-12", "--yes")
    assert sorted(room.recipients()[3:]) == [HONG, JANE]


def test_a_slip_in_the_environment_is_named_and_the_case_of_letters_is_none(desk: Desk, room: Mailroom) -> None:
    desk.run("send", "2026-11", "--yes")
    slip = {"NEWSLETTER_NEWSLETTER__LIST_ID": f"x{desk.old}"}
    told = desk.run("send", "2026-12", "--yes", code=77, **slip)
    assert f"x{desk.old} comes from NEWSLETTER_NEWSLETTER__LIST_ID" in told
    desk.run("send", "2026-12", "--yes", NEWSLETTER_NEWSLETTER__LIST_ID=desk.old.upper())
    assert len(room.mail) == 6


def test_a_second_newsletter_shares_the_ledger_once_somebody_says_so(desk: Desk, room: Mailroom) -> None:
    desk.run("send", "2026-11", "--yes")
    with desk.pages() as client:
        desk.click(client, desk.link_of(HONG))
    assert NEW in desk.run("ledger", "init", "--newsletter", NEW.upper())
    desk.run("send", "2026-12", "--yes", NEWSLETTER_NEWSLETTER__LIST_ID=NEW)
    assert sorted(room.recipients()[3:]) == [HONG, JANE, KIM], "leaving holds for one newsletter"
