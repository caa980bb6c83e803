"""The hosts that the words of a link show to a reader: `www.si.re.kr`, `https://si.re.kr/a`. Touches: nothing.

Limits: a bare `si.re.kr` counts only with an end that is no file's, and among other words only in small letters with an
end that little else has: `node.js`, `report.pdf` and `2026.11` are no hosts, and a title may speak of Amazon.com.
"""

import re
import unicodedata

from newsletter.issue.invisible import without_invisible

from .hosts import readable_host

_ENDS = (
    "com|net|org|edu|gov|mil|int|info|biz|name|app|dev|shop|xyz|online|site|kr|jp|cn|tw|hk|sg|us|uk|eu|de|fr|it|es|nl|ch|at"
    "|be|ca|au|in|ru|me|tv|한국"
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_BEHIND = r"(?![a-z0-9@-]|\.[a-z0-9])"
# A host that is shown as an address, wherever it stands; Hangul may follow at once: `www.si.re.kr에서`.
_ADDRESS = re.compile(
    rf"(?:https?://(?:[^\s/@]*@)?|(?<![a-z0-9_@./-])(?=www\.))(?P<host>(?:{_LABEL}\.)+(?:[a-z]{{2,24}}|xn--[a-z0-9-]+)){_BEHIND}"
    r"|https?://(?:[^\s/@]*@)?(?P<any>[^\s/:?#@\"'()<>]*[^\x00-\x7f\s][^\s/:?#@\"'()<>]*)"
)
_BARE = re.compile(rf"(?:^|[(<\[‹«])\s*(?P<host>(?:[\w-]+\.)+(?:{_ENDS}))(?:[:/?#][^\s)>\]]*)?\s*(?:$|[)>\]›»])")
_AMONG_WORDS = re.compile(
    rf"(?<![A-Za-z0-9_@./-])(?P<host>(?:{_LABEL}\.)+(?:com|net|org|edu|gov|kr|jp|cn|info|biz|eu|de|fr|uk)){_BEHIND}"
)
_MAILBOX = re.compile(rf"[\w.+-]+@(?P<host>(?:[\w-]+\.)+(?:[a-z]{{2,24}}|xn--[a-z0-9-]+|한국)){_BEHIND}")
_SIGNS = " \t\n.,;!?→›»>▶▸➔↗⟶·“”‘’\"'"
_LONGEST = 2_000
# `ASP.NET` is a product, and nobody writes a host so.
_PRODUCT = re.compile(r"\b(?:[A-Z]{2,}\.NET|(?:asp|ado|vb|paint)\.net)\b")


def shown_hosts(words: str) -> list[str]:
    """Web hosts in the words of a link, in order, as `hosts.host_of` writes them."""
    text = _read(words)
    found = [match["host"] or match["any"] for match in _ADDRESS.finditer(text.lower())]
    if not found and not _PRODUCT.search(text):
        bare = [*_BARE.finditer(text.lower())] or [*_AMONG_WORDS.finditer(text)]
        found = [match["host"] for match in bare]
    return [readable_host(host) for host in found]


def shown_mail_hosts(words: str) -> list[str]:
    """Domains of the mail addresses in the words of a link."""
    return [readable_host(match["host"]) for match in _MAILBOX.finditer(_read(words).lower())]


def _read(words: str) -> str:
    return unicodedata.normalize("NFKC", without_invisible(words[:_LONGEST])).replace("。", ".").strip(_SIGNS)
