"""The settings of what happens without a person: when, and who is told. Touches: nothing."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from newsletter.catalogue import phrase

from .explain import WrongValueError
from .recurrence import EachMonth
from .table import Table
from .values import Duration, FolderOfItsOwn, Mailbox, OptionalDuration, Percent, ProgramCall, SecretUrl


class ScheduleTable(Table):
    every: EachMonth = None
    """When the newsletter comes out: what `new --next` dates, and what reminders go by."""
    latecomers: OptionalDuration = None
    """So long after an issue was planned, `--due` gives it to who joins; empty: not at all."""
    require_approval: bool = True
    signed: bool = False
    """The commit that approved an issue has to be signed by a key of `signers`."""
    signers: str = ""
    """A file of public keys, in ssh-keygen's format ALLOWED SIGNERS, relative to the workspace."""
    catch_up: Duration = timedelta(hours=96)
    give_up_after: Duration = timedelta(hours=48)

    @model_validator(mode="after")
    def _knows_who_may_sign(self) -> "ScheduleTable":
        if self.signed and not self.signers:
            raise WrongValueError(phrase("settings.value.signed_needs_signers"))
        if self.signed and not self.require_approval:
            raise WrongValueError(phrase("settings.value.signed_needs_approval"))
        return self


class OperatorTable(Table):
    notify: tuple[Mailbox, ...] = ()
    command: Annotated[ProgramCall, Field(repr=False)] = ""
    """Is given what there is to tell, as JSON on its standard input. Its words may hold a token, so it is not shown."""
    heartbeat: Annotated[SecretUrl, Field(repr=False)] = ""
    """Is called after each `send --due`. Who knows its path can call it, so it is not shown."""
    metrics: str = ""
    """A file that each `send` writes for Prometheus, relative to the workspace."""
    bounce_limit: Percent = 0.02
    """More bad addresses than this among those who were tried are told."""
    complaint_limit: Percent = 0.001
    """More complaints than this of those who got the issue are told."""


class EditorTable(Table):
    notify: tuple[Mailbox, ...] = ()
    """Who is told when an issue is near and not written, or not approved."""


class ArchiveTable(Table):
    dir: FolderOfItsOwn = "build/archive"
    """Where `send` and `send --due` build the archive and `serve` finds it, relative to the workspace."""
    card_font: str = ""
    """A font file for the pictures beside shared links, relative to the workspace; empty: one that the system has."""
    publish: Annotated[ProgramCall, Field(repr=False)] = ""
    """Is run when the archive was built, to carry it to where `[links] archive_url` is. Its words may hold a token."""


class ReportTable(Table):
    keep: bool = False
    """After each run `issues/<slug>.report.json` is written, to be committed: numbers only."""
