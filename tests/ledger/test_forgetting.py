"""A person is erased: rows, pages and log hold the address no more, the counts stay, and nobody mails them again."""

import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from newsletter.errors import CannotWriteError, RefusedError, RunAgainError
from newsletter.ledger.forgetting import Forgetting, _theirs, whole_address
from newsletter.ledger.open import open_ledger
from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.people_tables import consent_texts, sign_ups, subscriptions
from newsletter.ledger.records import Purpose
from newsletter.ledger.rewriting import count_in
from newsletter.ledger.schema import metadata
from newsletter.ledger.states import Outcome, PlannedDelivery, State
from newsletter.smtp.reply import Reply
from tests.support.books import LIST, NOW, hash_of, planned, readers, sent, tally, workspace_at
from tests.support.postgres import Cluster

KEY = "hong@example.com"
WRITTEN = "Hong@Example.com"
LONGER = "gildong.hong@example.com"
OTHER_LIST = "other.news.example.org"


def _hashes(newsletter: str) -> tuple[bytes, ...]:
    return (hash_of(f"{newsletter} {KEY}"), hash_of(f"former {KEY}"))


def _hong() -> PlannedDelivery:
    return PlannedDelivery(WRITTEN, KEY, _hashes(LIST)[0], "ko", {"email": WRITTEN, "name": "홍길동"}, 2)


def _longer() -> PlannedDelivery:
    return PlannedDelivery(LONGER, LONGER, hash_of(LONGER), "ko", {"email": LONGER, "name": "홍길동"}, 3)


def _sent_to_all(book: PeopleLedger, slug: str = "2021-07") -> int:
    dispatch = planned(book, [_hong(), _longer(), *readers(3)], slug)
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 9, NOW)
        book.turn([], claims, NOW)
        refused = Reply("rcpt", 450, "4.2.0", f"<{WRITTEN}> greylisted")
        ends = [Outcome(one, State.FAILED, refused) if one.key == KEY else sent(one) for one in claims]
        book.turn(ends, [], NOW)
    return dispatch


def _signed_up(book: PeopleLedger) -> None:
    common = {"newsletter": LIST, "address_hash": _hashes(LIST)[0], "key": KEY, "address": WRITTEN, "name": "홍길동"}
    row = {**common, "state": "confirmed", "source": "form", "created_at": NOW, "changed_at": NOW}
    book._database.transact(lambda connection: book._database.insert_all_new(connection, subscriptions, [row]))
    assert book.traces(KEY, _hashes)[subscriptions.name] == 1


def test_everything_of_a_person_goes_and_the_counts_stay(book: PeopleLedger) -> None:
    dispatch = _sent_to_all(book)
    _signed_up(book)
    book.suppress("*", key=KEY, reason="complained", now=NOW)
    before = tally(book, dispatch)

    erased = book.forget(LIST, KEY, _hashes, NOW)

    assert erased == {"deliveries": 1, "subscriptions": 1, "suppressions": 1}
    assert tally(book, dispatch) == before == {"sent": 4, "failed": 1}
    assert book.traces(KEY, _hashes) == {}
    assert list(book.places_of([KEY])) == []
    assert [place.table for place in book.places_of([LONGER])] == ["deliveries"]
    assert [str(found.promise) for found in book.verify() if found.broken] == []


def test_an_issue_can_still_be_looked_at_whose_reply_lost_its_words(book: PeopleLedger) -> None:
    dispatch = _sent_to_all(book)
    book.forget(LIST, KEY, _hashes, NOW)
    refused = [row.reply for row in book.deliveries(dispatch) if row.state is State.FAILED]
    assert refused == [Reply("rcpt", 450, "4.2.0", "")]


def test_the_hash_keeps_them_from_being_mailed_and_the_older_reasons_stand(book: PeopleLedger) -> None:
    _sent_to_all(book)
    book.suppress("*", key=KEY, reason="complained", now=NOW)
    book.suppress(OTHER_LIST, key="somebody@example.com", reason="manual", now=NOW)
    book.forget(LIST, KEY, _hashes, NOW + timedelta(hours=1))
    for newsletter in (LIST, OTHER_LIST):
        reasons = {
            one.reason
            for one in book.suppressions(newsletter)
            if one.address_hash in _hashes(newsletter) and not one.key
        }
        assert reasons == {"complained", "forgotten"}
    again = planned(book, [_hong(), *readers(3)], "2021-08")
    with book.lease(NOW) as lease:
        assert KEY not in {claim.key for claim in book.claim(again, lease, 9, NOW)}
    assert tally(book, again)["suppressed"] == 1


def test_who_waits_in_an_issue_gets_no_more_of_it(book: PeopleLedger) -> None:
    dispatch = planned(book, [_hong(), *readers(3)])
    book.forget(LIST, KEY, _hashes, NOW)
    assert tally(book, dispatch) == {"planned": 3, "suppressed": 1}
    with book.lease(NOW) as lease:
        assert len(book.claim(dispatch, lease, 9, NOW)) == 3
    assert [str(found.promise) for found in book.verify() if found.broken] == []


def test_nothing_is_erased_while_a_process_sends_to_them(book: PeopleLedger) -> None:
    dispatch = planned(book, [_hong(), *readers(3)])
    with book.lease(NOW) as lease:
        book.claim(dispatch, lease, 9, NOW)
        with pytest.raises(RunAgainError, match="2021-07"):
            book.forget(LIST, KEY, _hashes, NOW)
        assert book.traces(KEY, _hashes) == {"deliveries": 1}


def test_nothing_is_erased_while_it_is_in_doubt(book: PeopleLedger) -> None:
    dispatch = planned(book, [_hong()])
    with book.lease(NOW) as lease:
        claims = book.claim(dispatch, lease, 9, NOW)
        book.turn([], claims, NOW)
        book.turn([Outcome(claims[0], State.IN_DOUBT)], [], NOW)
    with pytest.raises(RefusedError) as caught:
        book.forget(LIST, KEY, _hashes, NOW)
    assert f"resolve 2021-07 {KEY}" in str(caught.value.hint)
    book.resolve(dispatch, True, NOW)
    book.forget(LIST, KEY, _hashes, NOW)
    with pytest.raises(RefusedError):
        book.undo_resolve(dispatch)  # it would ask about somebody whom nobody knows


def test_octets_are_gone_from_pages_and_log(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    with open_people_ledger(workspace, Purpose.SENDING) as book:
        _sent_to_all(book)
        erased = book.forget(LIST, KEY, _hashes, NOW)
        remains = book.clear_remains([KEY], erased)
        files = [path for path in (tmp_path / ".newsletter").iterdir() if path.name.startswith("ledger.db")]
        alone = [re.compile(rb"(?<!gildong\.)hong@example\.com", re.IGNORECASE)]
        assert sum(count_in(path, alone) for path in files) == 0
        assert remains.octets == sum(count_in(path, [re.compile(re.escape(LONGER.encode()))]) for path in files) > 0


def test_octets_are_gone_from_the_files_of_a_server(postgres: Cluster, tmp_path: Path) -> None:
    alone, longer = (
        re.compile(one, re.IGNORECASE) for one in (rb"(?<!gildong\.)hong@example\.com", rb"gildong\.hong@")
    )
    with open_people_ledger(workspace_at(tmp_path, postgres.schema()), Purpose.SENDING) as book:
        _sent_to_all(book)
        before = _file_of_deliveries(book)
        assert count_in(before, [alone]) > 0
        assert book.clear_remains([KEY], book.forget(LIST, KEY, _hashes, NOW)).written_anew
        now = _file_of_deliveries(book)
        assert now != before
        assert (count_in(now, [alone]), count_in(now, [longer]) > 0) == (0, True)


def _file_of_deliveries(book: PeopleLedger) -> Path:
    """After its pages were written to it."""
    with book._database.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        alone.exec_driver_sql("CHECKPOINT")
        found = "SELECT current_setting('data_directory'), pg_relation_filepath('deliveries')"
        folder, table = alone.exec_driver_sql(found).one()
    return Path(str(folder)) / str(table)


def test_what_stands_over_the_border_of_two_blocks_is_found_once(tmp_path: Path) -> None:
    file = tmp_path / "large"
    pattern = [re.compile(rb"hong@example\.com")]
    for place in (0, 1000, (1 << 22) - 5, (1 << 22) - 16, 1 << 22):
        file.write_bytes(b"-" * place + KEY.encode() + b"-" * 100)
        assert count_in(file, pattern) == 1, place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"<{WRITTEN}>: no such user", True),
        (f"to {KEY}.", True),
        (LONGER, False),
        (f"{KEY}.au", False),
        (f"x-{KEY}", False),
        (f"'{KEY}'@", False),
        (f"홍{KEY}", False),
    ],
)
def test_an_address_that_is_part_of_a_longer_one_is_not_meant(text: str, found: bool) -> None:
    assert bool(whole_address([KEY]).search(text)) is found


def test_a_request_to_subscribe_goes_as_well(book: PeopleLedger) -> None:
    _signed_up(book)
    text = {"digest": "d", "language": "ko", "text": "동의합니다"}
    asked: dict[str, object] = {
        "id": "1",
        "newsletter": LIST,
        "address_hash": _hashes(LIST)[0],
        "key": KEY,
        "address": WRITTEN,
    }
    asked |= {"language": "ko", "source": "form", "consent_text": "d", "over_14": True, "asked_at": NOW}

    def write(connection: sa.Connection) -> None:
        book._database.insert_all_new(connection, consent_texts, [text])
        book._database.insert_all_new(connection, sign_ups, [asked])

    book._database.transact(write)
    assert book.forget(LIST, KEY, _hashes, NOW) == {"subscriptions": 1, "sign_ups": 1}
    assert book.traces(KEY, _hashes) == {}
    assert book.is_suppressed(LIST, KEY, _hashes(LIST)[0])


def test_a_book_that_knows_no_newsletter_yet_keeps_the_hash_as_well(book: PeopleLedger) -> None:
    assert book.forget(LIST, KEY, _hashes, NOW) == {}
    assert book.is_suppressed(LIST, KEY, _hashes(LIST)[0])


def test_every_table_that_knows_people_is_gone_through() -> None:
    marks = {"key", "address", "address_hash"}
    knows = {table.name for table in metadata.sorted_tables if marks & set(table.columns.keys())}
    assert knows == {table.name for table, _ in _theirs(KEY, [])}


def test_nobody_is_suppressed_by_the_address_while_they_are_forgotten(
    postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks in the middle waits, and then finds no delivery of theirs; SQLite has one writer anyway."""
    workspace, keep_hashes = workspace_at(tmp_path, postgres.schema()), Forgetting._keep_hashes
    with (
        open_people_ledger(workspace, Purpose.SENDING) as book,
        open_ledger(workspace, Purpose.SENDING, patience=1) as impatient,
    ):
        dispatch = _sent_to_all(book)

        def asked_meanwhile(*given: Any) -> None:  # noqa: ANN401 - as it is called
            keep_hashes(*given)
            for suppress in (impatient.suppress_bad, partial(impatient.suppress_full, issues=1)):
                with pytest.raises(CannotWriteError):
                    suppress(dispatch, [KEY], now=NOW)

        monkeypatch.setattr(Forgetting, "_keep_hashes", asked_meanwhile)
        book.forget(LIST, KEY, _hashes, NOW)
        assert (impatient.suppress_bad(dispatch, [KEY], NOW), impatient.suppress_full(dispatch, [KEY], 1, NOW)) == (
            0,
            0,
        )
        assert {one.key for one in book.suppressions(LIST)} == {""}
