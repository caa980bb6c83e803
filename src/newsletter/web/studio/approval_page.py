"""The page that shows what an approval would cover, and the button on it that writes one. It never sends.

What is approved is what the page has shown: the button brings the fingerprint of that, and where anything is different
by now, nothing is written. As with the proof, a POST has to come from a page of this server, and to bring its token.

Touches: the workspace's files, git's user name; for a yes `issues/<slug>.approved/`, and the ledger, which learns of
it.

    GET  ./approve?issue=&ui=                                            the page
    POST ./approve   issue, version, csrf, by; may have although_like, ui: answers one sentence of text

`approval.html.j2` is given `publisher`, `query`, `csrf`, and `approval`, an ApprovalView.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response

from newsletter.catalogue import Said, lines, phrase, spoken_language
from newsletter.check.finding import Finding, hints_once
from newsletter.desk.form.place_words import place_in_words
from newsletter.errors import InputError, NewsletterError, Problem, RefusedError, UsageError
from newsletter.settings.workspace import Workspace
from newsletter.web.background import run_detached
from newsletter.web.guard import LOOPBACK_POLICY, same
from newsletter.web.page_templates import PageTemplates
from newsletter.workflow.approve import Proposal, keep, propose, whoever_is_here
from newsletter.workflow.steps.compose import with_defaults
from newsletter.workflow.steps.desk import at_desk

from .posted_form import pressed
from .query import MAX_WORD, Query
from .workspace_letters import Snapshot, WorkspaceLetters, problems_of


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """One edition as a person reads it, merge fields at their defaults."""

    variant: str
    subject: str
    text: str
    kilobytes: int


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """What there is to say yes to, or why there is nothing."""

    slug: str
    proposal: Proposal | None = None
    problems: tuple[Problem, ...] = ()
    """Why it cannot be approved as it is."""
    version: str = ""
    """The proposal's fingerprint."""
    changes: tuple[tuple[str, str], ...] = ()
    """Since the former approval: what an editor calls each place, empty outside of the issue's text, and the place."""
    findings: tuple[Finding, ...] = ()
    editions: tuple[ShownEdition, ...] = ()
    by: str = ""
    """Who would say yes, if nobody says otherwise."""
    is_due: bool = False
    """Its time has come, so that a yes lets it go with the next run of `send --due`."""

    @property
    def is_approved(self) -> bool:
        """It lies approved as it is now."""
        return self.proposal is not None and self.proposal.former is not None and not self.proposal.changes


class ApprovalPage:
    """Shows what an approval would cover, and writes it when somebody says yes."""

    def __init__(
        self,
        letters: WorkspaceLetters,
        csrf: str,
        notify: Callable[[], None],
        templates: Mapping[str, PageTemplates],
    ) -> None:
        """`notify` lets all pages look again."""
        self._letters = letters
        self._csrf = csrf
        self._notify = notify
        self._templates = templates
        self._busy = False

    async def show(self, request: Request) -> Response:
        query = Query.of(request.query_params)
        now = await run_in_threadpool(self._letters.now)
        path = await run_in_threadpool(now.path, query.asked)
        # With a very large audience it takes a minute; whoever ends the studio does not wait for that.
        language = query.spoken or spoken_language(now.publisher.language)
        approval = await run_detached(partial(_approval_view, now, path, language))
        context = {"publisher": now.publisher, "query": query, "csrf": self._csrf, "approval": approval}
        return self._templates[language].page("approval.html.j2", context, policy=LOOPBACK_POLICY)

    async def answer(self, request: Request) -> Response:
        return await pressed(request, self._letters, self._csrf, self._press)

    async def _press(self, form: ImmutableMultiDict[str, str], query: Query, now: Snapshot) -> tuple[Said, int]:
        if self._busy:
            return phrase("web.approval.busy"), 409
        self._busy = True
        try:
            path = await run_in_threadpool(now.path, query.asked)
            proposal = await run_detached(partial(_proposal, now, path))
            if not same(form.get("version", ""), proposal.fingerprint(now.workspace)):
                return phrase("web.approval.has_changed"), 409
            by, agreed = form.get("by", "")[:MAX_WORD].strip(), form.getlist("although_like")
            # Not to be broken off: it writes.
            said = await run_in_threadpool(partial(_approve, now.workspace, proposal, by, agreed))
        except UsageError as error:
            return error.message, 404
        except InputError as error:
            return phrase("web.approval.broken", why=error.message), 422
        except RefusedError as error:
            return phrase("web.approval.refused", why=error.message), 409
        except NewsletterError as error:
            return phrase("web.approval.refused", why=error.message), 503
        finally:
            self._busy = False
        self._notify()
        return said, 200


def _approval_view(now: Snapshot, path: Path, language: str) -> ApprovalView:
    try:
        proposal = _proposal(now, path)
        version = proposal.fingerprint(now.workspace)
    except NewsletterError as error:
        return ApprovalView(path.stem, problems=problems_of(error))
    editions = tuple(
        ShownEdition(
            name, with_defaults(one, one.subject), with_defaults(one, one.text), -(-len(one.html.encode()) // 1024)
        )
        for name, one in proposal.editions.items()
    )
    due = proposal.letter.issue.publish_at
    return ApprovalView(
        path.stem,
        proposal,
        version=version,
        changes=tuple((_called(proposal, place, language), place) for place in proposal.changes),
        findings=tuple(hints_once(proposal.findings)),
        editions=editions,
        by=whoever_is_here(now.workspace),
        is_due=due is not None and due <= datetime.now(UTC),
    )


def _called(proposal: Proposal, place: str, language: str) -> str:
    file, _, inside = place.partition(": ")
    return place_in_words(proposal.letter.issue, inside, language) if file == proposal.letter.file else ""


def _proposal(now: Snapshot, path: Path) -> Proposal:
    if now.unreadable:
        raise now.unreadable
    return propose(now.workspace, str(path))


def _approve(workspace: Workspace, proposal: Proposal, by: str, agreed: list[str]) -> Said:
    """Write the approval; what is said of it, and what comes next."""
    with at_desk(workspace) as desk:
        folder = keep(workspace, proposal, by=by, although_like=agreed, now=desk.now())
        trouble = desk.publish(proposal.letter)
    where = folder.relative_to(workspace.root) if folder.is_relative_to(workspace.root) else folder
    kept = phrase("web.approval.kept", folder=where.as_posix())
    return lines(kept, *([trouble] if trouble is not None else ()), proposal.next_step(workspace.settings))
