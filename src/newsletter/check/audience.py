"""The audience of one issue in numbers: who gets it, who does not, and what is wrong with the rows. Touches: nothing.

The one account that `check`, `approve`, `send`, `--dry-run`, `--due` and the studio tell from; counting.py makes it.
Limits: of what is wrong only the first lines are kept, the rest is counted, so memory does not grow with the audience.
There is never an address or a name in it; of the words that are kept (tags, languages, reasons of bad rows) there is a
bounded number.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.audience.subscriber import KnownFrom, Subscriber
from newsletter.catalogue import Said, Value
from newsletter.errors import Problem

ROWS_NAMED = 20
"""So many rows are named for each fault; a person mends those first."""


@dataclass(slots=True)
class NotedRows:
    """The first rows that something was found in, by line, each with what; and how many there are in all."""

    first: list[tuple[int, Value]] = field(default_factory=list)
    rest_from: int = 0
    """The line after the first ones; 0 where they are all."""
    total: int = 0
    """Sign-ups included."""
    sign_ups: int = 0
    """Of them, those of people who are in no file, so that no line names them."""
    of_sign_up: Value = ""
    """What was found of the first of these."""

    def add_row(self, row: Subscriber, what: Value = "") -> None:
        """Of whoever is in the file by the line, of a sign-up by number."""
        if row.line:
            self.add(row.line, what)
            return
        self.of_sign_up = self.of_sign_up if self.sign_ups else what
        self.sign_ups += 1
        self.total += 1

    @property
    def place(self) -> int | None:
        """The first line; None where it is a matter of sign-ups."""
        return self.first[0][0] if self.first else None

    def add(self, line: int, what: Value = "") -> None:
        """Line 0 is the letter itself."""
        self.total += 1
        if len(self.first) < ROWS_NAMED:
            self.first.append((line, what))
        elif not self.rest_from:
            self.rest_from = line

    def __bool__(self) -> bool:
        return self.total > 0


class Keeping(StrEnum):
    """How a subscriber file stands to git; `newsletter.probes.git` finds out."""

    PRIVATE = "private"
    """Ignored, in no work tree, or git cannot be asked."""
    TRACKED = "tracked"
    OPEN = "open"
    """Not tracked yet, and not ignored: the next `git add .` takes it."""


class Oddity(StrEnum):
    """What is strange about a value that is merged all the same."""

    CONTROLS = "controls"
    """Line breaks or invisible characters, which the merge takes out."""
    LONG = "long"
    """Far longer than the words it stands for."""
    EMPTY_WORD = "empty-word"
    """What a program writes where there is nothing: `#N/A`, `NULL`."""


@dataclass(frozen=True, slots=True)
class Largest:
    """A size in octets, and whose it is: the row's line, 0 for a sign-up or a letter with the issue's defaults."""

    octets: int = 0
    line: int = 0
    key: str = ""
    """The field with the row's longest value; empty where the row has none."""


@dataclass(slots=True)
class Extent:
    """How large the messages of one variant get, as they are sent."""

    plain: int
    """Octets of the HTML with the issue's defaults."""
    html: Largest
    """Decoded, which is what Gmail clips."""
    mail: Largest
    """The whole message on the wire, pictures included."""
    header: Largest
    """The longest line of the header, without its CRLF."""


@dataclass(slots=True)
class AudienceSummary:
    """`people` are the good rows, each address once; bad rows and duplicates are in no total."""

    file: str = ""
    """Names the subscriber file in findings; empty: there is none, and nobody was counted."""
    wanted: str = ""
    """The file that a send would read, where this is not it; empty where it is."""
    unreadable: tuple[Problem, ...] = ()
    """What keeps the file from being read as a whole; then nobody was counted."""
    keeping: Keeping = Keeping.PRIVATE
    """Whether git keeps the file; the example's may be kept by anybody."""
    stranger: Problem | None = None
    """Why the ledger sends nothing of this newsletter: it knows others, or a former list_id is not written down."""
    columns: tuple[str, ...] = ()
    """Those of the header; empty where they are not known."""
    people: int = 0
    suppressed: int | None = None
    """Of the people, those never mailed; None where there is no ledger that would know."""
    duplicates: NotedRows = field(default_factory=NotedRows)
    """Rows whose address came before."""
    bad: NotedRows = field(default_factory=NotedRows)
    """Rows that are never mailed, with the reason."""
    reasons: Counter[Said] = field(default_factory=Counter)
    """Why rows are bad."""
    origins: Counter[KnownFrom] = field(default_factory=Counter)
    """Where those who are mailed are known from."""
    unconfirmed: int = 0
    """Who was taken over without consent, is in no file, and so in no total."""
    variants: Counter[str] = field(default_factory=Counter)
    """How many are mailed which edition."""
    languages: Counter[str] = field(default_factory=Counter)
    """How many are mailed in which language; of those whose edition there is."""
    tags: dict[str, str] = field(default_factory=dict)
    """Every tag that somebody mailed has: as compared, and as first written."""
    tagged: Counter[str] = field(default_factory=Counter)
    """How many have a tag, as compared."""
    untagged: int = 0
    strange_languages: dict[str, NotedRows] = field(default_factory=dict)
    """Languages there is no edition in, as written."""
    missing: dict[str, NotedRows] = field(default_factory=dict)
    """Rows without a value that their edition needs, by the field's key."""
    dead_links: dict[str, NotedRows] = field(default_factory=dict)
    """Rows with a value that stands for a whole link and is none, by the field's key."""
    odd: dict[tuple[Oddity, str], NotedRows] = field(default_factory=dict)
    """Rows with a strange value of a field that is merged, by the field's key; with the value's length."""
    failed: NotedRows = field(default_factory=NotedRows)
    """Rows whose message could not be made, with the reason."""
    without_consent: NotedRows = field(default_factory=NotedRows)
    """Rows without date or source of consent, or with a date that is none."""
    old_consent: NotedRows = field(default_factory=NotedRows)
    """Rows whose consent is to be asked for again, with its date."""
    doubts: dict[str, NotedRows] = field(default_factory=dict)
    """Rows that are mailed and doubtful, with what is said of them, by the rule that says it."""
    extents: dict[str, Extent] = field(default_factory=dict)
    """By variant; also where nobody gets it."""

    @property
    def is_known(self) -> bool:
        """Whether there was anybody to count: a file, or sign-ups."""
        return bool(self.file or self.people)

    @property
    def rows(self) -> int:
        return self.people + self.duplicates.total + self.bad.total

    @property
    def signed_up(self) -> int:
        """Of those who are mailed, those who are in the ledger's list, in the file too or not."""
        return self.origins[KnownFrom.SIGN_UP] + self.origins[KnownFrom.BOTH]

    @property
    def in_file(self) -> int:
        """Of those who are mailed, those who are in the file, signed up too or not."""
        return self.to_mail - self.origins[KnownFrom.SIGN_UP]

    @property
    def to_mail(self) -> int:
        return self.people - (self.suppressed or 0)

    @property
    def by_tag(self) -> list[tuple[str, int]]:
        """Tags as written and how many have them, most first."""
        return [(self.tags[tag], count) for tag, count in self.tagged.most_common()]
