"""An approval as files in git: `issues/<slug>.approved/` with a manifest, each edition's HTML and text, the pictures.

    issues/2026-11.approved/
    ├── manifest.json      who, when, to what; name and SHA-256 of every file
    ├── .gitattributes     keeps git from touching line ends
    ├── ko.html  ko.txt    one pair for each variant
    └── pictures/

Touches: the folder. What is sent are these files, byte for byte; one that does not match its SHA-256 is refused (77),
and so is a manifest of which an entry does not match its seal (approval_seal.py).
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from newsletter.catalogue import Said, lines, phrase
from newsletter.edition.edition import Edition
from newsletter.errors import CannotWriteError, RefusedError
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

from .approval_inputs import Inputs, changed, inputs_of
from .approval_seal import broken_entries, sealed
from .files import cannot_be_written
from .letter import Letter

FORMAT = 2
MANIFEST = "manifest.json"

_RESTORE = phrase("workflow.approve.restore_or_approve")


class NotApprovedError(RefusedError):
    """Nobody said yes to an issue, or it has changed since."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A reviewer's yes to exact editions."""

    by: str
    at: datetime
    inputs: Inputs
    editions: Mapping[str, Edition]
    although_like: Mapping[str, float | None] = field(default_factory=dict)
    """Slugs of issues that this one is like, and is another letter all the same; how much, as far as that was known."""
    manifest: bytes = field(default=b"", repr=False)
    """As it lies in the folder; empty for one that was not read from there."""


def folder_of(issue_path: Path) -> Path:
    return issue_path.with_name(f"{issue_path.stem}.approved")


def write_approval(folder: Path, approval: Approval) -> None:
    """Keep an approval: the folder is made beside and moved in place; CannotWriteError where that fails."""
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
    former = folder.with_name(f".{folder.name}.{os.getpid()}.former")
    try:
        _fill(fresh, approval)
        if folder.exists():
            folder.rename(former)
        fresh.rename(folder)
        shutil.rmtree(former, ignore_errors=True)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        if former.exists() and not folder.exists():
            former.rename(folder)
        raise CannotWriteError(cannot_be_written(error, folder)) from error


def _fill(folder: Path, approval: Approval) -> None:
    (folder / "pictures").mkdir(parents=True)
    files: dict[str, bytes] = {}
    entries = []
    for name, edition in approval.editions.items():
        files[f"{name}.html"] = edition.html.encode()
        files[f"{name}.txt"] = edition.text.encode()
        files.update((f"pictures/{picture.filename}", picture.data) for picture in edition.pictures)
        entries.append({key: value for key, value in edition.to_json().items() if key not in {"html", "text", "slug"}})
    manifest = {
        "format": FORMAT,
        "approved_by": approval.by,
        "approved_at": approval.at.isoformat(),
        "although_like": dict(approval.although_like),
        "editions": entries,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "inputs": approval.inputs,
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / ".gitattributes").write_bytes(b"* -text\n")
    (folder / MANIFEST).write_text(json.dumps(sealed(manifest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(folder: Path, slug: str) -> Approval | None:
    """The approval kept in a folder, None where there is none; RefusedError (77) where its files were touched."""
    if not (folder / MANIFEST).is_file():
        return None
    try:
        data = (folder / MANIFEST).read_bytes()
        manifest = json.loads(data.decode("utf-8"))
        if manifest["format"] != FORMAT:
            other = phrase("workflow.approve.other_format", format=str(manifest["format"]), known=FORMAT)
            raise _damaged(folder / MANIFEST, other, hint=phrase("workflow.approve.to_approve", slug=slug))
        if edited := broken_entries(manifest):
            raise _damaged(folder / MANIFEST, phrase("workflow.approve.was_edited", entries=tuple(edited)))
        files = {name: verified_file(folder, name, digest) for name, digest in manifest["files"].items()}
        editions = {entry["variant"]: _edition(entry, files, slug) for entry in manifest["editions"]}
        at = datetime.fromisoformat(manifest["approved_at"])
        return Approval(
            manifest["approved_by"], at, manifest["inputs"], editions, dict(manifest["although_like"]), data
        )
    except OSError as error:
        raise _damaged(folder / MANIFEST, system_reason(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder / MANIFEST, phrase("workflow.approve.is_no_manifest")) from error


def _edition(entry: Mapping[str, Any], files: Mapping[str, bytes], slug: str) -> Edition:
    texts = {
        kind: files[f"{entry['variant']}.{ending}"].decode() for kind, ending in (("html", "html"), ("text", "txt"))
    }
    pictures = {picture["cid"]: files[f"pictures/{picture['filename']}"] for picture in entry["pictures"]}
    return Edition.from_json({**entry, **texts, "slug": slug}, pictures)


def verified_file(folder: Path, name: str, digest: str) -> bytes:
    """A file of an approval; RefusedError (77) where it is not the one that was approved."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise _damaged(path, phrase("workflow.approve.lies_outside"))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _damaged(path, system_reason(error)) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise _damaged(path, phrase("workflow.approve.is_another_file"))
    return data


def _damaged(path: Path, why: Said, *, hint: Said = _RESTORE) -> RefusedError:
    return RefusedError(phrase("workflow.approve.is_damaged", path=str(path), why=why), hint=hint)


def changes_since(approval: Approval, letter: Letter, workspace: Workspace) -> list[str]:
    """Places that are not as they were approved, as people name them: `issues/2026-11.yaml: sections[1].body`."""
    return changed(approval.inputs, inputs_of(letter, workspace))


def changes_of_issue(approval: Approval, letter: Letter, workspace: Workspace) -> list[str]:
    """Those in the issue itself, its pictures and its tables; settings and templates go on with the newsletter."""
    named = {
        letter.file,
        *(one.src for one in letter.issue.pictures()),
        *(one.src for one in letter.issue.data_files()),
    }
    return [place for place in changes_since(approval, letter, workspace) if place.partition(": ")[0] in named]


def valid_approval(letter: Letter, workspace: Workspace) -> Approval:
    """What somebody said yes to; NotApprovedError (77) where nobody did, or with what has changed since."""
    slug = letter.issue.slug
    to_approve = phrase("workflow.approve.to_approve", slug=slug)
    approval = read(folder_of(letter.path), slug)
    if approval is None:
        raise NotApprovedError(phrase("workflow.approve.is_not_approved", file=letter.file), hint=to_approve)
    changes = changes_since(approval, letter, workspace)
    if changes:
        places = (phrase("workflow.approve.changed_place", place=one) for one in changes)
        changed_since = phrase("workflow.approve.has_changed", file=letter.file, by=approval.by)
        raise NotApprovedError(lines(changed_since, *places), hint=to_approve)
    if workspace.settings.schedule.signed:
        from .approval_signature import refuse_unsigned  # most approvals need none

        refuse_unsigned(workspace, letter, folder_of(letter.path) / MANIFEST, approval.manifest)
    return approval
