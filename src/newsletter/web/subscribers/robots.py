"""Whether a request comes from somebody who reads, as well as its header tells. Touches: nothing; keeps nothing.

Robots mostly say so, or do not look like a browser. Limits: one that takes pains to look like a person is counted as
one.
"""

import re
from collections.abc import Mapping

# Most name an address where they are explained. CUBOT makes telephones, and IE 10 still called itself compatible.
_ROBOT = re.compile(
    r"https?:|@|(?<!cu)bot|crawl|spider|slurp|compatible;(?! msie)|headless|lighthouse|preview|prerender|scan|monitor"
    r"|phantom|snippet",
    re.IGNORECASE,
)
_BROWSER = re.compile(r"(?:Mozilla|Opera)/")
_AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")
"""Says `prefetch` or `preview` where a browser fetches what somebody may want to see, or only draws it small."""


def is_read(method: str, headers: Mapping[str, str]) -> bool:
    """`headers` with names in lower case. What a browser asks for when somebody opens a page, and no program."""
    if method != "GET" or "range" in headers or any(name in headers for name in _AHEAD):
        return False
    if headers.get("sec-fetch-dest", "document") != "document":
        return False
    # Every browser says which languages and kinds of answers it wants; hardly any robot does.
    if "text/html" not in headers.get("accept", "") or not headers.get("accept-language"):
        return False
    agent = headers.get("user-agent", "")
    return bool(_BROWSER.match(agent)) and not _ROBOT.search(agent)
