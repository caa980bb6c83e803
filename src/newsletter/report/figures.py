"""An issue in numbers, as `report --json` prints them and `issues/<slug>.report.json` keeps them. Touches: nothing.

No address, no name and no relay's words are among them. The keys are a contract (docs/design.md 4.4): some may be
added, none is taken away. Times are ISO 8601, stretches of time are seconds.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from newsletter.ledger.states import State

FEW = 5
"""Readers; a domain with fewer is not named, since it may be one person's."""
OTHER = "other"
"""Stands for those domains, and for reasons in an operator's own words."""

_MOST = 10**12
_MOST_STEPS = 1000

# Kept figures come from git, where a merge, or anybody, may have written into them.
Seconds = Annotated[float, Field(ge=0, le=_MOST, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=_MOST)]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))]


class FigureModel(BaseModel):
    """What all of them are; what a later version kept besides is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Acceptance(FigureModel):
    """How long after its first run began an issue was with the relay."""

    median: Seconds
    p95: Seconds
    last: Seconds


class Departed(FigureModel):
    """Who was suppressed since the issue was planned, until the next one was."""

    until: Moment | None = None
    """None: until now."""
    one_clicks: Count = 0
    by_reason: Mapping[str, Count] = Field(default_factory=dict)
    said_why: Mapping[str, Count] = Field(default_factory=dict)
    """How often each reason was given on the page where people leave; nobody knows by whom."""

    @property
    def total(self) -> int:
        return sum(self.by_reason.values())


class LimitCost(FigureModel):
    """How long nobody sent since an amount of an hour or a day was used up."""

    own: Seconds = 0
    """That of `[smtp] rate`."""
    relay: Seconds = 0
    """The relay's own."""


class ShortFigures(FigureModel):
    """What is compared between issues."""

    issue: str
    newsletter: str
    standing: str
    """As in `status --json`."""
    planned_at: Moment | None = None
    total: Count = 0
    states: Mapping[State, Count] = Field(default_factory=lambda: dict.fromkeys(State, 0))
    began_at: Moment | None = None
    ended_at: Moment | None = None
    """When the last delivery of the plan came to its end."""
    at_work: Seconds = 0
    """How long any process was at it."""
    acceptance: Acceptance | None = None
    latecomers: Count = 0
    """Of the total: who joined after the plan. They got it later, and no time of the issue's is theirs."""
    last_latecomer_at: Moment | None = None
    departed: Departed = Departed()
    events: Mapping[str, Count] = Field(default_factory=dict)
    """Of so many deliveries came back what, by event; they stay what they are."""
    limits: LimitCost = LimitCost()

    def count(self, *states: State) -> int:
        """Deliveries in these states."""
        return sum(self.states.get(state, 0) for state in states)

    @property
    def seconds(self) -> float:
        """From the beginning of the first run until the last delivery came to its end."""
        return (self.ended_at - self.began_at).total_seconds() if self.began_at and self.ended_at else 0.0

    @property
    def per_second(self) -> float | None:
        """Accepted messages in a second of work; None where too little happened to tell."""
        return self.count(State.SENT) / self.at_work if self.at_work >= 1 and self.count(State.SENT) else None

    @property
    def bounce_rate(self) -> float | None:
        """Refused for good, or accepted and come back, of those that were accepted or refused."""
        tried = self.count(State.SENT, State.FAILED)
        bounced = self.count(State.FAILED) + self.events.get("bounced", 0)
        return min(bounced / tried, 1.0) if tried else None

    @property
    def complaint_rate(self) -> float | None:
        """Complaints since, of those that were accepted; those of whom returns tell are known to be of this issue."""
        sent, told = self.count(State.SENT), self.events.get("complained", 0)
        return max(self._of_sent("complained") or 0, min(told / sent, 1.0)) if sent else None

    @property
    def leaving_rate(self) -> float | None:
        """Unsubscribed since, of those that were accepted."""
        return self._of_sent("unsubscribed")

    def _of_sent(self, reason: str) -> float | None:
        sent = self.count(State.SENT)
        return self.departed.by_reason.get(reason, 0) / sent if sent else None


class Bucket(FigureModel):
    """Deliveries that came to their end within one step of time."""

    at: Moment
    sent: Count = 0
    failed: Count = 0
    expired: Count = 0
    in_doubt: Count = 0


class OverTime(FigureModel):
    """Steps in which nothing ended are left out."""

    width: Annotated[Seconds, Field(gt=0)]
    buckets: Annotated[tuple[Bucket, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_drawn(self) -> "OverTime":
        if (self.buckets[-1].at - self.buckets[0].at).total_seconds() > _MOST_STEPS * self.width:
            raise ValueError("more steps than a chart has room for")
        return self


class DomainFigures(FigureModel):
    domain: str
    """As A-labels; OTHER for several."""
    domains: Count
    total: Count
    states: Mapping[State, Count]


class AttemptFigures(FigureModel):
    attempts: Count
    """Ten stands for more as well."""
    states: Mapping[State, Count]


class RetriedFigures(FigureModel):
    """Those that were accepted after more than one attempt; from the first attempt on, pauses not counted."""

    accepted: Count = 0
    median: Seconds = 0
    p95: Seconds = 0
    longest: Seconds = 0


class ReplyFigures(FigureModel):
    """The last reply to those that have not got it."""

    state: State
    reply_class: str = Field(alias="class")
    rule: str
    count: Count


class SizeFigures(FigureModel):
    """One frozen edition; bytes before they are encoded for the mail."""

    variant: str
    revision: Count
    readers: Count
    html: Count
    text: Count
    pictures: Count


class RunFigures(FigureModel):
    """One process's part."""

    began_at: Moment
    ended_at: Moment | None
    messages: Count
    ended_by: str
    rested: Seconds


class IssueFigures(ShortFigures):
    """All that is told of one issue."""

    adds_up: bool = True
    """Every planned delivery is accounted for."""
    by_person: Count = 0
    """Of the sent, those that a person counted as sent."""
    over_time: OverTime | None = None
    domains: tuple[DomainFigures, ...] = ()
    attempts: tuple[AttemptFigures, ...] = ()
    retried: RetriedFigures = RetriedFigures()
    replies: tuple[ReplyFigures, ...] = ()
    letters: tuple[SizeFigures, ...] = ()
    runs: tuple[RunFigures, ...] = ()
    """The first ones."""
    runs_total: Count = 0

    @model_validator(mode="after")
    def _was_planned(self) -> "IssueFigures":
        if self.total and self.planned_at is None:
            raise ValueError("readers without a plan")
        return self
