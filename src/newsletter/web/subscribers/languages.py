"""In which language a page answers: what the link asks for, what is known of the reader, then the browser's wish.

Touches: nothing.
"""

from collections.abc import Iterator
from functools import lru_cache

from starlette.requests import Request

from newsletter.catalogue import LANGUAGES

ASKED = "lang"
"""The parameter of a link to the same page in another language."""
_MOST_WISHES = 30
"""Nobody has so many; the rest of a longer list is not looked at."""


def page_language(request: Request, *, known: str = "", default: str) -> str:
    """One of LANGUAGES. `known` is the subscription's, `default` the newsletter's.

    A link `?lang=en` wins: who followed it has just chosen. A known language that we do not speak says nothing.
    """
    asked = request.query_params.get(ASKED, "")
    chosen = spoken(asked) or spoken(known)
    return chosen or wished(request.headers.get("accept-language", ""), default)


def spoken(tag: str) -> str:
    """The one of LANGUAGES that a tag means, such as `en` of `en-GB`; empty for none."""
    first = tag.strip().replace("_", "-").partition("-")[0].lower()
    return first if first in LANGUAGES else ""


@lru_cache(maxsize=512)
def wished(accept_language: str, default: str) -> str:
    """What a header Accept-Language wants most of LANGUAGES (RFC 9110, 12.5.4).

    Where two are wanted alike the first one named; `default` where none is, or anything will do, unless it is refused.
    """
    weights: dict[str, float] = {}
    for tag, weight in _wishes(accept_language):
        if tag == "*":
            for language in (default, *LANGUAGES):
                weights.setdefault(language, weight)
        elif language := spoken(tag):
            # `en-GB, en;q=0.5` wants English as much as its best kind.
            weights[language] = max(weight, weights.get(language, 0.0))
    best = max(weights, key=weights.__getitem__, default=default)
    if weights.get(best):
        return best
    return next((one for one in (default, *LANGUAGES) if one not in weights), default)


def _wishes(header: str) -> Iterator[tuple[str, float]]:
    """Tags with their weights from 0 to 1, `*` behind the others; what nobody can read is left out."""
    parsed = []
    for wish in header.split(",", _MOST_WISHES)[:_MOST_WISHES]:
        tag, _, parameter = (part.strip() for part in wish.partition(";"))
        name, _, value = (part.strip() for part in parameter.partition("="))
        if not tag or (parameter and name.lower() != "q"):
            continue
        try:
            weight = float(value) if parameter else 1.0
        except ValueError:
            continue
        if 0 <= weight <= 1:
            parsed.append((tag, weight))
    return iter(sorted(parsed, key=lambda one: one[0] == "*"))
