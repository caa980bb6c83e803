"""What befalls a dispatch besides a kill: a list_id that changes, another machine, several processes for one run.

Touches: processes, the ledger.

Another machine has a `.newsletter/` and a boot id of its own, so no lock tells it anything: the heartbeat decides. That
one has been silent for as long as a lease lasts is written into the book, so that nobody has to wait for it.
"""

import os
import random
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess

import sqlalchemy as sa

from newsletter.errors import RefusedError
from newsletter.ledger.column_types import EPOCH
from newsletter.ledger.records import LeaseLostError
from newsletter.ledger.schema import leases
from newsletter.ledger.schema import lots as lots_table
from newsletter.ledger.states import State, SuppressionReason
from newsletter.smtp.failpoints import Failpoint
from newsletter.workflow.rename_list import prepare_rename, rename
from tests.support.books import LIST, hash_of, workspace_at
from tests.support.processes import CHILD

from .account import Account
from .scene import SLOWER, SLOWLY, Scene, ended

Mishap = Callable[[Scene, Account, random.Random], None]

ELSEWHERE = "elsewhere"
_APART = 12
"""Messages between two events, at most."""
_SOON = 8
"""Who leaves is one of so many who come next: whoever forgets to look mails them."""
_WAITING = (State.PLANNED, State.CLAIMED)


def change_list_id(play: Scene, account: Account, lots: random.Random) -> None:
    """Nobody is sending. Some leave before, after and during the next run, by links made with the first list_id."""
    leave(play, lots)
    former = tuple(play.names)
    workspace = workspace_at(play.root, play.url)
    rename(workspace, prepare_rename(workspace, former[-1], f"letter{len(former)}.news.example.org"))
    play.names.append(f"letter{len(former)}.news.example.org")
    leave(play, lots)
    if (code := ended(play.start(names=former))) != RefusedError.exit_code:
        account.broken.append(f"under its former list_id it was sent: it ended with {code}")
    process = play.start()
    _go_on(play, lots, process)
    leave(play, lots, 3 * _SOON)
    _go_on(play, lots, process)
    _kill(account, process, "after another list_id")


def leave(play: Scene, lots: random.Random, among: int = _SOON) -> None:
    """One of so many who come next clicks on the link of an earlier letter."""
    who = lots.choice([row.address for row in play.ledger.deliveries(play.dispatch, _WAITING)][:among])
    play.ledger.suppress_hashes(LIST, [hash_of(who)], reason=SuppressionReason.UNSUBSCRIBED, now=datetime.now(UTC))
    play.left.add(who)
    # From here on nothing may be begun; what had been begun before is not waiting any more.
    if who in {row.address for row in play.ledger.deliveries(play.dispatch, _WAITING)}:
        play.gone.add(who)


def kill_both_machines(play: Scene, account: Account, lots: random.Random) -> None:
    """What the other one held stays where it is until its lease has run out, however dead it is."""
    here, there, lease = _two_at_work(play)
    _go_on(play, lots, here)
    for process in lots.sample([here, there], 2):
        _kill(account, process, "both machines")
    held = _held_by(play, lease)
    play.ledger.take_back(datetime.now(UTC))
    if not held or _held_by(play, lease) != held:
        account.broken.append("taken from another machine before its lease had run out")
    _silence(play, lease)


def kill_one_machine(play: Scene, account: Account, lots: random.Random) -> None:
    """The other one takes back what it held as soon as its lease has run out."""
    here, there, lease = _two_at_work(play)
    _go_on(play, lots, here)
    _kill(account, there, "one of two machines")
    _silence(play, lease)
    while _held_by(play, lease) and here.is_alive():
        _go_on(play, lots, here)
    if _held_by(play, lease):
        account.broken.append("not taken back, although the lease of another machine had run out")
    _kill(account, here, "one of two machines")


def sleep_past_the_lease(play: Scene, account: Account, lots: random.Random) -> None:
    """A machine is stopped until its lease has run out and the other one has gone on, and wakes up beside it."""
    _free_what_the_dead_hold(play)
    sleeping, working = lots.sample(["", ELSEWHERE], 2)
    sleeper = play.stop_at(lots.choice(list(Failpoint)), lots.randint(1, _APART // 2), sleeping)
    account.wheres["asleep past the lease"] += 1
    _silence(play, _lease_of(play, sleeper))
    other = play.start(machine=working)
    _go_on(play, lots, other)
    lease = _lease_of(play, other)
    assert sleeper.pid
    os.kill(sleeper.pid, signal.SIGCONT)
    if (code := ended(sleeper)) != LeaseLostError.exit_code:
        account.broken.append(f"it woke up without its lease and ended with {code}")
    _go_on(play, lots, other)
    _kill(account, other, "beside a sleeper")
    _silence(play, lease)


def kill_some_of_several(play: Scene, account: Account, lots: random.Random) -> None:
    """One run of two processes: one of them dies and is replaced, then the parent does, and both end by themselves."""
    before, so_far = _open_leases(play), len(play.receiver.recipients())
    words = (str(play.root), play.url, str(play.dispatch), str(play.receiver.port), "2")
    with subprocess.Popen((*CHILD, *words), stderr=subprocess.PIPE) as parent:
        play.receiver.wait_for(so_far + lots.randint(1, _APART))
        victim = lots.choice(sorted(_open_leases(play) - before))
        os.kill(victim, signal.SIGKILL)
        account.wheres["one of two processes"] += 1
        play.receiver.wait_for(so_far + 2 * _APART)
        parent.kill()
        account.wheres["the parent of two"] += 1
        # Its children hold the other end of this pipe: it is closed when both have ended.
        _, said = parent.communicate()
    if said:
        account.broken.append(f"a process of several said {said.decode()[-200:]}")


def _open_leases(play: Scene) -> set[int]:
    """Processes that have one."""
    with play.ledger._database.read() as connection:
        return set(connection.scalars(sa.select(leases.c.pid).where(leases.c.ended_at.is_(None))))


def _slowly(mishap: Mishap) -> Mishap:
    """The same with a receiver that thinks about each message."""

    def with_time(play: Scene, account: Account, lots: random.Random) -> None:
        with play.slowly(SLOWLY):
            mishap(play, account, lots)

    return with_time


ANOTHER_LIST_ID = _slowly(change_list_id)
SEVERAL_PROCESSES = _slowly(kill_some_of_several)
TWO_MACHINES = tuple(map(_slowly, (kill_both_machines, kill_one_machine, sleep_past_the_lease)))


def _two_at_work(play: Scene) -> tuple[BaseProcess, BaseProcess, int]:
    """One here, one on another machine, and the lease of that one; each holds something."""
    _free_what_the_dead_hold(play)
    with play.slowly(SLOWER):
        there, here = play.start(machine=ELSEWHERE), play.start()
        while not all(_held_by(play, _lease_of(play, one)) for one in (here, there)) and here.is_alive():
            play.wait_for(len(play.receiver.recipients()) + 1, here)
    return here, there, _lease_of(play, there)


def _free_what_the_dead_hold(play: Scene) -> None:
    """Another machine cannot tell that a process here is dead, and would find nothing to do and end."""
    play.ledger.take_back(datetime.now(UTC))


def _go_on(play: Scene, lots: random.Random, process: BaseProcess) -> None:
    play.wait_for(len(play.receiver.recipients()) + lots.randint(1, _APART), process)


def _kill(account: Account, process: BaseProcess, where: str) -> None:
    """There is more left than it can have sent by now: who has ended by itself has done so without a right to."""
    process.kill()
    account.wheres[where] += 1
    if (code := ended(process)) != -signal.SIGKILL:
        account.broken.append(f"{where}: it ended by itself, with {code}")


def _lease_of(play: Scene, process: BaseProcess) -> int:
    """0 before it has one."""
    its = sa.select(leases.c.id).where(leases.c.pid == process.pid, leases.c.ended_at.is_(None))
    with play.ledger._database.read() as connection:
        return connection.scalar(its) or 0


def _held_by(play: Scene, lease: int) -> int:
    held = sa.select(sa.func.sum(lots_table.c.waiting)).where(lots_table.c.lease_id == lease)
    with play.ledger._database.read() as connection:
        return connection.execute(held).scalar() or 0


def _silence(play: Scene, lease: int) -> None:
    """As if that process had not been heard of for longer than a lease lasts."""
    with play.ledger._database.write() as connection:
        connection.execute(sa.update(leases).where(leases.c.id == lease).values(beat_at=EPOCH))
