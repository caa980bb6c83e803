"""One pass over the subscribers of an issue: `count(rows, summary, questions)`. Touches: nothing.

A merge is tried for everybody who would be mailed, really composing, so that what is said of the audience is what a
send meets. How to compose, who is suppressed and whose address came before are arguments: other stages know it.
Limits: words of the file (tags, languages, reasons) are kept up to a number; beyond it they are counted together.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.catalogue import known_language
from newsletter.edition.edition import Edition
from newsletter.edition.variants import folded_tag
from newsletter.errors import InputError

from .audience import AudienceSummary, Largest, NotedRows, Oddity
from .consent_dates import consent_date, holds_since
from .doubts import doubts_of

_T = TypeVar("_T")
_MOST_WORDS = 1_000
"""Different tags, languages and reasons that are kept; a file with more has something else in these columns."""
_LONGEST_NAME = 100
"""Characters; whatever is longer is no name."""
_LONGEST = 2_000
"""Characters of any other value: a long address of a page is still shorter."""
_NOTHING = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
    | {"null", "NULL", "(null)", "None", "none", "NONE", "nan", "NaN", "undefined", "n/a", "N/A"}
    | {"없음", "해당없음", "해당 없음", "미입력"}
)
"""What spreadsheets, programs and people write where there is nothing; as written, for Nan and Null are names."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What one subscriber's message came to, in octets; and the merged fields whose value did not go in as it is."""

    html: int
    mail: int
    header: int
    """The longest line of the header, without its CRLF."""
    dead_links: tuple[str, ...] = ()
    """Values that stand for a whole link and are none: the link is empty."""
    changed: tuple[str, ...] = ()
    """Values that lost line breaks or invisible characters."""


class Keep(Protocol):
    """Keep a row with its variant and values, suppressed or not; False where its address came before."""

    def __call__(self, row: Subscriber, variant: str, values: Mapping[str, str], suppressed: bool, /) -> bool: ...


class MergeTrial(Protocol):
    """Compose one message. Raises InputError, which names nobody, where none can be made."""

    def __call__(self, subscriber: Subscriber, variant: str, values: Mapping[str, str], /) -> Tried: ...


@dataclass(frozen=True)
class Questions:
    """What the rows are asked."""

    editions: Mapping[str, Edition]
    """By variant."""
    variant_of: Callable[[Subscriber], str]
    languages: Collection[str]
    """Those that there are editions in."""
    trial: MergeTrial | None
    """None where no message can be made at all."""
    keep: Keep
    is_suppressed: Callable[[Subscriber], bool]
    goes_out: date
    """When the letter does; consent grows old until then."""
    today: date

    @cached_property
    def consent_holds_since(self) -> date:
        return holds_since(self.goes_out)

    @cached_property
    def required(self) -> dict[str, frozenset[str]]:
        return {name: edition.required_keys() for name, edition in self.editions.items()}

    @cached_property
    def merged(self) -> dict[str, frozenset[str]]:
        """Keys of the values that go into a message; the name stands in the To line of each."""
        keys = {name: {hole.key for hole in edition.holes} for name, edition in self.editions.items()}
        return {name: frozenset({"name", *found}) - {"email"} for name, found in keys.items()}


def count(rows: Iterable[Subscriber | BadRow], summary: AudienceSummary, questions: Questions) -> AudienceSummary:
    """Look at every row once, and add what was found to `summary`, which knows the plain sizes already."""
    for row in rows:
        if isinstance(row, BadRow):
            summary.bad.add(row.line, row.reason)
            _count_word(summary.reasons, row.reason)
            continue
        variant, values, suppressed = questions.variant_of(row), row.values(), questions.is_suppressed(row)
        if not questions.keep(row, variant, values, suppressed):
            summary.duplicates.add_row(row)
            continue
        summary.people += 1
        if suppressed:
            summary.suppressed = (summary.suppressed or 0) + 1
        else:
            _look_at(row, variant, values, summary, questions)
    return summary


def _look_at(
    row: Subscriber, variant: str, values: Mapping[str, str], summary: AudienceSummary, questions: Questions
) -> None:
    summary.variants[variant] += 1
    summary.origins[row.origin] += 1
    _note_words(summary, row, questions)
    _note_consent(summary, row, questions.consent_holds_since)
    for rule, says in doubts_of(row, questions.today):
        summary.doubts.setdefault(rule, NotedRows()).add_row(row, says)
    edition = questions.editions.get(variant)
    if edition is None:
        return
    summary.languages[edition.language] += 1
    missing = questions.required[variant] - values.keys()
    for key in sorted(missing):
        summary.missing.setdefault(key, NotedRows()).add_row(row)
    if questions.trial and not missing:
        _try(questions.trial, row, variant, values, summary, questions.merged[variant])


def _try(
    trial: MergeTrial,
    row: Subscriber,
    variant: str,
    values: Mapping[str, str],
    summary: AudienceSummary,
    merged_keys: frozenset[str],
) -> None:
    try:
        tried = trial(row, variant, values)
    except InputError as error:
        summary.failed.add_row(row, error.message)
        return
    for key in tried.dead_links:
        summary.dead_links.setdefault(key, NotedRows()).add_row(row)
    merged = {key: values[key] for key in merged_keys if key in values}
    for oddity, key in oddities(merged, tried.changed):
        summary.odd.setdefault((oddity, key), NotedRows()).add_row(row, len(merged[key]))
    extent = summary.extents[variant]
    if tried.html > extent.html.octets:
        extent.html = _largest(tried.html, row, merged)
    if tried.mail > extent.mail.octets:
        extent.mail = _largest(tried.mail, row, merged)
    if tried.header > extent.header.octets:
        extent.header = _largest(tried.header, row, merged)


def _largest(octets: int, row: Subscriber, merged: Mapping[str, str]) -> Largest:
    return Largest(octets, row.line, max(merged, key=lambda key: len(merged[key].encode()), default=""))


def _note_words(summary: AudienceSummary, row: Subscriber, questions: Questions) -> None:
    summary.untagged += not row.tags
    for tag in row.tags:
        folded = folded_tag(tag)
        if _count_word(summary.tagged, folded):
            summary.tags.setdefault(folded, tag)
    strange = summary.strange_languages
    if row.language in strange or (len(strange) < _MOST_WORDS and _is_strange(row.language, questions.languages)):
        strange.setdefault(row.language, NotedRows()).add_row(row)


def _count_word(counted: dict[_T, int], word: _T) -> bool:
    """Count a word of the file; False for a new one where there are too many already."""
    known = word in counted
    if known or len(counted) < _MOST_WORDS:
        counted[word] = counted.get(word, 0) + 1
        return True
    return False


def _note_consent(summary: AudienceSummary, row: Subscriber, consent_holds_since: date) -> None:
    given = consent_date(row.consent_at)
    if given is None or not row.consent_source:
        summary.without_consent.add_row(row)
    if given is not None and given < consent_holds_since:
        summary.old_consent.add_row(row, given.isoformat())


def _is_strange(language: str, languages: Collection[str]) -> bool:
    return bool(language) and language not in languages and not known_language(language, "", languages)


def oddities(merged: Mapping[str, str], changed: Collection[str]) -> Iterator[tuple[Oddity, str]]:
    """Each oddity of some values with the field's key; `changed` are the fields that lose characters by the merge."""
    for key, value in merged.items():
        if key in changed:
            yield Oddity.CONTROLS, key
        if len(value) > (_LONGEST_NAME if key == "name" else _LONGEST):
            yield Oddity.LONG, key
        elif value in _NOTHING:
            yield Oddity.EMPTY_WORD, key
