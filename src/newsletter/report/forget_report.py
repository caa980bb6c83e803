"""What was erased of a person, what is kept, and where the address still stands. Touches: nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.catalogue import Said, lines, phrase
from newsletter.ledger.forgetting import Remains, StillThere

OUT_OF_REACH = ("backups", "git_history", "relay_logs", "mailboxes")
"""What no command of ours can look at, as JSON names it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person before anything is erased."""

    address: str
    rows: Mapping[str, int]
    """Rows of the ledger by table."""
    file: str
    """The subscriber file."""
    lines: Sequence[int]
    """Of it."""

    @property
    def is_nothing(self) -> bool:
        return not (self.rows or self.lines)

    def question(self) -> Said:
        return lines(*self.told(), phrase("report.forget.question", address=self.address))

    def told(self) -> list[Said]:
        if self.is_nothing:
            return [phrase("report.forget.nothing_known", address=self.address)]
        told: list[Said] = [phrase("report.forget.known", address=self.address)]
        if self.lines:
            told.append(phrase("report.forget.in_file", file=self.file, lines=tuple(self.lines)))
        told += [phrase("report.forget.in_table", table=table, rows=count) for table, count in self.rows.items()]
        return told


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What was done, and the proof of it."""

    known: Known
    lines_erased: Sequence[int]
    newsletters: Sequence[str]
    """Under each of them a keyed hash is kept, so that nobody mails the address again."""
    remains: Remains
    still_in_ledger: Sequence[StillThere]
    files: Sequence[tuple[str, int]]
    """That hold the address, with how often; 0: could not be read."""
    is_sqlite: bool

    @property
    def is_clean(self) -> bool:
        """Nothing that the tool can reach holds the address any more."""
        return not (self.still_in_ledger or self.files or set(self.known.lines) - set(self.lines_erased))

    def to_json(self) -> str:
        """Docs/design.md 4.4."""
        report = {
            "address": self.known.address,
            "erased": {"ledger": dict(self.known.rows), "file": self.known.file, "lines": list(self.lines_erased)},
            "kept": {"keyed_hash_in": list(self.newsletters)},
            "proof": {
                "octets_in_ledger_files": self.remains.octets,
                "tables_written_anew": self.remains.written_anew,
                "still_in_ledger": [
                    {"table": one.table, "column": one.column, "rows": one.rows} for one in self.still_in_ledger
                ],
                "files_with_it": [{"file": file, "times": times or None} for file, times in self.files],
                "clean": self.is_clean,
            },
            "out_of_reach": [*(() if self.is_sqlite else ("wal", "replicas")), *OUT_OF_REACH],
        }
        return json.dumps(report, ensure_ascii=False)

    def to_text(self, language: str) -> str:
        return lines(*self._told()).in_language(language)

    def _told(self) -> list[Said]:
        known = self.known
        told: list[Said] = [phrase("report.forget.erased", address=known.address, rows=sum(known.rows.values()))]
        if self.lines_erased:
            told.append(phrase("report.forget.file_erased", file=known.file, lines=tuple(self.lines_erased)))
        if left := sorted(set(known.lines) - set(self.lines_erased)):
            told.append(phrase("report.forget.file_kept", file=known.file, lines=tuple(left)))
        told.append(phrase("report.forget.hash_kept", newsletters=tuple(self.newsletters)))
        told.append(self._looked())
        told += [
            phrase("report.forget.still_in_ledger", table=one.table, column=one.column, rows=one.rows)
            for one in self.still_in_ledger
        ]
        told += [
            phrase("report.forget.in_other_file", file=file, times=times)
            if times
            else phrase("report.forget.file_not_read", file=file)
            for file, times in self.files
        ]
        if not self.files:
            told.append(phrase("report.forget.in_no_other_file"))
        told.append(phrase("report.forget.out_of_reach"))
        return told

    def _looked(self) -> Said:
        if self.remains.octets is None:
            return phrase(
                "report.forget.server_written_anew" if self.remains.written_anew else "report.forget.server_too_large"
            )
        if self.remains.octets and not self.still_in_ledger:
            return phrase("report.forget.only_longer")
        return phrase("report.forget.no_octets" if not self.remains.octets else "report.forget.octets_left")
