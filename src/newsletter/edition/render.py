"""An issue -> its edition: `render(issue, workspace, variant)`. Touches: files (templates, pictures).

Markers are opened, Markdown becomes HTML, the templates are filled, the styles inlined, the text part written, and the
markers renumbered. The same input gives the same texts, on every machine. Limits: pictures may differ in their bytes,
never in their names, with another version of Pillow.
"""

import hashlib
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import InputError, NewsletterError
from newsletter.issue.find import WELCOME
from newsletter.issue.model import Issue
from newsletter.issue.translation import translate
from newsletter.settings.workspace import Workspace
from newsletter.writing import direction_of

from .broken_parts import broken_parts
from .context import LetterContextBuilder, issue_file_name
from .data_set import DataSet
from .edition import Edition, Variant
from .footer import of_no_issue
from .foreign_runs import with_runs_apart
from .inline import LAYOUT, inline_styles
from .long_words import breaking
from .markdown.prose import Prose
from .markers import Markers, finish
from .plain import plain_text
from .tables import draw_table
from .template_files import template_text
from .templates import render_template
from .underlined import underlined
from .welcome import without_page


def render(issue: Issue, workspace: Workspace, variant: Variant, *, why: str = "") -> Edition:
    """One variant of `issue`, with its merge fields open.

    `why` is for what is no issue, but a mail of its own in the letter's look: the foot says that instead of why a
    subscriber gets it, and shows no way out and nothing of the archive's.
    Raises InputError for what is wrong in the text, a picture or a template, with its file and place; SettingsError
    when hosted pictures have no place.
    """
    if issue.slug == WELCOME:
        workspace = without_page(workspace)
    data = DataSet(issue, workspace)
    markers = Markers([*sources(issue, workspace), *data.texts()])
    source, words = issue, translate(issue, variant.language, workspace.settings.newsletter.language)
    issue = words.issue
    direction, keep_breaks = direction_of(words.language), issue.line_breaks == "keep"
    draw = partial(draw_table, own=workspace.templates, direction=direction)
    prose = Prose(markers, issue_file_name(issue, workspace), words.place, draw, direction, keep_breaks=keep_breaks)
    subject = _subject(issue, workspace, markers)
    try:
        context = LetterContextBuilder(words, workspace, variant, markers, prose, data).build(subject)
    except InputError as error:
        raise InputError(problems=broken_parts(source, workspace, markers) or error.problems) from error
    if why:
        context = replace(context, footer=of_no_issue(context.footer, why))
    html = _inlined(render_template(LAYOUT, context.for_templates(), workspace.templates), markers, workspace.templates)
    html = with_runs_apart(html, context.letter.dir, markers.pattern)
    text = plain_text(issue, context, prose, markers)
    subject, html, text, holes = finish(markers, subject, html, text)
    return Edition(
        slug=issue.slug,
        variant=variant.name,
        language=variant.language,
        subject=subject,
        html=html,
        text=text,
        holes=holes,
        pictures=context.pictures,
        content=content_of(source),
    )


def content_of(issue: Issue) -> str:
    """SHA-256, in hex, of what it says: `Edition.content` of all its editions.

    Without what is left out, so that a key which a later version adds makes no other letter of an old one.
    """
    shown = issue.model_copy(update={"sections": tuple(issue.shown_sections.values())})
    said = shown.model_dump_json(exclude={"publish_at", "number", "contents", "tags"}, exclude_defaults=True)
    return hashlib.sha256(said.encode()).hexdigest()


def sources(issue: Issue, workspace: Workspace) -> list[str]:
    """All text of the letter that somebody typed, in which no marker's prefix may occur."""
    tables = {"newsletter", "institute", "footer", "links", "theme"}
    typed = (issue.model_dump(mode="json"), workspace.settings.model_dump(mode="json", include=tables))
    return [json.dumps(data, ensure_ascii=False) for data in typed]


def _subject(issue: Issue, workspace: Workspace, markers: Markers) -> str:
    if issue.subject:
        return markers.open(issue.subject)
    return f"[{workspace.settings.newsletter.name}] {markers.open(issue.title)}"


def _inlined(html: str, markers: Markers, own: Path) -> str:
    inlined = inline_styles(breaking(underlined(html), markers), partial(template_text, own=own))
    if markers.count(html) != markers.count(inlined):
        raise NewsletterError(phrase("edition.style.field_was_lost"))
    return inlined
