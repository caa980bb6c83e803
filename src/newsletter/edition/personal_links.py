"""What in a link is one reader's or counts clicks, and which links lead out of a subscription. Touches: nothing.

An old letter is kept as one reader got it: its links may say who that was, and who clicks them in public would
unsubscribe that reader. Limits: known by names and shapes, so that a token in a path that looks like any other word
stays.
"""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

_WAY_OUT_WORDS = re.compile(
    r"수신\s*거부|구독\s*(?:취소|해지|해제|정보|설정|관리)|수신\s*(?:설정|동의|정보)|해지하기|unsubscri|opt[\s-]?out"
    r"|(?:manage|update|change|email|subscription)\s+(?:your\s+)?(?:subscription|preferences|settings)"
    r"|配信停止|退订|退訂",
    re.IGNORECASE,
)
_WAY_OUT_ADDRESS = re.compile(
    r"unsub|opt-?out|list-manage\.com/(?:profile|unsubscribe|abuse)|/preferences?\b|subscription[_-]?(?:center|preferences)"
    r"|/u/[\w.~-]{20,}|mailto:[^?]*\?(?:[^#]*&)?subject=[^&]*(?:unsub|%EC%88%98%EC%8B%A0%EA%B1%B0%EB%B6%80)"
    r"|수신거부|수신 거부|구독취소",
    re.IGNORECASE,
)
_OPEN_MERGE = re.compile(r"\*\||\|\*|\{\{|\}\}|\[\[|\$%|%\$|%%|\$\{")
"""Of Mailchimp, Handlebars, Stibee and others: what was to be filled in for each reader."""
_COUNTED = re.compile(
    r"list-manage\.com/track/|stibee\.com/(?:api/)?v\d|/(?:ls|wf)/click|/track/click|/(?:cl|e)/c/|mandrillapp\.com/track"
    r"|hubspotlinks?\.com|/CL0/|click\.(?:\w+\.)+\w+/|links?\.(?:\w+\.)+\w+/(?:ss|e|u)/|/u/click\?|awstrack\.me"
    r"|cmail\d+\.com/t/|createsend\d*\.com/t/|rs6\.net/tn|sendgrid\.net/|r\.(?:mailjet|sendinblue|brevo)\.",
    re.IGNORECASE,
)
"""Addresses that count a click and lead on to where only that host knows, each made for one reader."""
_CAMPAIGN_KEYS = (
    r"mc_[ce]id|utm_\w+|_hs\w*|hs\w*token|ck_subscriber_id|vero_\w+|mkt_tok|elq\w*|trk\w*|fbclid|gclid|s_cid"
)
"""What a mailing adds, so that the site can tell who came by it; no page needs it."""
_OF_CAMPAIGNS = re.compile(_CAMPAIGN_KEYS, re.IGNORECASE)
_OWN_KEYS = re.compile(
    _CAMPAIGN_KEYS + r"|goal|"
    r"e?mail|e-mail|user|uid|user_?id|reader|member(?:_?id)?|subscriber(?:_?id|key)?|recipient|token|sig(?:nature)?|hash|e",
    re.IGNORECASE,
)
_LONGEST = 2_000
"""Characters of an address: longer ones lead nowhere, and take long to look through."""
_ADDRESS = re.compile(r"[^\s@/]+@[^\s@/]+\.[a-z]{2,}", re.IGNORECASE)


def is_way_out(address: str, words: str) -> bool:
    """Whether a link is for leaving, or for changing what one reader gets."""
    return bool(_WAY_OUT_WORDS.search(words[:_LONGEST]) or _WAY_OUT_ADDRESS.search(_readable(address[:_LONGEST])))


def shared_address(address: str) -> str:
    """The address without what is one reader's; nothing where it would lead nowhere or to that reader."""
    if len(address) > _LONGEST:
        return ""
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"}:
        return "" if _OPEN_MERGE.search(address) else address
    if _COUNTED.search(address) or _OPEN_MERGE.search(_readable(address)) or parts.username is not None:
        return ""
    if _ADDRESS.search(_readable(parts.path)):
        return ""
    kept = [(key, value) for key, value in query if not _OWN_KEYS.fullmatch(key) and not _ADDRESS.search(value)]
    if kept == query:
        return address
    return urlunsplit(parts._replace(query=urlencode(kept)))


def uncounted_address(address: str) -> str:
    """The address without what tells its site of a mailing; nothing where it leads through a counter of clicks."""
    if _COUNTED.search(address[:_LONGEST]):
        return ""
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return address
    kept = [(key, value) for key, value in query if not _OF_CAMPAIGNS.fullmatch(key)]
    return address if kept == query else urlunsplit(parts._replace(query=urlencode(kept)))


def _readable(address: str) -> str:
    return unquote(address, errors="replace")
