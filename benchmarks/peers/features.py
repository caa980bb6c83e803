"""Which of caniemail's features a letter uses, and where: in its markup, its style sheets, or for Outlook alone.

Touches: nothing. newsletter's own check finds the features; what stands in Outlook's conditional comments, which that
leaves out, is looked at here.
"""

import re
from dataclasses import dataclass, field

from newsletter.check.css.features import uses_of
from newsletter.check.page import read_page

_CONDITION = re.compile(r"<!--\[if ([^\]]*)\]>(.*?)<!\[endif\]-->", re.DOTALL)
_OFFICE = re.compile(r"</?(?:xml|o:|v:|w:)[^>]*>")


@dataclass(frozen=True)
class Features:
    """Names of features, as caniemail's addresses have them; one can be in more than one of the sets."""

    inline: set[str] = field(default_factory=set)
    """Of the markup and its style attributes."""
    sheets: set[str] = field(default_factory=set)
    outlook: set[str] = field(default_factory=set)
    """Inside `<!--[if mso]>`: nobody else sees them."""


def features_of(html: str) -> Features:
    found = Features()
    for use in uses_of(read_page(html)):
        (found.sheets if use.in_sheet else found.inline).add(use.feature)
    if re.match(r"\s*<!doctype html>", html, re.IGNORECASE):
        found.inline.add("html-doctype")
    for condition, content in _CONDITION.findall(html):
        if "!mso" not in condition:
            found.outlook.update(use.feature for use in uses_of(read_page(_OFFICE.sub("", content))))
    return found
