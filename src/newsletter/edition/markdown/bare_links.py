"""Make links of addresses that stand in a text as they are: `https://example.org에서`, `a@example.org로`.

Touches: nothing. GFM's extended autolinks for http, https, mailto, tel and mail addresses, made right for text without
spaces between an address and what follows: an address ends before Hangul, Han and Kana and before what no address holds
(quotes, full-width punctuation), before a bracket that it did not open, before `**` and `~~`. As in GFM, closing
punctuation is no part of it. Limits: without a scheme a host is text (`www.example.org`, `si.re.kr`), since so many
words with a point are none; a path in Hangul needs angle brackets: `<https://example.org/보고서>`.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.text import text as text_run

from newsletter.edition.wire_address import wire_address

from .neighbours import is_cjk

BARE = "bare"
"""The `markup` of such a link."""
_LATIN = "a-z0-9À-ɏͰ-ԯ"
_LABEL = rf"(?:[{_LATIN}](?:[{_LATIN}\-]{{0,61}}[{_LATIN}])?|[가-힣][가-힣a-z0-9\-]{{0,61}})"
_END = r"(?:한국|닷컴|닷넷|xn--[a-z0-9\-]{2,59}|[a-z]{2,24})(?![a-z0-9\-])"
_HOST = rf"(?:(?:{_LABEL}\.){{1,9}}{_END}|\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?!\d))(?::\d{{1,5}}(?!\d))?"
_LOCAL = r"[a-z0-9](?:[a-z0-9._+\-]{0,62}[a-z0-9_+\-])?"
_MAILBOX = rf"{_LOCAL}@(?:[a-z0-9](?:[a-z0-9\-]{{0,61}}[a-z0-9])?\.){{1,9}}{_END}(?!_?[a-z0-9@])"
_ADDRESS = re.compile(
    rf"(?P<web>https?://{_HOST})|(?P<tel>tel:\+?[\d(][\d\-.()]{{1,30}}\d)|(?P<mailto>mailto:{_MAILBOX})"
    rf"|(?<![a-z0-9])(?P<mailbox>{_MAILBOX})",
    re.IGNORECASE,
)
_REST = re.compile(r"[^\W_]|[\-._~:/?#@!$&'()*+,;=%\[\]]")
"""What may follow a host: RFC 3986, and the letters of RFC 3987."""
_STOP = re.compile(r"\*\*|~~|&(?:lt|gt|quot|nbsp|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_ENTITY = re.compile(r"&[a-z0-9]{1,31};$", re.IGNORECASE)
_CLOSING = "?!.,:;*_~'"
_OPEN_END = re.compile(r"://[^/]+/(?:.*[/=_%-])?$")
_PARTICLE = re.compile(
    r"(?:에서|에|으로|로|을|를|은|는|이|가|의|와|과|도|까지|부터|이나|나|처럼|보다|만|라고|라는|및|또는|참고|참조)(?:는|도|만|의)?"
    r"|(?:입|합)니다|이다|이며|이고|인데|である|です"
)
_PAIRS = {")": "(", "]": "["}
_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|pdf|css|js)$", re.IGNORECASE)
"""`logo@2x.png` is a file."""


def bare_links(md: MarkdownIt) -> None:
    """A markdown-it plugin: looks for addresses in the runs of text between marks."""
    md.inline.ruler.at("text", _text)


def says_itself(words: str, href: str) -> bool:
    """Whether the words of a link are its address, so that nobody has to be told it again."""
    if href[:4].lower() == "tel:":
        return _number_of(words) == _number_of(href)
    return bool(words) and href in (wire_address(words), wire_address(f"mailto:{words}"))


def letters_behind(address: str, text: str) -> str:
    """What stands right behind an address and may have been meant as a part of it, as in `https://example.org/w/서울`.

    An address that ends in the middle (`/w/`, `?q=`) is hardly whole, unless a particle follows: `https://example.org/에서`.
    """
    letters = re.match(r"[가-힣一-鿿ぁ-ヿ][\w%]*", text)
    return letters[0] if letters and _OPEN_END.search(address) and not _PARTICLE.fullmatch(letters[0]) else ""


def _number_of(text: str) -> str:
    return re.sub(r"[^0-9+]", "", text) if re.fullmatch(r"(?:tel:)?[\d\s+\-.()]+", text, re.IGNORECASE) else text


def _text(state: StateInline, silent: bool) -> bool:
    """A run of text up to its first address; that address, where the run begins with it."""
    begin = state.pos
    if not text_run(state, True):
        return False
    first = None if state.linkLevel else _first(state.src, begin, state.pos)
    if first:
        state.pos = first[0]
    if not silent:
        state.pending += state.src[begin : state.pos]
    if first and first[1] <= state.posMax:
        if not silent:
            _push(state, state.src[first[0] : first[1]])
        state.pos = first[1]
    return True


def _first(source: str, begin: int, end: int) -> tuple[int, int] | None:
    """The first address of a paragraph that begins between `begin` and `end`."""
    return next((span for span in _addresses(source) if begin <= span[0] < end), None)


@lru_cache(maxsize=4)
def _addresses(source: str) -> tuple[tuple[int, int], ...]:
    """Where each address of a paragraph begins and ends."""
    if "://" not in source and "@" not in source and "tel:" not in source.lower():
        return ()
    spans: list[tuple[int, int]] = []
    for found in _ADDRESS.finditer(source):
        is_inside = spans and found.start() < spans[-1][1]  # else many in one would be read to its end again and again
        if not is_inside and (end := _end_of(source, found)):
            spans.append((found.start(), end))
    return tuple(spans)


def _end_of(source: str, found: re.Match[str]) -> int:
    """Where the address ends that begins as `found`; 0 where it is none."""
    before = source[max(0, found.start() - 2) : found.start()]
    if before[-1:].isalnum() and not is_cjk(before[-1]):
        return 0
    if found.lastgroup == "web":
        return _end_of_web(source, found.end())
    is_part = before[-1:] == "@" or re.fullmatch(r"\w'", before) or _FILE.search(found[0])
    return 0 if found.lastgroup == "mailbox" and is_part else found.end()


def _end_of_web(source: str, host_end: int) -> int:
    """Behind path, query and fragment, as far as they can go, and without closing punctuation."""
    end, opened = host_end, []
    while end < len(source) and (end > host_end or source[end] in "/?#"):
        character = source[end]
        if not _REST.match(character) or is_cjk(character) or _STOP.match(source, end):
            break
        if character in _PAIRS.values():
            opened.append(character)
        elif character in _PAIRS and (not opened or opened.pop() != _PAIRS[character]):
            break
        end += 1
    while end > host_end:
        entity = _ENTITY.search(source, max(host_end, end - 33), end)
        if not entity and source[end - 1] not in _CLOSING:
            break
        end = entity.start() if entity else end - 1
    return end


def _push(state: StateInline, typed: str) -> None:
    address = typed.replace("&amp;", "&")
    is_mailbox = ":" not in address
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": state.md.normalizeLink(f"mailto:{address}" if is_mailbox else address)}
    token.markup, token.info = BARE, "auto"
    state.push("text", "", 0).content = address
    token = state.push("link_close", "a", -1)
    token.markup, token.info = BARE, "auto"
