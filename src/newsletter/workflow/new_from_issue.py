"""`newsletter new SLUG --from ISSUE`: the next issue begins as the last one was. Touches: that file; `issues/`.

The copy is changed in place, so that comments, order and quotes stay as somebody wrote them. What is new each time
stands empty (desk/next_issue.py), or with all its words where those are wanted; the number counts up, the date is the
schedule's or nobody's. Approval and pictures are not taken along. Never writes over a file.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from newsletter.catalogue import phrase
from newsletter.desk.change import IssueChange, RemoveKey, SetValue, changed_data
from newsletter.desk.merging.in_translations import value_at, with_translations
from newsletter.desk.merging.own_sections import model_for
from newsletter.desk.next_issue import changes_for_next, next_number
from newsletter.desk.saving.stored_issue import as_text
from newsletter.desk.text.edit import data_in, edited_text
from newsletter.issue.find import find_issue
from newsletter.issue.scaffold import new_path, write_issue
from newsletter.issue.scan import file_bytes
from newsletter.issue.tree import Data
from newsletter.schedule.dates import dates_after, issue_of, slug_of
from newsletter.settings.workspace import Workspace

from .steps.begun import BegunIssue
from .steps.published import published


def new_from_issue(
    workspace: Workspace, slug: str, given: str, *, with_texts: bool = False, now: datetime | None = None
) -> BegunIssue:
    """`given` is a slug or a path. Raises UsageError, InputError for an issue that cannot be read, CannotWriteError."""
    new_path(workspace, slug)
    path = find_issue(workspace, given, may_begin=False)
    file = path.relative_to(workspace.root).as_posix() if path.is_relative_to(workspace.root) else path.name
    text = as_text(file_bytes(path, file), file)
    data = data_in(text, file)
    changes = [*next_number(data), *_dated(workspace, data, slug, now or datetime.now(UTC))]
    if not with_texts:
        changes = [*changes_for_next(data, model_for(data, workspace.root)), *changes]
    made = write_issue(workspace, slug, _changed(text, data, changes, workspace, file))
    told = phrase("workflow.new.same_words", slug=path.stem) if with_texts else phrase("workflow.new.stands_empty")
    return BegunIssue(made, (told,))


def _changed(text: str, data: Data, changes: Sequence[IssueChange], workspace: Workspace, file: str) -> str:
    issue = model_for(data, workspace.root)
    for change in changes:
        for one in with_translations(data, change, issue):
            text = edited_text(text, one, file=file, issue=issue)
            data = changed_data(data, one)
    return text


def _dated(workspace: Workspace, data: Data, slug: str, now: datetime) -> list[IssueChange]:
    """The schedule's next date if the issue is called after it; else no date, since the old one is over."""
    rule, zone = workspace.settings.schedule.every, workspace.settings.newsletter.timezone
    if rule is not None:
        taken = published(workspace)
        when = next((date for date in dates_after(rule, zone, now) if issue_of(date, taken) is None), None)
        if when and slug_of(when) == slug:
            return [SetValue(("publish_at",), when.isoformat())]
    return [RemoveKey(("publish_at",))] if value_at(data, ("publish_at",)) is not None else []
