"""Check an issue for the panels, and keep what came of it until a file changes. Touches: the workspace's files.

The same rules, audience and editions as `newsletter check`. With 40,000 subscribers a count of the audience takes three
seconds of a processor, and an editor saves often: while neither the list nor what is merged has changed, only the
letter around the values has, and the sizes move by as much as it has grown.

Limits: one check at a time; with a large audience it takes as long as the command does, and the letter does not wait
for it. The size of a message is right within some octets where it was moved, for base64 comes in threes.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.check.audience import AudienceSummary, Extent
from newsletter.check.finding import Finding
from newsletter.edition.edition import Edition
from newsletter.edition.variants import languages_of, variants
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.examine import examined
from newsletter.workflow.steps.letter import Letter, file_in
from newsletter.workflow.steps.survey import known_audience, sizes_alone

from .cache import Cache, Stamp, list_files, sought_files, stamp
from .edition_cache import Editions, load

_KEPT = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """One issue and what the rules say."""

    findings: tuple[Finding, ...]
    ignored: int
    """Findings that settings or a comment leave out, with a reason."""
    audience: AudienceSummary


@dataclass(frozen=True, slots=True)
class _Counted:
    plain: Mapping[str, Extent]
    """The sizes without anybody's values."""
    summary: AudienceSummary


class Checks:
    """The checks of one workspace; may be asked from several threads."""

    def __init__(self, editions: Editions) -> None:
        self._editions = editions
        self._counted: Cache[Hashable, _Counted] = Cache(1)
        self._kept: Cache[Path, Checked] = Cache(_KEPT, one_at_a_time=True)

    def check(self, path: Path, workspace: Workspace, settings: Stamp) -> Checked:
        """Any NewsletterError where the issue cannot be loaded or rendered; `settings` is the workspace's stamp."""
        return self._kept.get(path, lambda: self._check(path, workspace, settings))

    def _check(self, path: Path, workspace: Workspace, settings: Stamp) -> tuple[Stamp, Checked]:
        before = stamp(list_files(workspace))
        issue, files = load(path, workspace, settings)
        letter = Letter(issue, path, file_in(workspace, path))
        wanted = variants(issue, languages_of(issue, workspace.settings.newsletter.language))
        editions = {one.name: self._editions.edition(issue, files, one, workspace) for one in wanted}
        audience = self._count(workspace, letter, editions, before)
        found = examined(letter, editions, workspace, audience)
        made_from = before + files + stamp(sought_files(issue, workspace))
        return made_from, Checked(found.findings, len(found.ignored), audience)

    def _count(
        self, workspace: Workspace, letter: Letter, editions: Mapping[str, Edition], files: Stamp
    ) -> AudienceSummary:
        """The audience in numbers; `files` are those that say who it is."""
        plain = sizes_alone(letter.issue, editions, workspace.settings).extents
        asked = files, tuple(plain), _decisive(workspace, letter, editions)
        counted = self._counted.get(asked, lambda: ((), _Counted(plain, known_audience(workspace, letter, editions))))
        return replace(counted.summary, extents=_moved(counted, plain))


def _decisive(workspace: Workspace, letter: Letter, editions: Mapping[str, Edition]) -> Hashable:
    """All that a count depends on, but for the words of the letter."""
    issue, settings = letter.issue, workspace.settings
    merged = tuple(
        (name, tuple(sorted((hole.key, hole.default or "", hole.default is None, hole.context) for hole in one.holes)))
        for name, one in editions.items()
    )
    seen_by = tuple(tuple(section.only_for) for section in issue.shown_sections.values())
    return (
        merged, seen_by, issue.slug, issue.publish_at, issue.advertising,
        settings.newsletter, settings.audience, settings.sender, settings.links,
    )  # fmt: skip


def _moved(counted: _Counted, plain: Mapping[str, Extent]) -> dict[str, Extent]:
    """The largest sizes, moved by as much as the letter without values has grown."""
    extents = {}
    for variant, extent in counted.summary.extents.items():
        before, now = counted.plain[variant], plain[variant]
        extents[variant] = Extent(
            plain=now.plain,
            html=replace(extent.html, octets=extent.html.octets + now.html.octets - before.html.octets),
            mail=replace(extent.mail, octets=extent.mail.octets + now.mail.octets - before.mail.octets),
            header=replace(extent.header, octets=extent.header.octets + now.header.octets - before.header.octets),
        )
    return extents
