"""The findings in words, for people and for programs: an output format is a file here and a line of `Format`.

Touches: nothing. What people read is in the language asked for; JSON is in English.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, Self, cast

if TYPE_CHECKING:
    # The command line reads this file for the names of the formats alone.
    from newsletter.check.finding import Finding
    from newsletter.check.fixing import Replacement


class CheckedIssue(Protocol):
    """One issue, and what was found."""

    @property
    def slug(self) -> str: ...

    @property
    def findings(self) -> Sequence["Finding"]: ...

    @property
    def ignored(self) -> Sequence["Finding"]:
        """What newsletter.toml or a comment in the issue says to ignore."""

    @property
    def fixed(self) -> Sequence["Replacement"] | None:
        """What was replaced in its file before, where that was asked for."""


@dataclass(frozen=True, slots=True)
class FormatOptions:
    language: str
    prefix: str = ""
    """The workspace's folder in the repository, empty or with a slash at its end."""
    single: bool = False
    """One issue was asked for, and not all."""
    verbose: bool = False


class WriteFormat(Protocol):
    def __call__(self, issues: Sequence[CheckedIssue], options: FormatOptions, /) -> str: ...


class Format(StrEnum):
    """All formats, each by the name that `--format` has for it, with its module, which is read when it is used."""

    TEXT = "text", "text"
    JSON = "json", "as_json"
    SARIF = "sarif", "sarif"
    GITHUB = "github", "github"

    module: str

    def __new__(cls, name: str, module: str) -> Self:
        made = str.__new__(cls, name)
        made._value_ = name
        made.module = module
        return made


def write_findings(form: Format, issues: Sequence[CheckedIssue], options: FormatOptions) -> str:
    """All issues in one format; empty where there is nothing to say."""
    return cast(WriteFormat, import_module(f".{form.module}", __name__).write)(issues, options)
