"""The issue's file: issue-file, publish-hour, bad-ignore, unused-ignore. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import Said, phrase
from newsletter.check.comments import IgnoreComment
from newsletter.check.material import Material
from newsletter.check.rule import Found, error, warning
from newsletter.check.subscriber_file import did_you_mean
from newsletter.excerpt import shortened, suggestion


@error("issue-file", "docs/issue-file.md#errors", is_fixed=True)
def issue_file_rule(_material: Material) -> Iterator[Found]:
    """Told while the file is read, when there is no letter yet that a rule could look at."""
    return iter(())


@warning("publish-hour", "docs/issue-file.md")
def publish_hour(material: Material) -> Iterator[Found]:
    """A date alone means the midnight it begins with, and hardly anybody wants to send then."""
    due = material.issue.publish_at
    if due and material.issue.hour_is_left_out:
        yield Found(
            phrase("check.file.publish-hour.found", day=f"{due:%Y-%m-%d}", zone=str(due.tzinfo)),
            hint=phrase("check.file.publish-hour.found_hint", day=f"{due:%Y-%m-%d}"),
            path=("publish_at",),
        )


@warning("bad-ignore", "docs/checking.md#where-a-rule-is-wrong")
def bad_ignore(material: Material) -> Iterator[Found]:
    """A comment that is mistyped ignores nothing, or something else than was meant."""
    for comment in material.comments:
        if not comment.rules:
            yield _about(comment, phrase("check.file.bad-ignore.no_rule"))
        elif not comment.reason:
            yield _about(comment, phrase("check.file.bad-ignore.no_reason"))
        elif not comment.path:
            yield _about(comment, phrase("check.file.bad-ignore.no_value"))
        for rule in comment.rules:
            if rule not in material.ignorable:
                near = suggestion(rule, material.ignorable)
                shown, meant = shortened(rule, 40), did_you_mean(near)
                yield _about(comment, phrase("check.file.bad-ignore.unknown_rule", rule=shown, meant=meant))


@warning("unused-ignore", "docs/checking.md#where-a-rule-is-wrong")
def unused_ignore(_material: Material) -> Iterator[Found]:
    """Told once all rules have looked, by whatever tells findings to ignore from others."""
    return iter(())


def unused(comment: IgnoreComment, rule: str) -> Found:
    """The finding that a comment has nothing to ignore any more."""
    return _about(comment, phrase("check.file.unused-ignore.found", rule=rule))


def _about(comment: IgnoreComment, says: Said) -> Found:
    return Found(says, at=(comment.line, comment.column))


RULES = (
    issue_file_rule,
    publish_hour,
    bad_ignore,
    unused_ignore,
)
