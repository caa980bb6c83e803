"""A year of an institute: its workspace, its people, and a clock that its commands live by.

Each command is a process of its own that begins at a moment of that year (`tests.support.fork_server`); the relay is a
real one on this machine. Cron ticks now and then, daily where something is to be told, and every ten minutes round the
hour of a letter.
"""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import default
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.support.cli import PATIENCE, started_in
from tests.support.mailroom import Mailroom

SEOUL = ZoneInfo("Asia/Seoul")
YEAR = 2027
NOBODY_THERE = "smtp://127.0.0.1:1"
TEN_MINUTES = timedelta(minutes=10)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
STAFF = frozenset({"operator@example.org", "editor@example.org"})
TOPICS = (
    (
        "골목의 겨울",
        "눈이 온 다음 날 골목을 걷는 사람을 세었습니다.",
        "염화칼슘보다 먼저 필요한 것은 난간이었습니다.",
    ),
    (
        "밤의 버스",
        "심야버스를 타는 사람은 청소와 간호를 하는 사람입니다. 배차를 십 분 당기자 환승이 두 배가 되었습니다.",
    ),
    (
        "학교 앞 속도",
        "등굣길 제한속도를 낮춘 서른 곳의 사고를 견주었습니다.",
        "표지판보다 좁아진 차로가 차를 늦췄습니다.",
    ),
    (
        "빈집의 쓸모",
        "비어 있는 집 사백 채를 찾아가 주인을 만났습니다. 열에 셋은 빌려줄 마음이 있었지만 물을 데가 없었습니다.",
    ),
    (
        "나무 그늘 지도",
        "한낮의 그늘을 위성 사진으로 그렸습니다.",
        "그늘이 가장 적은 동네에 노인이 가장 많이 살았습니다.",
    ),
    (
        "시장의 영수증",
        "전통시장 점포가 받는 결제 수단을 물었습니다. 젊은 손님은 계좌 이체를, 나이 든 손님은 현금을 냈습니다.",
    ),
    (
        "물난리 뒤의 벽",
        "잠겼던 반지하 예순 곳의 벽을 다시 재었습니다. 곰팡이는 두 해 뒤에도 남았고 이사는 멀어졌습니다.",
    ),
    (
        "도서관의 저녁",
        "문 닫는 시각을 늦춘 도서관에 누가 오는지 보았습니다.",
        "퇴근길의 부모가 아이보다 많았습니다.",
    ),
    (
        "혼자 먹는 점심",
        "일인 가구의 식비를 한 달 동안 적었습니다.",
        "반찬 가게가 가까울수록 채소를 더 먹었습니다.",
    ),
    (
        "자전거의 끝",
        "버려진 자전거 천 대의 마지막 주소를 따라갔습니다. 거치대가 역에서 멀면 자전거는 먼저 녹슬었습니다.",
    ),
    (
        "소리의 높이",
        "큰길가 아파트의 소음을 층마다 재었습니다.",
        "방음벽 위의 다섯 층은 벽이 없던 때보다 시끄러웠습니다.",
    ),
    (
        "한 해의 숫자",
        "올해 펴낸 연구에서 열두 숫자를 골랐습니다.",
        "숫자마다 그 뒤에 선 사람의 말을 붙였습니다.",
    ),
)


def due_of(month: int) -> datetime:
    """The last day of a month, at nine."""
    following = datetime(YEAR + month // 12, month % 12 + 1, 1, 9, tzinfo=SEOUL)
    return following - DAY


def slug_of(month: int) -> str:
    return f"{YEAR}-{month:02}"


@dataclass
class Told:
    """What one run of cron wrote on standard error, which cron mails."""

    at: datetime
    code: int
    words: str


@dataclass
class Year:
    """The workspace and all that happened to it."""

    workspace: Path
    room: Mailroom
    people: list[str]
    told: list[Told] = field(default_factory=list)
    relay_is_down: bool = False
    _last: datetime = datetime(YEAR, 1, 1, tzinfo=SEOUL)

    def begin(self, when: datetime, *words: str) -> "subprocess.Popen[str]":
        url = NOBODY_THERE if self.relay_is_down else self.room.url
        return started_in(when, *words, cwd=self.workspace, NEWSLETTER_SMTP__URL=url, NEWSLETTER_SMTP__RATE="")

    def run(self, when: datetime, *words: str, code: int = 0) -> str:
        """A command of a person; what it prints."""
        with self.begin(when, *words) as process:
            out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, f"{when} {words}: {process.returncode}\n{out}{err}"
        return out + err

    def tick(self, when: datetime) -> Told:
        """What cron runs."""
        with self.begin(when, "--quiet", "send", "--due") as process:
            return self.ended(when, process)

    def ended(self, when: datetime, process: "subprocess.Popen[str]") -> Told:
        out, err = process.communicate(timeout=PATIENCE)
        assert out == ""
        self._last = max(self._last, when)
        told = Told(when, process.returncode, err)
        if err or told.code:
            self.told.append(told)
        return told

    def told_since(self, since: datetime, *, with_words: bool = False) -> list[Told]:
        return [told for told in self.told if told.at >= since and (told.words or not with_words)]

    def silent_since(self, since: datetime) -> bool:
        return self.told_since(since) == []

    @property
    def asleep_since(self) -> datetime:
        """When cron last ran."""
        return self._last

    def ticks(self, since: datetime, until: datetime, every: timedelta = TEN_MINUTES) -> Iterator[datetime]:
        while since < until:
            yield since
            since += every

    def sleep_until(self, since: datetime, until: datetime, *, every: timedelta = DAY) -> None:
        """Cron, as often as anything happens there."""
        for when in self.ticks(since, until, every):
            self.tick(when)

    def write(self, month: int, words: str = "") -> Path:
        """The editor's part, in the file that `new --next` made."""
        title, *sentences = TOPICS[month - 1]
        text = " ".join(sentences)
        path = self.workspace / "issues" / f"{slug_of(month)}.yaml"
        publish_at = due_of(month).isoformat()
        path.write_text(
            f"title: {title}\npublish_at: {publish_at}\nauthor: 홍길동\n"
            f'intro: |\n  {{{{ subscriber.name | default("구독자") }}}}님, 안녕하세요.\n\n  {text}\n{words}'
            f"sections:\n  - type: story\n    heading: {title}에서 배운 것\n    body: |\n      {text}\n",
            encoding="utf-8",
        )
        return path

    def approve(self, when: datetime, month: int) -> None:
        self.run(when, "approve", slug_of(month), "--yes", "--by", "Jane Doe")

    def subscribe(self, *addresses: str) -> None:
        self.people += addresses
        self._keep_people()

    def _keep_people(self) -> None:
        rows = "".join(f"{address},홍길동\n" for address in self.people)
        (self.workspace / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")

    def letters(self, month: int) -> Counter[str]:
        """How many copies of a month's letter each reader has."""
        subject = TOPICS[month - 1][0]
        return Counter(who for who, data in self.room.mail if who not in STAFF and subject in _subject(data))

    def states(self, when: datetime, month: int) -> dict[str, int]:
        states: dict[str, int] = json.loads(self.run(when, "status", slug_of(month), "--json"))["states"]
        return {state: count for state, count in states.items() if count}

    def reminders(self, due: datetime) -> list[str]:
        """Subjects of what the editor was mailed about the issue of that date."""
        mails = [data for who, data in self.room.mail if who == "editor@example.org"]
        return [subject for data in mails if slug_of(due.month) in (subject := _subject(data))]


@cache
def _subject(data: bytes) -> str:
    return str(BytesHeaderParser(policy=default).parsebytes(data)["Subject"])
