"""A workspace with a bit of everything, fifty changes of it that change nothing, and fifty that a reviewer must see.

Touches: the test's own folder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image

from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace

TOML = """\
[newsletter]
name = "서울이슈큐레이터"
tagline = "시민의 관심이슈에 답합니다"
list_id = "letter.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "서울연구원"
postal_address = "서울시 서초구"
phones = [{ label = "대표전화", number = "02-2149-1234" }]
website = "https://www.example.org/"
[links]
pages_url = "https://news.example.org"
[theme]
accent = "#0b6655"
"""
ISSUE = """\
# 2026년 11월 호
title: 신성장동력
number: 7
subject: "[서울] 신성장동력, 첫 번째"
preheader: 서울의 다음 산업을 살펴봅니다.
publish_at: 2026-11-26T08:56:00+09:00
hero:
  src: assets/hero.png
  alt: 강변의 도시
  caption: 강변에서
  credit: 홍길동
intro: |
  {{ subscriber.name | default("구독자") }}님, 안녕하세요.

  서울의 **미래 산업**을 다룬 연구를 모았습니다. 네 갈래로 나누었습니다, 천천히 읽어 보세요.
sections:
  - type: story
    heading: 스마트미디어
    body: |
      디지털콘텐츠가 앞으로 나섰습니다. 수업도 공연도 화면 안으로 들어왔습니다.

      - 첫째 제안
      - 둘째 제안

      자세한 내용은 [보고서](https://www.example.org/report)에 있습니다.
    image:
      src: assets/media.png
      alt: 물결 같은 선
    research:
      - title: 디지털콘텐츠 연구
        url: https://www.example.org/research
        summary: 클러스터 전략
    button:
      label: 더 읽기
      url: https://www.example.org/more
  - type: figures
    heading: 숫자로 보기
    items:
      - { value: 443명, label: 새 일자리 }
      - { value: 607억 원, label: 매출 }
  - type: quote
    text: 작은 힘이 도시를 바꿉니다.
    source: 김민수
  - type: events
    heading: 행사
    items:
      - title: 열린 토론회
        starts_at: 2026-12-03T14:00:00+09:00
        place: 서울연구원 강당
        url: https://www.example.org/event
  - type: table
    heading: 자치구별 인구
    rows:
      - [구, 명]
      - [종로구, "141,379"]
      - [중구, "120,437"]
  - type: notice
    body: 다음 호는 12월에 나옵니다.
closing: |
  끝까지 읽어 주셔서 고맙습니다.
"""
FILE = "issues/2026-11.yaml"
Edit = Callable[[Path], None]


SEEN_IN: dict[str, tuple[str, ...]] = {
    "the subject": (),
    "the preheader": (),
    "no preheader": (),
    "the hour": (),
    "a section for some": (),
    "an alternative text": ("no_images",),
    "the address of a link": (),
    "the address of a button": (),
    "the address of a report": (),
    "one pixel of a picture": ("light", "dark", "inverted"),
    "a colour of the dark alone": ("dark",),
}
"""Where a change is seen in the pictures, if not in all; by its name."""


@dataclass(frozen=True)
class LetterChange:
    name: str
    edit: Edit
    shown_in: str = "words"
    """`words`; `look`, where no word says it."""

    @property
    def seen_in(self) -> tuple[str, ...]:
        """The settings in whose pictures it is seen."""
        return SEEN_IN.get(self.name, ("light", "dark", "inverted", "no_images"))

    def __str__(self) -> str:
        return self.name


def letter_workspace(root: Path) -> Workspace:
    """The workspace in `root`, as yet unchanged."""
    assets = root / "issues" / "assets"
    assets.mkdir(parents=True)
    for number, name in enumerate(("hero", "media")):
        picture = Image.linear_gradient("L").resize((600, 280)).rotate(180 * number)
        Image.merge("RGB", (picture, picture.rotate(180), picture)).save(assets / f"{name}.png")
    (root / FILE).write_text(ISSUE, encoding="utf-8")
    (root / "newsletter.toml").write_text(TOML, encoding="utf-8")
    return reopened(root)


def reopened(root: Path) -> Workspace:
    return find_workspace(root, explicit=None, environ={})


def _replaced(root: Path, old: str, new: str, file: str = FILE) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_bytes(text.replace(old, new, 1).encode())


def _appended(root: Path, more: str, file: str = FILE) -> None:
    with (root / file).open("a", encoding="utf-8") as out:
        out.write(more)


def _as_bytes(root: Path, change: Callable[[str], bytes]) -> None:
    path = root / FILE
    path.write_bytes(change(path.read_text(encoding="utf-8")))


def _renamed_picture(root: Path) -> None:
    (root / "issues/assets/media.png").rename(root / "issues/assets/lines.png")
    _replaced(root, "assets/media.png", "assets/lines.png")


def _picture(root: Path, name: str, change: Callable[[Image.Image], Image.Image]) -> None:
    path = root / "issues" / "assets" / name
    with Image.open(path) as opened:
        changed = change(opened.copy())
    changed.save(path)


def _one_pixel(picture: Image.Image) -> Image.Image:
    picture.putpixel((300, 140), (255, 0, 0))
    return picture


def _moved(root: Path, begin: str, end: str, before: str) -> None:
    """The lines from `begin` up to `end`, or to the last, to where `before` begins."""
    text = (root / FILE).read_text(encoding="utf-8")
    first, last = text.index(begin), text.index(end) if end else len(text)
    moved, rest = text[first:last], text[:first] + text[last:]
    place = rest.index(before)
    (root / FILE).write_text(rest[:place] + moved + rest[place:], encoding="utf-8")


def _cut(root: Path, begin: str, end: str) -> None:
    text = (root / FILE).read_text(encoding="utf-8")
    (root / FILE).write_text(text[: text.index(begin)] + text[text.index(end) :], encoding="utf-8")


def _template(root: Path, name: str, text: str) -> None:
    path = root / "templates" / "email" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _put(name: str, old: str, new: str, shown_in: str = "words", file: str = FILE) -> LetterChange:
    return LetterChange(name, partial(_replaced, old=old, new=new, file=file), shown_in)


def _in_settings(name: str, old: str, new: str, shown_in: str = "words") -> LetterChange:
    return _put(name, old, new, shown_in, "newsletter.toml")


NEUTRAL = [
    _put("a comment is changed", "# 2026년 11월 호", "# 다른 주석"),
    _put("a comment is gone", "# 2026년 11월 호\n", ""),
    _put("a comment behind a value", "number: 7", "number: 7   # 일곱째"),
    _put("a comment above a section", "  - type: figures", "  # 숫자\n  - type: figures"),
    _put("a comment inside a section", "    heading: 행사\n", "    # 행사 목록\n    heading: 행사\n"),
    _put("a comment between items", "      - [중구", "      # 둘째\n      - [중구"),
    LetterChange("a comment at the end", partial(_appended, more="# 끝\n")),
    _put("quotes round a title", "title: 신성장동력", 'title: "신성장동력"'),
    _put("single quotes", "title: 신성장동력", "title: '신성장동력'"),
    _put(
        "single quotes for double ones",
        'subject: "[서울] 신성장동력, 첫 번째"',
        "subject: '[서울] 신성장동력, 첫 번째'",
    ),
    _put("quotes round a number", "number: 7", 'number: "7"'),
    _put("quotes off a table's cell", '"120,437"', "'120,437'"),
    _put("quotes round an address", "https://www.example.org/more", '"https://www.example.org/more"'),
    _put("a quoted key", "preheader:", '"preheader":'),
    _put("an escape for a letter", "alt: 강변의 도시", r'alt: "\uAC15변의 도시"'),
    _put("blank lines between sections", "  - type: quote", "\n\n  - type: quote"),
    _put("a blank line at the head", "title:", "\ntitle:"),
    _put("no blank line", "hero:", "\n\n\nhero:"),
    _put("blanks behind a value", "caption: 강변에서", "caption: 강변에서   "),
    _put("blanks behind a key", "sections:\n", "sections:   \n"),
    _put("blanks before a value", "credit: 홍길동", "credit:    홍길동"),
    LetterChange("blank lines at the end", partial(_appended, more="\n\n")),
    LetterChange(
        "line ends of Windows", lambda root: _as_bytes(root, lambda text: text.replace("\n", "\r\n").encode())
    ),
    LetterChange("a byte order mark", lambda root: _as_bytes(root, lambda text: b"\xef\xbb\xbf" + text.encode())),
    LetterChange("a mark of the document", lambda root: _as_bytes(root, lambda text: b"---\n" + text.encode())),
    _put("keys of the issue in another order", "title: 신성장동력\nnumber: 7\n", "number: 7\ntitle: 신성장동력\n"),
    LetterChange("closing before the sections", lambda root: _moved(root, "closing: |", "", "sections:\n")),
    _put(
        "keys of a picture in another order",
        "  alt: 강변의 도시\n  caption: 강변에서\n",
        "  caption: 강변에서\n  alt: 강변의 도시\n",
    ),
    _put(
        "type behind its heading",
        "  - type: figures\n    heading: 숫자로 보기\n",
        "  - heading: 숫자로 보기\n    type: figures\n",
    ),
    _put(
        "keys of an item in another order", "{ value: 443명, label: 새 일자리 }", "{ label: 새 일자리, value: 443명 }"
    ),
    _put("an item as a block", "- { value: 607억 원, label: 매출 }", "- value: 607억 원\n        label: 매출"),
    _put(
        "a block as an item",
        "- title: 디지털콘텐츠 연구\n        url: https://www.example.org/research\n        summary: 클러스터 전략",
        '- { title: 디지털콘텐츠 연구, url: "https://www.example.org/research", summary: 클러스터 전략 }',
    ),
    _put("a list as a block", "- [구, 명]", "-\n        - 구\n        - 명"),
    _put("blanks in brackets", "- [구, 명]", "- [ 구,   명 ]"),
    _put("a text in quotes for a block", "body: 다음 호는 12월에 나옵니다.", 'body: "다음 호는 12월에 나옵니다."'),
    _put("a block for a text", "body: 다음 호는 12월에 나옵니다.", "body: |\n      다음 호는 12월에 나옵니다."),
    _put("a block without its last line end", "closing: |", "closing: |-"),
    _put("a block with all its line ends", "closing: |", "closing: |+"),
    _put("a folded block", "closing: |", "closing: >"),
    _put("a deeper block", "  끝까지 읽어", "    끝까지 읽어"),
    _put("a text on a line of its own", "text: 작은 힘이 도시를 바꿉니다.", "text:\n      작은 힘이 도시를 바꿉니다."),
    _put("a text over two lines", "도시를 바꿉니다.", "도시를\n      바꿉니다."),
    _put("a line break in a paragraph", "앞으로 나섰습니다. 수업도", "앞으로 나섰습니다.\n      수업도"),
    _put("stars for dashes of a list", "- 첫째 제안\n      - 둘째 제안", "* 첫째 제안\n      * 둘째 제안"),
    _put("blanks behind a paragraph", "천천히 읽어 보세요.", "천천히 읽어 보세요. "),
    _put("a default that is said", "number: 7", "number: 7\nadvertising: false\nline_breaks: join"),
    _put("a section that is not hidden", "  - type: quote\n", "  - type: quote\n    hidden: false\n"),
    _put("keys without a value", "number: 7", "number: 7\nauthor:\nsummary: []"),
    LetterChange("a picture of another name", _renamed_picture),
    _in_settings("a default of the settings", "[links]", '[images]\nmode = "embed"\n[links]'),
]
"""None of them is seen in the letter."""

SEEDED = [
    _put("a digit", "443명", "448명"),
    _put("a digit of a table", "141,379", "141,397"),
    _put("a comma", "나누었습니다, 천천히", "나누었습니다 천천히"),
    _put("a full stop", "들어왔습니다.\n", "들어왔습니다!\n"),
    _put("a particle", "연구를 모았습니다", "연구도 모았습니다"),
    _put("a letter of the title", "title: 신성장동력", "title: 신성장동려"),
    _put("the number of the issue", "number: 7", "number: 8"),
    _put("the subject", "첫 번째", "두 번째"),
    _put("the preheader", "살펴봅니다", "내다봅니다"),
    _put("no preheader", "preheader: 서울의 다음 산업을 살펴봅니다.\n", ""),
    _put("the hour", "T08:56:00", "T09:00:00"),
    _put("the month", "2026-11-26", "2026-10-26"),
    _put("a caption", "caption: 강변에서", "caption: 산에서"),
    _put("a credit", "credit: 홍길동", "credit: 김길동"),
    _put("an alternative text", "alt: 물결 같은 선", "alt: 파도 같은 선"),
    _put("a word in bold", "**미래 산업**", "미래 산업"),
    _put("a word in italics", "천천히", "*천천히*"),
    _put("a merge field", "subscriber.name |", "subscriber.email |"),
    _put("a default of a merge field", 'default("구독자")', 'default("독자")'),
    _put("a sentence more", "모았습니다. 네", "모았습니다. 새 연구도 있습니다. 네"),
    _put("a sentence less", " 수업도 공연도 화면 안으로 들어왔습니다.", ""),
    _put("a paragraph parted", "나섰습니다. 수업도", "나섰습니다.\n\n      수업도", "look"),
    _put("an item of a list less", "      - 둘째 제안\n", ""),
    _put("the order of a list", "- 첫째 제안\n      - 둘째 제안", "- 둘째 제안\n      - 첫째 제안"),
    _put("a list that is numbered", "- 첫째 제안\n      - 둘째 제안", "1. 첫째 제안\n      2. 둘째 제안", "look"),
    _put("the address of a link", "example.org/report", "example.org/reports"),
    _put("the words of a link", "[보고서]", "[보도자료]"),
    _put("a link less", "[보고서](https://www.example.org/report)", "보고서"),
    _put("the address of a button", "example.org/more", "example.org/all"),
    _put("the words of a button", "label: 더 읽기", "label: 모두 읽기"),
    _put("the address of a report", "example.org/research", "example.org/study"),
    _put("the summary of a report", "summary: 클러스터 전략", "summary: 클러스터의 전략"),
    _put("a heading", "heading: 스마트미디어", "heading: 스마트 미디어"),
    _put("a source of a quotation", "source: 김민수", "source: 김민주"),
    _put("the hour of an event", "T14:00:00", "T15:00:00"),
    _put("the place of an event", "서울연구원 강당", "서울연구원 회의실"),
    _put("a row of a table less", '      - [중구, "120,437"]\n', ""),
    _put("a column of a table", "- [구, 명]", "- [구, 인]"),
    LetterChange("a section less", lambda root: _cut(root, "  - type: quote", "  - type: events")),
    _put("a section hidden", "  - type: events\n", "  - type: events\n    hidden: true\n"),
    _put("a section for some", "  - type: events\n", "  - type: events\n    only_for: [시민]\n"),
    LetterChange(
        "a section moved", lambda root: _moved(root, "  - type: events", "  - type: table", "  - type: story")
    ),
    _put("a section more", "  - type: quote", "  - type: callout\n    body: 새 알림\n  - type: quote"),
    _put("another type of section", "  - type: notice\n", "  - type: callout\n"),
    LetterChange("one pixel of a picture", lambda root: _picture(root, "media.png", _one_pixel)),
    _put("the crop of a picture", "      src: assets/media.png\n", '      src: assets/media.png\n      crop: "1:1"\n'),
    _in_settings("a telephone number", "02-2149-1234", "02-2149-1235"),
    _in_settings("a colour", "#0b6655", "#0b6656", "look"),
    _in_settings("a colour of the dark alone", "[theme]\n", '[theme]\ndark_ink = "#fefefe"\n', "look"),
    LetterChange(
        "a style of a template",
        lambda root: _template(root, "extra.css.j2", "p { letter-spacing: 1px }\n"),
        "look",
    ),
]
"""A reviewer has to see each."""
