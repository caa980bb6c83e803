"""The whole way of a letter on this machine: the newest issue to the example subscribers, through a server of our own.

Touches: a folder of its own, loopback. Nothing of the real workspace is changed or used to send: the relay, the ledger,
the links and the secret are the demo's, whatever newsletter.toml or the environment say.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.check.audience import AudienceSummary
from newsletter.edition.edition import Edition
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.progress import Advance
from newsletter.report.ending import Ending
from newsletter.settings.bundled import bundled
from newsletter.settings.model import LedgerTable, LinksTable, Settings, SmtpTable
from newsletter.settings.unattended import ArchiveTable, OperatorTable
from newsletter.settings.workspace import Workspace

from .steps.examine import findings, refuse_errors
from .steps.files import make_folder
from .steps.keys import links_of
from .steps.letter import Letter, open_letter, render_all
from .steps.people import MailingList
from .steps.plan import plan_dispatch
from .steps.prepare import Fresh
from .steps.run import run_dispatch
from .steps.smtp_sink import smtp_sink
from .steps.survey import survey

_STOPS_A_DEMO = frozenset({"merge-missing", "merge-failed", "audience-file", "audience-empty"})


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that has run: its workspace is the folder, its inbox a folder of .eml files."""

    workspace: Workspace
    letter: Letter
    ending: Ending

    @property
    def inbox(self) -> Path:
        return inbox_of(self.workspace.root)


def inbox_of(folder: Path) -> Path:
    return folder / "inbox"


def run_demo(source: Workspace, folder: Path, *, pages_url: str, advance: Advance) -> Demo:
    """Render, plan and send in `folder`; `pages_url` is where the demo's own pages answer."""
    letter = open_letter(source, None)
    with smtp_sink(make_folder(inbox_of(folder))) as port:
        workspace = Workspace(folder, _settings(source.settings, pages_url, port))
        _copy_subscribers(source, workspace)
        # Rendered where the pictures and templates are, with the links of the demo.
        editions = render_all(letter, replace(source, settings=workspace.settings))
        audience = _look(workspace, letter, editions)
        with open_ledger(workspace, Purpose.SENDING) as ledger:
            record = plan_dispatch(
                workspace, ledger, Fresh(letter, editions, audience, warnings=0, first_ever=True, now=ledger.now())
            )
            return Demo(workspace, letter, run_dispatch(workspace, ledger, record, advance=advance))


def _settings(settings: Settings, pages_url: str, port: int) -> Settings:
    return settings.model_copy(
        update={
            "links": LinksTable(pages_url=pages_url),
            "smtp": SmtpTable(url=f"smtp://127.0.0.1:{port}", rate=""),
            "ledger": LedgerTable(),
            "operator": OperatorTable(),
            "archive": ArchiveTable(),
            "audience": settings.audience.model_copy(update={"csv": "subscribers.csv"}),
            "images": settings.images.model_copy(update={"mode": "embed"}),
        }
    )


def _copy_subscribers(source: Workspace, workspace: Workspace) -> None:
    """The example's subscribers, never the real ones: a demo on a shared screen shows what arrives."""
    path = source.example_csv if source.example_csv.is_file() else bundled("subscribers.example.csv")
    shutil.copyfile(path, workspace.csv)


def _look(workspace: Workspace, letter: Letter, editions: dict[str, Edition]) -> AudienceSummary:
    """The audience in numbers; only what cannot be merged refuses a demo, and an empty file."""
    audience = survey(letter.issue, editions, workspace.settings, MailingList(workspace.csv), None)
    found = findings(letter, editions, workspace, audience)
    refuse_errors((one for one in found if one.rule in _STOPS_A_DEMO), letter)
    return audience


@dataclass(frozen=True, slots=True)
class DemoSubscriber:
    """Where one subscriber of the demo stands."""

    address: str
    name: str
    state: State
    left: bool


@contextmanager
def demo_subscribers(demo: Demo) -> Iterator[Callable[[], list[DemoSubscriber]]]:
    """Ask again and again who got it and who has left."""
    with open_ledger(demo.workspace, Purpose.READ) as ledger:
        yield _DemoSubscribers(demo, ledger)


class _DemoSubscribers:
    """Callable: everybody of the demo, in the order of the plan."""

    def __init__(self, demo: Demo, ledger: Ledger) -> None:
        self._ledger = ledger
        self._list_id = demo.workspace.settings.newsletter.list_id
        record = ledger.find(self._list_id, demo.letter.issue.slug)
        self._deliveries = list(ledger.deliveries(record.id, tuple(State))) if record else []
        self._names = {one.key: one.name for one in MailingList(demo.workspace.csv).everybody()}
        self._hash = links_of(demo.workspace, create=False).address_hash

    def __call__(self) -> list[DemoSubscriber]:
        return [
            DemoSubscriber(
                one.address,
                self._names.get(one.key, ""),
                one.state,
                self._ledger.is_suppressed(self._list_id, one.key, self._hash(one.key)),
            )
            for one in self._deliveries
        ]
