"""Footnotes of a pasted text: which link leads to which note, and which leads back. Touches: nothing.

Word, LibreOffice and what makes HTML of `.docx` write a link to `#_ftn1`, `#sdfootnote1sym` or `#footnote-1`, and the
note with a link back to where it was. Limits: a link whose note was not pasted along is words.
"""

import re

from newsletter.edition.foreign_layout import Element

_NOTE = re.compile(
    r"#_?(?:ftn|edn|sdfootnote|sdendnote|footnote-|endnote-|fn:?|cite_note-?)([A-Za-z0-9-]{0,20}?)(?:sym)?"
)
_BACK = re.compile(
    r"#_?(?:ftnref|ednref|(?:sdfootnote|sdendnote)\d+anc|(?:foot|end)note-ref-|fnref:?|cite_ref-?)[\w-]*"
)
_BLOCKS = frozenset({"li", "div", "p", "dd", "aside", "section"})


class FoundNotes:
    """The notes of a tree, by the link that leads to each; numbered in the order in which they are pointed to."""

    def __init__(self, body: Element) -> None:
        names = {one.get("id") or one.get("name"): one for one in body.iter() if one.get("id") or one.get("name")}
        self._labels: dict[Element, str] = {}
        self._links: dict[Element, str] = {}
        self._back: set[Element] = set()
        for link in body.iter("a"):
            href = (link.get("href") or "").strip()
            if "#" in href:
                href = href[href.index("#") :]
            if _BACK.fullmatch(href):
                self._back.add(link)
            elif _NOTE.fullmatch(href) and (note := _block_of(names.get(href[1:]))) is not None:
                self._links[link] = self._labels.setdefault(note, str(len(self._labels) + 1))

    def label_of_link(self, link: Element) -> str:
        """The number that stands where a note is pointed to; empty for any other link."""
        return self._links.get(link, "")

    def label_of_note(self, block: Element) -> str:
        """The number of the note that a block is; empty where it is none."""
        return self._labels.get(block, "")

    def is_way_back(self, link: Element) -> bool:
        return link in self._back


def _block_of(named: Element | None) -> Element | None:
    while named is not None and named.tag not in _BLOCKS:
        named = named.getparent()
    return named
