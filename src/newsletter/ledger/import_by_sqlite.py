"""What SQLite does of an import by itself: of thousands in one statement, of whom nobody has to be looked at.

Touches: the ledger's database, reached from where the people are kept. New, or the same again: that is what nearly all
of a list are. Whoever left, was ever suppressed, or has a row that says something else is none of these: they are
judged one by one (`import_verdicts`), in the same transaction. Limits: for newsletters without former names.
"""

# ruff: noqa: S608 - our own names

import sqlite3
from typing import Any

from newsletter.audience.exports.staged import HashRange, StagedPerson

from .import_verdicts import OWN_WORD
from .subscription_state import SubscriptionState

_STAYING = "staged.address_hash > :after AND staged.address_hash <= :last AND staged.reason = ''"
_ROW = "subscriptions.newsletter = :newsletter AND subscriptions.address_hash = staged.address_hash"
_SUPPRESSED = """(EXISTS (SELECT 1 FROM suppressions WHERE suppressions.address_hash = staged.address_hash)
    OR EXISTS (SELECT 1 FROM suppressions WHERE suppressions.key = staged.key))"""
"""Or once was, by whatever newsletter: what it means is asked elsewhere."""
_IS_NEW = f"NOT EXISTS (SELECT 1 FROM subscriptions WHERE {_ROW}) AND NOT {_SUPPRESSED}"
_SAYS_THE_SAME = " AND ".join(
    f"(staged.{one} IS NULL OR staged.{one} = subscriptions.{one})" for one in ("name", "language", "tags", "fields")
)
_NAME = "SELECT coalesce((SELECT now_called FROM newsletters WHERE list_id = :newsletter), :newsletter)"
_MEET = f"""INSERT OR REPLACE INTO met SELECT staged.address_hash, subscriptions.id, subscriptions.changed_at
    FROM staged CROSS JOIN subscriptions CROSS JOIN imports
    WHERE {_STAYING} AND {_ROW} AND imports.id = subscriptions.import_id AND subscriptions.changed_at <= imports.at
    AND subscriptions.source NOT IN ({", ".join(f"'{one}'" for one in OWN_WORD)}) AND {_SAYS_THE_SAME}
    AND (staged.consent_at IS NULL OR staged.consent_at <= subscriptions.consent_at) AND NOT {_SUPPRESSED}"""
"""As `judge` says of an unchanged row."""
_COUNT_NEW = f"SELECT count(*) FROM staged WHERE {_STAYING} AND {_IS_NEW}"
_TO_COMPARE = f"""SELECT staged.*, NULL, NULL FROM staged
    WHERE {_STAYING} AND address_hash NOT IN (SELECT address_hash FROM met) AND NOT ({_IS_NEW}) ORDER BY address_hash"""
_ADD_NEW = f"""INSERT INTO subscriptions (newsletter, source, created_at, changed_at, import_id, key, address,
    address_hash, name, language, tags, fields, consent_at, consent_source, state)
    SELECT :newsletter, :source, :now, :now, :number, key, address, address_hash, name, language, tags, fields,
    consent_at, consent_source, CASE WHEN consent_at IS NULL THEN '{SubscriptionState.UNCONFIRMED}'
    ELSE '{SubscriptionState.CONFIRMED}' END
    FROM staged WHERE {_STAYING} AND {_IS_NEW} ORDER BY staged.address_hash"""
_MARK = """UPDATE subscriptions SET import_id = :number WHERE id IN (
    SELECT now.id FROM met CROSS JOIN subscriptions AS now
    WHERE met.address_hash > :after AND met.address_hash <= :last
    AND now.id = met.row AND now.changed_at = met.row_changed_at
    AND NOT EXISTS (SELECT 1 FROM suppressions WHERE suppressions.address_hash = met.address_hash)
    AND NOT EXISTS (SELECT 1 FROM suppressions WHERE suppressions.key = now.key))"""
_TO_TAKE_OVER = f"""SELECT staged.*, NULL, NULL FROM staged WHERE {_STAYING}
    AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE {_ROW} AND import_id = :number) ORDER BY address_hash"""


class ByItself:
    """What is done of one stretch of people, in a transaction that is open."""

    def __init__(self, driver: sqlite3.Connection, newsletter: str, stretch: HashRange) -> None:
        self._driver = driver
        self._staying = stretch.staying
        (name,) = driver.execute(_NAME, {"newsletter": newsletter}).fetchone()
        self._values: dict[str, Any] = {"after": stretch.after, "last": stretch.last, "newsletter": name}

    def compare(self) -> tuple[int, int, list[StagedPerson]]:
        """How many would stay as they are, how many are new, and the others."""
        same = self._change(_MEET)
        new = self._driver.execute(_COUNT_NEW, self._values).fetchone()[0] if same < self._staying else 0
        return same, new, self._others(_TO_COMPARE, same + new)

    def take_over(self, number: int, source: str, now: int) -> tuple[int, int, list[StagedPerson]]:
        """How many stay as they are, how many are new, and the others, who are still to be judged."""
        self._values |= {"number": number, "source": source, "now": now}
        same = self._change(_MARK)
        new = self._change(_ADD_NEW) if same < self._staying else 0
        return same, new, self._others(_TO_TAKE_OVER, same + new)

    def _change(self, statement: str) -> int:
        return self._driver.execute(statement, self._values).rowcount

    def _others(self, statement: str, known: int) -> list[StagedPerson]:
        if known == self._staying:
            return []
        return [StagedPerson._make(row) for row in self._driver.execute(statement, self._values)]
