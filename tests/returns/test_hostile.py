"""No message crashes the reader, keeps it busy for 2 seconds or takes 50 MB."""

import time
import tracemalloc
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.returns.model import Kind, Return
from newsletter.returns.read import read_return

from .hostile import HOSTILE, MB
from .mutants import CORPUS, mutated
from .shapes import OURS

_SECONDS = 2
_MEMORY = 50 * MB


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_read_within_bounds(name: str) -> None:
    data = HOSTILE[name]()
    begun = time.process_time()
    found = read_return(data, OURS)
    taken = time.process_time() - begun

    assert taken < _SECONDS
    _is_bounded(found)


@pytest.mark.parametrize("name", ["20,000 levels", "100,000 recipients", "30 MB of text", "tags that never end"])
def test_a_hostile_message_takes_little_memory(name: str) -> None:
    data = HOSTILE[name]()
    read_return(b"", OURS)
    tracemalloc.start()
    try:
        read_return(data, OURS)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < _MEMORY


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=2000))
def test_any_octets_are_a_message(data: bytes) -> None:
    _is_bounded(read_return(data, OURS))


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_mutated_message_is_read(random: Random) -> None:
    _is_bounded(read_return(mutated(CORPUS, random), OURS))


def _is_bounded(found: tuple[Return, ...]) -> None:
    assert 1 <= len(found) <= 100
    for one in found:
        assert one.kind in Kind
        assert len(one.text) <= 500
        assert one.text == " ".join(one.text.split())
        for clue in (one.clues.tokens, one.clues.message_ids, one.clues.addresses):
            assert len(clue) <= 20
            assert all(0 < len(said) <= 500 and said.isprintable() for said in clue)
        assert one.new_address.isprintable()
        assert one.domain.isprintable()
