"""What mail programs do not support: caniemail's data, our assumption about Naver and Daum, and what does no harm.

Touches: the files of data/, each once. `data/caniemail.json` is made by scripts/refresh_caniemail.py;
`data/naver-daum.toml` and `data/harmless.toml` are written and reviewed by hand.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from newsletter.catalogue import Said, Verbatim, phrase

_DATA = Path(__file__).with_name("data")
FEATURE_PAGES = "https://www.caniemail.com/features/"


@dataclass(frozen=True, slots=True)
class Support:
    """How one feature fares: its name for a person, and the ids of the clients that lack it or do it in part."""

    title: str
    no: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Harmless:
    """What the rule css-support says nothing about."""

    reasons: Mapping[str, str]
    """Features of the letter's own templates, and why a reader loses nothing where they are not supported."""
    elsewhere: Mapping[str, str]
    """Features that another rule looks after, and which."""


@cache
def tested() -> Mapping[str, Support]:
    """caniemail's features by their name in its addresses: `css-display-flex`."""
    return {
        name: Support(row["title"], tuple(row.get("no", ())), tuple(row.get("partly", ())))
        for name, row in _caniemail()["features"].items()
    }


@cache
def supports() -> Mapping[str, Support]:
    """`tested()`, with what we assume that Naver and Daum leave out."""
    patterns = [pattern for one in _assumed()["assumption"] for pattern in one["features"]]
    client = _assumed()["id"]
    return {
        name: Support(one.title, (*one.no, client), one.partly)
        if any(fnmatchcase(name, pattern) for pattern in patterns)
        else one
        for name, one in tested().items()
    }


@cache
def client_names() -> Mapping[str, Said]:
    """By id, in the order in which findings name them."""
    named: dict[str, Said] = {client: Verbatim(name) for client, name in _caniemail()["clients"].items()}
    return named | {_assumed()["id"]: phrase("check.css.naver_and_daum")}


@cache
def harmless() -> Harmless:
    data = tomllib.loads((_DATA / "harmless.toml").read_text(encoding="utf-8"))
    return Harmless(data["harmless"], data["elsewhere"])


@cache
def _caniemail() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((_DATA / "caniemail.json").read_text(encoding="utf-8"))
    return data


@cache
def _assumed() -> dict[str, Any]:
    return tomllib.loads((_DATA / "naver-daum.toml").read_text(encoding="utf-8"))
