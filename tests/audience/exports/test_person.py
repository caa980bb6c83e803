"""What the exports of six systems say of people: who is subscribed with consent, who is not, who left and why."""

from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from newsletter.audience.exports.formats import ExportFormat, StandingThere, export_formats, recognised
from newsletter.audience.exports.mapping import mapping_of, parse_choices, small
from newsletter.audience.exports.person import ExportedPerson, FileFacts, PersonReader
from newsletter.audience.subscriber import BadRow
from newsletter.csv_file.rows import rows
from tests.support import other_exports as exports

NOW = datetime(2026, 11, 30, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
HONG_JOINED = datetime(2021, 3, 2, 0, 30, tzinfo=UTC)
JANE_JOINED = datetime(2021, 4, 11, 1, 0, tzinfo=UTC)
LEFT = datetime(2022, 5, 6, 7, 8, 9, tzinfo=UTC)


def read(
    text: str, *, map_: tuple[str, ...] = (), standing: StandingThere | None = None, vouched: str = ""
) -> tuple[ExportFormat, list[ExportedPerson | BadRow]]:
    header, *found = rows(StringIO(text), ",")
    format_ = recognised(small(header.cells))
    assert format_ is not None
    mapping = mapping_of(format_, header.cells, parse_choices(map_))
    reader = PersonReader(mapping, FileFacts(ZoneInfo(format_.zone or "Asia/Seoul"), NOW, standing, vouched))
    return format_, [reader(row) for row in found]


def people(text: str, *, standing: StandingThere | None = None, vouched: str = "") -> dict[str, ExportedPerson]:
    found = read(text, standing=standing, vouched=vouched)[1]
    return {one.key: one for one in found if isinstance(one, ExportedPerson)}


SYSTEMS = {
    "listmonk": exports.LISTMONK,
    "mailchimp": exports.MAILCHIMP_SUBSCRIBED,
    "stibee": exports.STIBEE,
    "keila": exports.KEILA,
    "ghost": exports.GHOST,
    "buttondown": exports.BUTTONDOWN,
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_export_is_known_by_its_columns_and_says_who_somebody_is(name: str) -> None:
    format_, found = read(SYSTEMS[name])
    assert format_.name == name
    assert not [one for one in found if isinstance(one, BadRow)]
    hong = people(SYSTEMS[name])["hong@example.com"]
    assert (hong.name, hong.tags, hong.reason) == ("홍길동", frozenset({"시민", "연구"}), "")
    assert people(SYSTEMS[name])["jane@example.org"].name == "Jane Doe"


WITH_CONSENT = {
    "listmonk": {},
    "mailchimp": {"hong@example.com": HONG_JOINED},
    "stibee": {"hong@example.com": HONG_JOINED},
    "keila": {"jane@example.org": JANE_JOINED},
    "ghost": {},
    "buttondown": {"hong@example.com": HONG_JOINED},
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_only_a_yes_that_the_export_knows_of_is_consent(name: str) -> None:
    found = {key: one.consent_at for key, one in people(SYSTEMS[name]).items() if one.consent_at}
    assert found == WITH_CONSENT[name]


@pytest.mark.parametrize("name", ["listmonk", "mailchimp", "stibee", "ghost", "buttondown"])
def test_who_imports_can_vouch_for_the_others_with_the_day_they_joined(name: str) -> None:
    jane = people(SYSTEMS[name], vouched="web form")["jane@example.org"]
    assert (jane.consent_at, jane.consent_source) == (JANE_JOINED, "web form")


def test_nobody_vouches_for_who_has_not_confirmed_or_left() -> None:
    found = people(exports.BUTTONDOWN, vouched="web form")
    assert found["choi@example.org"].consent_at is None
    assert found["kim@example.net"].consent_at is None


WHY_LEFT = {
    "listmonk": {"kim@example.net": "manual"},
    "mailchimp": {},
    "stibee": {"kim@example.net": "unsubscribed", "park@example.net": "complained", "lee@example.com": "bad address"},
    "keila": {"kim@example.net": "unsubscribed", "lee@example.com": "bad address"},
    "ghost": {"kim@example.net": "unsubscribed"},
    "buttondown": {
        "kim@example.net": "unsubscribed",
        "lee@example.com": "bad address",
        "yoon@example.com": "mailbox full",
    },
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_who_left_there_left_for_a_reason(name: str) -> None:
    assert {key: one.reason for key, one in people(SYSTEMS[name]).items() if one.reason} == WHY_LEFT[name]


def test_mailchimps_other_files_say_by_their_columns_who_left_when_and_why() -> None:
    left = people(exports.MAILCHIMP_UNSUBSCRIBED) | people(exports.MAILCHIMP_CLEANED)
    assert {key: (one.reason, one.left_at) for key, one in left.items()} == {
        "kim@example.net": ("unsubscribed", LEFT),
        "park@example.net": ("complained", LEFT),
        "lee@example.com": ("bad address", datetime(2021, 9, 9, 9, 9, 9, tzinfo=UTC)),
    }


def test_a_mailbox_that_the_sender_could_not_reach_is_no_dead_one() -> None:
    seo = people(exports.BUTTONDOWN)["seo@example.com"]
    assert (seo.reason, seo.consent_at) == ("", None)


def test_what_is_private_is_left_out_and_the_rest_becomes_fields() -> None:
    assert people(exports.MAILCHIMP_SUBSCRIBED)["hong@example.com"].fields == {"Company": "서울시"}
    assert people(exports.LISTMONK)["hong@example.com"].fields == {"city": "서울"}
    assert people(exports.LISTMONK)["kim@example.net"].fields == {}
    assert people(exports.KEILA)["jane@example.org"].fields == {"children": "[1, 2, 3]"}
    assert people(exports.GHOST)["hong@example.com"].fields == {}
    assert people(exports.STIBEE)["hong@example.com"].fields == {"소속": "서울시"}
    assert people(exports.BUTTONDOWN)["hong@example.com"].fields == {"city": "서울"}


def test_everybody_can_be_said_to_have_left_and_nobody_to_have_come_back() -> None:
    gone = people(exports.GHOST, standing=StandingThere.UNSUBSCRIBED)
    assert {one.reason for one in gone.values()} == {"unsubscribed"}
    kept = people(exports.BUTTONDOWN, standing=StandingThere.UNCONFIRMED)
    assert kept["kim@example.net"].reason == "unsubscribed"
    assert kept["hong@example.com"].consent_at is None


def test_a_status_that_is_not_known_is_a_bad_row_and_names_no_address() -> None:
    [found] = read("Email,First name,Last name,Status\nhong@example.com,길동,홍,frozen\n")[1]
    assert isinstance(found, BadRow)
    assert "frozen" in str(found.reason)
    assert "hong@" not in str(found.reason)


def test_a_column_can_be_said_to_be_another_thing_or_nothing() -> None:
    text = "전자우편,가입일,소속,비고\nhong@example.com,2021-03-02 09:30,서울시,x\n"
    _, [hong] = read(text, map_=("가입일=consent_at", "소속=company", "비고=-"))
    assert isinstance(hong, ExportedPerson)
    assert (hong.consent_at, hong.fields) == (HONG_JOINED, {"company": "서울시"})


HOSTILE = [
    "hong@example.com\0,x,true",
    "hong@example.com,x,true,too,many,cells",
    '"hong@example.com\r\nBcc: all@example.org",x,true',
    ",x,true",
    "홍길동 <hong@example.com>,x,true",
    "hong@localhost,x,true",
]


@pytest.mark.parametrize("row", HOSTILE)
def test_a_row_that_nobody_can_be_mailed_by_is_bad(row: str) -> None:
    [found] = read(f"email,name,subscribed_to_emails\n{row}\n")[1]
    assert isinstance(found, BadRow)
    assert found.line == 2


@pytest.mark.parametrize(
    "cell", ["[" * 70_000, '{"a": ' * 10_000, "[1]", "nonsense", '{"a": NaN}', '{"tags": {"a": 1}}']
)
def test_attributes_of_any_kind_cost_nobody_their_place(cell: str) -> None:
    quoted = cell.replace('"', '""')
    [found] = read(f'email,name,attributes\nhong@example.com,홍,"{quoted}"\n')[1]
    assert isinstance(found, ExportedPerson)


def test_every_format_knows_its_own_columns_only() -> None:
    for name, format_ in export_formats().items():
        assert all(column == column.casefold() for column in format_.columns), name
        for columns in format_.recognised_by:
            first = recognised(columns)
            assert first is not None
            assert first.name == name
