"""The Markdown of an issue, put together: what there is beyond CommonMark, each in a file of its own.

Touches: nothing. Every parser of issue texts uses it, so that a check sees what the letter has.
"""

from markdown_it import MarkdownIt

from .bare_links import bare_links
from .emphasis import cjk_friendly_emphasis
from .footnotes import footnotes
from .gfm_tables import gfm_tables
from .line_breaks import line_breaks
from .number_lists import number_lists
from .references import used_references
from .slant import upright_emphasis
from .strike import struck_words
from .task_lists import task_lists
from .tilde_fences import tilde_fences
from .underlined_headings import underlined_headings

_ADDITIONS = (
    cjk_friendly_emphasis,
    struck_words,
    upright_emphasis,
    used_references,
    number_lists,
    task_lists,
    footnotes,
    gfm_tables,
    tilde_fences,
    underlined_headings,
    bare_links,
    line_breaks,
)


def letter_syntax(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(letter_syntax)`."""
    for addition in _ADDITIONS:
        md.use(addition)
