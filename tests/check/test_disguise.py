"""Hosts that look like others, words that show another host, characters that nobody sees: tables, both ways."""

import time
from pathlib import Path

import pytest

from newsletter.check.finding import Severity
from newsletter.check.hosts import (
    host_of,
    is_same_owner,
    odd_signs,
    pretends_to_be,
    readable_host,
    strange_letters,
    wire_host,
)
from newsletter.check.shown_hosts import shown_hosts, shown_mail_hosts
from newsletter.issue.invisible import MARKS, TURNING, hides_in_host, invisible_in
from tests.support.checks import findings_of, ko, of_rule

from .cases import issue

ENG = "\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
"""The tags behind a black flag that make it that of England."""
OWN = ("www.si.re.kr",)


@pytest.mark.parametrize(
    "host",
    [
        "аррӏе.com",
        "xn--80ak6aa92e.com",
        "www.ѕi.re.kr",
        "nаver.com",
        "gооgle.com",
        "gοοgle.com",
        "facebооk.com",
        "оо.com",
        "ɡoogle.com",
        "ıntel.com",
        "seoulград.kr",
        "한글кир.kr",
        "ΝΑVER.com",
        "օօ.com",
    ],
)
def test_letters_that_look_like_others_are_told(host: str) -> None:
    assert strange_letters(readable_host(host))


@pytest.mark.parametrize(
    "host",
    [
        "www.si.re.kr",
        "서울.한국",
        "seoul연구원.kr",
        "서울漢城.kr",
        "東京tower.jp",
        "日本語かな.jp",
        "カード.jp",
        "café.fr",
        "münchen.de",
        "пример.com",
        "рас.рф",
        "ελλάδα.gr",
        "xn--2i4bq6h.xn--3e0b707e",
        "my_host.example.org",
        "naver。com",
    ],
)
def test_an_honest_host_is_left_alone(host: str) -> None:
    read = readable_host(host)
    assert (strange_letters(read), odd_signs(read), pretends_to_be(read, OWN), hides_in_host(read)) == ((), (), "", "")


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("g00gle.com", "google.com"),
        ("goögle.com", "google.com"),
        ("instagrarn.com", "instagram.com"),
        ("sí.re.kr", "si.re.kr"),
        ("www.si.re.kr.evil.net", "si.re.kr"),
        ("naver.com.evil.net", "naver.com"),
        ("www.kei.re.kr.evil.net", "kei.re.kr"),
        ("www.si.re.kr", ""),
        ("m.blog.naver.com", ""),
        ("si.or.kr", ""),
    ],
)
def test_a_host_that_pretends_to_be_a_known_one(host: str, known: str) -> None:
    assert pretends_to_be(host, OWN) == known


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://WWW.si.re.kr:8080/a?b#c", "www.si.re.kr"),
        ("http://www.si.re.kr@evil.net/", "evil.net"),
        ("mailto:a@xn--2i4bq6h.kr?subject=b@c", "서울.kr"),
        ("https://%D0%B0.kr/", "а.kr"),
        ("tel:02-120", ""),
        ("https://[::1", ""),
        ("https://xn--%FF/", "xn--\ufffd"),
        ("", ""),
    ],
)
def test_the_host_of_a_link(address: str, host: str) -> None:
    assert host_of(address) == host


def test_a_host_as_it_goes_over_the_wire() -> None:
    assert wire_host("аррӏе.com") == "xn--80ak6aa92e.com"
    assert wire_host("서울.한국") == "xn--2i4bq6h.xn--3e0b707e"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("www.si.re.kr", "data.si.re.kr", True),
        ("si.re.kr", "kei.re.kr", False),
        ("blog.naver.com", "naver.com", True),
        ("naver.com", "naver.me", False),
        ("a.seoul.go.kr", "b.go.kr", False),
        ("kim.tistory.com", "lee.tistory.com", False),
        ("www.example.co.uk", "example.co.uk", True),
        ("a.github.io", "b.github.io", False),
    ],
)
def test_who_registered_a_name(one: str, other: str, same: bool) -> None:
    assert is_same_owner(one, other) is same


@pytest.mark.parametrize(
    ("words", "hosts"),
    [
        ("www.si.re.kr", ["www.si.re.kr"]),
        ("si.re.kr", ["si.re.kr"]),
        ("si.re.kr/a?b=c →", ["si.re.kr"]),
        ("서울연구원(si.re.kr)", ["si.re.kr"]),
        ("서울연구원 WWW.SI.RE.KR에서 보기", ["www.si.re.kr"]),
        ("https://a.example.org/x/b.com", ["a.example.org"]),
        ("https://www.si.re.kr@evil.net/", ["evil.net"]),
        ("https://서울.한국/a", ["서울.한국"]),
        ("서울연구원 si.re.kr 바로가기", ["si.re.kr"]),
        ("naver.com에서 보기", ["naver.com"]),
        ("ｗｗｗ.si\u200b.re.kr", ["www.si.re.kr"]),
        ("www.a.kr 또는 www.b.kr", ["www.a.kr", "www.b.kr"]),
        ("xn--80ak6aa92e.com", ["аррӏе.com"]),
        *(
            (words, [])
            for words in (
                *("node.js", "report.pdf", "2026.11", "README.md", "v1.2.3", "3.5억", "socket.io", "ASP.NET", "U.S."),
                *(
                    "a@si.re.kr",
                    "문의 help@si.re.kr",
                    "Amazon.com, 서울에 오다",
                    *("asp.net 강좌", "built.in 기능", "Node.js와 react.js"),
                    "asp.net 강좌",
                    "built.in 기능",
                    "Node.js와 react.js",
                    "보고서.hwp",
                    "1.1.1.1",
                    "",
                ),
            )
        ),
    ],
)
def test_the_hosts_that_words_show(words: str, hosts: list[str]) -> None:
    assert shown_hosts(words) == hosts


def test_the_mail_hosts_that_words_show() -> None:
    assert shown_mail_hosts("문의 help@si.re.kr로") == ["si.re.kr"]
    assert shown_mail_hosts("si.re.kr") == []


@pytest.mark.parametrize("char", sorted(TURNING | MARKS))
@pytest.mark.parametrize("key", ["title", "subject", "preheader", "intro"])
def test_every_control_of_direction_is_found_wherever_it_stands(tmp_path: Path, char: str, key: str) -> None:
    words = "서울의 다음 산업을 정책연구로 살펴보고, 네 갈래로 나누어 소개합니다."
    found = of_rule(findings_of(tmp_path, issue(**{key: f"{words[:5]}{char}{words[5:]}"})), "bidi-control")
    assert [(one.line, one.severity is Severity.WARNING) for one in found] == [(found[0].line, char in MARKS)]
    assert f"U+{ord(char):04X}" in ko(found[0].message)


def test_the_line_is_shown_with_what_is_hidden_in_it(tmp_path: Path) -> None:
    [found] = of_rule(findings_of(tmp_path, issue(title="신성장\u202e동력")), "bidi-control")
    assert found.excerpt == f"    title: 신성장\ufffd동력\n    {' ' * 13}^"


def test_a_control_is_found_in_a_host_too(tmp_path: Path) -> None:
    found = findings_of(tmp_path, issue(intro="'[보고서](https://si\u202e.re.kr/a)'"))
    assert {one.rule for one in found} == {"bidi-control", "link-disguise", "link-placeholder"}
    assert all(one.line == 3 for one in found)


def test_it_is_found_in_the_address_of_a_button_too(tmp_path: Path) -> None:
    button = "{ label: 보고서 읽기, url: 'https://si\u200b.re.kr/a' }"
    text = issue(f"sections:\n  - {{ type: story, body: 글, button: {button} }}\n")
    assert "U+200B" in str(of_rule(findings_of(tmp_path, text), "link-disguise")[0].message)


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧",
        "❤\ufe0f",
        "क\u094d\u200dष",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "Donau&shy;dampf",
        "&#8203;",
        "ภาษา\u200bไทย",
        "東京\u200bタワー",
        "می\u200cخواهم",
        "السعر \u200e+82\u200f هنا",
        "قال \u2068Jane\u2069 نعم",
    ],
)
def test_what_is_needed_stays(text: str) -> None:
    assert list(invisible_in(text, is_markdown=True)) == []


@pytest.mark.parametrize(
    ("text", "written", "nth"),
    [
        ("가\u200d나", "\u200d", 0),
        ("👨\u200d👩 \u200d", "\u200d", 1),
        ("a &rlm; b", "&rlm;", 0),
        ("&amp; &#8238;", "&#8238;", 0),
        ("가\ufeff나", "\ufeff", 0),
        ("가\u3164나", "\u3164", 0),
        ("가\u200b나", "\u200b", 0),
        ("서\u00ad울 in\u00adfor", "\u00ad", 0),
        ("서울\u2060 말", "\u2060", 0),
        ("02\u200e-123", "\u200e", 0),
        ("السعر\n02\u200e", "\u200e", 0),
        ("قال \u2068Jane نعم", "\u2068", 0),
        ("قال \u202eJane نعم", "\u202e", 0),
        ("가\u200c나", "\u200c", 0),
    ],
)
def test_what_hides_is_found_as_it_is_written(text: str, written: str, nth: int) -> None:
    [found] = invisible_in(text, is_markdown=True)
    assert (found.written, found.nth) == (written, nth)


def test_a_link_is_judged_by_its_host_also_where_a_field_follows(tmp_path: Path) -> None:
    link = "[보고서](https://nаver.com/?a={{ subscriber.email }})"
    [found] = of_rule(findings_of(tmp_path, issue(intro=f"'{link}'")), "link-disguise")
    assert "U+0430 CYRILLIC SMALL LETTER A" in ko(found.message)
    assert "xn--nver-53d.com" in ko(found.message)


@pytest.mark.parametrize(
    "link",
    [
        "[www.si.re.kr](https://data.si.re.kr/a)",
        "[https://si.re.kr](https://www.si.re.kr/)",
        "<https://www.si.re.kr/a>",
        "<help@si.re.kr>",
        "[help@si.re.kr](https://www.si.re.kr/help)",
        "[node.js](https://www.si.re.kr/node)",
        "[report.pdf](https://www.si.re.kr/report)",
        "[2026.11](https://www.si.re.kr/2026)",
        '[www.seoul.go.kr](https://{{ subscriber.fields.host | default("www.si.re.kr") }}/a)',
    ],
)
def test_a_link_that_goes_where_it_says_is_right(tmp_path: Path, link: str) -> None:
    assert of_rule(findings_of(tmp_path, issue(intro=f"'{link}'")), "link-mismatch", "link-disguise") == []


@pytest.mark.parametrize("piece", ["a", "a.", "www.", "http://", "a-", "(a.kr", "@", "가.", "www.a", "https://a@"])
def test_hostile_words_take_no_long(piece: str) -> None:
    begun = time.perf_counter()
    shown_hosts(piece * 5_000)
    shown_mail_hosts(piece * 5_000)
    host_of(f"https://{piece * 5_000}/")
    assert time.perf_counter() - begun < 5  # some hundredths of a second here; the bound is for a busy machine
