"""Make a letter safe to look at: what it needs to stand in a frame, and the policy that nothing in it can get past.

Touches: nothing. The letter is shown as it was sent, but: pictures named by Content-ID get an address here, links open
in a new tab, start tags get a number, colours the look that is asked for; `http-equiv`, `link` and `referrerpolicy`
lose their names, since some of what they do asks no policy. Limits: pictures on other servers are not loaded.

The only script that can run is our helper: it has the one nonce of that answer, and talks to the page around it.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from .colour_scheme import ColourScheme, forced_style, looked_at
from .numbered_tags import numbered

PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Shown; anything else, SVG above all, could carry a script."""

SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
"""No scripts, no forms, no origin, no way to the window around it; a link may open a tab of its own."""
HELPED = f"allow-scripts {SANDBOX}"
"""The same, but for our helper, which the letter's policy names; never with allow-same-origin."""

_CID = re.compile(r"""(?<=["'(])cid:([^"'()<>\s]{1,200})""", re.IGNORECASE)
_COMMENT = r"<!--(?!-?>)(?:(?!--!?>).)*--!?>"
_DOCTYPE = re.compile(rf"(?:\s|\ufeff|{_COMMENT})*<!doctype[^>]{{0,500}}>", re.IGNORECASE | re.DOTALL)
# As literal words, wherever they stand: what a browser takes for these must be spelled so, whatever surrounds it.
_LINK = re.compile(r"<link(?=[\s/>])", re.IGNORECASE)
_LOSES_ITS_NAME = re.compile(r"(?<=[\s\"'/])(?=(?:http-equiv|referrerpolicy)[\s/>=])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LetterFrame:
    """How a letter is framed."""

    pictures: Mapping[str, str] = field(default_factory=dict)
    """Each Content-ID, without angle brackets -> an address on this server."""
    look: ColourScheme | None = None
    """None: as the browser prefers, and start tags get no number."""
    images: bool = True
    helper: str = ""
    """Source of the script that may run in the frame; empty: none may."""
    head: str = ""
    """HTML of ours that comes before all of the letter, such as a policy where no server sends one."""


def framed(html: str, frame: LetterFrame, nonce: str = "") -> str:
    """The letter for a frame."""
    # Only a studio has findings to point at.
    marked = numbered(html, partial(looked_at, look=frame.look)) if frame.look else html
    # Some of what they ask for, connections and the way out of a page, no policy forbids. A void element that does
    # nothing stands in for <link>, so that a head stays a head.
    harmless = _LOSES_ITS_NAME.sub("data-", _LINK.sub("<bgsound", marked))
    linked = _CID.sub(lambda found: frame.pictures.get(found[1], found[0]), harmless)
    # Above the doctype the letter would be in quirks mode; elsewhere ours comes first: the first <base> with a target
    # wins, and whatever the letter leaves open can swallow nothing of it.
    place = _DOCTYPE.match(linked)
    end = place.end() if place else 0
    return f"{linked[:end]}{_prelude(html, frame, nonce)}{linked[end:]}"


def _prelude(html: str, frame: LetterFrame, nonce: str) -> str:
    script = f'<script nonce="{nonce}">{frame.helper}</script>' if frame.helper else ""
    style = f"<style>{forced_style(html, frame.look)}</style>" if frame.look else ""
    return f'{frame.head}<base target="_blank">{style}{script}'


def letter_response(html: str, frame: LetterFrame, port: int) -> Response:
    """The framed letter under a policy that also holds where somebody opens its address in a tab."""
    nonce = secrets.token_urlsafe(18)
    # A sandboxed page has no origin; some browsers then match nothing with 'self', so the origins are spelled out.
    # The grammar of a policy has no place for an IPv6 address.
    pictures = f"'self' http://127.0.0.1:{port} http://localhost:{port}" if frame.images else "'none'"
    scripts = f"script-src 'nonce-{nonce}'; " if frame.helper else ""
    policy = (
        f"sandbox {HELPED if frame.helper else SANDBOX}; default-src 'none'; {scripts}img-src {pictures}; "
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return HTMLResponse(framed(html, frame, nonce), headers={"Content-Security-Policy": policy})


def picture_response(media_type: str, data: bytes) -> Response | None:
    """A picture, if it is of a kind that can only be a picture."""
    return Response(data, media_type=media_type) if media_type in PICTURE_TYPES else None


def picture_path(cid: str) -> str:
    """A Content-ID as one segment of a path."""
    return quote(cid, safe="")
