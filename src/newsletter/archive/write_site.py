"""Write a site into a folder: only what changed, each file whole or not at all. Touches: that folder.

`.newsletter-archive.json` in it says which files are ours, by the hash of what we wrote. Whatever is not on that list,
or is no longer as we wrote it, is somebody else's: it is never removed, and where it stands in the way of a page it is
told (73) before anything is written. Pictures are never taken away, since letters lead to them for ever.
Limits: nothing outside of the folder is written, whatever links are in it.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import SILENCE, lines, phrase
from newsletter.errors import CannotWriteError
from newsletter.progress import Advance
from newsletter.settings.replace_file import replace_file
from newsletter.settings.system_reason import system_reason

from .site import LIST, SiteFile
from .web_pictures import PICTURES

_FORMAT = 1
_FOR_EVERYBODY = 0o644
_SHOWN = 10
_Ours = dict[str, list[str]]
"""By path, the SHA-256 of what we wrote or were about to write."""
_ISSUE = re.compile(r"([a-z0-9-]+)/index\.html")


@dataclass(frozen=True, slots=True)
class Written:
    """How many files a build touched, and what it left although it is no longer part."""

    files: int
    written: int
    removed: int
    left: tuple[str, ...]


def write_site(
    folder: Path,
    files: Iterable[SiteFile],
    pictures: Iterable[Mapping[str, bytes]],
    keep: Collection[str],
    advance: Advance,
    drafts: Collection[str] = (),
) -> Written:
    """Bring the folder up to date. Files under the folders of `keep` (`2026-11/`) stay as they are.

    `drafts` are slugs of what was never sent, which is not to stay when it is no longer part.

    CannotWriteError (73) for what stands in the way, or cannot be written.
    """
    try:
        return _Folder(folder, drafts).bring_up_to_date(list(files), list(pictures), keep, advance)
    except OSError as error:
        where = str(error.filename or folder)
        is_no_folder = isinstance(error, FileExistsError | NotADirectoryError)
        hint = phrase("archive.write.move_it", other=another_name(folder)) if is_no_folder else SILENCE
        said = phrase("archive.write.cannot_write", path=where, why=system_reason(error))
        raise CannotWriteError(said, hint=hint) from error


def another_name(folder: Path) -> str:
    """For a folder in place of this one."""
    return "site" if folder.name == "public" else "public"


def sent_issues_in(folder: Path) -> frozenset[str]:
    """Slugs of the issues that the site in a folder shows, but for drafts."""
    ours, drafts = _read_list(folder / LIST)
    return frozenset(found[1] for path in ours if (found := _ISSUE.fullmatch(path))) - drafts


class _Folder:
    def __init__(self, folder: Path, drafts: Collection[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder.resolve()
        self._ours, self._drafts = _read_list(self._folder / LIST)
        self._drafts |= set(drafts)
        self._drafts_now = set(drafts)

    def bring_up_to_date(
        self, files: list[SiteFile], pictures: list[Mapping[str, bytes]], keep: Collection[str], advance: Advance
    ) -> Written:
        changed = [file for file in files if not self._has(file)]
        fresh = {path: of for of in pictures for path in of if not self._has_picture(path, of)}
        self._refuse_foreign([*(file.path for file in changed), *fresh])
        hashes = {file.path: _sha256(file.data) for file in files}
        now = {path for of in pictures for path in of} | hashes.keys()
        # Before anything is written it is ours, so that who is stopped halfway finds it again.
        begun = {path: [*self._ours.get(path, []), digest] for path, digest in hashes.items()}
        self._write_list(self._ours | begun | {path: self._ours.get(path, []) for path in fresh})
        total = len(fresh) + len(changed)
        for done, (path, of) in enumerate(fresh.items(), 1):
            self._write(path, of[path])
            self._ours[path] = [_sha256(of[path])]
            advance(done, total)
        for done, file in enumerate(changed, len(fresh) + 1):
            self._write(file.path, file.data)
            advance(done, total)
        removed, left = self._remove(now, keep)
        kept = {path: of for path, of in self._ours.items() if path in now or _stays(path, keep)}
        self._drafts &= self._drafts_now
        self._write_list(kept | {path: [digest] for path, digest in hashes.items()})
        return Written(len(now), total, removed, left)

    def _has(self, file: SiteFile) -> bool:
        path = self._folder / file.path
        return not path.is_symlink() and path.is_file() and path.read_bytes() == file.data

    def _has_picture(self, path: str, of: Mapping[str, bytes]) -> bool:
        """Its name is its content, so that what we wrote need not be read again."""
        is_there = (self._folder / path).is_file() and not (self._folder / path).is_symlink()
        return is_there and (path in self._ours or self._has(SiteFile(path, of[path])))

    def _refuse_foreign(self, paths: Iterable[str]) -> None:
        foreign = sorted(path for path in paths if self._is_in_the_way(path))
        if foreign:
            shown = lines(*(phrase("archive.write.one_foreign", path=path) for path in foreign[:_SHOWN]))
            raise CannotWriteError(
                lines(phrase("archive.write.is_foreign", folder=str(self._folder), count=len(foreign)), shown),
                hint=phrase("archive.write.move_it", other=another_name(self._folder)),
            )

    def _is_in_the_way(self, path: str) -> bool:
        """A file that is not as we wrote it, a folder in the place of a file, or a link that leads out."""
        target = self._folder / path
        if not target.parent.resolve().is_relative_to(self._folder):
            return True
        if any(parent.is_file() for parent in target.parents if parent.is_relative_to(self._folder)):
            return True
        return (target.is_symlink() or target.exists()) and not self._is_ours(path)

    def _is_ours(self, path: str) -> bool:
        target = self._folder / path
        if path not in self._ours or target.is_symlink() or not target.is_file():
            return False
        return _sha256(target.read_bytes()) in self._ours[path]

    def _write(self, path: str, data: bytes) -> None:
        replace_file(self._folder / path, data, mode=_FOR_EVERYBODY)

    def _remove(self, now: Collection[str], keep: Collection[str]) -> tuple[int, tuple[str, ...]]:
        """What is ours and no longer part of it; what somebody changed meanwhile is left."""
        gone = sorted(path for path in self._ours if path not in now and not _stays(path, keep))
        removed, left = 0, []
        for path in gone:
            target = self._folder / path
            if self._is_ours(path) and target.parent.resolve().is_relative_to(self._folder):
                target.unlink()
                removed += 1
                self._remove_empty(target.parent)
            elif target.exists():
                left.append(path)
        return removed, tuple(left)

    def _remove_empty(self, folder: Path) -> None:
        with suppress(OSError):  # one that others use, too
            while folder != self._folder:
                folder.rmdir()
                folder = folder.parent

    def _write_list(self, ours: _Ours) -> None:
        listed = {path: list(dict.fromkeys(of)) for path, of in sorted(ours.items())}
        data = {"format": _FORMAT, "drafts": sorted(self._drafts), "files": listed}
        text = json.dumps(data, ensure_ascii=False, indent=0) + "\n"
        path = self._folder / LIST
        if not path.is_file() or path.read_bytes() != text.encode():
            replace_file(path, text.encode(), mode=_FOR_EVERYBODY)


def _stays(path: str, keep: Collection[str]) -> bool:
    return path.startswith((PICTURES, *keep))


def _read_list(path: Path) -> tuple[_Ours, set[str]]:
    """What is ours, and which issues of it are drafts."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        ours = {str(name): [str(one) for one in of] for name, of in read["files"].items()}
        return ours, {str(slug) for slug in read["drafts"]}
    except (FileNotFoundError, NotADirectoryError):  # a file in the place of the folder is told when that is made
        return {}, set()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotWriteError(
            phrase("archive.write.list_is_broken", path=str(path)), hint=phrase("archive.write.remove_folder")
        ) from error


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
