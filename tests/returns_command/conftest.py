"""An issue that was sent to a few readers, and the messages that come back of it. Touches: the disk, databases."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from newsletter.audience.links import Links
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Claim, Outcome, PlannedDelivery, State
from newsletter.message.message_id import message_ids
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply
from newsletter.workflow.steps.keys import links_of
from tests.ledger.conftest import postgres
from tests.support.books import LIST, NOW, edition, letterhead, sent, workspace_at
from tests.support.postgres import Cluster

OTHER = "another.news.example.org"
NOBODY = "550 5.1.1 no such user"
FULL = "552 5.2.2 mailbox full"
BOUNCES = "bounce@news.example.org"
__all__ = ["postgres"]


@dataclass
class Scene:
    """What was sent, and what a mail system would say about it."""

    workspace: Workspace

    @property
    def links(self) -> Links:
        return links_of(self.workspace, create=True)

    def ledger(self) -> Ledger:
        return open_ledger(self.workspace, Purpose.SENDING)

    def send(self, slug: str, *keys: str, list_id: str = LIST, full: Collection[str] = ()) -> int:
        """The dispatch; the relay says of those in `full` that their mailbox is."""
        links = links_of(self.workspace, create=True, list_id=list_id)
        head = replace(letterhead(slug, list_id), key_id=links.key_id)
        rows = [
            PlannedDelivery(key, key, links.address_hash(key), "ko", {"email": key}, line)
            for line, key in enumerate(keys, 2)
        ]
        with self.ledger() as book:
            if list_id != LIST:
                book.add_newsletter(list_id, NOW)
            dispatch = book.plan(head, {"ko": edition(slug, words=f"{list_id} {slug}")}, rows, NOW).dispatch
            with book.lease(NOW) as lease:
                claims = book.claim(dispatch, lease, len(keys), NOW)
                book.turn([], claims, NOW)
                book.turn([sent(claim) for claim in claims if claim.key not in full], [], NOW)
                book.turn([_full(claim) for claim in claims if claim.key in full], [], NOW)
        return dispatch

    def message_id(self, slug: str, key: str, list_id: str = LIST) -> str:
        links = links_of(self.workspace, create=True, list_id=list_id)
        head = replace(letterhead(slug, list_id), key_id=links.key_id)
        return message_ids(head, links)(key)

    def bounce(self, key: str, *, said: str = NOBODY, message_id: str = "", to: str = BOUNCES) -> bytes:
        """A DSN (RFC 3464) that returns the header of the letter."""
        return f"""From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain

It could not be delivered.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {key}
Action: failed
Status: {said.split()[1]}
Diagnostic-Code: smtp; {said}

--=_b
Content-Type: text/rfc822-headers

From: no-reply@news.example.org
{f"Message-ID: {message_id}" if message_id else "X-Nothing: here"}
Subject: letter

--=_b--
""".encode()

    def complaint(self, message_id: str, *, who: str = "") -> bytes:
        """A report of spam (RFC 5965), whose sender keeps silent about the reader where `who` is empty."""
        named = f"Original-Rcpt-To: {who}\n" if who else ""
        return f"""From: feedback@isp.example.net
To: abuse@news.example.org
Subject: FW: letter
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=_c"

--=_c
Content-Type: text/plain

This is an email abuse report.

--=_c
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: ISP/1.0
Version: 1
{named}
--=_c
Content-Type: text/rfc822-headers

From: no-reply@news.example.org
Message-ID: {message_id}
Subject: letter

--=_c--
""".encode()

    def leaving(self, token: str) -> bytes:
        """What a mail program sends for the mailto of List-Unsubscribe."""
        return f"From: reader@example.com\nTo: leave@news.example.org\nSubject: unsubscribe {token}\n\n".encode()

    def who_left(self) -> dict[str, set[tuple[str, str]]]:
        """Address -> newsletter and reason of what suppresses it."""
        left: dict[str, set[tuple[str, str]]] = {}
        with self.ledger() as book:
            for newsletter in (LIST, OTHER):
                for one in book.suppressions(newsletter):
                    left.setdefault(one.key or one.address_hash.hex(), set()).add((one.newsletter, one.reason))
        return left


def _full(claim: Claim) -> Outcome:
    return Outcome(claim, State.FAILED, Reply("rcpt", 552, "5.2.2", "mailbox full"), "mailbox_full")


def maildir(root: Path, *messages: bytes) -> Path:
    """A new Maildir with these messages, delivered."""
    for part in ("tmp", "new", "cur"):
        (root / part).mkdir(parents=True, exist_ok=True)
    for message in messages:
        deliver(root, message)
    return root


def deliver(root: Path, message: bytes) -> None:
    number = sum(1 for _ in root.rglob("*"))
    (root / "new" / f"1669000000.{number}.mx").write_bytes(message)


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """On both databases."""
    if request.param == "sqlite":
        yield Scene(workspace_at(tmp_path))
    else:
        server: Cluster = request.getfixturevalue("postgres")
        yield Scene(workspace_at(tmp_path, server.schema()))


@pytest.fixture
def quick(tmp_path: Path) -> Scene:
    """On SQLite, for what is not the ledger's business."""
    return Scene(workspace_at(tmp_path))


def mbox_of(*messages: bytes) -> bytes:
    """As a mail system writes it: lines that begin as a message does are quoted."""
    quoted = (re.sub(rb"^(>*From )", rb">\1", message, flags=re.MULTILINE) for message in messages)
    return b"".join(b"From MAILER-DAEMON Mon Nov 30 12:00:00 2026\n" + message + b"\n" for message in quoted)


def messages_in(place: Path) -> list[bytes]:
    """Of a Maildir or an mbox, as Python's own library finds them; nothing where it is not there."""
    if not place.exists():
        return []
    if place.is_dir():
        return [path.read_bytes() for part in ("new", "cur") for path in sorted((place / part).glob("[!.]*"))]
    pieces = re.split(rb"(?:^|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\n", place.read_bytes())
    return [re.sub(rb"^>(>*From )", rb"\1", piece[:-1], flags=re.MULTILINE) for piece in pieces[1:]]
