"""Whom an issue goes to: the subscriber file and the sign-ups together, one address once, and who wins."""

import random
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.audience.subscriber import BadRow, KnownFrom, Subscriber
from newsletter.errors import InputError
from newsletter.ledger import people_in_order
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.people_tables import subscriptions
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.keys import links_of
from newsletter.workflow.steps.merged_person import alone, merged_person
from newsletter.workflow.steps.people import MailingList, people_at_hand, people_to_mail
from tests.support.books import LIST, NOW

HONG, JANE, KIM = "hong@example.com", "jane@example.org", "kim@example.net"
FILE = f"email,name,language,tags,소속\n{HONG},홍길동,ko,복지,서울연구원\n{JANE},Jane Doe,,,\n"
SEOUL = ZoneInfo("Asia/Seoul")
CONFIRMED, UNCONFIRMED, CHOSE = SubscriptionState


def write(workspace: Workspace, text: str = FILE) -> None:
    workspace.csv.write_text(text, encoding="utf-8")


def sign_up(workspace: Workspace, book: Ledger, email: str, **said: object) -> None:
    key = email.lower()
    known = {"source": "form", "consent_at": NOW, "consent_source": "form"} | said
    one = Subscription(links_of(workspace, create=True).address_hash(key), key, email, **known)  # type: ignore[arg-type]
    book.subscribe(LIST, [one], NOW)


def choose(workspace: Workspace, book: Ledger, email: str, language: str, *, of: str = LIST, days: int = 0) -> None:
    hash_ = links_of(workspace, create=True, list_id=of).address_hash(email)
    book.choose(LIST, hash_, language=language, now=NOW + timedelta(days=days))


def everybody(workspace: Workspace, book: Ledger) -> dict[str, Subscriber]:
    return {one.key: one for one in people_to_mail(workspace, book).everybody()}


def test_the_file_comes_first_and_sign_ups_behind_it(workspace: Workspace, book: Ledger) -> None:
    write(workspace)
    sign_up(workspace, book, "Kim@example.net", name="김", language="en", tags=frozenset({"교통"}))
    rows = list(people_to_mail(workspace, book).rows())
    assert rows[2:] == [
        Subscriber(
            *("Kim@example.net", KIM, "김", "en", frozenset({"교통"}), "2026-11-22T17:00:00+09:00", "form"),
            origin=KnownFrom.SIGN_UP,
        )
    ]
    assert [(row.line, getattr(row, "origin", "")) for row in rows] == [(2, "file"), (3, "file"), (0, "sign-up")]


def test_who_is_in_both_comes_once_and_the_sign_up_wins_for_name_language_and_tags(
    workspace: Workspace, book: Ledger
) -> None:
    write(workspace)
    sign_up(
        workspace, book, "HONG@example.com", name="길동", tags=frozenset(), fields={"소속": "딴 곳", "직책": "연구원"}
    )
    hong = everybody(workspace, book)[HONG]
    assert (hong.name, hong.language, hong.tags, hong.origin) == ("길동", "ko", frozenset(), KnownFrom.BOTH)
    assert (hong.email, hong.fields) == (HONG, {"소속": "서울연구원", "직책": "연구원"})
    assert (hong.consent_at, hong.consent_source, hong.line) == ("2026-11-22T17:00:00+09:00", "form", 2)


def test_the_files_own_consent_is_not_mixed_with_another(workspace: Workspace, book: Ledger) -> None:
    write(workspace, f"email,consent_at,consent_source\n{HONG},2020-01-05,행사장\n{JANE},,행사장\n")
    for email in (HONG, JANE):
        sign_up(workspace, book, email)
    consents = [(one.consent_at, one.consent_source) for one in everybody(workspace, book).values()]
    assert consents == [("2020-01-05", "행사장"), ("", "행사장")]


def test_who_was_taken_over_without_consent_is_left_out_but_for_who_is_in_the_file(
    workspace: Workspace, book: Ledger
) -> None:
    write(workspace)
    for email in (HONG, KIM, "lee@example.com"):
        sign_up(workspace, book, email, state=UNCONFIRMED, consent_at=None, language="en")
    people = people_to_mail(workspace, book)
    assert [(one.key, one.language, one.origin) for one in people.everybody()] == [
        (HONG, "en", KnownFrom.CHOSE),
        (JANE, "", KnownFrom.FILE),
    ]
    assert people.unconfirmed == 2
    listed = [row for row in people.rows(unconfirmed_too=True) if isinstance(row, Subscriber)]
    assert [one.origin for one in listed[2:]] == [KnownFrom.UNCONFIRMED] * 2


def test_a_choice_adds_to_the_files_row_and_mails_nobody_else(workspace: Workspace, book: Ledger) -> None:
    write(workspace)
    choose(workspace, book, JANE, "en")
    choose(workspace, book, KIM, "en")
    found = everybody(workspace, book)
    assert {key: (one.language, one.origin) for key, one in found.items()} == {
        HONG: ("ko", KnownFrom.FILE),
        JANE: ("en", KnownFrom.CHOSE),
    }


def test_what_was_chosen_by_a_link_of_a_former_name_counts_and_the_last_word_wins(
    workspace: Workspace, book: Ledger
) -> None:
    former = "former.news.example.org"
    newsletter = workspace.settings.newsletter.model_copy(update={"former_list_ids": [former]})
    workspace = replace(workspace, settings=workspace.settings.model_copy(update={"newsletter": newsletter}))
    write(workspace)
    choose(workspace, book, HONG, "ja", of=former, days=1)
    choose(workspace, book, HONG, "en")
    choose(workspace, book, JANE, "ja", of=former)
    choose(workspace, book, JANE, "en", days=1)
    assert [one.language for one in everybody(workspace, book).values()] == ["ja", "en"]


def test_without_a_file_those_who_signed_up_are_mailed(workspace: Workspace, book: Ledger) -> None:
    with pytest.raises(InputError) as refused:
        people_to_mail(workspace, book)
    assert refused.value.exit_code == 65
    sign_up(workspace, book, KIM, state=UNCONFIRMED, consent_at=None)
    choose(workspace, book, HONG, "en")
    for nobody in (book, None):
        with pytest.raises(InputError):
            people_to_mail(workspace, nobody)
    sign_up(workspace, book, JANE)
    assert list(everybody(workspace, book)) == [JANE]
    assert [one.key for one in people_at_hand(workspace).everybody()] == [JANE]


def test_one_person_is_found_as_they_are_mailed(workspace: Workspace, book: Ledger) -> None:
    write(workspace)
    sign_up(workspace, book, HONG, name="길동")
    sign_up(workspace, book, KIM)
    sign_up(workspace, book, "lee@example.com", state=UNCONFIRMED, consent_at=None)
    people = people_at_hand(workspace)
    for key, one in everybody(workspace, book).items():
        assert people.find(key, key) == one
    assert people.find("lee@example.com", "lee@example.com") is None


def test_a_stamp_tells_of_a_change_of_file_or_sign_ups(workspace: Workspace, book: Ledger) -> None:
    write(workspace)
    people = people_to_mail(workspace, book)
    first = people.stamp()
    assert first == people.stamp()
    sign_up(workspace, book, KIM)
    second = people.stamp()
    write(workspace, FILE + f"{KIM},,,,\n")
    assert len({first, second, people.stamp()}) == 3


def test_how_far_it_is_goes_over_file_and_sign_ups(workspace: Workspace, book: Ledger) -> None:
    write(workspace, "email\n" + "".join(f"reader{number}@example.com\n" for number in range(600)))
    hash_of = links_of(workspace, create=True).address_hash
    keys = [f"other{number}@example.com" for number in range(300)]
    book.subscribe(LIST, [Subscription(hash_of(key), key, key) for key in keys], NOW)
    told: list[tuple[int, int]] = []
    list(people_to_mail(workspace, book).rows(lambda done, total: told.append((done, total))))
    assert told == sorted(told)
    assert (told[-1], {total for _, total in told}) == ((901, 901), {901})
    assert any(600 < done < 901 for done, _ in told)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_where_an_address_comes_once_and_nobody_is_lost(
    workspace: Workspace, book: Ledger, seed: int
) -> None:
    """More of them than are looked up, or read, at once."""
    chance = random.Random(seed)
    keys = [f"reader{number}@example.com" for number in range(1_600)]
    in_file = [key for key in keys if chance.random() < 0.6]
    state_of = {key: chance.choice([CONFIRMED, CONFIRMED, UNCONFIRMED]) for key in keys if chance.random() < 0.8}
    write(workspace, "email,name\n" + "".join(f"{key},file\nno address,\n" for key in in_file))
    hash_of = links_of(workspace, create=True).address_hash
    rows = [Subscription(hash_of(key), key, key, state, name="said") for key, state in state_of.items()]
    book.subscribe(LIST, rows, NOW)
    people = people_to_mail(workspace, book)
    found = list(people.rows())
    mailed = [row for row in found if isinstance(row, Subscriber)]
    confirmed = {key for key, state in state_of.items() if state is CONFIRMED}
    assert sorted(row.key for row in mailed) == sorted({*in_file, *confirmed})
    assert [row.key for row in mailed][: len(in_file)] == in_file
    assert all(row.name == ("said" if row.key in state_of else "file") for row in mailed)
    assert people.unconfirmed == len(state_of.keys() - confirmed - {*in_file})
    assert sum(isinstance(row, BadRow) for row in found) == len(in_file)


_TEXTS = st.none() | st.sampled_from(["", "en", "홍길동"])
_SAID = st.builds(
    Subscription,
    st.just(b"h"),
    name=_TEXTS,
    language=_TEXTS,
    tags=st.none() | st.frozensets(st.sampled_from(["복지", "교통"])),
    state=st.sampled_from(SubscriptionState),
    changed_at=st.integers(0, 5).map(lambda day: NOW + timedelta(days=day)),
)
_ROWS = st.builds(
    Subscriber, st.just(HONG), st.just(HONG), st.sampled_from(["", "Jane Doe"]), st.sampled_from(["", "ko"])
)


@settings(max_examples=60)
@given(_ROWS, st.lists(_SAID, max_size=3, unique_by=lambda one: one.changed_at))
def test_for_each_of_the_three_the_last_who_said_it_wins_and_the_file_where_nobody_did(
    row: Subscriber, known: list[Subscription]
) -> None:
    found = merged_person(row, known, SEOUL)
    by_time = sorted(known, key=lambda one: one.changed_at or NOW)
    for what, said in (("name", found.name), ("language", found.language), ("tags", found.tags)):
        words = [value for one in by_time if (value := getattr(one, what)) is not None]
        assert said == (words[-1] if words else getattr(row, what))
    assert (found.email, found.key, found.line) == (row.email, row.key, row.line)
    is_both = any(one.state is CONFIRMED for one in known)
    assert (found.origin is KnownFrom.BOTH) == is_both
    assert found.origin is not KnownFrom.FILE or (found.name, found.language, found.tags) == (
        row.name,
        row.language,
        row.tags,
    )


@pytest.mark.parametrize(
    ("state", "tags"), [(SubscriptionState.CHOSE, {"교통", "기자단"}), (SubscriptionState.CONFIRMED, {"교통"})]
)
def test_tags_of_the_file_that_nobody_could_choose_stay_for_who_only_chose(
    state: SubscriptionState, tags: set[str]
) -> None:
    row = Subscriber(HONG, HONG, tags=frozenset({"복지", "기자단"}))
    said = Subscription(b"h", state=state, tags=frozenset({"교통"}), changed_at=NOW)
    assert merged_person(row, [said], SEOUL, ["복지", "교통"]).tags == tags


def test_who_is_in_no_file_is_what_they_said() -> None:
    one = Subscription(b"h", KIM, "Kim@example.net", fields={"소속": "시청"}, consent_at=NOW, consent_source="desk")
    found = alone(one, SEOUL)
    assert (found.email, found.values()) == ("Kim@example.net", {"email": "Kim@example.net", "fields.소속": "시청"})
    assert (found.consent_at, found.consent_source) == ("2026-11-22T17:00:00+09:00", "desk")


def test_an_erased_sign_up_is_gone_from_a_list_that_is_read_again(workspace: Workspace, book: Ledger) -> None:
    write(workspace)
    sign_up(workspace, book, KIM)
    people = people_to_mail(workspace, book)

    def keys() -> Iterator[str]:
        return (one.key for one in people.everybody())

    assert KIM in keys()
    with book._database.write() as connection:
        connection.execute(sa.delete(subscriptions))
    assert KIM not in keys()


def test_a_file_alone_needs_no_ledger(workspace: Workspace) -> None:
    write(workspace)
    assert [one.key for one in MailingList(workspace.csv).everybody()] == [HONG, JANE]
    assert [one.key for one in people_at_hand(workspace).everybody()] == [HONG, JANE]


def test_addresses_of_sign_ups_are_read_without_all_that_they_said(
    workspace: Workspace, book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a million that is most of the time, and whoever looks for a slip of the pen waits for it."""
    hash_of, names = links_of(workspace, create=True).address_hash, [f"Reader{one}@example.com" for one in range(1001)]
    states = (CONFIRMED, UNCONFIRMED)
    rows = [Subscription(hash_of(one.lower()), one.lower(), one, states[len(one) % 2]) for one in names]
    book.subscribe(LIST, rows, NOW)
    choose(workspace, book, HONG, "en")
    monkeypatch.setattr(people_in_order, "_stored_subscription", None)
    assert sorted(MailingList(None, workspace, lambda: nullcontext(book)).signed_up()) == sorted(names)
