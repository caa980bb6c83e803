"""A leak of personal data: who was held then and what was known, a notice to fill in, and the proof of its sending.

Touches: the ledger, the subscriber file, a folder that is named, the network. The notice goes to everybody who was held
then, also to who has left since: it is no newsletter. A command that was cut short goes on where it ended.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from newsletter.catalogue import Said, known_language, lines, phrase
from newsletter.errors import InputError, Problem, UsageError
from newsletter.ledger.legal_notices import LegalNotice, NoticeKind
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.records import Purpose
from newsletter.progress import Advance
from newsletter.report.incident import (
    PEOPLE_COLUMNS,
    PROOF_COLUMNS,
    HeldThen,
    blanks_in,
    notice_draft,
    proof_row,
    table_of,
)
from newsletter.report.legal_notice import NoticeText
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

from .steps.keys import links_of
from .steps.notify import Addressee, NoticesSent, Notifier
from .steps.people_ledger import open_own_people_ledger
from .steps.people_then import PersonThen, people_then
from .steps.private_file import write_lines
from .steps.time_of_day import TypedTime

_LANGUAGES = ("ko", "en")
_AT_ONCE = 500
PEOPLE, PROOF = "people.csv", "proof.csv"


@dataclass(frozen=True, slots=True)
class Incident:
    """A moment of which it is asked who was held."""

    moment: datetime
    given: str
    """As it was typed: for the next command."""

    @classmethod
    def of(cls, workspace: Workspace, given: str) -> "Incident":
        """UsageError (64) for what is no moment, or lies ahead."""
        typed = TypedTime.of("--at", given)
        now = datetime.now(UTC)
        zone = workspace.settings.newsletter.timezone
        moment = typed.what if isinstance(typed.what, datetime) else None
        if moment is None or typed.after(now, zone) > now:
            raise UsageError(phrase("workflow.incident.not_past", given=given))
        return cls(typed.after(now, zone).astimezone(UTC), given)


def held_then(workspace: Workspace, incident: Incident) -> HeldThen:
    """Counts; changes nothing."""
    with _opened(workspace) as ledger:
        return _counted(workspace, ledger, incident)


def write_out(workspace: Workspace, incident: Incident, folder: Path) -> tuple[HeldThen, Said]:
    """The list of people and a notice in each language, for this user only; and what to do next.

    A notice that is there already may have been filled in, and stays as it is. CannotWriteError (73).
    """
    settings = workspace.settings
    with _opened(workspace) as ledger:
        held = _counted(workspace, ledger, incident)
        rows = (_person_row(one) for one in people_then(workspace, ledger, incident.moment))
        in_git = write_lines(folder / PEOPLE, table_of(PEOPLE_COLUMNS, rows))
    contact = ", ".join(f"{one.label} {one.number}" for one in settings.institute.phones)
    for language in _LANGUAGES:
        draft = notice_draft(held, settings.sender_name, contact, language)
        if not (path := _notice(folder, language)).exists():
            write_lines(path, draft.splitlines())
    files = tuple(_notice(folder, language).name for language in _LANGUAGES)
    following = phrase("report.incident.next_send", files=files, at=_quoted(incident.given), folder=str(folder))
    return held, lines(in_git, following) if in_git else following


def next_step(incident: Incident) -> Said:
    return phrase("report.incident.next_draft", at=_quoted(incident.given))


def proof_said(states: Counter[str], folder: Path) -> Said:
    counts = {name: states[name] for name in ("sent", "refused", "in_doubt", "missing")}
    return phrase("report.incident.kept", **counts, file=str(folder / PROOF))


def read_notices(folder: Path) -> dict[str, NoticeText]:
    """The filled-in notices by language; InputError (65) where something is left open, or there is none."""
    texts: dict[str, NoticeText] = {}
    problems: list[Problem] = []
    for language in _LANGUAGES:
        path = _notice(folder, language)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            why = system_reason(error) if isinstance(error, OSError) else phrase("workflow.incident.is_not_utf8")
            raise InputError(problems=[Problem(phrase("workflow.incident.cannot_read", why=why), str(path))]) from error
        open_lines = blanks_in(text)
        problems += [Problem(phrase("workflow.incident.is_open"), str(path), line) for line in open_lines]
        subject, _, body = text.replace("\r\n", "\n").strip().partition("\n")
        if not body.strip():
            problems.append(Problem(phrase("workflow.incident.has_no_text"), str(path), 1))
        texts[language] = NoticeText(subject.strip(), body.strip() + "\n")
    if problems:
        raise InputError(problems=problems)
    if not texts:
        raise InputError(
            phrase("workflow.incident.has_no_notice", folder=str(folder)),
            hint=phrase("workflow.incident.write_it_out"),
        )
    return texts


def send_notices_of(
    workspace: Workspace, incident: Incident, texts: dict[str, NoticeText], advance: Advance, total: int
) -> NoticesSent:
    """To everybody who was held then and was not told of it yet; errors of the relay as `Notifier.send`."""
    links = links_of(workspace, create=True)
    own = workspace.settings.newsletter.language
    default = own if own in texts else next(iter(texts))
    with _opened(workspace) as ledger:
        notifier = Notifier(workspace, ledger, NoticeKind.INCIDENT)
        people = _not_told(workspace, ledger, incident)
        addressees = (
            Addressee(
                one.address,
                one.key,
                links.address_hash(one.key),
                incident.moment,
                texts[known_language(one.language, default, texts)],
            )
            for one in people
        )
        return notifier.send(addressees, lambda done: advance(done, total))


def write_proof(workspace: Workspace, incident: Incident, folder: Path) -> Counter[str]:
    """Who was told when, with the relay's words, person by person; how many of each state. CannotWriteError (73)."""
    states: Counter[str] = Counter()

    def rows(ledger: PeopleLedger) -> Iterator[tuple[str, ...]]:
        for one, notice in _with_notices(workspace, ledger, incident):
            row = proof_row(one.address, notice)
            states[row[1]] += 1
            yield row

    with _opened(workspace) as ledger:
        write_lines(folder / PROOF, table_of(PROOF_COLUMNS, rows(ledger)))
    return states


def _opened(workspace: Workspace) -> PeopleLedger:
    return open_own_people_ledger(workspace, Purpose.PAGES)


def _counted(workspace: Workspace, ledger: PeopleLedger, incident: Incident) -> HeldThen:
    newsletter = workspace.settings.newsletter
    held = HeldThen(newsletter.name, incident.moment, newsletter.timezone)
    for one in people_then(workspace, ledger, incident.moment):
        held.count(one.where, one.certain, one.fields)
    return held


def _with_notices(
    workspace: Workspace, ledger: PeopleLedger, incident: Incident
) -> Iterator[tuple[PersonThen, LegalNotice | None]]:
    """Everybody with the notice that they were sent of this."""
    hashes_of = links_of(workspace, create=True).all_hashes
    people = people_then(workspace, ledger, incident.moment)
    while batch := list(islice(people, _AT_ONCE)):
        hashes = {one.key: hashes_of(one.key) for one in batch}
        begun = ledger.begun_notices(NoticeKind.INCIDENT, {one for theirs in hashes.values() for one in theirs})
        by_hash = {one.address_hash: one for one in begun if one.about == incident.moment}
        for one in batch:
            yield one, next((by_hash[mark] for mark in hashes[one.key] if mark in by_hash), None)


def _not_told(workspace: Workspace, ledger: PeopleLedger, incident: Incident) -> Iterator[PersonThen]:
    return (one for one, notice in _with_notices(workspace, ledger, incident) if notice is None)


def _person_row(one: PersonThen) -> tuple[str, ...]:
    certain = "yes" if one.certain else "maybe"
    return (one.address, one.name, one.language, one.where, certain, "; ".join(one.fields))


def _notice(folder: Path, language: str) -> Path:
    return folder / f"notice.{language}.txt"


def _quoted(given: str) -> str:
    return f'"{given}"' if " " in given else given
