"""How each type of section is shown. Touches: nothing.

A type is a file of this folder and a template, `templates/email/_<type>.html.j2` (docs/adding-a-section-type.md).
Those that a workspace declares itself are all shown by own.py. Limits: closed; a type of newsletter/issue/sections
that is missing here is an error of the type checker, too.
"""

from typing import assert_never

from newsletter.edition.part_views import PartViews
from newsletter.issue.sections.briefs import Briefs
from newsletter.issue.sections.callout import Callout
from newsletter.issue.sections.chart import Chart
from newsletter.issue.sections.divider import Divider
from newsletter.issue.sections.events import Events
from newsletter.issue.sections.feedback import Feedback
from newsletter.issue.sections.figures import Figures
from newsletter.issue.sections.gallery import Gallery
from newsletter.issue.sections.jobs import Jobs
from newsletter.issue.sections.notice import Notice
from newsletter.issue.sections.own import OwnSection
from newsletter.issue.sections.people import People
from newsletter.issue.sections.quote import Quote
from newsletter.issue.sections.registry import SectionType
from newsletter.issue.sections.sponsor import Sponsor
from newsletter.issue.sections.story import Story
from newsletter.issue.sections.table import DataTable

from .briefs import ShownBriefs
from .callout import ShownCallout
from .chart import ShownChart
from .divider import ShownDivider
from .events import ShownEvents
from .feedback import ShownFeedback
from .figures import ShownFigures
from .gallery import ShownGallery
from .jobs import ShownJobs
from .notice import ShownNotice
from .own import ShownOwn
from .people import ShownPeople
from .quote import ShownQuote
from .shown import ShownSection
from .sponsor import ShownSponsor
from .story import ShownStory
from .table import ShownTable


def shown_section(  # noqa: C901 - a case a type
    section: SectionType | OwnSection, place: str, views: PartViews
) -> ShownSection:
    """The section as this letter shows it; `place` is where it stands in the issue."""
    match section:
        case Story():
            return ShownStory(section, place, views)
        case Figures():
            return ShownFigures(section, place, views)
        case Quote():
            return ShownQuote(section, place, views)
        case Events():
            return ShownEvents(section, place, views)
        case Notice():
            return ShownNotice(section, place, views)
        case Briefs():
            return ShownBriefs(section, place, views)
        case People():
            return ShownPeople(section, place, views)
        case Jobs():
            return ShownJobs(section, place, views)
        case Callout():
            return ShownCallout(section, place, views)
        case Divider():
            return ShownDivider(section, place, views)
        case Feedback():
            return ShownFeedback(section, place, views)
        case Sponsor():
            return ShownSponsor(section, place, views)
        case Gallery():
            return ShownGallery(section, place, views)
        case DataTable():
            return ShownTable(section, place, views)
        case Chart():
            return ShownChart(section, place, views)
        case OwnSection():
            return ShownOwn(section, place, views)
        case _:
            assert_never(section)
