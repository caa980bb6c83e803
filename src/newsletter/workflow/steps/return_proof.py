"""Who a return is about, proved: by a token of ours, or by our own Message-ID. Touches: the secret, the ledger.

A token is read with nothing but the keys. A Message-ID is a keyed function of issue and address, so it is made again
for whom the return names, and compared; where it names nobody of ours, for everybody whom the letter was for. An
address alone proves nothing: whoever wants somebody out could write it.
"""

import hmac
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from newsletter.audience.address import AddressError, parse_address
from newsletter.audience.links import Links, Token
from newsletter.errors import SettingsError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.return_lookup import SentLetter
from newsletter.returns.model import Clues
from newsletter.settings.workspace import Workspace

from .keys import links_of

_OURS = re.compile(r"([a-z0-9-]+)(\.proof)?\.([a-z2-7]{24})@")
"""message/message_id.py."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Whom it is about, beyond doubt."""

    newsletter: str
    """The list_id that the letter had."""
    address_hash: bytes
    key: str = ""
    """Empty where only a token tells of them, and no letter of the ledger was theirs."""
    dispatch: int | None = None
    delivery: int | None = None
    is_proof: bool = False
    """Of a letter that was only tried: it changes nothing."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A Message-ID that looks like ours."""

    letter: SentLetter
    tag: str


class ReturnProofs:
    """Proves the returns of one run."""

    def __init__(self, workspace: Workspace, ledger: Ledger) -> None:
        self._workspace = workspace
        self._ledger = ledger
        known = [one.list_id for one in ledger.newsletters()]
        self._links = links_of(workspace, create=True, also=known)
        self._by_name: dict[str, Links] = {}
        self._letters: dict[str, list[SentLetter]] = {}
        self._tags: dict[int, Callable[[str], str] | None] = {}

    def prove(self, clues: Sequence[Clues]) -> list[Proven | None]:
        """One answer for each, None where nothing is proved. Those that need a look at everybody share it."""
        found = [self._by_token(one) or self._by_message_id(one) for one in clues]
        open_ = [place for place, proven in enumerate(found) if proven is None]
        for place, proven in self._among_everybody([(place, clues[place]) for place in open_]):
            found[place] = proven
        return self._with_deliveries(found, clues)

    def claimed_hash(self, clues: Clues) -> bytes:
        """The hash of the first address that it names, for an event of nobody's."""
        return next((self._links.address_hash(key) for key in _keys(clues)), b"")

    def _by_token(self, clues: Clues) -> Proven | None:
        read = [token for text in clues.tokens if (token := self._links.read(text))]
        said = next((one for one in read if not one.proof), None) or next(iter(read), None)
        if said is None:
            return None
        key = self._key_of(said, clues)
        return Proven(said.list_id, said.address_hash, key, is_proof=said.proof)

    def _key_of(self, token: Token, clues: Clues) -> str:
        links = self._links_called(token.list_id)
        return next((key for key in _keys(clues) if links.address_hash(key) == token.address_hash), "")

    def _by_message_id(self, clues: Clues) -> Proven | None:
        """By the addresses that it names."""
        keys = _keys(clues)
        for claimed in self._claimed(clues):
            tag = self._tag_of(claimed.letter)
            for key in keys if tag else ():
                if tag and hmac.compare_digest(tag(key), claimed.tag):
                    return self._of_letter(claimed.letter, key)
        return None

    def _among_everybody(self, clues: Sequence[tuple[int, Clues]]) -> Iterator[tuple[int, Proven]]:
        """Tags of everybody whom a letter was for; a proof's Message-ID is nobody's."""
        wanted: dict[int, tuple[SentLetter, dict[str, list[int]]]] = {}
        for place, one in clues:
            for claimed in self._claimed(one):
                _, tags = wanted.setdefault(claimed.letter.dispatch, (claimed.letter, {}))
                tags.setdefault(claimed.tag, []).append(place)
        for letter, tags in wanted.values():
            tag_of = self._tag_of(letter)
            for key in self._ledger.keys_of(letter.dispatch) if tag_of else ():
                for place in tags.pop(tag_of(key), ()) if tag_of else ():
                    yield place, self._of_letter(letter, key)
                if not tags:
                    break

    def _of_letter(self, letter: SentLetter, key: str) -> Proven:
        hash_ = self._links_called(letter.list_id).address_hash(key)
        return Proven(letter.list_id, hash_, key, letter.dispatch, self._ledger.delivery_to(letter.dispatch, key))

    def _with_deliveries(self, found: Sequence[Proven | None], clues: Sequence[Clues]) -> list[Proven | None]:
        """Those whom a token proves, with their keys and the letter that they got."""
        nameless = [one for one in found if one and not one.key and not one.is_proof]
        keys = self._keys_of_hashes({(one.newsletter, one.address_hash) for one in nameless})
        return [
            one and self._with_delivery(one, one.key or keys.get((one.newsletter, one.address_hash), ""), its)
            for one, its in zip(found, clues, strict=True)
        ]

    def _with_delivery(self, proven: Proven, key: str, clues: Clues) -> Proven:
        if not key or proven.is_proof or proven.delivery is not None:
            return proven
        claimed = [one.letter.dispatch for one in self._claimed(clues)]
        last = [letter.dispatch for letter in self._ledger.last_letters(proven.newsletter)]
        its = self._ledger.newest_delivery([number for number in claimed if number in last] or last, key)
        dispatch, delivery = its or (None, None)
        return replace(proven, key=key, dispatch=dispatch, delivery=delivery)

    def _keys_of_hashes(self, wanted: set[tuple[str, bytes]]) -> dict[tuple[str, bytes], str]:
        keys: dict[tuple[str, bytes], str] = {}
        for list_id in {list_id for list_id, _ in wanted}:
            hashes = {hash_ for name, hash_ in wanted if name == list_id}
            for letter in self._ledger.last_letters(list_id) if hashes else ():
                its = self._ledger.key_of_hashes(letter.dispatch, hashes)
                keys |= {(list_id, hash_): key for hash_, key in its.items()}
                hashes -= its.keys()
                if not hashes:
                    break
            # Who got no letter for long may still be known as a sign-up.
            for one in self._ledger.subscriptions_among(list_id, hashes) if hashes else ():
                if one.key:
                    keys[list_id, one.address_hash] = one.key
        return keys

    def _claimed(self, clues: Clues) -> Iterator[_Claimed]:
        for text in clues.message_ids:
            if (ours := _OURS.match(text)) and not ours[2]:
                if ours[1] not in self._letters:
                    self._letters[ours[1]] = self._ledger.letters_called(ours[1])
                yield from (_Claimed(letter, ours[3]) for letter in self._letters[ours[1]])

    def _tag_of(self, letter: SentLetter) -> Callable[[str], str] | None:
        """None where the key is gone that made its Message-IDs."""
        if letter.dispatch not in self._tags:
            slug = next(slug for slug, letters in self._letters.items() if letter in letters)
            self._tags[letter.dispatch] = None
            with suppress(SettingsError):
                links = self._links_called(letter.list_id)
                self._tags[letter.dispatch] = links.message_tags(slug, letter.key_id)
        return self._tags[letter.dispatch]

    def _links_called(self, list_id: str) -> Links:
        if list_id not in self._by_name:
            self._by_name[list_id] = links_of(self._workspace, create=False, list_id=list_id)
        return self._by_name[list_id]


def _keys(clues: Clues) -> list[str]:
    keys = []
    for address in clues.addresses:
        with suppress(AddressError):
            keys.append(parse_address(address)[1])
    return list(dict.fromkeys(keys))
