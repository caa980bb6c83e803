"""Every setting of `newsletter.toml`, its type and its default (docs/design.md 4.1). Touches: nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, model_validator

from newsletter.catalogue import phrase

from .explain import WrongValueError
from .footer import FooterTable
from .palette import PALETTE, palette_of
from .people import SubscribeTable
from .presets import Density, FontFamily, PresetName, preset
from .processes import EACH_CORE, Processes, usable_cores
from .rates import Rates
from .returns import ReturnsTable
from .table import Table
from .unattended import ArchiveTable, EditorTable, OperatorTable, ReportTable, ScheduleTable
from .values import (
    Colour,
    Domain,
    Duration,
    Line,
    ListId,
    Mailbox,
    OptionalMailbox,
    PagesUrl,
    Password,
    Percent,
    Rate,
    RelayUrl,
    Website,
    Zone,
)


class NewsletterTable(Table):
    name: Annotated[Line, Field(min_length=1)]
    tagline: Line = ""
    language: Literal["ko", "en"] = "ko"
    timezone: Zone = "Asia/Seoul"
    list_id: ListId
    former_list_ids: tuple[ListId, ...] = ()
    """What it was called before: links and suppressions made under these go on counting."""


class SenderTable(Table):
    name: Line = ""
    """Empty: the institute's name."""
    address: Mailbox
    reply_to: OptionalMailbox = ""
    bounce_address: OptionalMailbox = ""
    verp: bool = False
    cfbl_address: OptionalMailbox = ""
    """Where mailbox providers may report complaints to (RFC 9477); empty: nothing is said of that."""


class Phone(Table):
    label: Line
    number: Line


class InstituteTable(Table):
    name: Annotated[Line, Field(min_length=1)]
    postal_address: Line = ""
    phones: tuple[Phone, ...] = ()
    copyright: Line = ""
    website: Website = ""
    no_reply_notice: Line = ""


class LinksTable(Table):
    pages_url: PagesUrl = ""
    archive_url: PagesUrl = ""
    unsubscribe_mailto: OptionalMailbox = ""
    secret_file: str = Field(default=".newsletter/secret", min_length=1)


class ImagesTable(Table):
    mode: Literal["embed", "hosted"] = "embed"


class ThemeTable(Table):
    """The look of the letter; an empty colour is the preset's, or made from the accent (palette.py)."""

    preset: PresetName = "quiet"
    """What is left out below is as it says (presets.toml)."""

    ground: Colour = ""
    """Around the letter; the footer stands on it."""
    paper: Colour = ""
    tint: Colour = ""
    """Behind cards, figures and notices."""
    rule: Colour = ""
    """Thin lines."""
    ink: Colour = ""
    muted: Colour = ""
    """Captions, dates, the footer."""
    accent: Colour = ""
    """Links, numbers, buttons."""
    on_accent: Colour = ""
    """The words on a button."""
    dark_ground: Colour = ""
    dark_paper: Colour = ""
    dark_tint: Colour = ""
    dark_rule: Colour = ""
    dark_ink: Colour = ""
    dark_muted: Colour = ""
    dark_accent: Colour = ""
    dark_on_accent: Colour = ""
    logo: str = ""
    """A picture in place of the newsletter's name in the masthead."""
    logo_dark: str = ""
    """Another one, shown instead where the letter is dark."""
    logo_alt: Line = ""
    """Empty: the newsletter's name."""
    logo_width: Annotated[int, Field(ge=32, le=280)] = 160
    """CSS pixels."""
    width: Annotated[int, Field(ge=480, le=640)] = 600
    """CSS pixels of the letter, at most; a phone shows it narrower."""
    headline: Annotated[int, Field(ge=28, le=36)] | None = None
    """CSS pixels, as the next two: more than 36 leaves a phone two Korean words a line."""
    heading: Annotated[int, Field(ge=20, le=26)] | None = None
    body: Annotated[int, Field(ge=16, le=18)] | None = None
    """Under 16 iOS and Android readers pinch."""
    heading_font: FontFamily | Literal[""] = ""
    radius: Annotated[int, Field(ge=0, le=16)] | None = None
    """CSS pixels of round corners, which Outlook on Windows leaves square."""
    density: Density | Literal[""] = ""
    """How much room there is between the parts."""

    @property
    def colours(self) -> dict[str, str]:
        """The colours that are given, by their names."""
        return {name: colour for name in PALETTE if (colour := getattr(self, name))}

    @property
    def palette(self) -> Mapping[str, str]:
        """All colours by name: the preset's with those that are given."""
        return palette_of(self.colours, preset(self.preset).palette)


class DomainLimit(Table):
    connections: Annotated[int, Field(ge=1, le=200)] | None = None
    rate: Rate = ""


class SmtpTable(Table):
    url: RelayUrl = "smtp://127.0.0.1:1025"
    password: Password | None = None
    """From the environment only: NEWSLETTER_SMTP__PASSWORD or NEWSLETTER_SMTP__PASSWORD_FILE."""
    tls: Literal["required", "plaintext"] | None = None
    """Absent: plaintext towards loopback, required otherwise."""
    ca_file: str = ""
    connections: Annotated[int, Field(ge=1, le=200)] = 4
    processes: Processes = 1
    """Of this machine that share a dispatch, its connections and its rate; `auto`: as many as there are cores."""
    rate: Rates = "20/s"
    """One window, or several as a list; those of hours and days are kept in the ledger."""
    pipelining: bool = True
    messages_per_connection: Annotated[int, Field(ge=1)] = 500
    idle: Duration = timedelta(minutes=1)
    """A connection unused for longer is closed and made anew."""
    retry: Duration = timedelta(minutes=5)
    per_domain: dict[Domain, DomainLimit] = Field(default_factory=dict)
    """Limits of recipients' domains, each with what is under it; `*` is each other one."""
    rules: str = ""
    """A file of reply rules, merged over those of the package (dispatch/reply_rules.py)."""

    @model_validator(mode="after")
    def _has_a_connection_for_each_process(self) -> "SmtpTable":
        if self.processes != EACH_CORE and self.processes > self.connections:
            told = phrase("settings.value.fewer_connections", processes=self.processes, connections=self.connections)
            raise WrongValueError(told)
        return self

    @property
    def sharing_processes(self) -> int:
        """How many processes share a dispatch.

        A limit that every domain has for itself cannot be cut into more parts than it has connections, so there are no
        more processes than that.
        """
        others = self.per_domain.get("*")
        most = min(self.connections, (others and others.connections) or self.connections)
        return min(usable_cores() if self.processes == EACH_CORE else self.processes, most)


class DkimKey(Table):
    selector: Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")]
    file: Annotated[str, Field(min_length=1)]
    """The private key in PEM, relative to the workspace."""


class DkimTable(Table):
    """Where the relay does not sign, or signs for another domain."""

    domain: Annotated[str, Field(pattern=r"^([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$|^$")] = ""
    """Empty: that of the sender's address."""
    keys: tuple[DkimKey, ...] = ()
    """Each makes a signature of its own."""


class AudienceTable(Table):
    csv: Annotated[str, Field(min_length=1)] = "subscribers.csv"
    max_bad_rows: Percent = 0.01


class CheckTable(Table):
    """What the rules of `check` are to this newsletter; ids that no rule has are found where the rules are known."""

    severity: dict[str, Literal["error", "warning"]] = Field(default_factory=dict)
    ignore: dict[str, Annotated[Line, Field(min_length=1)]] = Field(default_factory=dict)
    """Rule id -> the reason."""


class LedgerTable(Table):
    url: Annotated[str, Field(min_length=1, repr=False)] = "sqlite:///.newsletter/ledger.db"
    """May carry a database password, so it is never shown whole."""


class PreviewTable(Table):
    proof_to: tuple[Mailbox, ...] = ()
    """Where the studio may send a proof; nowhere else."""


class Settings(Table):
    """The whole file, with the environment's overrides applied."""

    newsletter: NewsletterTable
    sender: SenderTable
    institute: InstituteTable
    footer: FooterTable = FooterTable()
    links: LinksTable = LinksTable()
    images: ImagesTable = ImagesTable()
    theme: ThemeTable = ThemeTable()
    smtp: SmtpTable = SmtpTable()
    dkim: DkimTable = DkimTable()
    audience: AudienceTable = AudienceTable()
    subscribe: SubscribeTable = SubscribeTable()
    check: CheckTable = CheckTable()
    ledger: LedgerTable = LedgerTable()
    schedule: ScheduleTable = ScheduleTable()
    operator: OperatorTable = OperatorTable()
    editor: EditorTable = EditorTable()
    archive: ArchiveTable = ArchiveTable()
    report: ReportTable = ReportTable()
    returns: ReturnsTable = ReturnsTable()
    preview: PreviewTable = PreviewTable()

    _variables: Mapping[tuple[str, str], str] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Mapping[tuple[str, str], str] | None, /) -> None:
        """`context` says which table and key came from which variable, for what is found wrong with them later."""
        self._variables = dict(context or {})

    def variable(self, path: str) -> str:
        """The variable of the environment that a setting such as "smtp.url" comes from; empty: not from there."""
        table, _, key = path.partition(".")
        return self._variables.get((table, key), "")

    @property
    def pictures(self) -> tuple[str, ...]:
        """The files that show in every letter, relative to the workspace."""
        return (*filter(None, (self.theme.logo, self.theme.logo_dark)), *self.footer.pictures)

    @property
    def sender_name(self) -> str:
        return self.sender.name or self.institute.name

    @property
    def envelope_sender(self) -> str:
        return self.sender.bounce_address or self.sender.address
