"""Who one issue goes to, and as what: subscriber to variant, subscriber to planned delivery.

Touches: the subscriber file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from newsletter.audience.links import Links
from newsletter.audience.subscriber import Subscriber
from newsletter.check.audience import AudienceSummary
from newsletter.edition.edition import Edition
from newsletter.edition.variants import variant_chooser
from newsletter.errors import InputError, Problem
from newsletter.issue.model import Issue
from newsletter.ledger.states import PlannedDelivery
from newsletter.settings.workspace import Workspace

from .letter import Letter
from .suppressed import known_suppressed
from .survey import Advance, everybody, sizes_alone, survey


def subscriber_file(workspace: Workspace, *, or_example: bool = False) -> Path:
    """The subscriber file; InputError (65) where there is none and the example will not do."""
    if workspace.csv.is_file():
        return workspace.csv
    if or_example and workspace.example_csv.is_file():
        return workspace.example_csv
    raise InputError(
        f"{workspace.settings.audience.csv}: there is no such file, so there is nobody to send to.",
        hint="Put your subscribers there, in the form of subscribers.example.csv; it is never kept in git.",
    )


def known_audience(
    workspace: Workspace,
    letter: Letter,
    editions: Mapping[str, Edition],
    advance: Advance | None = None,
    *,
    or_example: bool = True,
) -> AudienceSummary:
    """The audience in numbers, for who only looks; without a file, nobody.

    The example's subscribers may do, and who is suppressed is known where a ledger is at hand.
    """
    settings, wanted = workspace.settings, workspace.settings.audience.csv
    try:
        path = subscriber_file(workspace, or_example=or_example)
    except InputError:  # whether there is one is the business of `send`
        summary = sizes_alone(letter.issue, editions, settings)
        return replace(summary, wanted=wanted)
    summary = survey(letter.issue, editions, settings, path, known_suppressed(workspace), advance)
    return summary if path == workspace.csv else replace(summary, wanted=wanted)


def choose_variant(issue: Issue, workspace: Workspace) -> Callable[[Subscriber], str]:
    """A function that names the variant a subscriber gets, by language and, for `only_for` sections, by tags."""
    choose = variant_chooser(issue, workspace.settings.newsletter.language)
    return lambda subscriber: choose(subscriber.language, subscriber.tags)


def planned_deliveries(
    path: Path, editions: Mapping[str, Edition], choose: Callable[[Subscriber], str], links: Links
) -> Iterator[PlannedDelivery]:
    """One delivery for each good row; of a subscriber's values only those that the edition merges are kept."""
    merged = {name: {hole.key for hole in edition.holes} | {"name"} for name, edition in editions.items()}
    required = {name: edition.required_keys() for name, edition in editions.items()}
    for subscriber in everybody(path):
        variant, values = choose(subscriber), subscriber.values()
        # The file may have changed since it was looked at: a row that cannot be merged must not be frozen.
        if variant not in editions or not required[variant] <= values.keys():
            raise InputError(
                problems=[
                    Problem("this row has changed and does not fit the letter any more", path.name, subscriber.line)
                ],
                hint="Nothing was planned; send again.",
            )
        yield PlannedDelivery(
            address=subscriber.email,
            key=subscriber.key,
            address_hash=links.address_hash(subscriber.key),
            variant=variant,
            values={key: value for key, value in values.items() if key in merged[variant]},
            line=subscriber.line,
        )
