"""What goes out while somebody signs up and must come back unchanged: the time of a form, the link of the mail.

Touches: the secret file. Each is signed for its own purpose: neither is good for the other, nor for leaving.
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta

from newsletter.audience.keyed_hash import KeyedHash
from newsletter.audience.signed import Signed
from newsletter.settings.secret import load_keys
from newsletter.settings.workspace import Workspace

FORM_AGE = timedelta(days=1)
"""A form that was shown longer ago is shown again."""


class SignUpTokens:
    """Of one newsletter; links made under a former name of it are read, too."""

    def __init__(self, workspace: Workspace, clock: Callable[[], datetime]) -> None:
        """`clock` is that of all who show forms and take them; it must not wait for anybody."""
        self._clock = clock
        newsletter = workspace.settings.newsletter
        keys = load_keys(workspace, os.environ, create=True)
        names = dict.fromkeys([newsletter.list_id, *newsletter.former_list_ids])
        self._valid = workspace.settings.subscribe.confirm_within
        self._forms = Signed(keys, newsletter.list_id, "form")
        self._links = [Signed(keys, name, "confirm") for name in names]
        self._networks = KeyedHash(keys[-1], b"newsletter\0network\0" + newsletter.list_id.encode() + b"\0")

    def new_stamp(self) -> str:
        """For a form that is shown now."""
        return self._forms.sign(b"", self._clock())

    def age_of(self, stamp: str) -> timedelta | None:
        """How long ago the form was shown; None for what is no stamp of ours, or one that is too old."""
        now = self._clock()
        read = self._forms.read(stamp, now, max_age=FORM_AGE)
        return None if read is None else now - read.at

    def link(self, id_: str, asked_at: datetime) -> str:
        """What stands in the mailed link of a request."""
        return self._links[0].sign(bytes.fromhex(id_), asked_at)

    def read_link(self, token: str, now: datetime) -> str | None:
        """Of which request a link is; None for what is none of ours, or too old."""
        read = (link.read(token, now, max_age=self._valid) for link in self._links)
        return next((one.data.hex() for one in read if one is not None), None)

    def is_ours(self, token: str) -> bool:
        """Whether a link was signed here at all, however old it is."""
        return any(link.read(token, self._clock()) is not None for link in self._links)

    def network(self, network: str, kind: str, now: datetime) -> bytes:
        """What a network is counted by: another hash each day."""
        return self._networks.digest(f"{now:%Y-%m-%d}\0{kind}\0{network}".encode())[:16]
