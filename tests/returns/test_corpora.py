"""The figures of docs/benchmarks.md, held: whom bounces are about, their classes, and that the living live."""

from itertools import chain

import pytest

from newsletter.dispatch.reply_class import ReplyClass

from .corpora import FAILED, Labelled, Score, flufl_messages, scored
from .made import PARTS, made_messages
from .ours import ours

CORPORA = {
    "flufl.bounce": list(flufl_messages()),
    "The world's": list(made_messages("world_1")),
    "Korean": list(chain.from_iterable(made_messages(part) for part in PARTS if part.startswith("korean"))),
}


def held(score: Score) -> None:
    assert score.found >= 0.95 * score.named, score.wrong
    assert score.class_right >= 0.93 * score.classed, score.wrong
    assert score.taken_for_dead <= 0.01 * score.alive, score.wrong
    assert score.taken_for_bounce == 0, score.wrong


@pytest.mark.parametrize("name", CORPORA)
def test_a_corpus_is_read_as_well_as_is_promised(name: str) -> None:
    held(scored(ours, CORPORA[name]))


def test_the_corpora_are_what_they_are_said_to_be() -> None:
    korean = CORPORA["Korean"]
    assert len(korean) >= 120
    assert len({label.octets for label in korean}) == len(korean)
    assert sum(label.kind not in FAILED for label in korean) >= 25
    assert len(CORPORA["flufl.bounce"]) == 117
    labels = {label.reply_class for label in chain.from_iterable(CORPORA.values())} - {""}
    assert labels <= {kind.value for kind in ReplyClass}


def test_a_reader_that_is_worse_is_found_out() -> None:
    """The score counts what it should: each of these is one mistake."""
    full = Labelled("full", b"", "bounce", frozenset({"a@example.com"}), "mailbox_full")
    away = Labelled("away", b"", "auto_reply", frozenset(), "")
    nothing = scored(lambda _: ours(b""), [full, away])
    assert (nothing.found, nothing.class_right, nothing.taken_for_bounce) == (0, 0, 0)
    dead = scored(lambda _: ours(next(flufl_messages()).octets), [full, away])
    assert dead.taken_for_bounce == 1
