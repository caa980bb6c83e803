"""Letters that are fine, and a list of subscribers that is not. Touches: nothing."""

import subprocess
from dataclasses import replace
from functools import partial
from pathlib import Path

from newsletter.check.finding import Finding
from newsletter.edition.edition import Context, Hole
from tests.check.cases import HONG, Broken, Case, changed, issue, written

GREETING = issue(intro="'{{ subscriber.name }}님, 안녕하세요.'")
ARCHIVE = {"archive_url": "https://news.si.re.kr/archive"}
ADVERTISING = issue("advertising: true\npublish_at: 2021-07-26T09:00\n", subject='"(광고) 신성장동력"')
FOR_SOME = issue("sections:\n  - { type: notice, body: 글, only_for: [연구자들] }\n")
LONG_ADDRESS = f"https://news.example.org/{'a' * 950}"
PEOPLE = "email,name\na@example.com,홍길동\n"
HUNDRED = "".join(f"a{number}@example.com,홍길동\n" for number in range(99))


def bloated(case: Case, length: int) -> Case:
    """A hundred holes, each of which a subscriber fills with so many letters."""
    holes = tuple(Hole(f"zz{number}zz", "fields.소속", "", Context.HTML) for number in range(100))
    html = case.editions[0].html.replace("</body>", "".join(hole.marker for hole in holes) + "</body>")
    whole = case.edition(html=html, holes=(*case.editions[0].holes, *holes))
    return whole.to(replace(HONG, fields={"소속": "가" * length}))


def with_a_field_twice(case: Case) -> Case:
    """An edition whose markers are not there exactly once, as from an approval that somebody has edited."""
    marker = next(hole.marker for hole in case.editions[0].holes if hole.marker in case.editions[0].html)
    return case.html("</body>", f"{marker}</body>")


def in_git(root: Path, *, added: bool) -> list[Finding]:
    """A list beside a letter in a repository that does not ignore it."""
    (root / ".git" / "objects").mkdir(parents=True)
    (root / ".git" / "refs").mkdir()
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    if added:
        (root / "subscribers.csv").touch()
        subprocess.run(["git", "add", "subscribers.csv"], cwd=root, check=True)
    return written(issue(), people=PEOPLE)(root)


LETTERS = [
    Broken("archive-field", "warning", written(GREETING, people=PEOPLE, links=ARCHIVE)),
    Broken("csv-tracked", "warning", partial(in_git, added=True)),
    Broken("csv-tracked", "warning", partial(in_git, added=False)),
    Broken("domain-typo", "warning", written(issue(), people="email\na@naver.con\n")),
    Broken("tag-separator", "warning", written(issue(), people='email,tags\na@example.com,"시민, 연구"\n')),
    Broken("tag-separator", "warning", written(issue(), people="email;tags\na@example.com;시민,연구\n")),
    Broken("consent-date", "warning", written(issue(), people="email,consent_at\na@example.com,작년 봄\n")),
    Broken("consent-date", "warning", written(issue(), people="email,consent_at\na@example.com,2926-01-05\n")),
    Broken("bad-row", "warning", written(issue(), people=f"email,name\n{HUNDRED}홍길동 <a@example.com>,홍길동\n")),
    Broken("merge-missing", "error", written(GREETING, people="email,name\na@example.com,\n")),
    Broken("merge-missing", "error", written(GREETING, people="email,이름표\na@example.com,홍길동\n")),
    Broken("merge-value", "warning", written(GREETING, people="email,name\na@example.com,#N/A\n")),
    Broken("language-unknown", "warning", written(issue(), people="email,language\na@example.com,kr\n")),
    Broken("tag-unknown", "warning", written(FOR_SOME, people="email,tags\na@example.com,연구자\n")),
    Broken("bad-row", "warning", written(issue(), people=f"email,name\nno address,홍길동\n{HUNDRED}")),
    Broken("bad-row", "error", written(issue(), people=f"{PEOPLE}no address,홍길동\n")),
    Broken("merge-failed", "error", changed(with_a_field_twice)),
    Broken("audience-file", "error", written(issue(), people="이름,시군\n홍길동,서울\n")),
    Broken("header-line", "error", written(issue(), people=PEOPLE, links={"pages_url": LONG_ADDRESS})),
    Broken("audience-empty", "error", written(issue(), people="email,name\n")),
    Broken(
        "consent-missing",
        "error",
        written(ADVERTISING, people="email,consent_at,consent_source\na@example.com,2021-03-02,\n"),
    ),
    Broken(
        "consent-2y",
        "warning",
        written(ADVERTISING, people="email,consent_at,consent_source\na@example.com,2019-07-25,누리집\n"),
    ),
    Broken("size-html", "error", changed(lambda case: bloated(case, 300))),
    Broken("size-html", "warning", changed(lambda case: bloated(case, 230))),
]
