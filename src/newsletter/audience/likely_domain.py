"""The mail domain that was probably meant: `naver.con`, `gmial.com`, `hanmial.net`. Touches: nothing.

A guess for a person to look at, never a reason to leave somebody out. Limits: providers of Korea and the big ones of
the world; a domain that exists and is near one of them is not told where it is itself a known one.
"""

import re
from functools import lru_cache

# What people have their mail at, by name and ends. Of a name with one end every other end is a slip; those with several
# stand in _WORLDWIDE.
_ONE_HOME = {
    **dict.fromkeys(("naver", "gmail", "kakao", "nate", "icloud", "googlemail", "protonmail", "dreamwiz"), "com"),
    **dict.fromkeys(("hanmail", "daum"), "net"),
}
_WORLDWIDE = dict.fromkeys(("hotmail", "outlook", "yahoo", "live", "msn", "aol", "gmx", "yandex"), "com")
_HOMES = {**_ONE_HOME, **_WORLDWIDE}
_REAL = frozenset(
    {f"{name}.{end}" for name, end in _HOMES.items()}
    | {"mail.com", "email.com", "ymail.com", "cloud.com", "rocketmail.com", "naver.co.kr", "kakao.co.kr", "nate.co.kr"}
    | {"aver.com", "korea.com", "korea.kr", "mail.ru", "gmx.net", "gmx.de", "proton.me", "me.com", "mac.com", "qq.com"}
    | {"163.com", "126.com", "empal.com", "paran.com", "chol.com", "lycos.co.kr", "hotmail.co.kr", "yahoo.co.kr"}
    | {
        "outlook.kr",
        "live.co.kr",
        "yahoo.co.jp",
        "hotmail.co.uk",
        "yahoo.co.uk",
        "fastmail.com",
        "zoho.com",
        "hmail.com",
    }
)
# Ends that are none, whatever stands before them.
_NO_ENDS = {
    **dict.fromkeys(("con", "cmo", "ocm", "conm", "cpm", "cim", "clm", "vom", "xom"), "com"),
    **dict.fromkeys(("ney", "nte", "met", "ner", "nrt", "nef", "nret", "nt"), "net"),
    **dict.fromkeys(("ogr", "rog", "orh"), "org"),
    **dict.fromkeys(("rk",), "kr"),
}
_OTHER_COUNTRIES = frozenset({"co", "cm", "om", "ne", "ml"})
"""Ends of countries that come of `com` and `net` by one key less; behind a provider's name they are slips."""
_OTHER_ENDS = _OTHER_COUNTRIES | {"com", "net", "org", "kr", "co.kr", "cn"}
_REPEATED = re.compile(r"(.)\1+")
_LONG = 5
"""Letters from which on one more, one less or another one still leaves the name to be seen: `naver`, but not `nate`."""
_DOMAINS_REMEMBERED = 65_536


@lru_cache(maxsize=_DOMAINS_REMEMBERED)
def likely_domain(domain: str) -> str:
    """What was probably meant by an ASCII domain in lower case; empty for a known one, or where nobody knows."""
    before, _, end = domain.rpartition(".")
    if domain in _REAL or not before:
        return ""
    once = _REPEATED.sub(r"\1", end)
    meant = _NO_ENDS.get(end) or (once if len(end) > len(once) and once in _NO_ENDS.values() else end)
    mended = f"{before}.{meant}"
    bare = mended.removeprefix("www.")
    if bare in _REAL:
        return bare
    name, _, end = bare.partition(".")
    if name in _HOMES and end in (_OTHER_ENDS if name in _ONE_HOME else _OTHER_COUNTRIES):
        return f"{name}.{_HOMES[name]}"
    near = next((known for known in _HOMES if _HOMES[known] == end and _is_slip(name, known)), "")
    if near and bare not in _REAL:
        return f"{near}.{end}"
    return mended if mended != domain else ""


def _is_slip(typed: str, known: str) -> bool:
    """Whether two keys were swapped, or one struck twice; in a long name also one more, one less, or another."""
    if typed == known or abs(len(typed) - len(known)) > 1:
        return False
    start = next((at for at, (one, other) in enumerate(zip(typed, known, strict=False)) if one != other), len(typed))
    start = min(start, len(known))
    swapped = typed[:start] + typed[start + 1 : start + 2] + typed[start : start + 1] + typed[start + 2 :]
    if len(typed) == len(known) and swapped == known:
        return True
    doubled = len(typed) > len(known) and typed[start : start + 1] == typed[start - 1 : start] and start > 0
    if len(known) < _LONG and not doubled:
        return False
    pairs = ((start + 1, start), (start, start + 1), (start + 1, start + 1))
    return any(typed[one:] == known[other:] for one, other in pairs)
