"""A question with answers to press, in the letter. Touches: nothing."""

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import AnswerView, SectionView
from newsletter.issue.sections.feedback import Feedback

from .shown import ShownSection


class ShownFeedback(ShownSection):
    def __init__(self, section: Feedback, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self.view = SectionView(
            **views.of_every_section(section, place),
            tinted=True,
            question=views.text(section.question),
            answers=tuple(
                AnswerView(views.text(item.label), views.address(item.url), views.untranslated(item, at))
                for at, item in with_places(f"{place}.answers", section.answers)
            ),
        )

    def write(self, page: PlainPage) -> None:
        page.add(*page.wrap(self.view.question))
        page.buttons(self.view.answers)
