"""The page that a link leads to, where it goes through somebody who checks or counts clicks. Touches: nothing.

Known are those that say in their own address where they lead: Google Docs and search, Outlook's Safe Links, Facebook,
Proofpoint, Slack, YouTube and Naver. Limits: a shortened address can only be asked, so it stays.
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from newsletter.edition.personal_links import uncounted_address
from newsletter.issue.texts import SCHEMES

_THROUGH = (
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}"), "/url", ("q", "url")),
    (re.compile(r"[a-z0-9-]+\.safelinks\.protection\.outlook\.com"), "/", ("url",)),
    (re.compile(r"statics\.teams\.cdn\.office\.net"), "/evergreen-assets/safelinks/", ("url",)),
    (re.compile(r"(?:l|lm)\.(?:facebook|instagram)\.com"), "/", ("u",)),
    (re.compile(r"urldefense\.proofpoint\.com"), "/v2/url", ("u",)),
    (re.compile(r"slack-redir\.net"), "/link", ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com"), "/redirect", ("q",)),
    (re.compile(r"cr\.naver\.com|m?cc\.naver\.com|link\.naver\.com"), "/", ("u", "url")),
)
_PROOFPOINT = re.compile(r"https://urldefense\.com/v3/__(.+?)__;")
_MOST = 3
"""One behind the other."""


def direct_address(address: str) -> str:
    """Where a link leads in the end, without what counts a mailing; empty where no letter may lead there."""
    address = _stripped(address)
    for _ in range(_MOST):
        behind = _behind(address)
        if not behind:
            break
        address = _stripped(behind)
    if address.partition(":")[0].lower() not in SCHEMES or (address[:4].lower() == "http" and not _host(address)):
        return ""
    return uncounted_address(address) or address


def _stripped(address: str) -> str:
    """As a browser reads it: without line ends and tabs inside and blanks around."""
    return re.sub(r"[\t\n\r]", "", address).strip()


def _behind(address: str) -> str:
    if found := _PROOFPOINT.match(address):
        return "" if "*" in found[1] else _if_page(found[1])  # a star stands for characters that are told elsewhere
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    for hosts, path, keys in _THROUGH:
        if hosts.fullmatch(host) and parts.path.startswith(path):
            said = parse_qs(parts.query)
            found_in = next((said[key][0] for key in keys if key in said), "")
            if "proofpoint" in host:
                found_in = unquote(found_in.replace("-", "%").replace("_", "/"))
            return _if_page(found_in)
    return ""


def _if_page(address: str) -> str:
    return address if address.lower().startswith(("http://", "https://")) else ""


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
