"""Letters with words in them that nobody meant to send. Touches: nothing."""

from tests.check.cases import Broken, Case, changed, issue, opening, written

BUTTON = 'sections:\n  - { type: story, body: 글, button: { label: 책 구매하기, url: "https://www.si.re.kr" } }\n'


def without_text(case: Case) -> Case:
    return case.edition(text=" ")


SPONSOR = "sections: [{ type: sponsor, name: 우리 동네 책방, url: 'https://www.si.re.kr/books' }]\n"


PASSED = """\
publish_at: 2026-12-07T09:00
sections:
  - type: {}
    items: [{{ title: 사서{}, deadline: {} }}]
"""

LETTERS = [
    Broken("deadline-passed", "warning", written(issue(PASSED.format("jobs", "", "2026-12-06")))),
    Broken("deadline-passed", "warning", written(issue(PASSED.format("jobs", "", "2026-12-07T08:59")))),
    Broken(
        "deadline-passed", "warning", written(issue(PASSED.format("events", ", starts_at: 2026-12-24", "2026-12-01")))
    ),
    Broken("ad-sponsor", "warning", written(issue(SPONSOR))),
    Broken("lead-sentence", "warning", written(issue("sections: [{ type: story, body: 글 }]\n", intro="안녕하세요."))),
    Broken("placeholder-left", "error", written(issue(intro="'TODO: 인사말'"))),
    Broken("placeholder-left", "error", written(issue(subject="제목을 입력하세요"))),
    Broken("placeholder-left", "error", written(issue(closing="Lorem ipsum dolor sit amet."))),
    Broken("placeholder-left", "error", opening("{{ '{{' }} name }}")),
    Broken(
        "placeholder-left",
        "error",
        opening('<img src="https://www.si.re.kr/a.png" width="100" alt="{{ \'{{\' }} 이름 }}">'),
    ),
    Broken("placeholder-left", "error", written(issue(closing="'*|FNAME|*님, 고맙습니다.'"))),
    Broken("placeholder-left", "error", opening("<p>$%name%$</p>")),
    Broken("placeholder-maybe", "warning", written(issue(intro="○○○님, 안녕하세요."))),
    Broken("html-left", "warning", written(issue(intro="'<b>굵게</b> 읽는 글입니다.'"))),
    Broken("html-left", "warning", written(issue(intro="첫 줄<br>둘째 줄"))),
    Broken("control-char", "error", changed(lambda case: case.edition(text=case.editions[0].text + "\x07"))),
    Broken("control-char", "error", changed(lambda case: case.html("</body>", "\x9d</body>"))),
    Broken("nfd-text", "warning", changed(lambda case: case.edition(text=case.editions[0].text + "\u1112\u1161"))),
    Broken(
        "text-part-missing",
        "warning",
        changed(without_text),
        also=frozenset({"footer-identity", "no-reply-notice", "footer-unsubscribe"}),
    ),
    Broken("ad-hint", "warning", written(issue(intro="회원께 20% 할인해 드립니다."))),
    Broken("ad-hint", "warning", written(issue(subject='"(광고) 신성장동력"'))),
    Broken("ad-hint", "warning", written(issue(closing="포럼 참가비는 3만 원입니다."))),
    Broken(
        "ad-hint",
        "warning",
        written(
            issue('sections:\n  - { type: story, body: 글, button: { label: 책 구매하기, url: "https://si.re.kr" } }\n')
        ),
    ),
]
