"""What the settings say becomes what all messages have in common."""

from datetime import UTC, datetime
from typing import Any

import pytest

from newsletter.errors import SettingsError
from newsletter.message.letterhead import letterhead
from newsletter.message.message import Letterhead
from newsletter.settings.model import Settings
from tests.support.spoken import assert_told_in_both

NOW = datetime(2021, 7, 25, 23, 56, 1, 999, tzinfo=UTC)


def made(*, proof: bool = False, **sender: Any) -> Letterhead:  # noqa: ANN401 - settings as a file has them
    settings = Settings.model_validate(
        {
            "newsletter": {"name": "서울이슈큐레이터", "list_id": "letter.news.example.org"},
            "sender": {"address": "no-reply@news.example.org", **sender},
            "institute": {"name": "서울연구원"},
            "links": {"pages_url": "https://news.example.org/letter"},
        }
    )
    return letterhead(settings, "2021-07", NOW, "key", proof=proof)


def test_it_takes_names_addresses_and_links_from_the_settings() -> None:
    found = made(reply_to="letter@news.example.org")
    assert (found.sender_name, found.sender_address) == ("서울연구원", "no-reply@news.example.org")
    assert (found.newsletter, found.list_id, found.slug) == ("서울이슈큐레이터", "letter.news.example.org", "2021-07")
    assert found.reply_to == "letter@news.example.org"
    assert made(cfbl_address="complaints@news.example.org").cfbl_address == "complaints@news.example.org"
    assert found.envelope_sender == "no-reply@news.example.org"
    assert found.pages_url == "https://news.example.org/letter"
    assert not found.proof
    assert made(proof=True).proof


def test_the_date_is_in_the_newsletters_time_zone_to_the_second() -> None:
    assert made().date.isoformat() == "2021-07-26T08:56:01+09:00"


def test_it_survives_being_frozen() -> None:
    assert Letterhead.from_json(made(verp=True).to_json()) == made(verp=True)


def test_the_envelope_sender_is_the_bounce_address_and_with_verp_has_room_for_a_token() -> None:
    assert made(bounce_address="returns@news.example.org").envelope_sender == "returns@news.example.org"
    assert made(verp=True).envelope_sender == "bounce@news.example.org"
    assert made(verp=True, bounce_address="returns@news.example.org").envelope_sender == "returns@news.example.org"
    with pytest.raises(SettingsError, match="at most 13 characters") as caught:
        made(verp=True, bounce_address="bounces-of-our-letter@news.example.org")
    assert_told_in_both(caught.value)
