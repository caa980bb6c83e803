"""The form that another site shows: one piece of HTML without script, style or cookie. Touches: the package's files.

It carries an address to `/subscribe`, where the words that are agreed to are shown before anything is asked.
"""

from newsletter.web.page_templates import PageTemplates, Publisher


def form_snippet(publisher: Publisher, address: str) -> str:
    """In the language of the publisher; `address` is that of the pages, without a trailing slash."""
    context = {"publisher": publisher, "address": address}
    return PageTemplates("subscribers", publisher.language).text("snippet.html.j2", context)
