"""A real Postfix takes what we send, in both ways and over each kind of TLS, and says no in its own words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from newsletter.catalogue import SILENCE
from newsletter.dispatch.run import Progress
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim, State
from newsletter.message.message import Message
from newsletter.returns.model import Kind
from newsletter.returns.read import read_return
from newsletter.smtp.server import Security
from tests.support.books import NOW, hash_of, planned, reader, tally
from tests.support.postfix import GONE, LATER, NOBODY, SIZE_LIMIT, Postfix, postfix
from tests.support.smtp_runs import BODY, Sending, address, compose, message_to, policy, sending


@pytest.fixture(scope="module")
def relay() -> Iterator[Postfix]:
    with postfix() as running:
        yield running


def over(job: Sending, relay: Postfix, security: Security, way: str) -> Sending:
    port = relay.ports["tls" if security is Security.TLS else way]
    where = replace(address(port, security, "localhost"), ca_file=relay.ca.ca_file)
    return replace(job, policy=replace(job.policy, server=where, pipelining=way == "pipelined"))


def made_for(recipient: str) -> bytes:
    """The octets that `message_to` put on the wire, before any dot was put before a dot."""
    return BODY.format(message_to(recipient).message_id).encode()


def assert_whole(mail: list[bytes], recipients: list[str]) -> None:
    """Below what Postfix has put on top, each octet is as it was made; dots at the begin of a line among them."""
    kept = Counter(recipient for recipient in recipients for one in mail if one.endswith(made_for(recipient)))
    assert kept == Counter(recipients)
    assert len(mail) == len(recipients)


@pytest.mark.parametrize("way", ["plain", "pipelined"])
@pytest.mark.parametrize("security", list(Security))
def test_every_message_arrives_whole_and_its_queue_id_is_in_the_book(
    ledger: Ledger, relay: Postfix, security: Security, way: str
) -> None:
    job = over(sending(ledger, 60, 0, connections=5), relay, security, way)
    report = job.run()
    assert (report.stopped, report.out_of_step) == (None, False)
    assert (report.stepwise_because is SILENCE) == (way == "pipelined")
    rows = list(ledger.deliveries(job.dispatch))
    assert tally(ledger, job.dispatch) == {"sent": 60}
    assert_whole(relay.mail(60), [row.address for row in rows])
    ids = {row.reply.text.partition("queued as ")[2] for row in rows if row.reply}
    assert len(ids) == 60
    assert ids <= relay.delivered()


@pytest.mark.parametrize("way", ["plain", "pipelined"])
def test_a_recipient_it_refuses_stands_in_nobodys_way(ledger: Ledger, relay: Postfix, way: str) -> None:
    people = [reader(number) for number in range(8)]
    for at, key in ((0, NOBODY), (3, LATER)):
        people[at] = replace(people[at], address=key, key=key, address_hash=hash_of(key))
    job = Sending(ledger, planned(ledger, people), policy(relay.ports[way], connections=1))
    report = job.run()
    states = {row.address: (row.state, row.reply and row.reply.enhanced) for row in ledger.deliveries(job.dispatch)}
    assert states.pop(NOBODY) == (State.FAILED, "5.1.1")
    assert states.pop(LATER) == (State.DEFERRED, "4.2.0")
    assert set(states.values()) == {(State.SENT, "2.0.0")}
    assert (report.stopped, report.out_of_step, report.suppressed) == (None, False, 1)
    assert_whole(relay.mail(6), list(states))


@pytest.mark.parametrize("way", ["plain", "pipelined"])
def test_a_letter_that_is_too_large_for_it_stops_at_the_first(ledger: Ledger, relay: Postfix, way: str) -> None:
    def large(claim: Claim) -> Message:
        return message_to(claim.key, b"Subject: large\r\n\r\n" + b"x" * SIZE_LIMIT)

    job = replace(sending(ledger, 5, relay.ports[way], connections=1), compose=large)
    report = job.run()
    assert report.stopped is not None
    assert (report.stopped.kind.label, report.stopped.exit_code) == ("content", 77)
    assert tally(ledger, job.dispatch) == {"planned": 5}


@pytest.mark.parametrize("way", ["plain", "pipelined"])
def test_one_that_is_restarted_in_the_middle_of_a_run_loses_and_doubles_nobody(
    ledger: Ledger, relay: Postfix, way: str
) -> None:
    starts = relay.log.count("daemon started")
    restarts: list[int] = []

    def restart_once(progress: Progress) -> None:
        if progress.settled >= 40 and not restarts:
            restarts.append(progress.settled)
            relay.stop()
            relay.start()

    job = replace(sending(ledger, 120, relay.ports[way], connections=4), progress=restart_once, compose=compose)
    job.run()
    later = replace(job, now=NOW.replace(hour=20)).run()
    assert relay.log.count("daemon started") == starts + 1
    assert later.stopped is None
    states = {row.address: row.state for row in ledger.deliveries(job.dispatch)}
    counts = Counter(states.values())
    assert counts[State.SENT] + counts[State.IN_DOUBT] == 120
    assert counts[State.IN_DOUBT] <= 2 * 4
    mail = relay.mail(counts[State.SENT])
    got = Counter(key for key in states for one in mail if one.endswith(made_for(key)))
    assert max(got.values()) == 1
    assert {key for key, state in states.items() if state is State.SENT} <= got.keys()


@pytest.mark.parametrize("way", ["plain", "pipelined"])
def test_what_it_returns_names_the_delivery(ledger: Ledger, relay: Postfix, way: str) -> None:
    people = [replace(reader(0), address=GONE, key=GONE, address_hash=hash_of(GONE))]
    job = Sending(ledger, planned(ledger, people), policy(relay.ports[way], connections=1))
    assert job.run().stopped is None
    (mail,) = relay.mail(1)
    message_id = message_to(GONE).message_id.strip("<>")
    assert f"Original-Envelope-Id: {message_id}\r\n".encode() in mail
    (found,) = read_return(mail, ["no-reply@news.example.org"])
    assert (found.kind, found.reply_class, found.enhanced) == (Kind.BOUNCE, "bad_address", "5.1.1")
    assert found.clues.addresses == (GONE,)
    assert found.clues.message_ids[0] == message_id
