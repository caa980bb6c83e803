"""What a reply is about. Touches: nothing."""

from collections.abc import Mapping
from enum import StrEnum

from newsletter.catalogue import Phrase, phrase


class ReplyClass(StrEnum):
    """What a reply is about; what follows from it stands in decide.py."""

    ACCEPTED = "accepted"
    CONNECT = "connect"
    LOGIN = "login"
    SENDER = "sender"
    RELAYING = "relaying"
    """The relay does not carry mail for us at all: mostly a missing login."""
    CONTENT = "content"
    """Size, content, protocol: the same for everybody."""
    THROTTLE = "throttle"
    SESSION_LIMIT = "session_limit"
    """This connection has carried as many messages as the relay takes over one."""
    QUOTA = "quota"
    """What may be sent in an hour, a day or a month is used up."""
    GREYLIST = "greylist"
    MAILBOX_FULL = "mailbox_full"
    BAD_ADDRESS = "bad_address"
    POLICY = "policy"
    UNAUTHENTICATED = "unauthenticated"
    """The sender's records are missing or wrong: SPF, DKIM, DMARC, PTR, or a link without TLS."""
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    LOST = "lost"
    """No reply: the link was lost. Not for rules."""


CLASS_IN_WORDS: Mapping[ReplyClass, Phrase] = {
    ReplyClass.ACCEPTED: phrase("dispatch.reply_class.accepted"),
    ReplyClass.CONNECT: phrase("dispatch.reply_class.connect"),
    ReplyClass.LOGIN: phrase("dispatch.reply_class.login"),
    ReplyClass.SENDER: phrase("dispatch.reply_class.sender"),
    ReplyClass.RELAYING: phrase("dispatch.reply_class.relaying"),
    ReplyClass.CONTENT: phrase("dispatch.reply_class.content"),
    ReplyClass.THROTTLE: phrase("dispatch.reply_class.throttle"),
    ReplyClass.SESSION_LIMIT: phrase("dispatch.reply_class.session_limit"),
    ReplyClass.QUOTA: phrase("dispatch.reply_class.quota"),
    ReplyClass.GREYLIST: phrase("dispatch.reply_class.greylist"),
    ReplyClass.MAILBOX_FULL: phrase("dispatch.reply_class.mailbox_full"),
    ReplyClass.BAD_ADDRESS: phrase("dispatch.reply_class.bad_address"),
    ReplyClass.POLICY: phrase("dispatch.reply_class.policy"),
    ReplyClass.UNAUTHENTICATED: phrase("dispatch.reply_class.unauthenticated"),
    ReplyClass.TEMPORARY: phrase("dispatch.reply_class.temporary"),
    ReplyClass.PERMANENT: phrase("dispatch.reply_class.permanent"),
    ReplyClass.LOST: phrase("dispatch.reply_class.lost"),
}
"""For people; the ledger, JSON and the files of rules have the value itself."""
