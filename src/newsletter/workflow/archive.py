"""Build the static site of what was sent. Touches: the workspace's files, the ledger for reading, the folder."""

from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from newsletter.catalogue import phrase
from newsletter.errors import UsageError
from newsletter.printable import one_line
from newsletter.progress import Advance
from newsletter.settings.explain import explain
from newsletter.settings.values import PagesUrl
from newsletter.settings.workspace import Workspace

from .steps.issue_states import looked_up
from .steps.site import Built, build_site


def build_archive(
    workspace: Workspace, folder: Path, *, base_url: str, drafts: bool, making: Advance, writing: Advance
) -> Built:
    """Into `folder`, which is made. Where there is no ledger, `issues/<slug>.sent.json` says what was sent."""
    address = _public(base_url or workspace.settings.links.archive_url)
    with looked_up(workspace) as ledger:
        done = build_site(workspace, folder, ledger, base_url=address, drafts=drafts, making=making, writing=writing)
    return done if address else replace(done, warnings=(*done.warnings, phrase("workflow.archive.has_no_address")))


def _public(address: str) -> str:
    """UsageError for what is no address, or none that may be in a letter."""
    try:
        return TypeAdapter(PagesUrl).validate_python(address)
    except ValidationError as error:
        said = explain(error.errors(include_url=False)[0])
        raise UsageError(phrase("workflow.archive.is_no_address", address=one_line(address), why=said)) from error
