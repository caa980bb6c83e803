"""Those who send the letter: each takes a port and a number of messages, and says what it took.

Touches: the network.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger import Server
from letter import LIST_ID, SENDER, SLUG, SQLITE, Letter, made

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.settings.load import find_workspace

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Taken:
    """Wall-clock seconds and CPU seconds of the sender, for so many messages."""

    messages: int
    seconds: float
    cpu_s: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def cpu_per_1000(self) -> float:
        return self.cpu_s / self.messages * 1000


@dataclass(frozen=True)
class Sender:
    """`slow` ones may be given fewer messages: their rate does not depend on how many there are."""

    name: str
    send: Callable[[int, int], Taken]
    """Called with port and number of messages."""
    slow: bool = False


def all_senders(letter: Letter, folder: Path, *, uvloop: bool, postgresql: str = "") -> dict[str, Sender]:
    """By name; the first is what the others are held against. `postgresql` is the URL of a database for its ledgers."""
    senders = [
        Sender("smtp-source -s 20 -d", partial(by_smtp_source, letter=letter, folder=folder)),
        Sender("newsletter, 20 connections", partial(by_newsletter, connections=20)),
        Sender("newsletter, 10 connections", partial(by_newsletter, connections=10)),
        Sender("newsletter, 50 connections", partial(by_newsletter, connections=50)),
        Sender("newsletter, two processes, 50", partial(by_newsletter, connections=50, processes=2)),
        Sender("newsletter, 20, plain commands", partial(by_newsletter, connections=20, pipelining=False)),
        Sender("nodemailer pool, 20", partial(by_node, letter=letter, folder=folder, encoding="default"), slow=True),
        Sender("nodemailer, base64, 20", partial(by_node, letter=letter, folder=folder, encoding="base64"), slow=True),
        Sender("aiosmtplib sendmail(bytes), 20", partial(by_aio, letter=letter, how="bytes"), slow=True),
        Sender("aiosmtplib send_message, 20", partial(by_aio, letter=letter, how="message"), slow=True),
        Sender("smtplib, 10 threads", partial(by_smtplib, letter=letter), slow=True),
    ]
    if uvloop:
        senders.insert(
            6, Sender("newsletter, 20, asyncio's loop", partial(by_newsletter, connections=20, uvloop=False))
        )
    if postgresql:
        senders[5:5] = [
            Sender(
                f"newsletter, {count} connections, PostgreSQL",
                partial(by_newsletter, connections=count, url=postgresql),
            )
            for count in (20, 50)
        ]
    return {sender.name: sender for sender in senders}


def by_smtp_source(port: int, count: int, letter: Letter, folder: Path) -> Taken:
    """Postfix's load generator: one constant message, one constant reader, no account of anything."""
    plain = folder / "smtp-source.eml"
    if not plain.exists():
        # It adds the CR itself.
        plain.write_bytes(letter.eml.read_bytes().replace(b"\r\n", b"\n"))
    command = ["smtp-source", "-s", "20", "-d", "-m", str(count), "-F", str(plain), "-f", SENDER]
    return _waited_for([*command, "-t", "reader@example.com", f"127.0.0.1:{port}"], count)


def by_whole_command(port: int, count: int, connections: int, *, processes: int = 1) -> Taken:
    """`newsletter send` as a person types it: start, survey, plan, ledger, run, and the answer at its end."""
    with TemporaryDirectory(dir=HERE, prefix=".run-") as name:
        made(Path(name), count, port, connections, processes=processes)
        command = [sys.executable, "-m", "newsletter", "--workspace", name, "--quiet", "send", SLUG, "--yes"]
        taken = _waited_for(command, count)
        with open_ledger(find_workspace(Path(name), explicit=Path(name), environ={}), Purpose.READ) as ledger:
            record = ledger.find(LIST_ID, SLUG)
            sent = ledger.counts(record.id)[State.SENT] if record else 0
    if sent != count:
        raise RuntimeError(f"{sent} of {count} were sent by the whole command")
    return taken


def _waited_for(command: list[str], count: int) -> Taken:
    """What a command took, with the processes that it started itself."""
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Taken(count, seconds, used.ru_utime + used.ru_stime)


def by_newsletter(
    port: int,
    count: int,
    connections: int,
    *,
    pipelining: bool = True,
    uvloop: bool = True,
    processes: int = 1,
    url: str = "",
) -> Taken:
    """The whole of `newsletter send` after the plan, its ledger on this disk or in a new schema of that database."""
    with TemporaryDirectory(dir=HERE, prefix=".run-") as name:
        folder = Path(name)
        ledger = Server(url, "speed").url if url else SQLITE
        made(folder, count, port, connections, pipelining=pipelining, processes=processes, ledger=ledger)
        return _told([sys.executable, str(HERE / "ours.py"), name, *([] if uvloop else ["asyncio"])], count)


def by_node(port: int, count: int, letter: Letter, folder: Path, encoding: str) -> Taken:
    given = folder / "letter.json"
    words = {"from": SENDER, "subject": letter.subject, "text": letter.text, "html": letter.html}
    given.write_text(json.dumps(words), encoding="utf-8")
    node = shutil.which("node") or "node"
    return _told([node, str(HERE / "by_nodemailer.mjs"), str(port), str(count), "20", str(given), encoding], count)


def by_smtplib(port: int, count: int, letter: Letter) -> Taken:
    return _told([sys.executable, str(HERE / "by_smtplib.py"), str(port), str(count), "10", str(letter.eml)], count)


def by_aio(port: int, count: int, letter: Letter, how: str) -> Taken:
    command = [sys.executable, str(HERE / "by_aiosmtplib.py"), str(port), str(count), "20", str(letter.eml), how]
    return _told(command, count)


def _told(command: list[str], count: int) -> Taken:
    """Run a sender that prints what it took; one that did not send everything is no measurement."""
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found = json.loads(ended.stdout.splitlines()[-1])
    if found["messages"] != count:
        raise RuntimeError(f"{found['messages']} of {count} were sent: {' '.join(command)}")
    return Taken(count, found["seconds"], found["cpu_s"])
