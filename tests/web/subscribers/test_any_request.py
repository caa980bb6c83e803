"""Any request at all, to every route, against the real process: an answer in kind, and never a fault."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from newsletter.audience.links import Links
from newsletter.web.page_templates import Publisher
from newsletter.web.subscribers.app import pages_app
from tests.support.link_book import LinkBook
from tests.support.pages import Answer, Pages, assert_kept_to_itself, served


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    with served(tmp_path_factory.mktemp("pages")) as running:
        yield running


PLAIN = frozenset(map(chr, range(ord("!"), ord("~") + 1))) - frozenset('#"<>\\^`{|}')
PATHS = ["/u/TOKEN", "/u/TOKEN/back", "/u/TOKEN/reason", "/u/TOKEN/preferences", "/healthz", "/archive", "/archive/x"]
PATHS += ["/subscribe", "/confirm/TOKEN"]
NOTHING_TO_SAY = {(204, "/subscribe", "OPTIONS"), (308, "/archive", "GET"), (308, "/archive", "HEAD")}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
Asked = tuple[str, str, str, dict[str, bytes], bytes]
REQUESTS = st.tuples(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "QUERY"]),
    st.one_of(st.sampled_from(PATHS), st.builds("/{}".format, TEXT), st.builds("/u/TOKEN{}".format, TEXT)),
    st.one_of(st.just(""), st.builds("lang={}".format, TEXT), TEXT),
    st.dictionaries(
        st.sampled_from(["accept-language", "content-type", "origin", "range", "cookie", "expect", "accept"]),
        st.binary(max_size=40).filter(lambda value: not set(value) & {0, 10, 13}),
        max_size=3,
    ),
    st.one_of(st.binary(max_size=60), st.builds(lambda a, b: f"name={a}&tags={b}&reason=other".encode(), TEXT, TEXT)),
)


@given(asked=REQUESTS)
@settings(max_examples=60, deadline=None)
def test_whatever_is_asked_is_answered_in_kind(
    pages: Pages, asked: tuple[str, str, str, dict[str, bytes], bytes]
) -> None:
    method, path, query, headers, body = asked
    target = quoted(path.replace("TOKEN", pages.token("fuzzed"))) + (f"?{quoted(query)}" if query else "")
    lines = b"".join(b"%b: %b\r\n" % (name.encode(), value.strip()) for name, value in headers.items())
    length = b"Content-Length: %d\r\n\r\n" % len(body)
    answer = pages.ask(f"{method} {target} HTTP/1.1\r\nHost: a\r\n".encode() + lines + length + body)
    final = answer.raw.removeprefix(b"HTTP/1.1 100 \r\n\r\n") if b"expect" in lines else answer.raw
    answer = Answer(final)
    assert answer.status < 500, answer.raw
    if answer.status in {400, 417}:  # the protocol's own, before any application
        return
    assert_kept_to_itself(answer)
    if (answer.status, path, method) in NOTHING_TO_SAY:
        return
    assert re.fullmatch(r"text/(html|plain); charset=utf-8|application/json", answer.header("content-type")), answer.raw
    assert answer.status in {200, 403, 404, 405, 413, 422, 429, 431}
    if method != "HEAD":
        assert len(answer.raw.partition(b"\r\n\r\n")[2]) == int(answer.header("content-length"))


def quoted(text: str) -> str:
    """As little as a line of a request needs: what is not ASCII, blanks, and what ends it."""
    return "".join(
        char
        if "!" <= char <= "~" and char not in '#"<>\\^`{|}'
        else "".join(f"%{octet:02X}" for octet in char.encode())
        for char in text
    )


def test_the_paths_that_are_tried_are_those_that_there_are() -> None:
    """A route that is added is tried as well."""
    app = pages_app(
        LinkBook(Links((b"a secret of thirty-two bytes....",), "a.example.org")), publisher=Publisher("a", "b", "ko")
    )
    routes = {route.path.replace("{token}", "TOKEN") for route in app.routes if isinstance(route, Route)}
    assert routes <= set(PATHS)
