"""Many ask, one is called: in few calls, each with its own answer, and nobody waits longer than promised."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError
from newsletter.web.subscribers.together import KEYS_AT_ONCE, Together


def keys(count: int) -> list[bytes]:
    return [b"%016d" % number for number in range(count)]


class Slow:
    """A function that answers when it is let."""

    def __init__(self) -> None:
        self.calls: list[Sequence[bytes]] = []
        self.called = threading.Event()
        self.let = threading.Event()
        self.fails = False

    def __call__(self, asked: Sequence[bytes]) -> frozenset[bytes]:
        self.calls.append(asked)
        self.called.set()
        assert self.let.wait(20)
        if self.fails:
            raise CannotWriteError(Verbatim("The disk is full."))
        return frozenset(asked)


def test_what_is_asked_meanwhile_is_asked_together_and_once() -> None:
    slow = Slow()

    async def ask() -> list[frozenset[bytes]]:
        together = Together(slow, seconds=20)
        asking = [asyncio.create_task(together.call_with(key)) for key in [*keys(3 * KEYS_AT_ONCE), *keys(9)]]
        await asyncio.sleep(0)
        slow.let.set()
        return await asyncio.gather(*asking)

    answers = asyncio.run(ask())
    assert all(key in answer for key, answer in zip(keys(3 * KEYS_AT_ONCE), answers, strict=False))
    assert len(slow.calls) <= 5
    assert max(len(call) for call in slow.calls) == KEYS_AT_ONCE
    assert all(len(set(call)) == len(call) for call in slow.calls)


def test_one_thread_is_held_and_nobody_waits_for_it_longer_than_promised() -> None:
    slow = Slow()

    async def ask() -> list[object]:
        together = Together(slow, seconds=0.05)
        threads = threading.active_count()
        late = await asyncio.gather(*(together.call_with(key) for key in keys(300)), return_exceptions=True)
        assert threading.active_count() == threads + 1
        slow.let.set()
        return [*late, await Together(slow, seconds=20).call_with(b"later")]

    *late, later = asyncio.run(ask())
    assert {type(one) for one in late} == {TimeoutError}
    assert later == {b"later"}


def test_what_the_call_raises_all_of_it_are_told_and_the_next_is_made() -> None:
    slow = Slow()
    slow.fails = True
    slow.let.set()

    async def ask() -> None:
        together = Together(slow, seconds=20)
        failed = await asyncio.gather(*(together.call_with(key) for key in keys(5)), return_exceptions=True)
        assert {type(one) for one in failed} == {CannotWriteError}
        slow.fails = False
        assert await together.call_with(b"next") == {b"next"}

    asyncio.run(ask())


@pytest.mark.filterwarnings("error")
def test_a_server_that_ends_leaves_a_call_to_itself() -> None:
    slow = Slow()

    async def ask() -> None:
        together = Together(slow, seconds=20)
        asking = asyncio.create_task(together.call_with(b"key"))
        await asyncio.to_thread(slow.called.wait, 20)
        asking.cancel()

    asyncio.run(ask())
    slow.let.set()
