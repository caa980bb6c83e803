"""The tables of an issue's data files, each read once for an edition. Touches: files (tables)."""

import re
from collections.abc import Iterator

from newsletter.catalogue import Said
from newsletter.errors import InputError, Problem
from newsletter.issue.data_files import FileTable, read_data, resolve_data
from newsletter.issue.load import problem_in
from newsletter.issue.model import Issue, PlacedData
from newsletter.settings.workspace import Workspace


class DataSet:
    """Reads all of them when it is made; what is wrong with one is told when it is asked for."""

    def __init__(self, issue: Issue, workspace: Workspace) -> None:
        self._path, self._root = issue.path, workspace.root
        self._found: dict[str, FileTable | InputError] = {}
        for named in issue.data_files():
            if named.src not in self._found:
                self._found[named.src] = _read(issue, workspace, named)

    def table(self, src: str) -> FileTable:
        """The table in a file of the issue. Raises InputError, placed in the issue or in the file."""
        found = self._found[src]
        if isinstance(found, InputError):
            raise found
        return found

    def texts(self) -> Iterator[str]:
        """What stands in the cells of all that can be read."""
        tables = (found for found in self._found.values() if isinstance(found, FileTable))
        return (cell for table in tables for row in table.rows for cell in row)

    def problem(self, place: str, message: Said) -> Problem:
        """What is wrong at a place of the issue, such as `sections[0].kind`, shown there."""
        where = tuple(int(part) if part.isdecimal() else part for part in re.findall(r"[^.\[\]]+", place))
        return problem_in(self._path, workspace_root=self._root, where=where, message=message)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with those that cannot be read."""
        for found in self._found.values():
            if isinstance(found, InputError):
                yield from found.problems


def _read(issue: Issue, workspace: Workspace, named: PlacedData) -> FileTable | InputError:
    try:
        path = resolve_data(named.src, issue.path, workspace.root, subscribers=workspace.csv, where=named.path)
        return read_data(path, workspace.root)
    except InputError as error:
        return error
