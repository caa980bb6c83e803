"""A small workspace of its own, and the studio that watches it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from newsletter.settings.load import load_settings
from newsletter.settings.workspace import Workspace
from newsletter.web.server import background, listen
from newsletter.web.studio.app import studio_app
from newsletter.web.studio.panels.registry import PANELS, Panel
from newsletter.web.studio.workspace_letters import WorkspaceLetters

TOKEN = "start-token-of-the-tests"

SETTINGS = """[newsletter]
name = "서울이슈큐레이터"
language = "ko"
list_id = "studio.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "서울연구원"
[links]
pages_url = "https://news.example.org"
"""

ISSUE = """title: 신성장동력
publish_at: 2021-07-26T08:56:00+09:00
hero: { src: hero.png, alt: 초록 네모 }
intro: |
  {{ subscriber.name | default("구독자") }}님, 안녕하세요. [누리집](https://www.si.re.kr)에서 더 읽으실 수 있습니다.
"""

SUBSCRIBERS = """email,name,language,tags
hong@example.com,홍길동,ko,
jane@example.org,Jane Doe,en,
kim@example.net,김철수,ko,
"""


@dataclass(frozen=True)
class StudioSite:
    """The workspace that is edited, and the address of its studio, with the start token and without a slash."""

    root: Path
    url: str
    port: int

    @property
    def issue(self) -> Path:
        return self.root / "issues" / "2021-07.yaml"

    def save(self, path: Path, text: str) -> None:
        """As many editors do: a new file beside the old one, then a rename over it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.swp")
        beside.write_text(text, encoding="utf-8")
        beside.rename(path)

    def edit(self, old: str, new: str) -> None:
        text = self.issue.read_text(encoding="utf-8")
        assert old in text
        self.save(self.issue, text.replace(old, new))


def draw(path: Path, colour: str) -> None:
    Image.new("RGB", (64, 64), colour).save(path)


def make_workspace(root: Path) -> Workspace:
    (root / "issues").mkdir(parents=True)
    (root / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "issues" / "2021-07.yaml").write_text(ISSUE, encoding="utf-8")
    (root / "issues" / "2021-06.yaml").write_text(ISSUE.replace("신성장동력", "청년정책"), encoding="utf-8")
    (root / "subscribers.csv").write_text(SUBSCRIBERS, encoding="utf-8")
    draw(root / "issues" / "hero.png", "green")
    return Workspace(root, load_settings(root / "newsletter.toml", {}))


@contextmanager
def studio_site(
    root: Path, kind: type[WorkspaceLetters] = WorkspaceLetters, panels: Sequence[Panel] = PANELS
) -> Iterator[StudioSite]:
    letters = kind(make_workspace(root), "2021-07", {})
    listener = listen("127.0.0.1", 0)
    with background(studio_app(letters, root, TOKEN, panels), listener) as url:
        yield StudioSite(root, f"{url}/{TOKEN}", listener.port)
