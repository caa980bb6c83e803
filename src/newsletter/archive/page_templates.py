"""The archive's templates: the workspace's `templates/web/` first, then those of pages/, file by file. Touches: files.

They are filled as the letter's are (edition/templates.py): sandboxed, escaping, strict about names.
"""

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from newsletter.edition.directions import dir_attribute
from newsletter.edition.letter_words import LetterWords
from newsletter.edition.tables import TableView
from newsletter.edition.templates import render_template
from newsletter.settings.workspace import Workspace
from newsletter.writing import direction_of

from .page_words import page_words

OWN = "templates/web"
"""The workspace's folder of them, from its root."""
PAGES = Path(__file__).parent / "pages"
"""The folder of ours."""


def fill_template(name: str, context: Mapping[str, Any], root: Path) -> str:
    """The template filled; `root` is the workspace's. Raises InputError with the template's file and line."""
    return render_template(name, context, root / OWN, PAGES)


def templates_digest(workspace: Workspace) -> str:
    """Of all templates that a page is made from, and of the words and types of sections of the workspace's own."""
    own = (workspace.root / OWN, workspace.templates / "words", workspace.templates / "sections")
    found = hashlib.sha256()
    for folder in (PAGES, *own):
        for path in sorted(path for path in folder.glob("**/*") if path.is_file() and path.name[0] != "."):
            found.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def in_language(language: str, words: LetterWords) -> dict[str, Any]:
    """What every template of a page in this language may use; `words` are those of the letter.

    `chrome` is the `lang` of what the archive itself says, where that is in another language than the page.
    """
    return {
        "t": words.say,
        "w": page_words(words.language),
        "chrome_language": words.language,
        "chrome": lang_attribute(words.language, language),
        "lang": lang_attribute,
        "dir": partial(dir_attribute, around=direction_of(language)),
    }


def lang_attribute(language: str, around: str) -> Markup:
    """The `lang` of an element, nothing where what is around it is in the same language (WCAG 3.1.2)."""
    return Markup() if language == around else Markup(' lang="{}"').format(language)


def page_table(table: TableView, *, root: Path, language: str, words: LetterWords) -> Markup:
    """A table in a text, as a page in this language shows it."""
    context = in_language(language, words) | {"data_table": table}
    return Markup(fill_template("_data_table.html.j2", context, root))  # noqa: S704 - the template escapes
