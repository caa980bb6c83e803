"""Who leaves by mail: with the token that List-Unsubscribe gives, as mail programs carry it."""

import pytest

from newsletter.returns.model import Kind
from newsletter.returns.read import read_return

from .shapes import OURS, READER, TOKEN
from .test_automatic import letter

OTHER = TOKEN.replace("AAE", "AAF")
QUOTED = (TOKEN[:30].replace("_", "=5F"), TOKEN[30:])


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (f"unsubscribe {TOKEN}", ""),
        (f"Unsubscribe {TOKEN}", "This message was sent by a button."),
        (f"unsubscribe%20{TOKEN}", ""),
        (f"Re: unsubscribe {TOKEN}", ""),
        ("=?utf-8?q?unsubscribe_{}?=\n =?utf-8?q?{}?=".format(*QUOTED), ""),
        (f"unsubscribe\n {TOKEN}", ""),
        ("", f"unsubscribe {TOKEN}"),
        ("unsubscribe", f"unsubscribe {TOKEN}\n-- \nJane Doe"),
        (f"수신거부 {TOKEN}", ""),
    ],
)
def test_a_token_names_who_leaves(subject: str, body: str) -> None:
    (found,) = read_return(letter(subject, body), OURS)

    assert (found.kind, found.reader) == (Kind.UNSUBSCRIBE, "mailto")
    assert found.clues.tokens == (TOKEN,)


@pytest.mark.parametrize("subject", ["unsubscribe", "Re: Unsubscribe", "수신거부", "구독 취소", "[수신 거부]"])
def test_without_a_token_only_the_sender_is_a_clue(subject: str) -> None:
    (found,) = read_return(letter(subject, f"> https://news.example.org/u/{TOKEN}"), OURS)

    assert found.kind is Kind.UNSUBSCRIBE
    assert (found.clues.tokens, found.clues.addresses) == ((), (READER,))


@pytest.mark.parametrize(
    ("subject", "body", "head"),
    [
        ("Re: [서울이슈큐레이터] 신성장동력", f"잘 읽었습니다.\n> 수신거부: https://news.example.org/u/{TOKEN}", ""),
        ("Fwd: unsubscribe-me blog", f"> unsubscribe {TOKEN}", ""),
        ("How do I unsubscribe my colleague?", f"> unsubscribe {TOKEN}", ""),
        ("", f"Hello,\n> unsubscribe {TOKEN}", ""),
        ("Unsubscribe: how to keep your readers", "Our offer for you.", ""),
        ("Automatic reply: hello", f"> unsubscribe {TOKEN}", "Auto-Submitted: auto-replied\n"),
    ],
)
def test_who_answers_a_letter_has_not_left(subject: str, body: str, head: str) -> None:
    (found,) = read_return(letter(subject, body, head), OURS)

    assert found.kind in (Kind.UNKNOWN, Kind.AUTO_REPLY)


def test_the_address_it_was_sent_to_bears_the_token() -> None:
    data = letter("unsubscribe", "", f"Delivered-To: leave+{OTHER}@news.example.org\n")

    (found,) = read_return(data, OURS)

    assert (found.kind, found.clues.tokens) == (Kind.UNSUBSCRIBE, (OTHER,))
