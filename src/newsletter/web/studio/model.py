"""What the studio shows: the letter as one reader gets it, and the panels beside it. Touches: nothing.

These shapes are what the templates under pages/ are written against; studio.py says which of them a page is given.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

from newsletter.errors import Problem
from newsletter.web.page_templates import Publisher


@dataclass(frozen=True, slots=True)
class Asked:
    """Which letter is asked for. Any text may stand here: it comes from an address."""

    issue: str | None = None
    """A slug; None: the one the studio was opened with."""
    reader: str | None = None
    """An address or part of a name; empty: the defaults; None: the first subscriber."""
    language: str = ""
    """In place of the reader's; empty: theirs."""
    tags: tuple[str, ...] | None = None
    """In place of the reader's; None: theirs."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A subscriber to choose: the address, and the name where there is one."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One header of the message: its name, what it says, decoded, and what it is for, in the newsletter's language."""

    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class InboxRow:
    """The letter in the list of a mail program; the three texts as far as there is room for them."""

    client: str
    """A key of the page's words, `inbox_row.<client>`: gmail, gmail_phone, naver or naver_phone."""
    sender: str
    subject: str
    preheader: str
    """Empty where there is no room left for it, or where the program shows none."""
    subject_cut: bool
    preheader_cut: bool


@dataclass(frozen=True)
class View:
    """An issue as one reader gets it, or what is wrong with it: `problems` is empty, or all the rest of a letter is."""

    publisher: Publisher
    slug: str
    issues: tuple[str, ...]
    """Slugs of the issues to choose from, the last first; a bounded number."""
    readers: tuple[Reader, ...] = ()
    """The first of the subscriber file; the rest is found by searching."""
    reader: str = ""
    """Address of the chosen reader; empty: the defaults."""
    unknown_reader: str = ""
    """What was asked for, where no subscriber is like it; the letter then has the defaults."""
    problems: tuple[Problem, ...] = ()
    variant: str = ""
    """Name of the edition that is shown: its language, and the tags that open sections."""
    language: str = ""
    """Of the edition: ko, en, or one the issue is translated to."""
    languages: tuple[str, ...] = ()
    """Languages to choose from."""
    tags: tuple[str, ...] = ()
    """Tags that were looked at, the reader's or those asked for, sorted."""
    all_tags: tuple[str, ...] = ()
    """Tags that open a section somewhere in this issue, sorted; often none."""
    subject: str = ""
    html: str = ""
    """Merged, pictures as `cid:` links."""
    text: str = ""
    raw: str = ""
    """The whole message as it goes over the wire, base64 and all, with \\n for line ends; pictures are shortened."""
    size: int = 0
    """Octets of the whole message."""
    headers: tuple[HeaderLine, ...] = ()
    inbox: tuple[InboxRow, ...] = ()
    pictures: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    """Content-ID without angle brackets -> media type and bytes."""

    @cached_property
    def digest(self) -> str:
        """Changes when the letter would look different; hex."""
        seen = hashlib.sha256(self.html.encode())
        for cid, (_, data) in sorted(self.pictures.items()):
            seen.update(cid.encode() + data)
        return seen.hexdigest()


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding of `newsletter check`, for a person."""

    number: int
    """Counts from 1 in the order of the list."""
    rule: str
    severity: Literal["error", "warning"]
    message: str
    why: str
    hint: str
    """How to mend it."""
    source: str
    """Where the fact comes from: words, often with a URL in them; may be empty."""
    place: str
    """`issues/2026-11.yaml:23:5`; empty where there is none."""
    excerpt: str
    """Lines to be shown with fixed width, the last may be a caret; may be empty."""
    tag: int | None = None
    """The start tag in the framed letter (its `data-tag`); None: not in this letter."""
    line: int | None = None
    """Line of `View.html`, from 1, where that tag stands."""

    @property
    def jumps(self) -> bool:
        """Whether there is a place in the framed letter to jump to."""
        return self.tag is not None


@dataclass(frozen=True, slots=True)
class Findings:
    """The panel `findings`, errors first; `ignored` counts those that settings or comments leave out, with a reason."""

    findings: tuple[ShownFinding, ...] = ()
    ignored: int = 0

    @property
    def errors(self) -> int:
        return sum(one.severity == "error" for one in self.findings)


@dataclass(frozen=True, slots=True)
class Size:
    """One size against its limit, in `unit`s."""

    name: str
    """A key of the page's words, `size.<name>`: html, style, message, pictures, text, subject or preheader."""
    value: int
    limit: int
    """0: there is none."""
    unit: Literal["bytes", "columns"]
    state: Literal["good", "near", "over"]
    note: str = ""
    """What happens beyond it, in the newsletter's language."""

    @property
    def share(self) -> int:
        """Per cent of the limit, at most 100; 0 without a limit."""
        return min(100, round(100 * self.value / self.limit)) if self.limit else 0


@dataclass(frozen=True, slots=True)
class AudienceNumbers:
    """The panel `audience`: numbers only, never an address, a name or a value."""

    file: str
    """Name of the subscriber file; empty: there is none, and all numbers are 0."""
    total: int = 0
    """Rows, bad ones included."""
    mailed: int = 0
    """Who would get it: good rows without duplicates and suppressed ones."""
    bad: int = 0
    duplicates: int = 0
    suppressed: int = 0
    by_language: tuple[tuple[str, int], ...] = ()
    """Most first; the empty language is the newsletter's own."""
    by_tag: tuple[tuple[str, int], ...] = ()
    """Most first, a bounded number."""
    faults: tuple[tuple[str, int], ...] = ()
    """What is wrong with the list, and how often, most first."""
    counted: bool = True
    """False: the issue or the settings are broken, so that nobody could be counted; the findings say how."""


StateName = Literal[
    "draft", "approved", "changed", "due", "planned", "sending", "paused", "sent", "cancelled", "broken"
]
"""draft: no approval · approved: not yet due, or sent by hand · changed: since it was approved · due: approved and
`publish_at` is past · planned: in the ledger, nothing sent yet · sending: part of it sent · sent: nothing left to send
· broken: the file or the approval cannot be read."""


@dataclass(frozen=True, slots=True)
class IssueState:
    """One issue of the workspace and where it stands."""

    slug: str
    title: str
    """Empty where the file cannot be read."""
    publish_at: str
    """ISO 8601 with the newsletter's offset, minutes; may be empty."""
    state: StateName
    words: str
    """The state in one sentence in the newsletter's language, with its numbers."""


@dataclass(frozen=True, slots=True)
class Issues:
    """The panel `issues`, the latest first; `more` counts those that are not listed."""

    issues: tuple[IssueState, ...]
    more: int = 0


class Letters(Protocol):
    """All of it may block for seconds and may be called from several threads.

    UsageError: there is no such issue. What else is wrong with one is in the view and in its findings, the other panels
    are then empty; only what says so raises more.
    """

    def load(self, asked: Asked, /) -> View: ...

    def message(self, asked: Asked, /) -> tuple[str, bytes]:
        """The issue's slug and the whole message as `load` shows it; any NewsletterError where there is none."""
        ...

    def find_readers(self, words: str, /) -> Sequence[Reader]:
        """Subscribers whose name or address contains the words; a bounded number."""
        ...

    def proof_to(self) -> Sequence[str]:
        """Addresses that a proof may go to, `[preview] proof_to`."""
        ...

    def findings(self, asked: Asked, /) -> Findings: ...

    def sizes(self, asked: Asked, /) -> Sequence[Size]: ...

    def audience(self, asked: Asked, /) -> AudienceNumbers: ...

    def issues(self, asked: Asked, /) -> Issues: ...

    def send_proof(self, asked: Asked, to: str, /) -> str:
        """Deliver what is shown to an address of `proof_to` and say what the relay said; else any NewsletterError."""
        ...
