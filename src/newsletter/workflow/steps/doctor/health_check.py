"""A check of `doctor`: what it is given, and what it finds. Touches: nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from newsletter.catalogue import Said, Verbatim, lines, phrase
from newsletter.errors import NewsletterError
from newsletter.ledger.examined import ExaminedLedger
from newsletter.settings.load import FILE
from newsletter.settings.workspace import Workspace


class HealthLevel(StrEnum):
    """How bad it is, best first."""

    OK = "ok"
    WARNING = "warning"
    """Letters go out; something can go wrong, or would not be noticed."""
    FAILURE = "failure"
    """Letters do not go out, or somebody is harmed; also what could not be looked at."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found."""

    level: HealthLevel
    found: Said
    next_command: str = ""
    """To paste: it mends it, or shows more. Empty where there is none."""

    def line(self, name: str) -> Said:
        """For a person: the level, the check's id, what was found, and under it what to paste."""
        told = phrase(_LEVELS[self.level], check=name, found=self.found)
        return lines(told, phrase("workflow.doctor.paste", command=self.next_command)) if self.next_command else told

    def to_json(self, name: str) -> dict[str, str | None]:
        """In English, as all JSON; keys are only ever added."""
        return {
            "id": name,
            "level": self.level.value,
            "found": str(self.found),
            "next_command": self.next_command or None,
        }


_LEVELS = {
    HealthLevel.OK: "workflow.doctor.ok",
    HealthLevel.WARNING: "workflow.doctor.warning",
    HealthLevel.FAILURE: "workflow.doctor.failure",
}


@dataclass(frozen=True, slots=True)
class Installation:
    """What is looked at: a workspace on this machine, with this environment."""

    workspace: Workspace
    environ: Mapping[str, str]
    folder: Path
    """Where paths of the environment start."""
    ledger: ExaminedLedger | None
    """None where there is none, or where it does not open."""

    @property
    def is_workspace(self) -> bool:
        """Else it is the folder of a worker, which serves whatever the ledger has and whose settings are no one's."""
        return (self.workspace.root / FILE).is_file()

    @property
    def has_server(self) -> bool:
        """Whether the ledger is on a server; else it is a file of SQLite's."""
        return not self.workspace.settings.ledger.url.startswith("sqlite")


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A look at one thing; its id is a contract, as those of the rules of `check` are."""

    id: str
    look: Callable[[Installation], CheckResult | None]
    """None where it does not apply here. Any NewsletterError where nobody can look."""
    of_workspace: bool = False
    """Whether it asks for what newsletter.toml says."""

    def applies(self, of: Installation) -> bool:
        """Whether there is anything to look at."""
        return of.is_workspace or not self.of_workspace


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """The same about the ledger, as soon as that opens."""

    id: str
    look_at: Callable[[Installation, ExaminedLedger], CheckResult]
    on_server: bool | None = None
    """Whether it applies to a server alone, or to SQLite alone; None: to both."""
    of_workspace: bool = False
    """Whether it asks for what newsletter.toml says."""

    def applies(self, of: Installation) -> bool:
        """Also where the ledger does not open."""
        return self.on_server in (None, of.has_server) and (of.is_workspace or not self.of_workspace)

    def look(self, of: Installation) -> CheckResult | None:
        """Nothing where no ledger is open."""
        return self.look_at(of, of.ledger) if of.ledger else None


def ok_result(found: Said, next_command: str = "") -> CheckResult:
    """Nothing is wrong."""
    return CheckResult(HealthLevel.OK, found, next_command)


def warning_result(found: Said, next_command: str = "") -> CheckResult:
    """Somebody should know."""
    return CheckResult(HealthLevel.WARNING, found, next_command)


def failure_result(found: Said, next_command: str = "") -> CheckResult:
    """Somebody has to do something."""
    return CheckResult(HealthLevel.FAILURE, found, next_command)


def error_result(error: Exception) -> CheckResult:
    """A check that could not be made: why, and the next step; one that nobody expected is a fault of this program."""
    if isinstance(error, NewsletterError):
        return failure_result(lines(error.message, error.hint))
    words = Verbatim(str(error).strip().partition("\n")[0])
    return failure_result(phrase("workflow.doctor.bug", kind=type(error).__name__, words=words))
