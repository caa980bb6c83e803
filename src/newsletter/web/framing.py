"""Make a letter safe to look at: what it needs to stand in a frame, and the policy that nothing in it can get past.

Touches: nothing. The letter is shown as it was sent; two things alone are changed for the frame: pictures named by
Content-ID get an address here, and links open in a new tab. Limits: pictures on other servers are not loaded.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Shown; anything else, SVG above all, could carry a script."""

SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
"""No scripts, no forms, no origin, no way to the window around it; a link may open a tab of its own."""

_CID = re.compile(r"""(?<=["'(])cid:([^"'()<>\s]{1,200})""", re.IGNORECASE)
_HEAD = re.compile(r"<head(?:\s[^>]{0,500})?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*<!doctype[^>]{0,500}>", re.IGNORECASE)
_BASE = '<base target="_blank">'


def framed(html: str, pictures: Mapping[str, str]) -> str:
    """The letter for a frame. `pictures` maps each Content-ID, without angle brackets, to an address on this server."""
    linked = _CID.sub(lambda found: pictures.get(found[1], found[0]), html)
    # The first <base> with a target wins, so ours comes first; a missing head does not make us write above the doctype,
    # which would put the letter in quirks mode.
    place = _HEAD.search(linked[:4000]) or _DOCTYPE.match(linked)
    end = place.end() if place else 0
    return f"{linked[:end]}{_BASE}{linked[end:]}"


def letter_response(html: str, port: int) -> Response:
    """The framed letter under a policy that also holds where somebody opens its address in a tab."""
    # A sandboxed page has no origin; some browsers then match nothing with 'self', so the origins are spelled out.
    # The grammar of a policy has no place for an IPv6 address.
    pictures = f"'self' http://127.0.0.1:{port} http://localhost:{port}"
    policy = (
        f"sandbox {SANDBOX}; default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def picture_response(media_type: str, data: bytes) -> Response | None:
    """A picture, if it is of a kind that can only be a picture."""
    return Response(data, media_type=media_type) if media_type in PICTURE_TYPES else None


def picture_path(cid: str) -> str:
    """A Content-ID as one segment of a path."""
    return quote(cid, safe="")
