"""What one message bears of ours, gathered once, for each of those whom it is about. Touches: nothing."""

from collections.abc import Collection

from . import clues
from .mime import MimePart
from .model import Clues


class Traces:
    """`own` are addresses of ours in lower case, which are never whom a message is about."""

    def __init__(self, message: MimePart, text: str, own: frozenset[str]) -> None:
        letters = clues.returned_letters(message)
        self._own = own
        self._tokens_sent_to = clues.tokens_sent_to(message)
        self._tokens_within = clues.first_ones(
            [*(found for letter in letters for found in clues.tokens_of_letter(letter)), *clues.tokens_in(text)]
        )
        self._ids_of_letters = clues.first_ones(found for letter in letters for found in clues.ids_of_letter(letter))
        self._ids_around = clues.first_ones([*clues.ids_referred_to(message), *clues.ids_in_text(text)])
        self.recipients = clues.first_ones(found for letter in letters for found in clues.recipients_of_letter(letter))
        """To whom the letters within were sent."""

    def clues(
        self, addresses: Collection[str], envelope_id: str = "", message_ids: Collection[str] = (), hints: str = ""
    ) -> Clues:
        """The strongest first; the arguments are what the report itself says of this recipient."""
        return Clues(
            clues.first_ones([*self._tokens_sent_to, *clues.tokens_in(f"{envelope_id} {hints}"), *self._tokens_within]),
            clues.first_ones(
                [*clues.ids_of_envelope(envelope_id), *self._ids_of_letters, *message_ids, *self._ids_around]
            ),
            clues.first_ones(found for found in (*addresses, *self.recipients) if not self._is_ours(found)),
        )

    def _is_ours(self, address: str) -> bool:
        """Also with a token of ours in it, as VERP has it."""
        return address.lower() in self._own or bool(clues.tokens_in(address))
