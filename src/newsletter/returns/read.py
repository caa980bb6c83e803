"""Read one message that came back: its octets -> what it says of each reader. Touches: nothing.

    DSN ─▶ feedback ─▶ leaving by mail ─▶ a mail system's words ─▶ automatic letters ─▶ unknown

Whatever the octets are, it answers: bounded in what it looks at (mime.py, plain.py), in seconds and in memory.
"""

import re
from collections.abc import Collection, Iterator
from functools import cached_property

from newsletter.dispatch.reply_rules import ReplyRules

from .arf import FeedbackReport, read_feedback
from .automatic import Automatic, read_automatic
from .classes import rule_of_return
from .clues import first_ones
from .dsn import MOST_RECIPIENTS, Notification, Status, read_notification
from .fields import addresses_in
from .leaving import tokens_of_leaving
from .mime import MimePart, parse_message
from .model import Clues, Kind, Return
from .plain import body_text, saying
from .text_reader import GENERAL_RULES, TextReport, read_bounce_text
from .traces import Traces

_MAIL_SYSTEM = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|mmdf|mail-delivery|microsoftexchange[0-9a-f]{32})(?:[+._-][^@]*)?@?",
    re.IGNORECASE,
)
_HAS_MOVED = 551
"""User not local; please try … (RFC 5321 4.2.3)."""
_HAS_MOVED_ENHANCED = "5.1.6"


def read_return(data: bytes, own: Collection[str] = (), rules: ReplyRules | None = None) -> tuple[Return, ...]:
    """At least one; a message about three recipients has three. Never raises.

    `own` are addresses of ours (sender, bounces, replies, the mailto), which are never whom a message is about.
    `rules` are the operator's reply rules; None: those of the package.
    """
    return tuple(_Reading(parse_message(data), own, rules).returns())


class _Reading:
    """One message, and what its readers share."""

    def __init__(self, message: MimePart, own: Collection[str], rules: ReplyRules | None) -> None:
        self._message = message
        self._own = frozenset(address.lower() for address in own)
        self._rules = rules
        self._text = body_text(message)
        self._traces = Traces(message, self._text, self._own)
        self._sender = next(iter(message.fields.addresses("from")), "")
        self._subject = saying(message.fields.text("subject"))

    def returns(self) -> Iterator[Return]:
        if (notification := read_notification(self._message)) is not None:
            return (self._of_status(notification, status) for status in notification.statuses)
        if (feedback := read_feedback(self._message)) is not None and not self._is_refusal(feedback):
            return iter((self._of_feedback(feedback),))
        if (tokens := tokens_of_leaving(self._message, self._text)) is not None:
            return iter((self._of_leaving(tokens),))
        return self._of_words()

    def _of_words(self) -> Iterator[Return]:
        automatic = read_automatic(self._message, self._text, self._known())
        if automatic is not None and automatic.certain and not self._is_from_mail_system():
            return iter((self._of_automatic(automatic),))
        if reports := self._text_reports:
            return (self._of_report(report) for report in reports)
        return iter((self._unknown() if automatic is None else self._of_automatic(automatic),))

    def _is_refusal(self, feedback: FeedbackReport) -> bool:
        """Dovecot once refused over quota by a receipt (RFC 8098) of its own accord, `automatic-action/…; deleted`."""
        is_automatic = "automatic-action" in feedback.text and "deleted" in feedback.text
        return feedback.kind is Kind.REPORT and is_automatic and bool(self._text_reports)

    @cached_property
    def _text_reports(self) -> tuple[TextReport, ...]:
        """Asked once, whatever the number of recipients."""
        reports = read_bounce_text(
            self._text,
            subject=self._subject,
            sender=self._message.fields.text("from"),
            failed_recipients=self._message.fields.addresses("x-failed-recipients")[:MOST_RECIPIENTS],
        )
        return reports[:MOST_RECIPIENTS]

    def _of_status(self, notification: Notification, status: Status) -> Return:
        found = self._traces.clues(status.addresses, notification.envelope_id)
        if status.kind in (Kind.BOUNCE, Kind.DELAY):
            failed = self._failed(status.kind, found, status.code, status.enhanced, status.text, "dsn")
            return self._in_words(failed) if failed.rule in GENERAL_RULES else failed
        return Return(
            status.kind,
            found,
            code=status.code,
            enhanced=status.enhanced,
            text=status.text,
            domain=_domain(found),
            reader="dsn",
        )

    def _in_words(self, failed: Return) -> Return:
        """With the class of the words to people, where the status says only that it failed: 5.0.0 is what many say."""
        for report in self._text_reports:
            if not report.address or report.address.lower() in {address.lower() for address in failed.clues.addresses}:
                told = self._failed(failed.kind, failed.clues, report.code, report.enhanced, report.text, "dsn")
                return failed if told.rule in GENERAL_RULES else told
        return failed

    def _of_feedback(self, feedback: FeedbackReport) -> Return:
        found = self._traces.clues(feedback.addresses, message_ids=feedback.message_ids, hints=feedback.hints)
        return Return(feedback.kind, found, text=feedback.text, domain=_domain(found), reader="arf")

    def _of_leaving(self, tokens: tuple[str, ...]) -> Return:
        found = Clues(first_ones(tokens), (), (self._sender,) if self._sender else ())
        return Return(Kind.UNSUBSCRIBE, found, domain=_domain(found), reader="mailto")

    def _of_report(self, report: TextReport) -> Return:
        found = self._traces.clues((report.address,))
        return self._failed(report.kind, found, report.code, report.enhanced, report.text, "text")

    def _of_automatic(self, automatic: Automatic) -> Return:
        found = self._traces.clues((self._sender,))
        return Return(
            automatic.kind,
            found,
            text=self._subject,
            domain=_domain(found),
            reader="automatic",
            new_address=automatic.new_address,
        )

    def _unknown(self) -> Return:
        found = self._traces.clues((self._sender,))
        return Return(Kind.UNKNOWN, found, text=self._subject, domain=_domain(found))

    def _failed(self, kind: Kind, found: Clues, code: int, enhanced: str, text: str, reader: str) -> Return:
        """A bounce or a delay with its class; a bounce that names another address is the news that the reader moved."""
        domain = _domain(found)
        rule = rule_of_return(kind, code=code, enhanced=enhanced, text=text, domain=domain, rules=self._rules)
        new = ""
        if kind is Kind.BOUNCE and (code == _HAS_MOVED or enhanced == _HAS_MOVED_ENHANCED):
            not_new = {*self._own, *(address.lower() for address in found.addresses)}
            new = next((address for address in addresses_in(text) if address.lower() not in not_new), "")
        return Return(
            Kind.MOVED if new else kind,
            found,
            reply_class=rule.reply_class.value,
            rule=rule.id,
            code=code,
            enhanced=enhanced,
            text=text,
            domain=domain,
            reader=reader,
            new_address=new,
        )

    def _known(self) -> frozenset[str]:
        """Addresses that are no news: ours, whom it is from, and whom the letter went to."""
        return self._own | {address.lower() for address in (self._sender, *self._traces.recipients)}

    def _is_from_mail_system(self) -> bool:
        return _MAIL_SYSTEM.match(self._sender) is not None or "x-failed-recipients" in self._message.fields


def _domain(found: Clues) -> str:
    return found.addresses[0].rpartition("@")[2].lower() if found.addresses else ""
