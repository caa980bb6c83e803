"""Build the archive of what was sent. Touches: the workspace's files, the ledger for reading, the folder.

Who sends builds the planned issue's page before its first message: `planned`. It is there then, and nothing leads to it
until the dispatch is at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.archive.cards import card_fonts, wordless_cards
from newsletter.archive.files import site_files
from newsletter.archive.look import look_of
from newsletter.archive.site import Site
from newsletter.archive.write_site import Written, another_name, sent_issues_in, write_site
from newsletter.catalogue import Said, phrase
from newsletter.errors import SettingsError, UsageError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.lock_file import locked
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .archived import archived
from .hosted_pictures import HostedPictures
from .sent_issues import is_unknown, planned_issue, sent_issues


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build."""

    issues: int
    """How many the index leads to."""
    site: Site
    written: Written
    warnings: tuple[Said, ...]
    problems: tuple[Said, ...]
    """Of issues whose page is missing, or is not what its file says now: 65."""


def build_site(
    workspace: Workspace,
    folder: Path,
    ledger: Ledger | None,
    *,
    base_url: str = "",
    drafts: bool = False,
    planned: str = "",
    making: Advance,
    writing: Advance,
) -> Built:
    """Everything that was sent, and the `planned` issue. `base_url`: in place of `[links] archive_url`.

    UsageError for a folder in which the workspace's own files are (SettingsError where it is that of `[archive] dir`),
    CannotWriteError (73) for what stands in the way.
    """
    _refuse_own_folders(workspace, folder)
    sent, broken = sent_issues(workspace, ledger)
    if planned and planned not in sent and ledger and (one := planned_issue(workspace, ledger, planned)):
        sent[planned] = one
    fonts_of = card_fonts(workspace)
    base_url = _base(base_url or workspace.settings.links.archive_url)
    found = archived(workspace, sent, base_url=base_url, drafts=drafts, advance=making)
    site = Site(base_url, workspace.settings, tuple(found.issues))
    files = site_files(site, look_of(workspace), fonts_of)
    hosted = HostedPictures.of(workspace, ledger, sent.keys())
    pictures = [*(issue.pictures for issue in found.issues), hosted]
    drafts_shown = [issue.slug for issue in found.issues if issue.is_draft]
    with locked(workspace.state / "archive" / "lock"):  # cron may build beside a person
        unknown = [one for one in sorted(sent_issues_in(folder) - sent.keys()) if is_unknown(workspace, ledger, one)]
        keep = {f"{slug}/" for slug in (*found.kept, *unknown)}
        written = write_site(folder, files, pictures, keep, writing, drafts_shown)
    left = [phrase("workflow.archive.was_left", path=path) for path in written.left]
    lost = [phrase("workflow.archive.is_not_known", slug=slug) for slug in unknown]
    told = (*found.warnings, *left, *lost, *_without_words(wordless_cards(site, fonts_of)))
    return Built(len(site.listed), site, written, told, (*broken, *found.problems))


def _without_words(paths: tuple[str, ...]) -> list[Said]:
    return [phrase("workflow.archive.card_has_no_words", count=len(paths), first=paths[0])] if paths else []


def _base(url: str) -> str:
    return f"{url.rstrip('/')}/" if url else ""


def _refuse_own_folders(workspace: Workspace, folder: Path) -> None:
    """What is for everybody stands neither among what somebody writes nor beside addresses and keys."""
    given, root = folder.resolve(), workspace.root.resolve()
    own = (workspace.issues, workspace.templates.parent, root / ".git", workspace.state, root / "build" / "report")
    # `render` and dry runs put letters with addresses beside each other into `build`.
    inside = (root, *own, *_named_files(workspace))
    if given == root / "build" or any(
        [
            *(given.is_relative_to(one.resolve()) for one in own),
            *(one.resolve().is_relative_to(given) for one in inside),
        ]
    ):
        said = phrase("workflow.archive.is_own_folder", folder=str(folder))
        if given == workspace.archive.resolve():
            raise SettingsError(said, hint=phrase("workflow.archive.choose_another_dir"))
        raise UsageError(said, hint=phrase("workflow.archive.choose_another", other=another_name(folder)))


def _named_files(workspace: Workspace) -> Iterator[Path]:
    """Those of the workspace that its settings name."""
    settings = workspace.settings
    yield from (workspace.csv, workspace.example_csv, workspace.secret_file)
    keys = (key.file for key in settings.dkim.keys)
    named = (*settings.pictures, *keys, settings.schedule.signers, settings.smtp.rules)
    yield from (workspace.root / name for name in named if name)
