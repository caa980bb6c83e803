"""Lines of web servers' logs: which are clicks, and that no line, whoever made it up, does more than be none."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.returns.click_lines import Click, click_of

TOKEN = f"{'A' * 24}.{'b' * 24}x"
AT = datetime(2026, 11, 30, 3, 41, 7, tzinfo=UTC)
IP = "203.0.113.9"
AGENT = '"-" "Mozilla/5.0 (X11)"'


def ours(**changed: object) -> str:
    said = {"time": "2026-11-30T12:41:07+09:00", "method": "POST", "path": f"/u/{TOKEN}", "status": 200}
    return json.dumps({**said, **changed})


def common(
    request: str = f"POST /u/{TOKEN} HTTP/1.1", status: str = "200", time: str = "30/Nov/2026:12:41:07 +0900"
) -> str:
    return f'{IP} - - [{time}] "{request}" {status} 612'


@pytest.mark.parametrize(
    "line",
    [
        ours(),
        ours(time="2026-11-30T03:41:07Z"),
        ours(time="2026-11-30T03:41:07+0000"),
        ours(status="200"),
        ours(path=f"/letter/u/{TOKEN}"),
        ours(path=f"/one-click.php/u/{TOKEN}"),
        ours() + "\r",
        common(),
        f"{common()} {AGENT}",
        f"news.example.org:443 {common()} {AGENT}",
        common(time="29/Nov/2026:20:11:07 -0730"),
        common(f"POST /u/{TOKEN}?utm_source=mail HTTP/2.0"),
        common(f"POST https://news.example.org/u/{TOKEN} HTTP/1.1"),
        common(f"POST /u/{TOKEN.replace('.', '%2E')} HTTP/1.1"),
        common(f"POST /u/{TOKEN}"),
        common().replace(IP, "2001:db8::9"),
        common().replace("- -", "- 홍길동"),
        f'{common()} "-" "\\" 404 \\x22POST"',
    ],
)
def test_a_click_is_read_in_every_format(line: str) -> None:
    assert click_of(line.encode()) == Click(TOKEN, AT)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "/u/",
        ours(method="GET"),
        ours(status=404),
        ours(status=2000),
        ours(path=f"/u/{TOKEN}y"),
        ours(path=f"/x/{TOKEN}"),
        ours(path=None),
        ours(path=["/u/"]),
        ours(time="yesterday"),
        ours(time="2026-11-30T03:41:07"),
        ours(time=1_800_000_000),
        ours(time="9999-12-31T23:59:59-14:00"),
        ours()[:-5],
        f"[{ours()}]",
        '{"/u/":' + "[" * 9_000,
        common(f"GET /u/{TOKEN} HTTP/1.1"),
        common(f"HEAD /u/{TOKEN} HTTP/1.1"),
        common(f"post /u/{TOKEN} HTTP/1.1"),
        common(status="404"),
        common(status="2001"),
        common(time="31/Feb/2026:12:41:07 +0900"),
        common(time="30/Foo/2026:12:41:07 +0900"),
        common(time="30/Nov/2026:12:41:07 +9999"),
        common(f"POST /u/{TOKEN} and more HTTP/1.1"),
        # What a visitor says of itself stands behind the request, or is quoted.
        f'{common("GET / HTTP/1.1")} "-" "x [30/Nov/2026:12:41:07 +0900] "POST /u/{TOKEN} HTTP/1.1" 200 1"',
        f'{common("GET / HTTP/1.1")} "POST /u/{TOKEN} HTTP/1.1" 200',
        common(f"GET /?{ours()} HTTP/1.1"),
        f"POST /u/{TOKEN}",
        f"\0\0{common(status='500')}",
    ],
)
def test_nothing_else_is_a_click(line: str) -> None:
    assert click_of(line.encode()) is None


_PIECES = st.sampled_from(
    [b"/u/", TOKEN.encode(), b"POST ", b'"', b"{", b"[", b" 200 ", b"\xff", b"\0", b"\\x22", b"%"]
)
_LINES = st.one_of(
    st.lists(_PIECES | st.binary(max_size=5), max_size=20).map(b"".join),
    st.binary(max_size=200).map(lambda noise: b'{"path": "/u/' + noise),
    st.integers(0, 150).flatmap(lambda cut: st.just(ours().encode()[:cut] + b"\x00/u/" + ours().encode()[cut:])),
)


@settings(max_examples=60, deadline=None)
@given(_LINES)
def test_no_line_ends_the_reader(line: bytes) -> None:
    click = click_of(line)
    assert click is None or click.token == TOKEN
