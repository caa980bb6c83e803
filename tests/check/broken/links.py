"""Letters with links that lead nowhere, elsewhere, or say nothing. Touches: nothing."""

from tests.check.cases import Broken, Make, issue, opening, written


def typed(link: str) -> Make:
    return written(issue(intro=f"'본문의 {link} 입니다.'"))


BUTTON = """\
sections:
  - type: story
    heading: 첫째
    body: 글
    button: {{ label: {}, url: "{}" }}
"""

FEEDBACK = """\
sections:
  - type: feedback
    question: 이번 호는 어떠셨나요?
    answers:
      - {{ label: 좋아요, url: "https://www.si.re.kr/good{}" }}
      - {{ label: 아쉬워요, url: "mailto:a@si.re.kr{}" }}
translations:
  en:
    sections: [{{ answers: [{{ label: Good{} }}] }}]
"""
FIELD = "?who={{ subscriber.language }}"

LETTERS = [
    Broken("feedback-personal", "error", written(issue(FEEDBACK.format(FIELD, "", "")))),
    Broken("feedback-personal", "error", written(issue(FEEDBACK.format("", FIELD, "")))),
    Broken(
        "feedback-personal", "error", written(issue(FEEDBACK.format("", "", f', url: "https://www.si.re.kr/{FIELD}"')))
    ),
    *(Broken("link-placeholder", "error", typed(f"[보고서]({address})")) for address in ("", "#", "/", "report.pdf")),
    Broken("link-placeholder", "error", typed("[보고서](www.si.re.kr)")),
    Broken("link-placeholder", "error", typed("[보고서](javascript:void(0))")),
    Broken("link-placeholder", "error", opening("<a>보고서</a>")),
    Broken("link-placeholder", "error", opening('<a href="JavaScript:void(0)">보고서</a>')),
    Broken("link-placeholder", "warning", typed("[보고서](https://www.example.com/report)")),
    Broken("link-placeholder", "warning", written(issue(BUTTON.format("보고서 읽기", "https://docs.example.org/a")))),
    Broken("anchor-in-mail", "error", typed("[둘째 이야기](#둘째)")),
    Broken("anchor-in-mail", "error", opening('<a href="#story-02">둘째 이야기</a>')),
    Broken("link-syntax", "error", typed("[보고서](https://www.si.re.kr/a b)")),
    Broken("link-text", "warning", typed("[여기](https://www.si.re.kr/1)")),
    Broken("link-text", "warning", typed("[Click here](https://www.si.re.kr/1)")),
    Broken("link-text", "warning", written(issue(BUTTON.format("더보기 →", "https://www.si.re.kr/1")))),
    Broken("link-http", "warning", typed("[보고서](http://www.si.re.kr/1)")),
    Broken("link-localhost", "warning", typed("[보고서](http://localhost:8000/)")),
    Broken("link-localhost", "warning", typed("[보고서](https://127.0.0.1/a)")),
]
