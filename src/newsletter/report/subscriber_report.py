"""All that is known of one address: as JSON for scripts, as a page for people. Touches: nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import Said, lines, phrase
from newsletter.ledger.history import PastReturn, PastSuppression, Received
from newsletter.ledger.states import EVERYWHERE, reason_said
from newsletter.ledger.subscriptions import Subscription
from newsletter.printable import one_line

from .came_back import return_as_json, said_of_return
from .delivery_lines import delivery_as_json
from .layout import table_lines
from .sign_up_words import sign_up_as_json, sign_up_words
from .states_and_times import STATE_WORDS, local


@dataclass(frozen=True, slots=True)
class SubscriberReport:
    """Where it is in the list, what suppresses it, and what each issue did to it."""

    address: str
    newsletter: str
    """The list_id of this workspace; another one is named where something is about it."""
    zone: str
    file: str
    """Of the list."""
    rows: Sequence[Subscriber]
    """Of the list; the first is mailed."""
    suppressions: Sequence[PastSuppression]
    received: Sequence[Received]
    sign_up: Subscription | None = None
    """Of the ledger: who signed up, was taken over, or chose by a link."""
    wording: str = ""
    """What the sign-up agreed to."""
    returned: Sequence[PastReturn] = ()
    """What came back of it."""

    @property
    def is_unknown(self) -> bool:
        return not (self.rows or self.sign_up or self.suppressions or self.received or self.returned)

    def to_json(self) -> str:
        """Docs/design.md 4.4. `until` is null while a suppression holds; times are ISO 8601."""
        report = {
            "address": self.address,
            "list": [
                {
                    "file": self.file,
                    "line": row.line,
                    "email": row.email,
                    "name": row.name,
                    "language": row.language,
                    "tags": sorted(row.tags),
                    "consent_at": row.consent_at,
                    "consent_source": row.consent_source,
                    "fields": dict(row.fields),
                }
                for row in self.rows
            ],
            "sign_up": sign_up_as_json(self.sign_up, self.wording) if self.sign_up else None,
            "suppressions": [
                {
                    "newsletter": one.newsletter,
                    "reason": one.reason,
                    "since": one.at.isoformat(),
                    "until": one.lifted_at.isoformat() if one.lifted_at else None,
                    "by_link": one.by_link,
                }
                for one in self.suppressions
            ],
            "issues": [
                {"newsletter": one.newsletter, **delivery_as_json(one.slug, one.delivery)} for one in self.received
            ],
            "returns": [return_as_json(one) for one in self.returned],
        }
        return json.dumps(report, ensure_ascii=False)

    def to_text(self, language: str = "en") -> str:
        """The same for a person."""
        signed_up = sign_up_words(self.sign_up, self.wording, self.zone) if self.sign_up else ()
        said = lines(*self._listed(), *signed_up, *map(self._suppressed, self.suppressions))
        told = [self.address, *(f"  {line}" for line in said.in_language(language).splitlines())]
        returned = [f"  {said_of_return(one, self.zone).in_language(language)}" for one in self.returned]
        return "\n".join([*told, *self._issues(language), *returned])

    def _listed(self) -> list[Said]:
        if not self.rows:
            return [phrase("report.subscriber.not_in_list", file=self.file)]
        first, *others = self.rows
        told: list[Said] = [phrase("report.subscriber.in_list", file=self.file, line=first.line)]
        about = _one_line(first.name, first.language, "; ".join(sorted(first.tags)))
        if about:
            told[0] = phrase("report.subscriber.in_list_as", file=self.file, line=first.line, about=about)
        if first.consent_at or first.consent_source:
            consent = _one_line(first.consent_at, first.consent_source)
            told.append(phrase("report.subscriber.consent", consent=consent))
        if others:
            again = tuple(row.line for row in others)
            told.append(phrase("report.subscriber.also_in_lines", lines=again))
        return told

    def _suppressed(self, one: PastSuppression) -> Said:
        where: Said = phrase("report.subscriber.everywhere")
        if one.newsletter != EVERYWHERE:
            where = phrase("report.subscriber.for_one", newsletter=one.newsletter)
        reason, since = reason_said(one_line(one.reason)), local(one.at, self.zone)
        if one.lifted_at is None:
            return phrase("report.subscriber.suppressed", reason=reason, since=since, where=where)
        until = local(one.lifted_at, self.zone)
        return phrase("report.subscriber.was_suppressed", reason=reason, since=since, until=until, where=where)

    def _issues(self, language: str) -> list[str]:
        if not self.received:
            return [f"  {phrase('report.subscriber.no_issue').in_language(language)}"]
        rows = [
            (
                one.slug if one.newsletter == self.newsletter else f"{one.newsletter} {one.slug}",
                STATE_WORDS[one.delivery.state].in_language(language),
                local(one.delivery.changed_at, self.zone),
                phrase("report.subscriber.attempts", count=one.delivery.attempts).in_language(language),
                one.delivery.reply.in_language(language) if one.delivery.reply else "",
            )
            for one in self.received
        ]
        return [f"  {line.rstrip()}" for line in table_lines(rows)]


def _one_line(*parts: str) -> str:
    return ", ".join(one_line(part) for part in parts if part)
