"""Who of the people is left out, and who gets which variant.

Touches: the ledger for reading, a temporary file. Limits: memory does not grow with the audience.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from newsletter.audience.address import AddressError, parse_address
from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import phrase
from newsletter.edition.variants import variant_chooser
from newsletter.errors import NewsletterError, UsageError
from newsletter.issue.model import Issue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.newsletters import UnknownNewsletterError
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace

from .keys import links_of
from .newsletter import open_own_ledger


def choose_variant(issue: Issue, workspace: Workspace) -> Callable[[Subscriber], str]:
    """A function that names the variant a subscriber gets, by language and, for `only_for` sections, by tags."""
    choose = variant_chooser(issue, workspace.settings.newsletter.language)
    return lambda subscriber: choose(subscriber.language, subscriber.tags)


def suppressed_in(workspace: Workspace, ledger: Ledger) -> Callable[[Subscriber], bool]:
    """Whether somebody is suppressed now; the plan and every claim ask the ledger again."""
    is_suppressed = suppressed_keys(workspace, ledger)
    return lambda subscriber: is_suppressed(subscriber.key)


def suppressed_keys(workspace: Workspace, ledger: Ledger) -> Callable[[str], bool]:
    """The same of a normalised address."""
    marks: set[str | bytes] = set()
    for one in ledger.suppressions(workspace.settings.newsletter.list_id):
        marks.update(mark for mark in (one.key, one.address_hash) if mark)
    if not marks:
        return lambda _key: False
    hashes_of = links_of(workspace, create=True).all_hashes
    return lambda key: key in marks or not marks.isdisjoint(hashes_of(key))


def known_suppressed(
    workspace: Workspace,
) -> tuple[Callable[[Subscriber], bool] | None, UnknownNewsletterError | None]:
    """The same for who only looks, None where no ledger is at hand to know it; and why it knows nobody of ours."""
    try:
        with open_own_ledger(workspace, Purpose.READ) as ledger:
            return suppressed_in(workspace, ledger), None
    except UnknownNewsletterError as error:
        return None, error
    except NewsletterError:  # an editor's machine need not reach the operator's database; `send` says what is wrong
        return None, None


def given_address(text: str) -> tuple[str, str]:
    """Address and key of somebody named on the command line; UsageError where it is no address."""
    try:
        return parse_address(text)
    except AddressError as error:
        raise UsageError(phrase("workflow.subscribers.is_no_address", address=text, why=error.reason)) from error


@contextmanager
def first_time() -> Iterator[Callable[[str], bool]]:
    """Yield a function that says whether a key comes for the first time; what it remembers lies on disk."""
    # An empty name is a private file, which SQLite keeps in memory while small and on disk when it grows.
    with closing(sqlite3.connect("", isolation_level=None)) as seen:
        seen.execute("CREATE TABLE seen (key TEXT PRIMARY KEY) WITHOUT ROWID")
        seen.execute("BEGIN")
        yield lambda key: seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,)).rowcount == 1


@contextmanager
def first_lines() -> Iterator[Callable[[Subscriber], int]]:
    """Yield a function that tells on which line an address came first; what it remembers lies on disk."""
    # An empty name is a private file, which SQLite keeps in memory while small and on disk when it grows.
    with closing(sqlite3.connect("", isolation_level=None)) as seen:
        seen.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        seen.execute("BEGIN")

        def first_line_of(row: Subscriber) -> int:
            if seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (row.key, row.line)).rowcount == 1:
                return row.line
            [line] = seen.execute("SELECT line FROM seen WHERE key = ?", (row.key,)).fetchone()
            return int(line)

        yield first_line_of
