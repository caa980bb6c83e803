"""Which options of `newsletter send` go together; UsageError (64) where they do not. Touches: nothing."""

from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import UsageError


def one_way_of_sending(
    *, due: bool, first: int | None, to: str | None, dry_run: bool, rehearse: bool, latecomers: bool
) -> None:
    """At most one of them."""
    trials = {"--to": to, "--dry-run": dry_run, "--rehearse": rehearse}
    said = {"--due": due, **trials, "--first": first, "--latecomers": latecomers}
    ways = tuple(name for name, given in said.items() if given)
    if len(ways) > 1:
        raise UsageError(phrase("cli.send.not_together", options=ways))


def refuse_idle(
    *,
    due: bool,
    leave_to_workers: bool,
    log: Path | None,
    out: Path | None,
    dry_run: bool,
    since: str | None,
    latecomers: bool,
) -> None:
    """What an option goes with is not there."""
    if leave_to_workers and not due:
        raise UsageError(phrase("cli.send.workers_without_due"))
    if out is not None and not dry_run:
        raise UsageError(phrase("cli.send.out_without_dry_run"))
    if log is not None and not due:
        raise UsageError(phrase("cli.send.log_without_due"))
    if since is not None and not latecomers:
        raise UsageError(phrase("cli.send.since_without_latecomers"))


def refuse_together(option: str, others: str, *, both: bool) -> None:
    """An option that says nothing beside these."""
    if both:
        raise UsageError(phrase("cli.send.not_together", options=(option, others)))
