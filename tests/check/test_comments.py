"""A comment in the issue tells `check` to ignore a rule in one place; what it holds for, and when it is none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.comments import IgnoreComment, comments_in
from newsletter.check.places.source import IssueSource, read_source
from newsletter.issue.tree import TreeError, read_tree

ISSUE = """\
# check: ignore title-rule -- above the title
title: 책 # check: ignore end-rule -- behind the title
intro: | # check: ignore block-rule -- behind the bar
  글 # check: ignore no-rule -- this is text
  # check: ignore no-rule -- so is this

# check: ignore all-rule -- above the list
# a word between
sections:
  # check: ignore entry-rule -- above an entry
  - type: story # check: ignore whole-rule -- behind its first line
    heading: "가 # check: ignore no-rule -- quoted"
    body: >-
      글
      # check: ignore no-rule -- folded
    # check: ignore tags-rule -- above a list of tags
    only_for: [a, b]
  -
    type: notice # check: ignore dash-rule -- below its dash
    body: 여러
      줄 # check: ignore nothing-rule -- where nothing begins
hero: { src: a.png, alt: b } # check: ignore one, two,three -- several
closing: 끝 # check: ignore dash — 긴 줄표
# check: ignore last-rule -- nothing follows
"""


def source_of(text: str) -> IssueSource:
    return IssueSource("issues/x.yaml", tuple(text.split("\n")), read_tree(text)[0])


def comment_in(text: str) -> IgnoreComment:
    [comment] = comments_in(source_of(text))
    return comment


def test_a_comment_holds_for_the_outermost_value_that_begins_beside_or_below_it() -> None:
    found = {comment.rules[0]: comment.path for comment in comments_in(source_of(ISSUE))}
    assert found == {
        "title-rule": ("title",),
        "end-rule": ("title",),
        "block-rule": ("intro",),
        "all-rule": ("sections",),
        "entry-rule": ("sections", 0),
        "whole-rule": ("sections", 0),
        "tags-rule": ("sections", 0, "only_for"),
        "dash-rule": ("sections", 1),
        "nothing-rule": (),
        "one": ("hero",),
        "dash": ("closing",),
        "last-rule": (),
    }


def test_a_comment_names_rules_and_a_reason() -> None:
    several = next(comment for comment in comments_in(source_of(ISSUE)) if len(comment.rules) > 1)
    assert (several.rules, several.reason) == (("one", "two", "three"), "several")
    assert (several.line, several.column) == (22, 30)


@pytest.mark.parametrize(
    ("comment", "rules", "reason"),
    [
        ("# check: ignore", (), ""),
        ("# check: ignore link-text", ("link-text",), ""),
        ("# check: ignore link-text --", ("link-text",), ""),
        ("# check: ignore -- why", (), "why"),
        ("# check: ignroe link-text -- why", (), ""),
        ("#check:ignore: link-text  --  why -- really", ("link-text",), "why -- really"),
    ],
)
def test_what_is_mistyped_is_still_seen(comment: str, rules: tuple[str, ...], reason: str) -> None:
    found = comment_in(f"{comment}\ntitle: a\n")
    assert (found.rules, found.reason, found.path) == (rules, reason, ("title",))


def test_a_comment_without_a_reason_or_a_place_ignores_nothing() -> None:
    good = comment_in("hero: # check: ignore r -- why\n  src: a\n")
    assert good.holds_for("r", ("hero", "src"))
    assert good.holds_for("r", ("hero",))
    assert not good.holds_for("r", ("title",))
    assert not good.holds_for("other", ("hero",))
    assert not comment_in("hero: a # check: ignore r\n").holds_for("r", ("hero",))
    assert not comment_in("hero: a\n# check: ignore r -- why").holds_for("r", ("hero",))


def test_a_place_in_a_translation_counts_as_inside() -> None:
    comment = comment_in("sections: # check: ignore r -- why\n  - a\n")
    assert comment.holds_for("r", ("sections", "0"))


def test_a_file_that_is_gone_has_no_comments_and_no_places(tmp_path: Path) -> None:
    gone = read_source(tmp_path / "x.yaml", "issues/x.yaml")
    assert comments_in(gone) == ()
    assert gone.place(("title",)).line is None


@given(
    st.text(alphabet="abc:-|>#\n \"'[]{},", max_size=80), st.sampled_from(["# check: ignore a -- b", "# check:", ""])
)
def test_no_file_is_too_strange(text: str, comment: str) -> None:
    whole = f"{text}{comment}\n{text}"
    try:
        root, _ = read_tree(whole)
    except TreeError:
        return
    for one in comments_in(IssueSource("x", tuple(whole.split("\n")), root)):
        assert whole.split("\n")[one.line - 1][one.column - 1] == "#"
