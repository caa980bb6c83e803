"""The parts of several processes make up the whole, whoever comes, goes and dies meanwhile, in whatever order."""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from newsletter.dispatch.circuit_breaker import CircuitBreaker
from newsletter.dispatch.domain_limits import DomainLimits
from newsletter.dispatch.membership import sharers_for
from newsletter.dispatch.share import Share
from newsletter.dispatch.throttle import Limit, Throttle
from newsletter.ledger.sharing import Sharer, Sharers
from newsletter.ledger.states import Claim
from newsletter.smtp.reply import Reply

BUSY = Reply("rcpt", 421, "4.7.0", "slower, please")
NAMES = ("", "example.com", "example.net", "example.org")


def claim(number: int, domain: str) -> Claim:
    address = f"reader{number}@{domain}"
    return Claim(number, 1, address, address, "ko", {}, 0, None, 1)


def shares(of: int) -> list[Share]:
    return [Share(mine, tuple(range(of))) for mine in range(of)]


def owner_of(domain: str, of: int) -> int:
    (found,) = (share.mine for share in shares(of) if share.part(1, domain))
    return found


@given(of=st.integers(1, 9), whole=st.integers(0, 60), name=st.sampled_from(NAMES))
def test_the_parts_make_up_the_whole(of: int, whole: int, name: str) -> None:
    parts = [share.part(whole, name) for share in shares(of)]
    assert sum(parts) == whole
    assert max(parts) - min(parts) <= 1
    assert sum(part > 0 for part in parts) == min(of, whole)


def test_single_connections_of_domains_are_not_all_one_s() -> None:
    owners = Counter(owner_of(f"domain{number}.example.com", 4) for number in range(400))
    assert min(owners.values()) > 60


@dataclass
class Peer:
    """A process of the model: what it went by when it last looked."""

    share: Share
    asked: int
    knows: int
    lives: bool = True


@dataclass
class Account:
    """What the ledger would hold of an account."""

    epoch: int = 0
    peers: dict[int, Peer] = field(default_factory=dict)

    def seen(self) -> Sharers:
        every = tuple(Sharer(lease, peer.asked, peer.knows) for lease, peer in self.peers.items())
        return Sharers(self.epoch, datetime.now(UTC), every)


class ComingAndGoing(RuleBasedStateMachine):
    """Processes that ask, look, leave, die and are taken back, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.account = Account()
        self.leases = 0

    def _some(self, number: int, *, lives: bool) -> tuple[int, Peer]:
        found = [(lease, peer) for lease, peer in self.account.peers.items() if peer.lives is lives]
        return found[number % len(found)]

    @property
    def _any_live(self) -> bool:
        return any(peer.lives for peer in self.account.peers.values())

    @precondition(lambda self: len(self.account.peers) < 9)
    @rule()
    def asks(self) -> None:
        self.leases += 1
        self.account.epoch += 1
        self.account.peers[self.leases] = Peer(Share(self.leases, ()), self.account.epoch, self.account.epoch)

    @precondition(lambda self: self._any_live)
    @rule(number=st.integers(0, 99))
    def looks(self, number: int) -> None:
        lease, peer = self._some(number, lives=True)
        seen = self.account.seen()
        peer.share.change(sharers_for(lease, seen, has_part=bool(peer.share.sharers)))
        peer.knows = seen.epoch

    @precondition(lambda self: self._any_live)
    @rule(number=st.integers(0, 99))
    def leaves(self, number: int) -> None:
        del self.account.peers[self._some(number, lives=True)[0]]

    @precondition(lambda self: self._any_live)
    @rule(number=st.integers(0, 99))
    def dies(self, number: int) -> None:
        self._some(number, lives=True)[1].lives = False

    @precondition(lambda self: any(not peer.lives for peer in self.account.peers.values()))
    @rule(number=st.integers(0, 99))
    def is_taken_back(self, number: int) -> None:
        del self.account.peers[self._some(number, lives=False)[0]]

    @invariant()
    def never_more_than_the_whole(self) -> None:
        at_work = [peer.share for peer in self.account.peers.values() if peer.lives and peer.share.sharers]
        for whole in (1, 2, 3, 4, 7, 20):
            for name in NAMES:
                assert sum(share.part(whole, name) for share in at_work) <= whole
                # With a rate, each that has a connection takes one of so many starts.
                rates = [1 / share.spacing(whole) for share in at_work if share.part(whole, name)]
                assert sum(rates) <= 1 + 1e-9

    @rule()
    def all_have_looked(self) -> None:
        """Who waits for nobody that is dead has the whole together, after each has looked three times."""
        if any(not peer.lives for peer in self.account.peers.values()):
            return
        for number in range(3 * len(self.account.peers)):
            self.looks(number)
        for name in NAMES if self.account.peers else ():
            assert sum(peer.share.part(7, name) for peer in self.account.peers.values()) == 7


TestComingAndGoing = ComingAndGoing.TestCase
TestComingAndGoing.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


@given(of=st.integers(1, 4), slower=st.integers(0, 12), faster=st.integers(0, 12))
def test_connections_of_a_narrowed_window_are_shared_out(of: int, slower: int, faster: int) -> None:
    throttles = [Throttle(4, None, share) for share in shares(of)]
    alone = Throttle(4, None)
    for throttle in (*throttles, alone):
        for _ in range(slower):
            throttle.slower(0.0)
        throttle.faster(faster)
    assert sum(throttle.open_connections for throttle in throttles) == alone.open_connections
    assert {throttle.window for throttle in throttles} == {alone.window}


@pytest.mark.parametrize("of", [1, 2, 3, 4, 8])
def test_the_rate_is_one_over_all(of: int) -> None:
    """More processes than connections: some have none, and no start."""
    starts = []
    for share in shares(of):
        throttle = Throttle(4, 12.0, share)
        now = 990.0
        while throttle.open_connections and (now := now + throttle.reserve(now)) < 1_010.0:
            starts.append(now)
    starts = sorted(start for start in starts if start >= 1_000.0)
    assert len(starts) == pytest.approx(120, abs=1)
    apart = [later - sooner for sooner, later in itertools.pairwise(starts)]
    assert apart == pytest.approx([1 / 12] * len(apart))


@pytest.mark.parametrize("of", [1, 2, 3, 8])
def test_who_only_asks_whether_one_is_free_has_the_whole_rate(of: int) -> None:
    """So it is for a domain: whoever waits for it looks again when that much time has passed, a little late."""
    starts = 0
    for share in shares(of):
        throttle, now = Throttle(8, 4.0, share), 1_000.0
        while now < 1_020.0:
            if (wait := throttle.free_in(now)) <= 0:
                throttle.reserve(now)
                starts += 1
            now += max(wait, 0.0) + 0.003
    assert starts == pytest.approx(80, abs=of)


def test_a_clock_that_is_set_right_a_little_takes_no_start_twice() -> None:
    share = Share(0, (0, 1))
    throttle = Throttle(4, 10.0, share)
    at = 100.0
    for _ in range(40):
        at += throttle.reserve(at)
    share.clock_ahead = 0.02
    assert throttle.reserve(at) == pytest.approx(0.18)


def test_who_takes_over_the_part_of_another_has_its_connections_and_its_rate() -> None:
    share = Share(1, (0, 1))
    throttle = Throttle(3, 1.0, share)
    assert throttle.open_connections == 1
    share.change((1,))
    assert throttle.open_connections == 3
    throttle.reserve(100.0)
    assert throttle.reserve(100.0) == pytest.approx(1.0)


def test_who_has_no_part_opens_nothing() -> None:
    throttle = Throttle(3, 1.0, Share(1, ()))
    assert throttle.open_connections == 0
    assert Throttle(3, 1.0, Share(1, (2,))).open_connections == 0


def test_a_domain_with_one_connection_is_one_process_s_and_the_others_leave_it_to_that() -> None:
    owner = owner_of("one.example.com", 2)
    for share in shares(2):
        each = DomainLimits({"one.example.com": Limit(connections=1)}, 4, float, share)
        assert each.part() == []
        assert each.closed(0.0) == (() if share.mine == owner else ("one.example.com",))


def test_what_waits_for_a_domain_that_has_become_another_s_goes_back() -> None:
    limits = [DomainLimits({}, 2, float, share) for share in shares(2)]
    waiting = [claim(number, "example.com") for number in range(3)]
    held = {}
    for index, each in enumerate(limits):
        assert each.put(waiting, 0.0) == []
        first = each.next(0.0)
        assert first is not None
        held[index] = each.slower(first, BUSY, 0.0)
    owner = owner_of("example.com", 2)
    assert held[owner] == []
    assert held[1 - owner] == waiting[1:]
    assert limits[1 - owner].closed(0.0) == ("example.com",)
    # Another process's accepted letters bring it back.
    limits[1 - owner].accepted("example.com", 4)
    assert limits[1 - owner].closed(0.0) == ()


def test_accepted_elsewhere_ends_a_row_of_troubles_and_counts_as_attempts() -> None:
    breaker = CircuitBreaker(1)
    assert [breaker.trouble(BUSY) is None for _ in range(4)] == [True] * 4
    breaker.accepted_elsewhere(50)
    assert [breaker.trouble(BUSY) is None for _ in range(5)] == [True] * 4 + [False]
    assert (breaker.attempted, breaker.attempted_elsewhere) == (50, 50)


@pytest.mark.parametrize(("of", "seconds"), [(1, 0.1), (4, 0.406)])
def test_a_domain_that_several_share_is_a_little_slower_than_its_rate(of: int, seconds: float) -> None:
    """Its starts wait for the relay's, and so some come late and near to the next."""
    (share, *_) = shares(of)
    relay = Throttle(4, 40.0, share)
    assert Throttle(4, 10.0, share, "example.com", relay).apart == pytest.approx(seconds)
    assert relay.apart == pytest.approx(of / 40)
