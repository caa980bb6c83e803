"""The heartbeat against a site on loopback: what it asks for, when it gives up, and what it never shows."""

import socket

import pytest

from newsletter.probes.heartbeat import send_heartbeat
from tests.support.faulty_site import Asked, Behaviour, Site, faulty_site, reset, says, status

SECRET = "/5f0e8a2c-ping"


def asked(page: Behaviour, exit_code: int = 0, *, query: str = "", seconds: float = 30.0) -> tuple[Site, str]:
    """Every path behaves like this; what was asked, and the words of what went wrong."""
    with faulty_site(lambda _: {}) as site:
        site.pages = {f"{SECRET}{ending}": page for ending in ("", f"/{exit_code}")}
        trouble = send_heartbeat(site.url(SECRET) + query, exit_code, seconds)
        return site, str(trouble or "")


@pytest.mark.parametrize(
    ("exit_code", "query", "path"),
    [
        (0, "", SECRET),
        (75, "", SECRET),  # cron goes on by itself
        (69, "", f"{SECRET}/69"),
        (0, "?status=up&msg=OK", f"{SECRET}?status=up&msg=OK"),
        (77, "?status=up", f"{SECRET}/77?status=up"),
    ],
)
def test_success_is_the_address_and_a_failure_has_its_code_behind_it(exit_code: int, query: str, path: str) -> None:
    site, trouble = asked(status(200), exit_code, query=query)
    assert ([(one.method, one.path) for one in site.asked], trouble) == ([("GET", path)], "")


def test_a_service_that_does_not_know_failures_hears_nothing_and_that_is_no_trouble() -> None:
    assert asked(status(404), 69)[1] == ""


@pytest.mark.parametrize(
    ("page", "times", "words"),
    [
        (status(404), 1, "it answered 404"),
        (status(503), 2, "it answered 503"),
        (reset, 2, ""),
        (says(b"SSH-2.0-OpenSSH_9.2\r\n"), 2, "BadStatusLine"),
        (says(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000), 2, "LineTooLong"),
    ],
)
def test_what_goes_wrong_is_one_sentence_without_the_path(page: Behaviour, times: int, words: str) -> None:
    site, trouble = asked(page)
    assert len(site.asked) == times
    assert f"{site.url('/')}***: {words}" in trouble
    assert SECRET.strip("/") not in trouble


def test_a_redirect_is_not_followed() -> None:
    with faulty_site(lambda site: {SECRET: status(302, f"Location: {site.url('/elsewhere')}")}) as site:
        trouble = send_heartbeat(site.url(SECRET), 0)
    assert [one.path for one in site.asked] == [SECRET]
    assert "it has moved" in str(trouble)


def test_a_second_try_may_succeed() -> None:
    answers = [status(500), status(200)]

    def page(link: socket.socket, one: Asked) -> None:
        answers.pop(0)(link, one)

    assert asked(page)[1] == ""


@pytest.mark.parametrize("drips", [False, True])
def test_silence_and_a_drip_are_given_up(drips: bool) -> None:
    def page(link: socket.socket, _: Asked) -> None:
        if drips:
            link.sendall(b"HTTP/1.1 200 OK\r\n")
        while not site.closing.wait(0.05):
            link.sendall(b"X" * drips)

    with faulty_site(lambda _: {SECRET: page}) as site:
        trouble = send_heartbeat(site.url(SECRET), 0, seconds=0.2)
    assert "no answer within 0.2 seconds" in str(trouble)


def test_nobody_there_is_said_in_words() -> None:
    assert "http://127.0.0.1:1/***: nobody answers" in str(send_heartbeat(f"http://127.0.0.1:1{SECRET}", 0))
