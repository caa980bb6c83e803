"""The archive's issues, made from the workspace: what was sent, what was imported and, for a preview, drafts.

Touches: the workspace's files, `.newsletter/archive/`.
"""

from collections.abc import Mapping

from newsletter.archive.imported import read_imported
from newsletter.catalogue import phrase
from newsletter.issue.find import issue_paths
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .made_ahead import make_ahead
from .page_maker import Archived, PageMaker
from .sent_issues import SentIssue


def archived(
    workspace: Workspace, sent: Mapping[str, SentIssue], *, base_url: str, drafts: bool, advance: Advance
) -> Archived:
    """The issues that were sent or imported; with `drafts` every other one, too, and each as its file is now."""
    found = Archived()
    paths = {path.stem: path for path in issue_paths(workspace)}
    wanted = sorted(paths.keys() | sent.keys() if drafts else sent.keys())
    maker = PageMaker(workspace, found)
    ahead = [(paths[slug], sent[slug]) for slug in wanted if slug in paths and slug in sent]
    fresh = [one for one in ahead if not maker.is_made(*one)]
    before = make_ahead(workspace, fresh, base_url, lambda done: advance(done, len(wanted)))
    for done, slug in enumerate(wanted, 1):
        if slug not in paths:
            found.warnings.append(phrase("workflow.archive.file_is_gone", slug=slug))
        elif slug in sent:
            maker.add_sent(paths[slug], sent[slug], drafts=drafts)
        else:
            maker.add_draft(paths[slug])
        advance(max(done, before), len(wanted))
    maker.cache.forget_others(set(sent))
    found.add_imported(read_imported(workspace))
    found.issues.sort(key=lambda issue: (issue.posted_at, issue.slug), reverse=True)
    return found
