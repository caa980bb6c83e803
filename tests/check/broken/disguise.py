"""Letters that hide something, or whose links are not what they seem. Touches: nothing."""

from tests.check.cases import Broken, Make, changed, issue, opening, written


def linked(words: str, address: str) -> Make:
    return written(issue(intro=f"'본문의 [{words}]({address}) 입니다.'"))


LETTERS = [
    Broken("bidi-control", "error", written(issue(subject="'[서울] \u202e신성장동력'"))),
    Broken("bidi-control", "error", written(issue(closing="글 &#x202e;뒤집힌 글"))),
    Broken("bidi-control", "error", written(issue(), institute={"name": "서울\u2067연구원"})),
    Broken("bidi-control", "error", opening("<p>글 \u2066글</p>")),
    Broken("bidi-control", "warning", written(issue(intro="전화 \u200e02-120"))),
    Broken("invisible-char", "warning", written(issue(title="신성장\u200b동력"))),
    Broken("invisible-char", "warning", written(issue(intro="가\u200d나"))),
    Broken("invisible-char", "warning", written(issue(intro="정\u00ad책"))),
    Broken("strange-char", "warning", written(issue(intro="\uf0b7 정책"))),
    Broken("strange-char", "warning", opening("<p>\ufffd</p>")),
    Broken("wide-latin", "warning", written(issue(intro="문의：０２-１２３"))),
    Broken("link-disguise", "error", linked("보고서", "https://аррӏе.com/a")),
    Broken("link-disguise", "error", linked("보고서", "https://www.si.re.kr@evil.net/a")),
    Broken(
        "link-disguise",
        "error",
        changed(lambda case: case.html('href="https://www.si.re.kr', 'href="https://ѕi.re.kr')),
    ),
    Broken("link-mismatch", "warning", linked("www.si.re.kr", "https://www.seoul.go.kr/a")),
    Broken("link-mismatch", "warning", linked("help@si.re.kr", "mailto:help@seoul.go.kr")),
]
