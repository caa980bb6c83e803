"""The field shows as emphasised what the letter emphasises: its own reading beside the letter's, over many texts."""

import random
import re
import time
from collections.abc import Iterable, Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from playwright.sync_api import Page

from newsletter.edition.markdown.slant import UPRIGHT
from newsletter.edition.markdown.syntax import letter_syntax
from tests.support.repository import ROOT
from tests.web.studio.desk.field_page import Field

KINDS = {"strong_open": "strong", "em_open": "em", "s_open": "strike"}
PIECES = [
    *(
        "가",
        "나",
        "굵게",
        "는",
        "에",
        "a",
        "bc",
        "1",
        "2",
        " ",
        " ",
        "\n",
        ".",
        ",",
        "%",
        "(",
        ")",
        "·",
        "“",
        "”",
        "‘",
        "’",
        "）",
    ),
    *(
        "*",
        "*",
        "**",
        "**",
        "***",
        "_",
        "__",
        "~~",
        "~",
        "`",
        "\\",
        "[",
        "](https://example.org)",
        "!",
        "김",
        "님",
        "-",
        "日",
        "é",
    ),
]
SHOWN = """async (texts) => {
    const { marksOf } = await import("./assets/text_marks.js");
    return texts.map((text) => {
        const { spans } = marksOf(text, { markdown: true, blocks: true });
        const marks = spans.filter(({ kind }) => kind === "mark" || kind === "address");
        const words = ({ from, to }) => [...text].length && Array.from({ length: to - from }, (_, at) => from + at)
            .filter((at) => !marks.some((mark) => mark.from <= at && at < mark.to)).map((at) => text[at]).join("");
        return spans.filter(({ kind }) => ["strong", "em", "slanted", "strike"].includes(kind))
            .sort((one, other) => one.from - other.from || other.to - one.to)
            .map((span) => [span.kind, words(span)]);
    });
}"""


def in_the_letter(text: str) -> list[list[str]]:
    """Each emphasis with its words, in the order in which they begin."""
    tokens = MarkdownIt("commonmark", {"html": False}).use(letter_syntax).parse(text)
    return [found for block in tokens for found in _emphases(block.children or [])]


def _emphases(tokens: list[Token]) -> Iterator[list[str]]:
    for place, token in enumerate(tokens):
        if token.type in KINDS:
            kind = KINDS[token.type]
            slanted = kind == "em" and token.attrGet("class") != UPRIGHT
            yield ["slanted" if slanted else kind, "".join(_words(tokens[place + 1 :]))]


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    depth = 1
    for token in tokens:
        depth += token.nesting
        if depth == 0:
            return
        yield "\n" if token.type in {"softbreak", "hardbreak"} else token.content


def compare(page: Page, texts: list[str]) -> list[tuple[str, list[list[str]], list[list[str]]]]:
    """The texts that are not read alike, with the letter's reading and the field's."""
    shown = page.evaluate(SHOWN, texts)
    both = [(text, in_the_letter(text), here) for text, here in zip(texts, shown, strict=True)]
    return [one for one in both if one[1] != [[kind, re.sub(r"\n\s+", "\n", words)] for kind, words in one[2]]]


@pytest.fixture
def site(field: Field) -> Page:
    return field.page


def test_what_editors_write(site: Page) -> None:
    texts = [
        "**굵게**는 닫힌다",
        "**약 60%**에 그친다. **결과.**The 그리고 *서울*에서",
        "2**10과 2**20, 김**님과 박**님, kim***@example.com, lee***@example.com",
        "가로*세로*높이, 2*3*4, _Nature_와 _네이처_, __init__",
        "~~3만 원~~ 2만 원, 10~~20 그리고 30~~40, 반가워요~~",
        "`**그대로**` **[링크](https://example.org/a_b_c)** [**굵은** 말](https://example.org/x*y)",
        "https://example.org/a_b_c와 https://example.org/d_e_f에서 \\*아니다\\*",
        "# 제목 **굵게**는\n\n- 하나 *둘*\n  셋 **넷\n  다섯**\n- 여섯\n\n> 인용 **말**씀",
        "```\n**그대로**\n```\n\n**밖**에서",
        "***셋*** **서울시* 통계** ____ 010-****-1234",
    ]
    assert compare(site, texts) == []


def test_the_letters_of_the_repository(site: Page) -> None:
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "issues").glob("*.yaml"))]
    paragraphs = ["\n".join(line.strip() for line in part.split("\n")) for text in texts for part in text.split("\n\n")]
    assert compare(site, [part.replace("{{", "") for part in paragraphs]) == []


def test_whatever_is_typed_on_a_line(site: Page) -> None:
    dice = random.Random(16)
    texts = ["가" + "".join(dice.choices(PIECES, k=dice.randint(2, 14))) for _ in range(800)]
    assert compare(site, texts)[:5] == []


def test_hostile_texts_take_no_long_time(site: Page) -> None:
    texts = [
        "` `` " * 6000,
        "[" * 20_000,
        "*" * 20_000,
        "~~ **a " * 4000,
        "{{ subscriber." * 2000,
        "https://a.b/" * 2000,
    ]
    begun = time.monotonic()
    site.evaluate(
        """async (texts) => {
        const { marksOf } = await import("./assets/text_marks.js");
        for (const text of texts) marksOf(text, { markdown: true, blocks: true });
    }""",
        texts,
    )
    assert time.monotonic() - begun < 10
