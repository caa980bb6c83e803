"""How much of what a letter uses nine mail clients do not know, by caniemail's data; see docs/benchmarks.md.

Touches: caniemail's data (MIT) as npm installs it. Limits: it counts features, not harm, and of each client the latest
version that was tested.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from features import Features, features_of

DATA = Path(__file__).parent / "node_modules" / "caniemail" / "data" / "caniemail.json"
OUTLOOK = ("outlook", "windows")
CLIENTS = (
    ("gmail", "desktop-webmail"),
    ("gmail", "android"),
    ("gmail", "ios"),
    OUTLOOK,
    ("outlook", "outlook-com"),
    ("apple-mail", "macos"),
    ("apple-mail", "ios"),
    ("samsung-email", "android"),
    ("yahoo", "desktop-webmail"),
)
_COSTS = {"n": 1.0, "a": 0.5}

Costs = Mapping[str, Mapping[tuple[str, str], float]]


def costs() -> Costs:
    """For each feature what it costs in each client."""
    data = json.loads(DATA.read_text(encoding="utf-8"))["data"]
    return {
        entry["slug"]: {client: _cost(entry["stats"].get(client[0], {}).get(client[1], {})) for client in CLIENTS}
        for entry in data
    }


def pens(html: str, known: Costs) -> tuple[float, float]:
    """The pen of a letter, and that of what is inline."""
    used = features_of(html)
    outlook = used.outlook - used.inline
    inline = _sum(used.inline, known, CLIENTS) + _sum(outlook, known, [OUTLOOK])
    whole = _sum(used.inline | used.sheets, known, CLIENTS) + _sum(outlook - used.sheets, known, [OUTLOOK])
    return whole, inline


def dearest(used: Features, known: Costs) -> dict[str, float]:
    """What each feature costs that all clients see, the dearest first; what costs nothing is left out."""
    found = {name: sum(known[name].values()) for name in used.inline | used.sheets if name in known}
    return {name: cost for name, cost in sorted(found.items(), key=lambda item: -item[1]) if cost}


def _sum(names: Iterable[str], known: Costs, clients: Iterable[tuple[str, str]]) -> float:
    return sum(known[name][client] for name in names if name in known for client in clients)


def _cost(versions: Mapping[str, str]) -> float:
    if not versions:
        return 0.0
    newest = max(versions, key=lambda version: [int(part) for part in re.findall(r"\d+", version)])
    return _COSTS.get(versions[newest][0], 0.0)
