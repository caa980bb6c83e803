"""Issues that look odd and are right. Touches: nothing."""

from dataclasses import replace
from pathlib import Path

from PIL import Image

from newsletter.check.finding import Finding
from tests.check.cases import HONG, NOBODY, changed, issue, written
from tests.support.letters import picture_bytes

RESEARCH = """\
sections:
  - type: story
    heading: 이벤트가 끝난 뒤의 도시
    body: 할인 정책과 전기차 판매, 유료도로를 다룬 연구입니다. 온라인 구매가 골목 상권에 준 영향도 살펴봅니다.
    research:
      - { title: 지금 구매하세요라는 말의 심리, url: "https://www.si.re.kr/1" }
    button: { label: 할인 정책 보고서 읽기, url: "https://www.si.re.kr/2" }
"""
EVENT = """\
sections:
  - type: events
    heading: 함께해요
    items: [{ title: 정책포럼, starts_at: 2026-11-26T14:00, place: "서울연구원, 참가비 없음" }]
  - { type: notice, body: 포럼에 참가 신청하세요. 선착순 100명입니다. }
"""
ADVERTISING = issue(
    "advertising: true\npublish_at: 2021-07-26T09:00\n",
    subject='"(광고) 신성장동력"',
    intro="책을 20% 할인해 드립니다.",
)
SHORT = """\
sections:
  - type: briefs
    items: [{ title: 보행 지도가 새로 나왔습니다, url: "https://www.si.re.kr/map" }, { title: 제목만 }]
  - type: people
    items: [{ name: 홍길동, role: 연구위원, url: "mailto:hong@si.re.kr" }]
  - type: jobs
    items: [{ title: 보행환경 연구원, deadline: 2026-12-31, url: "https://www.si.re.kr/jobs" }]
  - { type: callout, tone: warning, body: 접수는 10일에 끝납니다. }
  - type: divider
  - type: feedback
    question: "{{ subscriber.name | default('구독자') }}님, 어떠셨나요?"
    answers: [{ label: 좋아요, url: "https://www.si.re.kr/good" }, { label: 아쉬워요, url: "mailto:letter@si.re.kr" }]
"""
DEADLINES = """\
publish_at: 2026-12-07T09:00
sections:
  - type: jobs
    items: [{ title: 사서, deadline: 2026-12-07 }, { title: 연구원, deadline: 2026-12-07T10:00 }]
  - type: events
    items: [{ title: 지난 포럼, starts_at: 2026-12-01 }, { title: 포럼, starts_at: 2026-12-24, deadline: 2026-12-10 }]
"""
SPONSOR = (
    "sections: [{ type: sponsor, name: 우리 동네 책방, url: 'https://www.si.re.kr/books', body: 책을 모았습니다. }]\n"
)
CONSENT = "email,consent_at,consent_source\na@example.com,2021-03-02,누리집\n"
HEADINGS = "intro: |\n  글\n\n  # 큰제목\n\n  #### 작은 제목\n\n  ## 가운데 제목\n"


def with_a_logo(root: Path) -> list[Finding]:
    """In the dark a logo stands on a plate, whose dark rule has more than colours."""
    (root / "logo.png").write_bytes(picture_bytes(320, 80))
    return written(issue(), theme={"logo": "logo.png", "logo_alt": "서울이슈큐레이터"})(root)


def gif_that_moves(root: Path) -> list[Finding]:
    """Shown as it is, and once more cut."""
    (root / "issues").mkdir()
    frames = [Image.new("L", (40, 30), tone) for tone in (0, 255)]
    frames[0].save(root / "issues" / "Zug 1.gif", save_all=True, append_images=frames[1:])
    story = "sections: [{ type: story, image: { src: Zug 1.gif, alt: 기차, crop: '1:1' }, body: 기차가 지나갑니다. }]\n"
    return written(issue(f"hero: {{ src: Zug 1.gif, alt: 지나가는 기차 }}\n{story}"))(root)


LETTERS = [
    gif_that_moves,
    with_a_logo,
    written(issue()),
    written(issue(), language="en"),
    # Words.
    written(issue(RESEARCH)),
    written(issue(EVENT)),
    written(issue(SHORT)),
    written(issue(DEADLINES)),
    written(f"{ADVERTISING}{SPONSOR}", people=CONSENT),
    written(issue(title="이벤트 산업의 내일")),
    written(issue(intro="'{{ \"{{\" }} 이름 }} 이라고 적으면 이름이 들어갑니다.'")),
    written(issue(intro="Todo 목록을 다룬 methodology 이야기")),
    written(issue(intro="이 주소는 여러분의 컴퓨터에서 열립니다. http://localhost:8000/ 로 들어가세요.")),
    written(issue(intro="Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft")),
    written(issue(intro="ﬁ ﷺ 👩‍👩‍👧 한&#8203;글 ✓ é")),
    # Inbox.
    written(issue(subject="🌱 신성장동력 👩‍🔬 서울의 다음 산업")),
    written(issue(subject="가" * 35)),
    written(issue(subject="Re-생, 도시의 재생을 다시 생각합니다")),
    written(issue(subject="신성장동력", preheader="신성장동력이 무엇인지, 서울은 무엇을 키우고 있는지 살펴봅니다.")),
    written(issue(preheader="'{{ subscriber.name | default(\"구독자\") }}님, 서울의 다음 산업을 연구로 살펴봅니다.'")),
    changed(lambda case: case.edition(subject="  신성장동력  " + "a" * 30)),
    # Links.
    written(issue(intro="'[편지](mailto:letter@si.re.kr) [한글 주소](https://한글.kr/보고서) [더 보기: 상암](https://www.si.re.kr/1)'")),
    written(issue(intro="'[보고서]({{ subscriber.fields.쪽 | default(\"https://www.si.re.kr/\") }})'"),
            people="email,쪽\na@example.com,\n"),
    # Headings in Markdown take the level of their place.
    written(issue(HEADINGS, intro="")),
    # Advertising that keeps the law, and a letter that can be answered.
    written(ADVERTISING, people=CONSENT),
    written(issue(), sender={"reply_to": "letter@si.re.kr"}),
    # Readers.
    written(issue(), people="email,language\na@example.com,en-GB\nb@example.com,ko_KR\n"),
    written(issue("sections:\n  - { type: notice, body: 글, only_for: [연구자] }\n"),
            people="email,tags\na@example.com,연구자;시민\n"),
    changed(lambda case: case.to(HONG, NOBODY)),
    changed(lambda case: case.edition(pictures=(replace(case.editions[0].pictures[0], data=b"x" * 300_000),
                                                *case.editions[0].pictures[1:]))),
]  # fmt: skip
