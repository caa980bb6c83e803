"""The letter that every sender sends: an issue in Korean of some 60 KB as a message, its workspace, and its readers.

Touches: the folder it is given.
"""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.render import render_files

SLUG = "2026-11"
STORIES = 18
"""So many make a message of some 60 KB, which `made` says exactly."""
SENDER = "no-reply@news.example.org"
LIST_ID = "issue-curator.news.example.org"

SQLITE = "sqlite:///.newsletter/ledger.db"

_SETTINGS = """[newsletter]
name = "서울이슈큐레이터"
list_id = "issue-curator.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "서울연구원"
[links]
pages_url = "https://news.example.org"
[schedule]
require_approval = false
[smtp]
url = "smtp://127.0.0.1:{port}"
connections = {connections}
rate = ""
pipelining = {pipelining}
processes = {processes}
[ledger]
url = "{ledger}"
"""
_STORY = """  - type: story
    heading: 상암 디지털미디어시티의 오늘 {number}
    body: |
      서울의 새로운 성장동력을 찾아 산업과 사람, 공간의 변화를 살펴봅니다. 연구원은 지난 3년의 자료를 모아
      기업의 이동과 일자리의 변화를 정리하고, 시민과 함께 다음 걸음을 묻습니다. 무엇이 남고 무엇이 떠났는지
      지도 위에 그려 보았습니다.
"""


@dataclass(frozen=True)
class Letter:
    """The message of the first reader, as a file with CRLF, and its parts for senders that build their own."""

    eml: Path
    octets: int
    subject: str
    html: str
    text: str


def made(
    folder: Path,
    readers: int,
    port: int,
    connections: int,
    *,
    pipelining: bool = True,
    processes: int = 1,
    stories: int = STORIES,
    ledger: str = SQLITE,
) -> Workspace:
    """A workspace in `folder` with the issue and so many subscribers, who all have a name of their own."""
    (folder / "issues").mkdir(parents=True, exist_ok=True)
    offered = str(pipelining).lower()
    settings = _SETTINGS.format(
        port=port, connections=connections, pipelining=offered, processes=processes, ledger=ledger
    )
    (folder / "newsletter.toml").write_text(settings, encoding="utf-8")
    greeting = 'intro: |\n  {{ subscriber.name | default("구독자") }}님, 안녕하세요.\n'
    sections = "".join(_STORY.format(number=number) for number in range(1, stories + 1))
    issue = f"title: 신성장동력\n{greeting}sections:\n{sections}"
    (folder / "issues" / f"{SLUG}.yaml").write_text(issue, encoding="utf-8")
    with (folder / "subscribers.csv").open("w", encoding="utf-8") as file:
        file.write("email,name\n")
        file.writelines(f"reader{number}@example.com,홍길동 {number}\n" for number in range(readers))
    return find_workspace(folder, explicit=folder, environ={})


def letter(workspace: Workspace, folder: Path) -> Letter:
    """The same letter, for those who do not make it themselves."""
    files = {path.suffix: path for path in render_files(workspace, SLUG, folder, "reader0@example.com")}
    data = files[".eml"].read_bytes()
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Letter(
        eml=files[".eml"],
        octets=len(data),
        subject=str(message["Subject"]),
        html=_part(message, "html"),
        text=_part(message, "plain"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())
