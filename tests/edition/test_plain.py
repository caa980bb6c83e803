"""The text part: readable, complete, in 72 columns, without debris."""

import re
from pathlib import Path

import pytest

from newsletter.edition.edition import Context
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.edition.wrap import TEXT_COLUMNS, columns
from newsletter.settings.workspace import Workspace
from tests.support.letters import issue_of, picture_bytes, story, workspace_at

LONG = (
    "서울의 **소프트웨어**는 강남과 구로, 금천에 모여 있고 [저마다](https://e.example.org/a?b=1) 다르게 자랐습니다. "
    * 3
)


def text_of(workspace: Workspace, **parts: object) -> str:
    issue = issue_of(workspace.root, **parts)
    return render(issue, workspace, variants(issue, ["ko"])[0]).text


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "a.png").write_bytes(picture_bytes(40, 20))
    return workspace_at(tmp_path)


def body_of(text: str) -> list[str]:
    """The blocks between the title and the links or the footer."""
    return text.split("신성장동력\n\n", 1)[1].split("\n\n" + "=" * TEXT_COLUMNS, maxsplit=1)[0].split("\n\n")


def test_no_line_is_wider_than_72_columns(workspace: Workspace) -> None:
    text = text_of(
        workspace, intro=LONG, sections=[story(body=LONG, heading="가" * 50), {"type": "quote", "text": LONG}]
    )
    assert max(columns(line) for line in text.split("\n")) <= TEXT_COLUMNS


def test_markdown_leaves_no_debris(workspace: Workspace) -> None:
    intro = """# 소제목

**굵게**와 *기울게*와 `코드`는 <b>

- 하나
- 둘
  - 셋

3. 가
4. 나

> 인용

---

```
x = 1
```

끝\\
줄"""
    assert body_of(text_of(workspace, intro=intro)) == [
        "소제목",
        "굵게와 기울게와 코드는 <b>",
        "- 하나\n- 둘\n  - 셋",
        "3. 가\n4. 나",
        "    인용",
        "·  ·  ·",
        "    x = 1",
        "끝\n줄",
    ]


def test_links_are_a_numbered_list_and_the_same_address_has_one_number(workspace: Workspace) -> None:
    button = {"label": "보고서", "url": "https://e.example.org/b"}
    body = (
        "[가](https://e.example.org/a), [나](https://e.example.org/b), [다](https://e.example.org/a) [라](javascript:x)"
    )
    blocks = body_of(text_of(workspace, intro="소개", sections=[story(body=body, button=button)]))
    assert "가 [1], 나 [2], 다 [1] 라" in blocks
    assert "→ 보고서 [2]" in blocks
    assert blocks[-1] == "링크\n[1] https://e.example.org/a\n[2] https://e.example.org/b"


def test_a_korean_address_is_the_same_in_a_text_and_in_a_button(
    workspace: Workspace,
) -> None:
    typed, written = "https://한글.kr/보고서", "https://xn--bj0bj06e.kr/%EB%B3%B4%EA%B3%A0%EC%84%9C"
    event = {"title": "포럼", "starts_at": "2021-08-03", "url": typed}
    card = {"title": "연구", "url": typed}
    sections = [
        story(body=f"[가]({typed})", button={"label": "나", "url": typed}, research=[card]),
        {"type": "events", "items": [event]},
    ]
    text = text_of(workspace, intro="소개", sections=sections)
    assert body_of(text)[-1] == f"링크\n[1] {written}"
    assert [text.count(mark) for mark in ("가 [1]", "연구 [1]", "→ 나 [1]", "포럼 [1]")] == [1, 1, 1, 1]


def test_an_address_in_a_text_is_not_listed_again(workspace: Workspace) -> None:
    body = "https://e.example.org/a에서, a@example.org로, [전화 120](tel:120)"
    blocks = body_of(text_of(workspace, intro="소개", sections=[story(body=body)]))
    assert "https://e.example.org/a에서, a@example.org로, 전화 120 [1]" in blocks
    assert blocks[-1] == "링크\n[1] tel:120"


def test_a_value_in_an_address_that_stands_in_a_text_is_encoded_as_in_a_link(workspace: Workspace) -> None:
    issue = issue_of(workspace.root, intro="https://e.example.org/{{ subscriber.fields.id }}에서")
    edition = render(issue, workspace, variants(issue, ["ko"])[0])
    contexts = [hole.context for hole in edition.holes if hole.key == "fields.id"]
    assert contexts == [Context.URL, Context.HTML, Context.PLAIN_URL]


def test_every_kind_of_section_can_be_read(workspace: Workspace) -> None:
    image = {"src": "a.png", "alt": "강가의 도시", "caption": "**서울**", "credit": "홍길동", "licence": "CC0 1.0"}
    card = {"title": "미디어 연구", "url": "https://e.example.org/r", "authors": ["홍길동", "Jane Doe"], "year": "2020"}
    sections = [
        story(image=image, research=[card | {"summary": "**짧은** 요약"}]),
        {
            "type": "figures",
            "heading": "숫자",
            "items": [{"value": "443명", "label": "새 일자리"}, {"value": "607억 원", "label": "매출"}],
        },
        {"type": "quote", "text": "**공간만으로는** 안 된다", "source": "연구보고서"},
        {
            "type": "events",
            "items": [
                {
                    "title": "포럼",
                    "starts_at": "2021-08-03T14:00",
                    "place": "서울시청",
                    "url": "https://e.example.org/e",
                },
                {"title": "휴관", "starts_at": "2021-08-15"},
            ],
        },
        {"type": "notice", "body": "알립니다."},
        story(heading="둘째"),
    ]
    assert body_of(text_of(workspace, intro="소개", sections=sections, closing="끝."))[1:] == [
        "-" * TEXT_COLUMNS,
        "01 상암 DMC",
        "(그림: 강가의 도시)\n서울\n그림 홍길동 · CC0 1.0",
        "본문입니다.",
        "연구보고서: 미디어 연구 [1]\n  홍길동, Jane Doe, 2020\n  짧은 요약",
        "-" * TEXT_COLUMNS,
        "숫자",
        "  443명      새 일자리\n  607억 원   매출",
        "-" * TEXT_COLUMNS,
        "    공간만으로는 안 된다\n    — 연구보고서",
        "-" * TEXT_COLUMNS,
        "2021년 8월 3일 (화) 14:00\n  포럼 [2]\n  서울시청",
        "2021년 8월 15일 (일)\n  휴관",
        "-" * TEXT_COLUMNS,
        "알립니다.",
        "-" * TEXT_COLUMNS,
        "02 둘째",
        "본문입니다.",
        "-" * TEXT_COLUMNS,
        "끝.",
        "-" * TEXT_COLUMNS,
        "링크\n[1] https://e.example.org/r\n[2] https://e.example.org/e",
    ]


def test_figures_stand_in_a_column_and_long_labels_beside_them(workspace: Workspace) -> None:
    items = [{"value": "약 12%", "label": "채택된 제안의 비율 " * 6}, {"value": "010", "label": "국번"}]
    [figures] = body_of(text_of(workspace, intro="소개", sections=[{"type": "figures", "items": items}]))[2:]
    lines = figures.split("\n")
    assert lines[0].startswith("  약 12%   채택된")
    assert lines[1].startswith(" " * 11 + "채택된")
    assert lines[-1] == "  010      국번"
    assert max(columns(line) for line in lines) <= TEXT_COLUMNS


def test_a_figure_that_is_a_sentence_stands_in_its_own_line(workspace: Workspace) -> None:
    items = [{"value": "열에 여덟이 다시 찾겠다고 답함", "label": "이용자 조사"}]
    [figures] = body_of(text_of(workspace, intro="소개", sections=[{"type": "figures", "items": items}]))[2:]
    assert figures == "  열에 여덟이 다시 찾겠다고 답함\n    이용자 조사"


def test_the_footer_says_who_why_and_how_to_leave(workspace: Workspace) -> None:
    footer = text_of(workspace).split("=" * TEXT_COLUMNS + "\n\n")[-1]
    assert re.sub(r"merge[a-z]+\d+q", "LINK", footer) == (
        "이 메일은 발신 전용이므로 회신하실 수 없습니다.\n\n"
        "서울이슈큐레이터 구독을 신청하신 분께 보내 드리는 메일입니다.\n수신 거부: LINK\n\n"
        "서울연구원\n06756 서울시 서초구 남부순환로340길 57 (서초동)\n대표전화 02-2149-1234\n"
        "누리집: https://www.example.org/\nCopyright 2019 Seoul Institute. All Rights Reserved.\n"
    )


def test_without_pages_the_way_out_is_a_mailbox_or_said_in_words(tmp_path: Path) -> None:
    mailbox = {"pages_url": "", "unsubscribe_mailto": "leave@news.example.org"}
    assert "수신 거부 메일을 받는 주소: leave@news.example.org" in text_of(workspace_at(tmp_path, links=mailbox))
    text = text_of(workspace_at(tmp_path, links={"pages_url": ""}))
    assert "더 받지 않으시려면 아래 연락처로 알려 주십시오." in text


def test_the_no_reply_notice_is_absent_where_replies_are_read(tmp_path: Path) -> None:
    assert "발신 전용" not in text_of(workspace_at(tmp_path, sender={"reply_to": "editor@news.example.org"}))
    own = workspace_at(tmp_path, institute={"no_reply_notice": "답장은 읽지 못합니다."})
    assert "답장은 읽지 못합니다." in text_of(own)


def test_the_preheader_is_not_in_the_text(workspace: Workspace) -> None:
    assert "머리글" not in text_of(workspace, preheader="머리글")


def test_an_english_reader_gets_english_words_around_the_same_text(workspace: Workspace) -> None:
    issue = issue_of(workspace.root, publish_at="2021-07-26T08:56", number="7")
    text = render(issue, workspace, variants(issue, ["en"])[0]).text
    assert "26 July 2021 · No. 7" in text
    assert "This message was sent from an address that cannot receive replies." in text
    assert "안녕하세요." in text
