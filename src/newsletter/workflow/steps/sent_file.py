"""How many got an issue, written beside it: `issues/<slug>.sent.json`, to be committed like the approval.

It is a second witness: where `.newsletter/` is gone, or was put back as a whole, git still knows that the issue went
out. Touches: that file, the ledger for reading. Limits: numbers only, no address; it is as new as the last commit.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.catalogue import Phrase, phrase
from newsletter.errors import InputError, Problem
from newsletter.issue.find import SLUG
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, LedgerBehindError
from newsletter.ledger.states import REACHED, TRIED, State
from newsletter.settings.replace_file import replace_file
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

if TYPE_CHECKING:  # it knows a run, and with that all that sends
    from newsletter.report.ending import Ending

_SUFFIX = ".sent.json"
_LARGEST = 65_536
"""Bytes; a file of ours has some 400."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """What such a file says."""

    counts: Mapping[State, int]
    planned_at: datetime
    edition: str
    """The digest of the editions that went out last."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An issue of whose readers the ledger knows fewer than its file does."""

    slug: str
    file: str
    count: int
    """Who has it, or may have it, by the file."""
    known: int | None
    """By the ledger; None where it was never planned there."""

    def said(self) -> Phrase:
        if self.known is None:
            return phrase("workflow.sent_file.is_unknown", file=self.file, slug=self.slug, count=self.count)
        return phrase(
            "workflow.sent_file.knows_more", file=self.file, slug=self.slug, count=self.count, known=self.known
        )


def with_sent_file(workspace: Workspace, ledger: Ledger, record: DispatchRecord, ending: "Ending") -> "Ending":
    """After a run: the numbers as they are now. Where the file cannot be written, that is a warning, once an issue."""
    if not any(ending.counts[state] for state in TRIED):
        return ending
    path = _path(workspace, record.slug)
    try:
        _write(workspace, path, ledger, record, ending.counts)
    except OSError as error:
        if ledger.say_once(record.newsletter, f"sent file {record.slug}", datetime.now(UTC)):
            file, why = _name(workspace, path), system_reason(error)
            told = phrase("workflow.sent_file.cannot_write", file=file, why=why)
            return replace(ending, warnings=(*ending.warnings, told))
    return ending


def refuse_forgotten(workspace: Workspace, ledger: Ledger | None, slug: str) -> None:
    """LedgerBehindError (77) where the issue went out to more than the ledger knows; InputError (65) for its file."""
    if (found := _compare(workspace, ledger, slug)) is not None:
        raise LedgerBehindError(found.said(), hint=phrase("workflow.sent_file.put_newest_back", file=found.file))


def sent_file(workspace: Workspace, slug: str) -> SentFile:
    """All of it; InputError (65) where it cannot be read."""
    counts = _read(workspace, slug)
    try:
        told = json.loads(_text(_path(workspace, slug)))
        return SentFile(counts, datetime.fromisoformat(told["planned_at"]), str(told["edition"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        says_nothing = phrase("workflow.sent_file.says_nothing")
        raise _unreadable(workspace, _path(workspace, slug), says_nothing) from error


def counts_in_file(workspace: Workspace, slug: str) -> Mapping[State, int]:
    """What it says; empty where there is none. InputError (65) where it cannot be read."""
    return _read(workspace, slug)


def went_out(workspace: Workspace, slug: str) -> bool:
    """Whether the file says that anybody has the issue."""
    return _reached(_read(workspace, slug)) > 0


def all_forgotten(workspace: Workspace, ledger: Ledger | None) -> Iterator[Forgotten]:
    """Of every issue that has such a file."""
    for slug in slugs_of_sent_files(workspace):
        if (found := _compare(workspace, ledger, slug)) is not None:
            yield found


def forgotten(workspace: Workspace, ledger: Ledger, slug: str) -> Forgotten | None:
    """Where the issue went out to more than the ledger knows; InputError (65) for a file that does not say."""
    return _compare(workspace, ledger, slug)


def write_anew(workspace: Workspace, ledger: Ledger) -> None:
    """The numbers of this ledger, in every file: a person has looked at the difference. Raises OSError."""
    for slug in slugs_of_sent_files(workspace):
        record = ledger.find(workspace.settings.newsletter.list_id, slug)
        if record is not None:
            _write(workspace, _path(workspace, slug), ledger, record, ledger.counts(record.id))


def slugs_of_sent_files(workspace: Workspace) -> list[str]:
    names = sorted(path.name.removesuffix(_SUFFIX) for path in workspace.issues.glob(f"*{_SUFFIX}"))
    return [name for name in names if SLUG.fullmatch(name)]


def _compare(workspace: Workspace, ledger: Ledger | None, slug: str) -> Forgotten | None:
    counts = _read(workspace, slug)
    if not counts:
        return None
    file = _name(workspace, _path(workspace, slug))
    record = ledger.find(workspace.settings.newsletter.list_id, slug) if ledger else None
    if ledger is None or record is None:
        count = _reached(counts)
        return Forgotten(slug, file, count, None) if count else None
    # What was sent stays sent; what is in doubt may have been decided since.
    known = _reached(ledger.counts(record.id))
    return Forgotten(slug, file, counts[State.SENT], known) if counts[State.SENT] > known else None


def _reached(counts: Mapping[State, int]) -> int:
    return sum(counts.get(state, 0) for state in REACHED)


def _write(
    workspace: Workspace, path: Path, ledger: Ledger, record: DispatchRecord, counts: Mapping[State, int]
) -> None:
    told: dict[str, Any] = {
        "issue": record.slug,
        "newsletter": record.newsletter,
        "ledger": ledger.identity(),
        "edition": record.digest,
        "planned_at": record.planned_at.isoformat(),
        "total": record.total,
        "states": {state.value: counts[state] for state in State},
    }
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = None
    if isinstance(before, dict) and {**before, "counted_at": None} == {**told, "counted_at": None}:
        return  # nothing new to commit
    told["counted_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    issue = path.with_name(f"{record.slug}.yaml")
    like = issue if issue.exists() else workspace.root / "newsletter.toml"
    replace_file(path, json.dumps(told, ensure_ascii=False, indent=1) + "\n", like=like)


def _read(workspace: Workspace, slug: str) -> Mapping[State, int]:
    """The counts; empty where there is no such file."""
    path = _path(workspace, slug)
    if not path.exists():
        return {}
    try:
        text = _text(path)
    except OSError as error:
        why = phrase("workflow.sent_file.cannot_read", why=system_reason(error))
        raise _unreadable(workspace, path, why) from error
    counts = _counts(text)
    if counts is None:
        raise _unreadable(workspace, path, phrase("workflow.sent_file.says_nothing"))
    return counts


def _text(path: Path) -> bytes:
    if not path.is_file():  # a pipe, which would be waited for
        return b""
    with path.open("rb") as file:
        return file.read(_LARGEST)


def _counts(text: bytes) -> Mapping[State, int] | None:
    try:
        states = json.loads(text)["states"]
        counts = {state: states[state.value] for state in State}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return counts if all(type(count) is int and count >= 0 for count in counts.values()) else None


def _unreadable(workspace: Workspace, path: Path, why: Phrase) -> InputError:
    hint = phrase("workflow.sent_file.take_it_from_git")
    return InputError(problems=[Problem(why, _name(workspace, path))], hint=hint)


def _path(workspace: Workspace, slug: str) -> Path:
    return workspace.issues / f"{slug}{_SUFFIX}"


def _name(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.root).as_posix()
