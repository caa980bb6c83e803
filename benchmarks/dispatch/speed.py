"""Messages a second and CPU of six senders against two receivers, by turns in one run; prints a table. By hand.

    npm ci --prefix benchmarks/dispatch
    python benchmarks/dispatch/speed.py [--rounds 5] [--messages 10000] [--slow 2000] [--whole 30000] [--json FILE]
                                        [--only WORDS] [--postgresql URL]

A 60 KB message in Korean to 10,000 readers. Ours keeps its whole ledger, durable; the others keep none. Each figure is
the median over the rounds, the ratio that to smtp-source against the same receiver. Senders that take minutes get
`--slow` messages, since their rate does not depend on the number. `--whole` sends to so many by the whole command, from
its start to its answer, beside smtp-source with as many. Needs Postfix's smtp-source and smtp-sink, a C
compiler and node.
Touches: loopback, a folder beside this file for the ledgers (a real disk: /tmp may be memory, where durable is free).
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from letter import letter, made
from lines import build_receiver, delay, fast_receiver, smtp_sink
from senders import Sender, Taken, all_senders, by_newsletter, by_whole_command

Receivers = dict[str, Callable[[], AbstractContextManager[int]]]
Found = dict[str, dict[str, list[Taken]]]
"""By receiver and sender, one for each round."""
ONE_WAY_MS = 10.0
FAR_MESSAGES = 300


def measured(senders: dict[str, Sender], receivers: Receivers, given: argparse.Namespace) -> Found:
    """Every sender against every receiver, by turns; each run has a receiver of its own."""
    found: Found = {name: defaultdict(list) for name in receivers}
    for number in range(given.rounds):
        for where, receiver in receivers.items():
            for sender in senders.values():
                with receiver() as port:
                    taken = sender.send(port, given.slow if sender.slow else given.messages)
                found[where][sender.name].append(taken)
                print(f"{number + 1} {where}, {sender.name}: {taken.rate:,.0f}/s", file=sys.stderr, flush=True)
    return found


def round_trips(
    receiver: Callable[[], AbstractContextManager[int]], *, pipelining: bool = True, connections: int = 1
) -> float:
    """Times 20 ms for each message of a connection, to a relay that is 20 ms away."""
    with receiver() as port, delay(port, ONE_WAY_MS) as far:
        taken = by_newsletter(far, FAR_MESSAGES * connections, connections, pipelining=pipelining)
    return taken.seconds / taken.messages * connections / (2 * ONE_WAY_MS / 1000)


def whole_commands(
    first: Sender, receiver: Callable[[], AbstractContextManager[int]], given: argparse.Namespace
) -> str:
    """The same table for `newsletter send` from its start to its answer."""
    one, two = "newsletter send, 20", "newsletter send, two processes, 50"
    senders = [
        first,
        Sender(one, partial(by_whole_command, connections=20)),
        Sender(two, partial(by_whole_command, connections=50, processes=2)),
    ]
    given = argparse.Namespace(rounds=given.rounds, messages=given.whole, slow=given.whole)
    return table(measured({sender.name: sender for sender in senders}, {"fast receiver": receiver}, given))


def table(found: Found) -> str:
    """As Markdown: for each sender the rate and its ratio against each receiver, and the CPU."""
    heads = "".join(f" {where}, messages/s | ratio | CPU s per 1,000 |" for where in found)
    lines = [f"| sender |{heads}", "|---|" + "---:|---:|---:|" * len(found)]
    first = next(iter(next(iter(found.values()))))
    for name in next(iter(found.values())):
        cells = ""
        for takens in found.values():
            rate, base = (median(one.rate for one in takens[which]) for which in (name, first))
            cells += f" {rate:,.0f} | {rate / base:.2f} | {median(one.cpu_per_1000 for one in takens[name]):.2f} |"
        lines.append(f"| {name} |{cells}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--slow", type=int, default=2_000)
    parser.add_argument("--whole", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default="", help="senders whose name holds one of these words, separated by commas")
    parser.add_argument(
        "--postgresql", default="", metavar="URL", help="of a database, to send with a ledger there, too"
    )
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        sample = letter(made(folder / "sample", 1, 1025, 1), folder)
        print(f"One message has {sample.octets:,} octets.", file=sys.stderr)
        receivers: Receivers = {
            "smtp-sink": smtp_sink,
            "fast receiver": partial(fast_receiver, build_receiver(folder)),
        }
        senders = all_senders(sample, folder, uvloop=find_spec("uvloop") is not None, postgresql=given.postgresql)
        first, *others = senders
        wanted = [name for name in others if any(word in name for word in given.only.split(","))]
        found = measured({name: senders[name] for name in [first, *wanted]}, receivers, given)
        far_away = {
            "pipelined": round_trips(receivers["fast receiver"]),
            "pipelined, four connections": round_trips(receivers["fast receiver"], connections=4),
            "plain": round_trips(receivers["fast receiver"], pipelining=False),
        }
        whole = whole_commands(senders[first], receivers["fast receiver"], given) if given.whole else ""
    print(table(found))
    print("\nRound trips a message at 20 ms:", ", ".join(f"{trips:.2f} {name}" for name, trips in far_away.items()))
    print(whole)
    if given.json:
        rows = {
            where: {name: [vars(taken) for taken in takens] for name, takens in by_sender.items()}
            for where, by_sender in found.items()
        }
        given.json.write_text(json.dumps({"rows": rows, "round_trips": far_away}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
