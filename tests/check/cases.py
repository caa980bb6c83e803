"""Letters to be checked: the example with something changed, or a workspace of a few lines. Touches: a given folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.check.finding import Finding
from newsletter.check.outside import Outside
from newsletter.check.run import check_issue
from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.settings.load import find_workspace
from newsletter.settings.model import Settings
from newsletter.settings.workspace import Workspace
from tests.support.checks import audience_of, findings_of

ROOT = Path(__file__).parents[2]
FILE = "issues/2021-07.yaml"
HONG = Subscriber(
    "a@example.com",
    "a@example.com",
    name="홍길동",
    consent_at="2021-03-02",
    consent_source="누리집",
    line=8,
)
NOBODY = replace(HONG, name="", consent_at="", consent_source="", line=7)

Make = Callable[[Path], list[Finding]]
"""Makes a letter, in an empty folder if it needs one, and checks it."""


@dataclass(frozen=True)
class Broken:
    """A letter with one fault; `also` are the rules that must say something of it besides."""

    rule: str
    severity: str
    make: Make
    also: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Case:
    """What `check_issue` is given; the example as it is, until something is changed."""

    issue: Issue
    editions: tuple[Edition, ...]
    settings: Settings
    audience: tuple[Subscriber | BadRow, ...] = (HONG,)

    def findings(self) -> list[Finding]:
        audience = audience_of(self.issue, self.editions, self.settings, self.audience)
        return check_issue(self.issue, self.editions, Workspace(ROOT, self.settings), FILE, audience)

    def html(self, old: str, new: str) -> "Case":
        assert old in self.editions[0].html
        return replace(self, editions=(replace(self.editions[0], html=self.editions[0].html.replace(old, new)),))

    def edition(self, **changes: Any) -> "Case":  # noqa: ANN401 - fields of an Edition
        return replace(self, editions=(replace(self.editions[0], **changes),))

    def of_issue(self, **changes: object) -> "Case":
        return replace(self, issue=self.issue.model_copy(update=changes))

    def set(self, table: str, **changes: object) -> "Case":
        changed = getattr(self.settings, table).model_copy(update=changes)
        return replace(self, settings=self.settings.model_copy(update={table: changed}))

    def to(self, *people: Subscriber | BadRow) -> "Case":
        return replace(self, audience=people)


@cache
def example() -> Case:
    workspace = find_workspace(ROOT, explicit=ROOT, environ={})
    issue = load_issue(ROOT / FILE, workspace_root=ROOT, timezone="Asia/Seoul")
    made = tuple(render(issue, workspace, variant) for variant in variants(issue, ["ko", "en"]))
    return Case(issue, made, workspace.settings)


def changed(change: Callable[[Case], Case]) -> Make:
    """The example after a change that no file could make, or not without much ado."""
    return lambda _root: change(example()).findings()


def body(html: str) -> Make:
    """The example with more HTML at its end."""
    return changed(lambda case: case.html("</body>", f"{html}</body>"))


def issue(text: str = "", **values: str) -> str:
    """A good issue; `values` replace single keys or take them out (""), `text` are more lines."""
    lines = {
        "title": "신성장동력",
        "preheader": "서울의 다음 산업을 정책연구로 살펴보고, 네 갈래로 나누어 소개합니다.",
        "intro": "안녕하세요. 서울이슈큐레이터가 새 연구를 전합니다.",
    }
    return "".join(f"{key}: {value}\n" for key, value in (lines | values).items() if value) + text


def written(
    text: str,
    *,
    people: str = "",
    templates: Mapping[str, str] | None = None,
    language: str = "ko",
    outside: Outside | None = None,
    **tables: dict[str, Any],
) -> Make:
    """An issue file, templates and a subscriber file of a workspace's own."""

    def make(root: Path) -> list[Finding]:
        for name, template in (templates or {}).items():
            path = root / "templates" / "email" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(template, encoding="utf-8")
        return findings_of(root, text, people, language=language, outside=outside, **tables)

    return make


def template(name: str, old: str, new: str) -> dict[str, str]:
    """One template of a workspace: the bundled one with something replaced."""
    bundled = (ROOT / "templates" / "email" / name).read_text(encoding="utf-8")
    assert old in bundled
    return {name: bundled.replace(old, new)}


def opening(html: str) -> Make:
    """A workspace whose own template has this HTML after the introduction, on white paper."""
    return written(issue(), templates=template("_opening.html.j2", "{% endcall %}", html + "\n{% endcall %}"))
