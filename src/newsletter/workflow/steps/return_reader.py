"""The reader of returns as a workspace needs it: it knows our own addresses and the operator's rules of replies.

Touches: the file of those rules.
"""

from collections.abc import Callable, Sequence
from functools import partial

from newsletter.dispatch.reply_rules import load_reply_rules
from newsletter.returns.model import Return
from newsletter.returns.read import read_return
from newsletter.settings.workspace import Workspace

ReadsMessage = Callable[[bytes], Sequence[Return]]
"""What one message says. It raises nothing, whatever is in it."""


def reader_of(workspace: Workspace) -> ReadsMessage:
    """Raises SettingsError (78) where the rules cannot be read."""
    settings = workspace.settings
    sender = settings.sender
    written = (sender.address, sender.bounce_address, sender.reply_to, sender.cfbl_address)
    own = {*written, settings.links.unsubscribe_mailto} - {""}
    name = settings.smtp.rules
    rules = load_reply_rules(workspace.root, name, settings.variable("smtp.rules")) if name else None
    return partial(read_return, own=own, rules=rules)
