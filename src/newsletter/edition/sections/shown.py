"""One section in one letter: what its template sees, and its text. Touches: nothing."""

from abc import ABC, abstractmethod

from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import SectionView
from newsletter.issue.sections.section import Section


class ShownSection(ABC):
    """Each type of section has a class of its own, which makes `view` of `section` when it is made."""

    section: Section
    place: str
    """`sections[0]`"""
    view: SectionView

    @abstractmethod
    def write(self, page: PlainPage) -> None:
        """What the text part says under the heading and the picture, which every section has."""
