"""What the subscribers' pages ask of a ledger, kept in memory, and out of order when a test wants it so."""

from collections.abc import Collection
from dataclasses import dataclass, field

from newsletter.audience.links import Links, Token
from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError
from newsletter.ledger.readers import Choice, LeaveReason, LinkHolder


@dataclass
class LinkBook:
    """Holders of one newsletter, by the hashes of their addresses."""

    links: Links
    left: list[bytes] = field(default_factory=list)
    final: set[bytes] = field(default_factory=set)
    """Whom something else than a click keeps from getting mail."""
    chosen: dict[bytes, Choice] = field(default_factory=dict)
    reasons: list[LeaveReason] = field(default_factory=list)
    broken: bool = False

    def empty(self) -> None:
        self.left.clear()
        self.final.clear()
        self.chosen.clear()
        self.reasons.clear()
        self.broken = False

    def read_token(self, token: str, /) -> Token | None:
        return self.links.read(token)

    def readers(self, tokens: Collection[Token], /) -> dict[Token, LinkHolder]:
        self._check()
        return {token: self._reader(token.address_hash) for token in tokens}

    def let_go(self, tokens: Collection[Token], /) -> None:
        self._check()
        self.left.extend(token.address_hash for token in tokens)

    def take_back(self, tokens: Collection[Token], /) -> dict[Token, LinkHolder]:
        self._check()
        for token in tokens:
            if self._reader(token.address_hash).may_return:
                self.left = [one for one in self.left if one != token.address_hash]
        return self.readers(tokens)

    def keep_reasons(self, reasons: Collection[tuple[Token, LeaveReason]], /) -> None:
        self._check()
        self.reasons.extend(reason for _, reason in reasons)

    def choices(self, tokens: Collection[Token], /) -> dict[Token, Choice]:
        self._check()
        return {token: self.chosen[token.address_hash] for token in tokens if token.address_hash in self.chosen}

    def choose(self, chosen: Collection[tuple[Token, Choice]], /) -> None:
        self._check()
        for token, new in chosen:
            old = self.chosen.get(token.address_hash, Choice())
            self.chosen[token.address_hash] = Choice(
                old.name if new.name is None else new.name,
                old.language if new.language is None else new.language,
                old.tags if new.tags is None else new.tags,
            )

    def _reader(self, address_hash: bytes) -> LinkHolder:
        left, final = address_hash in self.left, address_hash in self.final
        chosen = self.chosen.get(address_hash, Choice())
        return LinkHolder(left or final, left and not final, chosen.language or "")

    def _check(self) -> None:
        if self.broken:
            raise CannotWriteError(Verbatim("The disk is full."))
