"""What a rehearsal tells, for a person and for a script. Touches: nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.dispatch.rehearsal.play_ahead import Band, Rehearsal, ShareByThen
from newsletter.dispatch.rehearsal.timeline import Cause, Wait

from .headway import rate_words
from .layout import Row, labelled
from .states_and_times import local

_OUT = 0.99
"""An issue is out when so many have it: a few wait for their mail server always."""
_BELOW = Verbatim(" ")
"""The label of a line that stands below another one's words."""
_MOST_NAMED = 3
"""Domains that defer."""
_WORTH = 0.01
"""Of the readers, at least, for a domain to be named."""


class Because(StrEnum):
    """Why it begins when it begins."""

    NOW = "now"
    """Somebody types the command, or it is under way."""
    AT = "at"
    """Somebody asked for that time."""
    CRON = "cron"
    """Its `publish_at` is to come: the next run of cron then."""
    RELAY_RESTS = "relay_rests"
    """The relay's own limit is used up until then."""


class OutByThen(StrEnum):
    """Whether it is out by a time."""

    YES = "yes"
    """Also if it goes slowly."""
    PROBABLY = "probably"
    NO = "no"


_BEGINS = {
    Because.NOW: "report.rehearsal.begins_now",
    Because.AT: "report.rehearsal.begins_at",
    Because.CRON: "report.rehearsal.begins_cron",
    Because.RELAY_RESTS: "report.rehearsal.begins_relay_rests",
}
_MILESTONES = {
    "half_at": "report.rehearsal.half_at",
    "most_at": "report.rehearsal.most_at",
    "tried_at": "report.rehearsal.tried_at",
    "out_at": "report.rehearsal.out_at",
}
_WAITS = {
    Cause.WINDOW: "report.rehearsal.wait_window",
    Cause.DEFERRED: "report.rehearsal.wait_deferred",
    Cause.DOMAIN_LIMIT: "report.rehearsal.wait_domain_limit",
}
_ANSWERS = {
    OutByThen.YES: "report.rehearsal.yes",
    OutByThen.PROBABLY: "report.rehearsal.probably",
    OutByThen.NO: "report.rehearsal.no",
}


@dataclass(frozen=True, slots=True)
class RehearsalReport:
    """Of one issue."""

    slug: str
    zone: str
    relay: str
    """Host and port."""
    rehearsal: Rehearsal
    because: Because
    limited: frozenset[str]
    """Domains with a limit of their own."""
    by: datetime | None = None
    """The time that was asked about."""
    paused: bool = False
    """It is played as if somebody resumed it."""
    approved: bool = True
    """Else it is played as if somebody approved it; True also where no approval is asked for."""

    def to_text(self, language: str) -> str:
        """Lines for a person."""
        return labelled(*self._rows()).in_language(language)

    def to_json(self) -> str:
        """Docs/design.md 4.4; times are ISO 8601 with the newsletter's offset, shares from 0 to 1."""
        play = self.rehearsal
        found = {
            "issue": self.slug,
            "readers": play.readers,
            "relay": self.relay,
            "approved": self.approved,
            "begins_at": self._iso(play.begins),
            "begins_because": self.because,
            **{name: self._band(band) for name, band in self._milestones()},
            "waits": [
                {"for": one.cause, "what": one.what, "readers": one.readers, "until": self._iso(play.moment(one.until))}
                for one in self._waits()
            ],
            "known": [one.slug for one in play.known],
            "relay_known": self._relay_known,
            "by": self._by(),
        }
        return json.dumps(found, ensure_ascii=False, indent=2)

    @staticmethod
    def _answer(share: ShareByThen) -> OutByThen:
        if share.least >= _OUT:
            return OutByThen.YES
        return OutByThen.PROBABLY if share.expected >= _OUT else OutByThen.NO

    @property
    def _relay_known(self) -> bool:
        return any(one.terms is not None for one in self.rehearsal.known)

    def _milestones(self) -> Iterator[tuple[str, Band]]:
        play = self.rehearsal
        yield "half_at", play.out(0.5)
        yield "most_at", play.out(0.9)
        yield "tried_at", play.all_tried
        yield "out_at", play.out(1.0)

    def _rows(self) -> Iterator[Row]:
        play = self.rehearsal
        yield phrase("report.plan.issue"), phrase("report.rehearsal.so_many", slug=self.slug, count=play.readers)
        begins = phrase(_BEGINS[self.because], when=local(play.begins, self.zone))
        yield phrase("report.rehearsal.begins"), begins
        if self.paused:
            yield _BELOW, phrase("report.rehearsal.is_paused", slug=self.slug)
        if not self.approved:
            yield _BELOW, phrase("report.rehearsal.is_not_approved", slug=self.slug)
        if not play.readers:
            if self.by is not None:
                yield self._by_label(self.by), phrase("report.rehearsal.nobody_left")
            return
        for name, band in self._milestones():
            yield phrase(_MILESTONES[name]), self._band_words(band)
        yield phrase("report.plan.relay"), self._pace()
        label: Said = phrase("report.rehearsal.waits")
        for wait in self._waits():
            yield label, self._wait_words(wait)
            label = _BELOW
        if self.by is not None:
            yield self._by_label(self.by), self._answer_words(play.share_by(self.by))

    def _by_label(self, by: datetime) -> Said:
        return phrase("report.rehearsal.by", when=self._time(by))

    def _waits(self) -> list[Wait]:
        """Those worth a line; of domains that defer, the largest, and the others as one."""
        play = self.rehearsal
        found = play.waits(self.limited)
        deferring = [one for one in found if one.cause is Cause.DEFERRED]
        worth = max(2.0, _WORTH * play.readers)
        named = [one for one in deferring if one.readers >= worth][:_MOST_NAMED]
        told = [one for one in found if one.cause is not Cause.DEFERRED] + named
        if others := deferring[len(named) :]:
            together = sum(one.readers for one in others)
            told.append(Wait(Cause.DEFERRED, "", together, max(one.until for one in others)))
        return told

    def _by(self) -> dict[str, object] | None:
        if self.by is None:
            return None
        share = self.rehearsal.share_by(self.by)
        shares = {"expected": share.expected, "least": share.least, "most": share.most}
        return {
            "at": self._iso(self.by),
            "answer": self._answer(share),
            "share": {name: round(one, 4) for name, one in shares.items()},
        }

    def _answer_words(self, share: ShareByThen) -> Said:
        expected, least, most = (f"{100 * one:.0f}" for one in (share.expected, share.least, share.most))
        answer = self._answer(share)
        around: Said = SILENCE
        if answer is OutByThen.YES and least != expected:
            around = phrase("report.rehearsal.at_least", least=least)
        elif answer is not OutByThen.YES and least != most:
            around = phrase("report.rehearsal.between", least=least, most=most)
        return phrase(_ANSWERS[answer], share=expected, around=around)

    def _pace(self) -> Said:
        known = self.rehearsal.known
        if not known:
            return phrase("report.rehearsal.nothing_known", relay=self.relay)
        rate = rate_words(sorted(one.per_second for one in known)[len(known) // 2])
        issues: Said = Verbatim(known[0].slug)
        if len(known) > 1:
            newest, oldest = known[0].slug, known[-1].slug
            issues = phrase("report.rehearsal.several", count=len(known), newest=newest, oldest=oldest)
        code = "report.rehearsal.as_it_took" if self._relay_known else "report.rehearsal.as_some_relay_took"
        return phrase(code, relay=self.relay, rate=rate, issues=issues)

    def _wait_words(self, wait: Wait) -> Said:
        until = self._time(self.rehearsal.moment(wait.until))
        if not wait.what:
            return phrase("report.rehearsal.wait_elsewhere", count=wait.readers, until=until)
        return phrase(_WAITS[wait.cause], count=wait.readers, what=wait.what, until=until)

    def _band_words(self, band: Band) -> Said:
        expected = self._time(band.expected)
        early, late = (self._time(moment, beside=band.expected) for moment in (band.early, band.late))
        if early == late:
            return Verbatim(expected)
        return phrase("report.rehearsal.band", expected=expected, early=early, late=late)

    def _time(self, moment: datetime, beside: datetime | None = None) -> str:
        """`09:05`, with its day where that is not the day of `beside`; left out: on which it begins."""
        here, there = (one.astimezone(ZoneInfo(self.zone)) for one in (moment, beside or self.rehearsal.begins))
        return f"{here:%H:%M}" if here.date() == there.date() else f"{here:%Y-%m-%d %H:%M}"

    def _band(self, band: Band) -> dict[str, str]:
        return {
            "expected": self._iso(band.expected),
            "early": self._iso(band.early),
            "late": self._iso(band.late),
        }

    def _iso(self, moment: datetime) -> str:
        return moment.astimezone(ZoneInfo(self.zone)).isoformat(timespec="seconds")
