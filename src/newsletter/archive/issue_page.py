"""An issue -> its pages, one for each language it was written in. Touches: files (templates, pictures, tables).

A page has the parts of the letter that somebody without tags gets, made from the same views by templates of its own:
semantic HTML, wider pictures. Merge fields are filled with their defaults. Limits: an issue with a field that has no
default has no page.
"""

import html as html_module
import re
from dataclasses import replace
from functools import partial

from markupsafe import Markup

from newsletter.catalogue import phrase
from newsletter.check.greetings import greeting_at_start
from newsletter.edition.accent import theme_of
from newsletter.edition.context import LetterContext, LetterContextBuilder, issue_file_name
from newsletter.edition.data_set import DataSet
from newsletter.edition.edition import Variant
from newsletter.edition.foreign_runs import WITHIN_A_LINE, with_runs_apart
from newsletter.edition.markdown.prose import Prose
from newsletter.edition.markers import Markers
from newsletter.edition.own_words import letter_words
from newsletter.edition.render import sources
from newsletter.edition.theme import ThemeView, theme_view
from newsletter.edition.variants import variant_for
from newsletter.errors import InputError
from newsletter.issue.load import problem_in
from newsletter.issue.model import Issue
from newsletter.issue.public_texts import fields_without_default
from newsletter.issue.sections.own import OwnSection
from newsletter.issue.translation import translate
from newsletter.settings.workspace import Workspace
from newsletter.writing import direction_of

from .default_words import filled_html, filled_text
from .event_calendar import ALL_EVENTS
from .own_fields import own_fields
from .page_templates import fill_template, page_table
from .page_words import page_words
from .site import IssuePage
from .web_pictures import PagePictures

COLUMN = 704
"""CSS pixels of the text, and of the pictures in it: some forty Hangul a line."""
_SIDE, _HALF = 304, 344
_SUMMARY = 160
"""Characters of what stands for the issue in lists, where it has no preheader."""
_ASIDE = re.compile(r"<(p|span) data-aside[ >].*?</\1>", re.DOTALL)
"""A label, a button, a date that stands in words beside it, as templates say; none holds another of its name."""
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


def refuse_open_fields(issue: Issue, workspace: Workspace) -> None:
    """InputError with every merge field of the public texts that has no default."""
    problems = [
        problem_in(
            issue.path,
            workspace_root=workspace.root,
            where=path,
            message=phrase("archive.page.field_has_no_default", key=key),
            hint=phrase("archive.page.give_a_default", key=key),
        )
        for path, key in fields_without_default(issue)
    ]
    if problems:
        raise InputError(problems=problems)


def page_languages(issue: Issue, workspace: Workspace) -> tuple[str, ...]:
    """The newsletter's first, then those it was translated to."""
    own = workspace.settings.newsletter.language
    return (own, *(language for language in issue.translations if language != own))


def issue_page(issue: Issue, workspace: Workspace, language: str) -> tuple[IssuePage, dict[str, bytes]]:
    """The page in one language, and its pictures by their path below the archive's address.

    Raises InputError for what is wrong in a text, a picture or a template, with its file and place.
    """
    own = workspace.settings.newsletter.language
    path = f"{issue.slug}/" if language == own else f"{issue.slug}/{language}/"
    pictures = PagePictures(issue, workspace, "../" * path.count("/"))
    markers, context = _context(issue, workspace, variant_for(issue, language, frozenset(), own), pictures)
    calendar = ALL_EVENTS if language == own else f"../{ALL_EVENTS}"
    body = fill_template("body.html.j2", _names(context) | {"calendar": calendar}, workspace.root)
    body = filled_html(with_runs_apart(body, context.letter.dir, markers.pattern), markers)
    text = words_of(body)
    letter = context.letter
    page = IssuePage(
        slug=issue.slug,
        language=letter.language,
        path=path,
        title=filled_text(letter.title, markers),
        summary=filled_text(letter.preheader, markers) or _beginning(text, workspace),
        body=body,
        text=text,
        headings=tuple(
            (one.view.anchor, filled_text(one.view.heading, markers))
            for one in context.shown
            if one.view.anchor and one.view.heading
        ),
        untranslated=tuple(one.view.anchor for one in context.shown if "heading" in one.view.untranslated),
    )
    return page, pictures.files


def words_of(html: str) -> str:
    """The words of HTML on one line, without labels and buttons; what is no part of a line stands apart."""
    bare = _TAG.sub(lambda tag: "" if tag[1].lower() in WITHIN_A_LINE else " ", _ASIDE.sub(" ", html))
    return " ".join(html_module.unescape(bare).split())


def _context(
    issue: Issue, workspace: Workspace, variant: Variant, pictures: PagePictures
) -> tuple[Markers, LetterContext]:
    data = DataSet(issue, workspace)
    markers = Markers([*sources(issue, workspace), *data.texts()])
    words = translate(issue, variant.language, workspace.settings.newsletter.language)
    direction, keep_breaks = direction_of(words.language), issue.line_breaks == "keep"
    chrome = letter_words(variant.language, workspace.settings.newsletter.language, workspace.templates)
    draw = partial(page_table, root=workspace.root, language=words.language, words=chrome)
    prose = Prose(markers, issue_file_name(issue, workspace), words.place, draw, direction, keep_breaks=keep_breaks)
    theme = _wider(theme_view(theme_of(issue, workspace)))
    builder = LetterContextBuilder(words, workspace, variant, markers, prose, data, theme=theme, pictures=pictures)
    return markers, builder.build(subject="")


def _wider(theme: ThemeView) -> ThemeView:
    return replace(theme, width=COLUMN, column=COLUMN, side=_SIDE, half=_HALF)


def _names(context: LetterContext) -> dict[str, object]:
    """What a template of a part may use: what that of the letter may, the archive's words, the fields of own types."""
    own = {
        at: own_fields(one.section, one.view.fields)
        for at, one in enumerate(context.shown)
        if isinstance(one.section, OwnSection)
    }
    return {**context.for_templates(), "w": page_words(context.letter.chrome_language), "own": own}


def _beginning(text: str, workspace: Workspace) -> str:
    """What the text begins with, but for its greeting, which every issue begins with."""
    settings = workspace.settings
    names = (settings.newsletter.name, settings.institute.name, settings.sender_name)
    text = greeting_at_start(text, names)[1].strip() or text
    if len(text) <= _SUMMARY:
        return text
    cut = text[:_SUMMARY].rpartition(" ")[0] or text[:_SUMMARY]
    return f"{cut.rstrip('.,:; ')}…"


def as_markup(html: str) -> Markup:
    """HTML that this stage made."""
    return Markup(html)  # noqa: S704 - made by templates that escape
