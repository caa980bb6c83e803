"""Posts to be filled in the letter, with the day by which to apply. Touches: nothing."""

from dataclasses import dataclass

from markupsafe import Markup

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.spans import moment_said
from newsletter.edition.views import ALL_TRANSLATED, SectionView
from newsletter.issue.sections.jobs import Job, Jobs

from .shown import ShownSection


@dataclass(frozen=True, slots=True)
class JobView:
    title: str
    url: str
    employer: str
    place: str
    deadline: str
    """`2026년 12월 31일 (목)`; empty where there is none."""
    note: Markup
    untranslated: frozenset[str] = ALL_TRANSLATED


class ShownJobs(ShownSection):
    section: Jobs

    def __init__(self, section: Jobs, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self._jobs = tuple(
            _job(item, at, views, section.heading) for at, item in with_places(f"{place}.items", section.items)
        )
        self.view = SectionView(**views.of_every_section(section, place), items=self._jobs)

    def write(self, page: PlainPage) -> None:
        items = with_places(f"{self.place}.items", self.section.items)
        for (place, item), job in zip(items, self._jobs, strict=True):
            about = " · ".join(part for part in (job.employer, job.place) if part)
            until = f"{page.words('deadline')}: {job.deadline}" if job.deadline else ""
            page.add(
                *page.titled(job.title, job.url),
                *page.wrap(about, "  ", "  "),
                *page.wrap(until, "  ", "  "),
                *page.below(item.note, f"{place}.note"),
            )


def _job(item: Job, place: str, views: PartViews, heading: str) -> JobView:
    return JobView(
        title=views.text(item.title),
        url=views.address(item.url),
        employer=views.text(item.employer),
        place=views.text(item.place),
        deadline=moment_said(item.deadline, views.zone, views.chrome) if item.deadline else "",
        note=views.blocks(item.note, f"{place}.note", under=heading),
        untranslated=views.untranslated(item, place),
    )
