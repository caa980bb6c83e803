"""The issue's file: issue-file, bad-ignore, unused-ignore. Touches: nothing."""

from collections.abc import Iterator

from newsletter.check.comments import IgnoreComment
from newsletter.check.material import Material
from newsletter.check.rule import FIXED, RULES, Found, error, warning
from newsletter.excerpt import suggestion


@error("issue-file")
def issue_file(_material: Material) -> Iterator[Found]:
    """Told while the file is read, when there is no letter yet that a rule could look at."""
    return iter(())


@warning("bad-ignore")
def bad_ignore(material: Material) -> Iterator[Found]:
    """A comment that is mistyped ignores nothing, or something else than was meant."""
    for comment in material.comments:
        if not comment.rules:
            yield _about(comment, "어떤 규칙을 넘어갈지 적혀 있지 않습니다", "names no rule to ignore")
        elif not comment.reason:
            yield _about(comment, "까닭이 적혀 있지 않습니다", "gives no reason")
        elif not comment.path:
            yield _about(comment, "이 줄에서 시작하는 값이 없습니다", "stands where no value begins")
        for rule in comment.rules:
            if rule not in RULES or rule in FIXED:
                near = suggestion(rule, [known for known in RULES if known not in FIXED])
                yield _about(
                    comment,
                    f"‘{rule[:40]}’라는 규칙은 없습니다" + (f". 혹시 {near} 아닌가요?" if near else ""),
                    f"names “{rule[:40]}”, which is no rule that can be ignored"
                    + (f"; did you mean `{near}`?" if near else ""),
                )


@warning("unused-ignore")
def unused_ignore(_material: Material) -> Iterator[Found]:
    """Told once all rules have looked, by whatever tells findings to ignore from others."""
    return iter(())


def unused(comment: IgnoreComment, rule: str) -> Found:
    """The finding that a comment has nothing to ignore any more."""
    return Found(
        ko=f"여기에는 ‘{rule}’ 규칙이 찾은 것이 없습니다. 이 주석은 없어도 됩니다.",
        en=f"The rule “{rule}” finds nothing here; this comment is not needed.",
        at=(comment.line, comment.column),
    )


def _about(comment: IgnoreComment, ko: str, en: str) -> Found:
    return Found(
        ko=ko if ko.endswith("?") else f"{ko}.",
        en=f"This comment {en}" + ("" if en.endswith("?") else "."),
        at=(comment.line, comment.column),
    )
