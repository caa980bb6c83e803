"""The public's words in place of merge fields: the default of each, escaped for where it stands. Touches: nothing.

Limits: a field without a default is refused before (issue_page.py); here it would be filled with nothing.
"""

import re

from newsletter.edition.contexts import html_contexts
from newsletter.edition.markers import Markers
from newsletter.message.escape import clean, escape


def filled_html(html: str, markers: Markers) -> str:
    """Raises InputError for a field in HTML where no value can be filled in safely."""
    contexts = html_contexts(html, markers.pattern)

    def default(match: re.Match[str]) -> str:
        return escape(markers.field(match).default or "", contexts[match.start()])

    return markers.pattern.sub(default, html)


def filled_text(text: str, markers: Markers) -> str:
    """A line of plain text."""
    return markers.pattern.sub(lambda match: clean(markers.field(match).default or ""), text)
