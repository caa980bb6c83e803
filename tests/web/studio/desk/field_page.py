"""A page with one text field, under the policy of the studio's pages, in Chromium; and hands to write in it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from newsletter.web.guard import LOOPBACK_POLICY
from newsletter.web.page_templates import PageTemplates
from newsletter.web.server import background, listen

FIELDS = ({"key": "subscriber.name", "sample": "홍길동"}, {"key": "subscriber.fields.회사 이름", "sample": "한강건설"})
NAME = '{{ subscriber.name | default("구독자") }}'
PAGE = """<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>desk</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,"><link rel="stylesheet" href="assets/layout.css">
<link rel="stylesheet" href="assets/studio.css"><link rel="stylesheet" href="assets/text_field.css"></head>
<body class="app"><main><h1>desk</h1><p id="label">본문</p><div id="place"></div><p id="help">편지에 나올 글입니다.</p>
<button id="next">다음</button></main>{words}</body></html>"""

WATCH = """window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
    violations.push(`${event.violatedDirective}: ${event.sample}`));"""
OPEN = """async ({options, answer}) => {
    const { textField } = await import("./assets/text_field.js");
    window.changes = [];
    window.pasted = [];
    window.field?.destroy();
    window.field = textField(document.getElementById("place"), {
        value: "", label: "label", help: "help", lines: "many", markdown: true,
        onChange: (value) => changes.push(value),
        onPasteHtml: async (html) => { pasted.push(html); if (!answer) throw new Error("gone"); return answer; },
        ...options,
    });
}"""

OPEN_GRID = """async (given) => {
    const { gridField } = await import("./assets/grid_field.js");
    window.changes = [];
    window.field?.destroy();
    window.field = gridField(document.getElementById("place"), {
        ...given, label: "label", help: "help", onChange: ({ columns, rows }) => changes.push([columns, ...rows]),
    });
}"""


@contextmanager
def field_site() -> Iterator[str]:
    """The address of the page; `/?ui=en` is in English."""

    async def page(request: Request) -> Response:
        language = request.query_params.get("ui", "ko")
        words = PageTemplates("studio", language).text("_text_field_words.html.j2")
        text = PAGE.replace("{language}", language).replace("{words}", words)
        return HTMLResponse(text, headers={"Content-Security-Policy": LOOPBACK_POLICY})

    async def asset(request: Request) -> Response:
        return PageTemplates("studio", "ko").asset(request.path_params["name"])

    app = Starlette(routes=[Route("/", page), Route("/assets/{name}", asset)])
    with background(app, listen("127.0.0.1", 0)) as url:
        yield url


@dataclass(frozen=True)
class Field:
    """The one text field of the page."""

    page: Page
    hands: CDPSession

    def open(self, value: str = "", *, answer: Mapping[str, Any] | None = None, **options: object) -> "Field":
        """A fresh field with this value; its cursor stands at the end."""
        given = {"value": value, "mergeFields": FIELDS, **options}
        self.page.evaluate(OPEN, {"options": given, "answer": answer})
        self.put_cursor(len(value))
        return self

    def open_grid(self, columns: Sequence[str] = (), *rows: Sequence[str]) -> "Field":
        """A fresh grid instead, with the cursor in its first cell."""
        self.page.evaluate(OPEN_GRID, {"columns": list(columns), "rows": [list(row) for row in rows]})
        self.page.evaluate("field.focus(0, 0)")
        return self

    @property
    def cells(self) -> list[list[str]]:
        """The rows of the grid, the names of its columns first."""
        return list(self.page.evaluate("[field.value.columns, ...field.value.rows]"))

    def put_cursor(self, start: int, end: int | None = None) -> None:
        self.page.evaluate("([from, to]) => field.select(from, to)", [start, start if end is None else end])

    def select(self, words: str) -> None:
        start = self.value.index(words)
        self.put_cursor(start, start + len(words))

    @property
    def value(self) -> str:
        return str(self.page.evaluate("field.value"))

    @property
    def changes(self) -> list[Any]:
        """Everything that was told of it so far."""
        return list(self.page.evaluate("changes"))

    def give(self, value: str) -> None:
        """As if the server had it from elsewhere."""
        self.page.evaluate("(value) => { field.value = value; }", value)

    def compose(self, *steps: str) -> None:
        """An input method shows one state of a syllable after the other; none is written yet."""
        for step in steps:
            self.hands.send(
                "Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)}
            )

    def write(self, text: str) -> None:
        """The input method writes what it has composed; without one, text arrives as it is."""
        self.hands.send("Input.insertText", {"text": text})

    def syllable(self, *steps: str) -> None:
        self.compose(*steps)
        self.write(steps[-1])

    def settled(self) -> None:
        """Wait until what follows a composition has been done."""
        self.page.evaluate("new Promise((ready) => setTimeout(() => requestAnimationFrame(ready), 5))")

    def paste(self, plain: str, html: str = "") -> None:
        """As Ctrl+V does: an event with both forms."""
        data = json.dumps([plain, html])
        self.page.evaluate(f"""(() => {{
            const [plain, html] = {data};
            const clipboardData = new DataTransfer();
            if (plain) clipboardData.setData("text/plain", plain);
            if (html) clipboardData.setData("text/html", html);
            const event = new ClipboardEvent("paste", {{ clipboardData, bubbles: true, cancelable: true }});
            document.activeElement.dispatchEvent(event);
        }})()""")

    def shown(self, kind: str) -> list[str]:
        """The words that show as this: `strong`, `em`, `link`."""
        return list(
            self.page.evaluate(
                "(kind) => [...document.querySelectorAll('.md-' + kind)].map((one) => one.textContent)", kind
            )
        )

    @property
    def chips(self) -> list[str]:
        return list(self.page.evaluate("[...document.querySelectorAll('.merge-chip')].map((one) => one.textContent)"))
