"""An import never mails who left, here or there, and never undoes what a person said here: on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from newsletter.audience.exports.person import ExportedPerson
from newsletter.audience.exports.staged import StagedPeople
from newsletter.ledger.import_verdicts import ImportVerdict
from newsletter.ledger.imports import ImportTarget
from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import EVERYWHERE, SuppressionReason
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.settings.workspace import Workspace
from tests.support.books import LIST, NOW, hash_of

V = ImportVerdict
HONG, JANE = "hong@example.com", "jane@example.org"
YES = NOW - timedelta(days=100)


TARGET = ImportTarget(LIST, "mailchimp", lambda key: (hash_of(key),), renamed=False)


def person(key: str = HONG, **more: object) -> ExportedPerson:
    return ExportedPerson(line=2, email=key, key=key, **{"consent_at": YES, "consent_source": "mailchimp", **more})  # type: ignore[arg-type]


def left(key: str = HONG, reason: str = "unsubscribed", at: datetime | None = None) -> ExportedPerson:
    return person(key, consent_at=None, reason=reason, left_at=at)


def staged(*people: ExportedPerson) -> StagedPeople:
    found = StagedPeople(hash_of)
    for one in people:
        found.add(one)
    return found


def take_over(book: PeopleLedger, *people: ExportedPerson, now: datetime = NOW) -> Counter[ImportVerdict]:
    """What was said before and what came of it, which is the same."""
    coming = staged(*people)
    said: Counter[ImportVerdict] = Counter()
    done: Counter[ImportVerdict] = Counter()
    for some in book.compare_all(TARGET, coming, lambda: 2):
        said.update(some)
    number = book.begin_import(TARGET, "members.csv", {"Email Address": "email"}, now)
    for some in book.take_over_all(TARGET, number, coming, now, lambda: 2):
        done.update(some)
    book.finish_import(number, {verdict.value: count for verdict, count in done.items()})
    assert said == done
    return done


def kept(book: PeopleLedger, key: str = HONG) -> Subscription:
    found = book.subscription(LIST, [hash_of(key)])
    assert found is not None
    return found


def is_mailed(book: PeopleLedger, key: str = HONG) -> bool:
    found = book.subscription(LIST, [hash_of(key)])
    confirmed = found is not None and found.state is SubscriptionState.CONFIRMED
    return confirmed and not book.is_suppressed(LIST, key, hash_of(key))


def test_who_said_yes_there_is_mailed_and_who_did_not_is_kept(book: PeopleLedger) -> None:
    done = take_over(
        book, person(name="홍길동", tags=frozenset({"시민"}), fields={"소속": "시"}), person(JANE, consent_at=None)
    )
    assert done == {V.NEW: 2}
    found = kept(book)
    assert (found.name, found.tags, found.fields) == ("홍길동", frozenset({"시민"}), {"소속": "시"})
    assert (found.source, found.consent_source, found.consent_at) == ("mailchimp", "mailchimp", YES)
    assert kept(book, JANE).state is SubscriptionState.UNCONFIRMED
    assert is_mailed(book)
    assert not is_mailed(book, JANE)


def test_the_same_again_changes_nothing(book: PeopleLedger) -> None:
    people = (person(name="홍길동"), person(JANE, consent_at=None), left("kim@example.net"))
    take_over(book, *people)
    before = [kept(book), kept(book, JANE)]
    assert take_over(book, *people, now=NOW + timedelta(days=1)) == {V.UNCHANGED: 2, V.LEFT_BEFORE: 1}
    after = [kept(book), kept(book, JANE)]
    assert [one.changed_at for one in after] == [one.changed_at for one in before]


def test_what_changed_there_changes_here_and_what_is_not_said_stays(book: PeopleLedger) -> None:
    take_over(book, person(name="홍", language="ko"), person(JANE, consent_at=None))
    later = NOW + timedelta(days=1)
    assert take_over(book, person(name="홍길동"), person(JANE), now=later) == {V.CHANGED: 2}
    assert (kept(book).name, kept(book).language) == ("홍길동", "ko")
    assert is_mailed(book, JANE)


def test_a_consent_on_record_is_never_taken_away(book: PeopleLedger) -> None:
    take_over(book, person())
    assert take_over(book, person(consent_at=None), now=NOW + timedelta(days=1)) == {V.UNCHANGED: 1}
    assert is_mailed(book)


WHERE = {
    "unsubscribed": LIST,
    "complained": EVERYWHERE,
    "bad address": EVERYWHERE,
    "mailbox full": LIST,
    "manual": LIST,
}


@pytest.mark.parametrize("reason", WHERE)
def test_who_left_there_has_left_here(book: PeopleLedger, reason: str) -> None:
    take_over(book, person(name="홍길동"))
    assert take_over(book, left(reason=reason, at=YES), now=NOW + timedelta(days=1)) == {V.LEFT_THERE: 1}
    [one] = book.suppressions(LIST)
    assert (one.newsletter, one.reason, one.at, one.key) == (WHERE[reason], reason, YES, HONG)
    assert not is_mailed(book)


def test_who_is_suppressed_here_stays_so_and_leaves_no_trace(book: PeopleLedger) -> None:
    book.suppress(LIST, reason=SuppressionReason.FORGOTTEN, now=NOW, address_hash=hash_of(HONG))
    assert take_over(book, person(name="홍길동")) == {V.SUPPRESSED_HERE: 1}
    assert take_over(book, left()) == {V.LEFT_BEFORE: 1}
    assert book.subscription(LIST, [hash_of(HONG)]) is None
    [one] = book.suppressions(LIST)
    assert one.key == ""


def test_a_complaint_there_is_kept_beside_an_unsubscription_here(book: PeopleLedger) -> None:
    book.suppress(LIST, reason=SuppressionReason.UNSUBSCRIBED, now=NOW, address_hash=hash_of(HONG))
    take_over(book, left(reason="complained"))
    assert {one.reason for one in book.suppressions(LIST)} == {"unsubscribed", "complained"}


def sign_up(book: PeopleLedger, at: datetime, **more: object) -> None:
    row = Subscription(hash_of(HONG), HONG, HONG, source="form", consent_at=at, consent_source="page", **more)  # type: ignore[arg-type]
    book.subscribe(LIST, [row], at)


def test_who_signed_up_here_after_leaving_there_stays(book: PeopleLedger) -> None:
    sign_up(book, NOW)
    assert take_over(book, left(at=NOW - timedelta(days=1))) == {V.CAME_BACK: 1}
    assert take_over(book, left(at=None)) == {V.CAME_BACK: 1}
    assert is_mailed(book)
    assert take_over(book, left(at=NOW + timedelta(days=1))) == {V.LEFT_THERE: 1}
    assert not is_mailed(book)


def test_who_complained_there_does_not_come_back_by_a_sign_up(book: PeopleLedger) -> None:
    sign_up(book, NOW)
    assert take_over(book, left(reason="complained", at=NOW - timedelta(days=1))) == {V.LEFT_THERE: 1}


def test_a_lift_here_holds_against_the_same_old_file(book: PeopleLedger) -> None:
    take_over(book, person())
    take_over(book, left(at=YES), now=NOW + timedelta(days=1))
    assert book.unsuppress(LIST, HONG, hash_of(HONG), NOW + timedelta(days=2))
    assert take_over(book, left(at=YES), now=NOW + timedelta(days=3)) == {V.CAME_BACK: 1}
    assert is_mailed(book)


def test_an_own_sign_up_keeps_its_words(book: PeopleLedger) -> None:
    sign_up(book, NOW, name="길동", language="en")
    done = take_over(book, person(name="홍길동", language="ko", tags=frozenset({"시민"})), now=NOW + timedelta(days=1))
    assert done == {V.CHANGED: 1}
    hong = kept(book)
    assert (hong.name, hong.language, hong.tags, hong.source) == ("길동", "en", frozenset({"시민"}), "form")


def test_what_somebody_chose_by_a_link_outlives_every_later_import(book: PeopleLedger) -> None:
    take_over(book, person(name="홍길동", language="ko"))
    book.choose(LIST, hash_of(HONG), language="en", now=NOW + timedelta(days=1))
    for days in (2, 3):
        take_over(book, person(name="홍길동", language="ko"), now=NOW + timedelta(days=days))
        assert kept(book).language == "en"


def test_a_choice_of_somebody_in_the_file_becomes_a_subscription_only_with_consent(book: PeopleLedger) -> None:
    book.choose(LIST, hash_of(HONG), language="en", now=NOW)
    take_over(book, person(consent_at=None), now=NOW + timedelta(days=1))
    assert (kept(book).state, kept(book).address) == (SubscriptionState.CHOSE, "")
    take_over(book, person(), now=NOW + timedelta(days=2))
    assert (kept(book).state, kept(book).address, kept(book).language) == (SubscriptionState.CONFIRMED, HONG, "en")


def gone(book: PeopleLedger, *people: ExportedPerson) -> list[str]:
    coming = staged(*people)
    return [address for address, _ in book.gone(TARGET, coming.has)]


def test_who_is_gone_since_the_last_import_of_the_format_is_named_once(book: PeopleLedger) -> None:
    assert gone(book, person()) == []
    take_over(book, person(), person(JANE), person("kim@example.net"))
    book.suppress(LIST, reason="manual", now=NOW, key="kim@example.net")
    assert gone(book, person()) == [JANE]
    assert take_over(book, person(), now=NOW + timedelta(days=1)) == {V.UNCHANGED: 1}
    assert is_mailed(book, JANE)
    assert gone(book, person()) == []


def test_an_import_that_was_broken_off_is_not_the_last_and_ends_the_same_when_done_again(book: PeopleLedger) -> None:
    take_over(book, person(JANE))
    first = book.last_import(LIST, "mailchimp")
    number = book.begin_import(TARGET, "members.csv", {}, NOW + timedelta(hours=1))
    [batch, *_] = staged(person(), person("kim@example.net")).batches(lambda: 1)
    book.take_over(TARGET, number, batch, NOW + timedelta(hours=1))
    assert book.last_import(LIST, "mailchimp") == first
    done = take_over(book, person(), person("kim@example.net"), now=NOW + timedelta(hours=2))
    assert done == {V.UNCHANGED: 1, V.NEW: 1}
    assert is_mailed(book)
    assert is_mailed(book, "kim@example.net")


def test_a_row_of_who_left_wins_over_their_other_rows(book: PeopleLedger) -> None:
    assert take_over(book, person(), left()) == {V.LEFT_THERE: 1}
    assert not is_mailed(book)


def test_a_hash_alone_is_suppressed(book: PeopleLedger) -> None:
    take_over(book, ExportedPerson(2, "", "", reason="unsubscribed", address_hash=hash_of(HONG)))
    assert book.is_suppressed(LIST, HONG, hash_of(HONG))
    assert take_over(book, person()) == {V.SUPPRESSED_HERE: 1}


def test_two_imports_at_once_of_the_same_people_keep_each_once_and_mail_nobody_who_left(workspace: Workspace) -> None:
    everybody = [f"r{number}@example.com" for number in range(300)]
    lists = (
        [person(key, name="홍길동") for key in everybody],
        [left(key) if number % 3 == 0 else person(key) for number, key in enumerate(everybody)],
    )
    together = Barrier(len(lists))

    def import_all(people: list[ExportedPerson]) -> int:
        coming = staged(*people)
        with open_people_ledger(workspace, Purpose.SENDING) as book:
            number = book.begin_import(TARGET, "members.csv", {}, NOW)
            together.wait()
            return sum(some.total() for some in book.take_over_all(TARGET, number, coming, NOW, lambda: 20))

    with open_people_ledger(workspace, Purpose.SENDING), ThreadPoolExecutor(len(lists)) as machines:
        assert list(machines.map(import_all, lists)) == [len(everybody)] * len(lists)
    with open_people_ledger(workspace, Purpose.READ) as book:
        assert sum(1 for _ in book.each_suppression(LIST)) == len(everybody[::3])
        assert {key for key in everybody if is_mailed(book, key)} == set(everybody) - set(everybody[::3])
        rows = [one.address_hash for one in book.subscriptions(LIST)]
        assert len(rows) == len(set(rows))


def test_who_changed_between_the_comparison_and_the_import_is_asked_again(book: PeopleLedger) -> None:
    take_over(book, person(name="홍"), person(JANE), person("kim@example.net"))
    coming = staged(person(name="홍"), person(JANE), person("kim@example.net"))
    assert list(book.compare_all(TARGET, coming, lambda: 9)) == [{V.UNCHANGED: 3}]
    later = NOW + timedelta(days=1)
    book.choose(LIST, hash_of(HONG), name="길동", now=later)
    book.suppress(LIST, reason="manual", now=later, key=JANE)
    number = book.begin_import(TARGET, "members.csv", {}, later)
    done = book.take_over_all(TARGET, number, coming, later, lambda: 9)
    assert list(done) == [{V.UNCHANGED: 2, V.SUPPRESSED_HERE: 1}]
    assert (kept(book).name, kept(book).import_id) == ("길동", number - 1)
    assert kept(book, "kim@example.net").import_id == number
