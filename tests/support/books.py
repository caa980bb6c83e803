"""What ledger tests plan: workspaces, letterheads, editions and audiences made up on the spot. Touches: nothing."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from newsletter.edition.edition import Context, Edition, Hole, Picture
from newsletter.ledger import lots
from newsletter.ledger.column_types import UtcMicroseconds
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.machine_tables import budgets
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Claim, Outcome, PlannedDelivery, State
from newsletter.message.message import Letterhead
from newsletter.settings.model import InstituteTable, LedgerTable, NewsletterTable, SenderTable, Settings
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LIST = "issue-curator.news.example.org"
ACCEPTED = Reply("dot", 250, "2.0.0", "Ok: queued as 4cR9")


def workspace_at(root: Path, url: str = "sqlite:///.newsletter/ledger.db") -> Workspace:
    settings = Settings(
        newsletter=NewsletterTable(name="서울이슈큐레이터", list_id=LIST),
        sender=SenderTable(address="no-reply@news.example.org"),
        institute=InstituteTable(name="서울연구원"),
        ledger=LedgerTable(url=url),
    )
    return Workspace(root, settings)


def letterhead(slug: str = "2021-07", list_id: str = LIST) -> Letterhead:
    return Letterhead(
        newsletter="서울이슈큐레이터",
        list_id=list_id,
        slug=slug,
        sender_name="서울연구원",
        sender_address="no-reply@news.example.org",
        reply_to="",
        envelope_sender="no-reply@news.example.org",
        date=NOW,
        pages_url="https://news.example.org",
        archive_url="",
        unsubscribe_mailto="",
        key_id="k1",
    )


def edition(slug: str = "2021-07", variant: str = "ko", words: str = "신성장동력") -> Edition:
    return Edition(
        slug=slug,
        variant=variant,
        language=variant[:2],
        subject=f"[서울이슈큐레이터] {words}",
        html=f"<p>{words} M1x</p>",
        text=f"{words} M2x\n",
        holes=(Hole("M1x", "name", "구독자", Context.HTML), Hole("M2x", "name", "구독자", Context.PLAIN)),
        pictures=(Picture("hero@example.org", "hero.png", "image/png", b"\x89PNG" + words.encode()),),
    )


def hash_of(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()[:16]


def reader(number: int, variant: str = "ko") -> PlannedDelivery:
    key = f"reader{number}@example.com"
    return PlannedDelivery(key, key, hash_of(key), variant, {"email": key, "name": "홍길동"}, number + 2)


def readers(count: int) -> list[PlannedDelivery]:
    return [reader(number) for number in range(count)]


def planned(book: Ledger, rows: int | Iterable[PlannedDelivery] = 3, slug: str = "2021-07", lot: int = 1) -> int:
    """The dispatch of a new plan whose words are its slug's own, in lots of so many: two processes share a few, too."""
    audience = readers(rows) if isinstance(rows, int) else rows
    with lots_of(lot):
        return book.plan(letterhead(slug), {"ko": edition(slug, words=slug)}, audience, NOW).dispatch


@contextmanager
def lots_of(size: int) -> Iterator[None]:
    """Plans of a small audience fill their lots with so many."""
    before, lots.AT_LEAST = lots.AT_LEAST, size
    try:
        yield
    finally:
        lots.AT_LEAST = before


def begun_long_ago(root: Path) -> None:
    """A SQLite ledger that `send --due` trusts, and that knows what was sent in the last days."""
    open_ledger(workspace_at(root), Purpose.BEGINNING).close()
    with closing(sqlite3.connect(root / ".newsletter" / "ledger.db")) as file, file:
        file.execute("UPDATE facts SET value = '2020-01-01T00:00:00+00:00' WHERE name = 'armed'")


def tally(book: Ledger, dispatch: int) -> dict[str, int]:
    """The counts that are not zero, by name."""
    return {state.value: number for state, number in book.counts(dispatch).items() if number}


def sent(claim: Claim) -> Outcome:
    return Outcome(claim, State.SENT, ACCEPTED)


def let_pass(book: Ledger, length: timedelta) -> None:
    """As if that much time had passed since messages were counted in the windows of hours and days."""
    grain, micros = sa.type_coerce(budgets.c.grain, sa.BigInteger), int(length.total_seconds() * 1_000_000)
    with book._database.write() as connection:
        # Two steps, since the new place of one may be the old place of another.
        connection.execute(sa.update(budgets).values(grain=sa.type_coerce(micros - grain, UtcMicroseconds)))
        connection.execute(sa.update(budgets).values(grain=sa.type_coerce(-grain, UtcMicroseconds)))
