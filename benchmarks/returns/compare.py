"""Our reader of bounces beside flufl.bounce alone, the standard library and listmonk's rule, on the same corpora.

    python benchmarks/returns/compare.py [--wrong]

Touches: tests/returns/corpus, standard output. `--wrong` also names each message that ours has wrong.

How the others are asked. flufl.bounce: `all_failures`; it has no classes, and who uses it (Mailman) counts each
permanent failure against the address. The standard library: the recipients and Status fields of the
message/delivery-status that `email` parses; RFC 3463's own words for a status are taken as its class. listmonk:
whatever lies in the mailbox is a bounce; hard where the first line that begins with an enhanced code has 5, else where
some phrase stands anywhere; hard is taken as bad_address, soft is right for every other class; whom it is about it
knows by a header of its own alone.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from itertools import chain
from pathlib import Path

from flufl.bounce import all_failures

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.returns.corpora import Found, Labelled, Score, flufl_messages, scored
from tests.returns.made import PARTS, made_messages
from tests.returns.ours import ours

_CLASS_OF_STATUS = (
    (re.compile(r"5\.1\.|5\.2\.1"), "bad_address"),
    (re.compile(r"[45]\.2\.2"), "mailbox_full"),
    (re.compile(r"5\.7\.2[0-9]"), "unauthenticated"),
    (re.compile(r"5\.7\."), "policy"),
    (re.compile(r"5\.3\.4|5\.6\.|5\.2\.3"), "content"),
    (re.compile(r"4\."), "temporary"),
)
_BEGINS_WITH_STATUS = re.compile(rb"^(?:status:\s*)?(?:\d{3}\s+)?([45])\.\d+\.\d+", re.MULTILINE | re.IGNORECASE)
_HARD_PHRASES = re.compile(
    rb"(?:user unknown|no such user|unknown.*user|address not found|mailbox not found|does not exist|nxdomain"
    rb"|invalid recipient|recipient.*invalid|bad.*address|address.*reject|(?:account|address).*disabled"
    rb"|undeliverable|permanent.*failure|permanent.*error)",
    re.IGNORECASE,
)
_SOFT = "soft"


def flufl(octets: bytes) -> Found:
    """Whom it finds; each permanent failure counts against the address."""
    delayed, failed = all_failures(message_from_bytes(octets))
    to = frozenset(address.decode().lower() for address in delayed | failed)
    kind = "bounce" if failed else "delay" if delayed else "unknown"
    return Found(kind, to, "bad_address" if failed else "")


def standard_library(octets: bytes) -> Found:
    """What message/delivery-status says, and nothing else."""
    kind, reply_class, to = "unknown", "", set[str]()
    for block in _status_blocks(message_from_bytes(octets)):
        action = str(block.get("action", "")).split(" ")[0].lower()
        if action not in ("failed", "delayed"):
            continue
        kind = "bounce" if action == "failed" else "delay"
        recipient = block.get("original-recipient") or block.get("final-recipient") or ""
        to.add(str(recipient).rpartition(";")[2].strip(" <>").lower())
        status = str(block.get("status", ""))
        reply_class = next((name for pattern, name in _CLASS_OF_STATUS if pattern.match(status)), "permanent")
    return Found(kind, frozenset(to), reply_class)


def _status_blocks(message: Message) -> Iterator[Message]:
    for part in message.walk():
        blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else None
        if isinstance(blocks, list):
            yield from (block for block in blocks if isinstance(block, Message))


def listmonk(octets: bytes) -> Found:
    """Hard or soft."""
    status = _BEGINS_WITH_STATUS.search(octets)
    hard = status[1] == b"5" if status else bool(_HARD_PHRASES.search(octets))
    return Found("bounce", frozenset(), "bad_address" if hard else _SOFT)


def _as_right_as_can_be(got: Found, label: Labelled) -> Found:
    """Soft, for a delay too, is right for every class but bad_address."""
    if got.reply_class == _SOFT and label.reply_class != "bad_address":
        return Found(label.kind if label.kind == "delay" else got.kind, got.to, label.reply_class)
    return got


READERS = {"newsletter": ours, "flufl.bounce": flufl, "standard library": standard_library, "listmonk": listmonk}


def score_of(name: str, labelled: list[Labelled]) -> Score:
    """Of one reader over one corpus."""
    if name != "listmonk":
        return scored(READERS[name], labelled)
    score = Score()
    for label in labelled:
        score.add(label, _as_right_as_can_be(listmonk(label.octets), label))
    return score


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part}/{whole})" if whole else "none there"


def table(title: str, labelled: list[Labelled]) -> tuple[str, Score]:
    """Markdown, and our own score."""
    rows = [f"\n**{title}** ({len(labelled)} messages)\n"]
    rows.append("| | recipient found | class right | living address taken for dead | no bounce, taken for one |")
    rows.append("|---|---|---|---|---|")
    scores = {name: score_of(name, labelled) for name in READERS}
    for name, score in scores.items():
        found = "by its own header alone" if name == "listmonk" else _share(score.found, score.named)
        classed = "has none" if name == "flufl.bounce" else _share(score.class_right, score.classed)
        dead = _share(score.taken_for_dead, score.alive)
        rows.append(f"| {name} | {found} | {classed} | {dead} | {_share(score.taken_for_bounce, score.automatic)} |")
    return "\n".join(rows), scores["newsletter"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Readers of bounces beside each other.")
    parser.add_argument("--wrong", action="store_true", help="name each message that ours has wrong")
    options = parser.parse_args()
    corpora = {"flufl.bounce's own": list(flufl_messages())}
    corpora["The world's, made"] = list(made_messages("world_1"))
    corpora["Korean, made"] = [one for part in PARTS if part.startswith("korean") for one in made_messages(part)]
    corpora["All"] = list(chain.from_iterable(corpora.values()))
    for title, labelled in corpora.items():
        words, score = table(title, labelled)
        print(words)
        if options.wrong and title != "All":
            print("\n".join(f"- {line}" for line in score.wrong))


if __name__ == "__main__":
    main()
