"""Our reader as the corpora ask it. Touches: nothing."""

from newsletter.returns.model import Kind
from newsletter.returns.read import read_return

from .corpora import FAILED, Found


def ours(octets: bytes) -> Found:
    """The first recipient's class; whom each return is about, by the strongest address."""
    returns = read_return(octets, own=("bounce@news.example.org", "no-reply@news.example.org"))
    failed = [one for one in returns if one.kind in (Kind.BOUNCE, Kind.DELAY)]
    first = failed[0] if failed else returns[0]
    to = frozenset(address.lower() for one in failed for address in one.clues.addresses[:1])
    return Found(first.kind.value, to, first.reply_class if first.kind in FAILED else "")
