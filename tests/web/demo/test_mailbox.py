"""Mails of any kind can be listed and opened, and what is framed stays in its frame."""

import email.policy
from email.header import Header
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from newsletter.web.demo.mailbox import read_mail
from newsletter.web.letter_frame.frame import LetterFrame, framed
from tests.support.mails import PIXEL, mail

LINES = st.lists(
    st.sampled_from(
        [
            b"Subject: =?utf-8?b?7ISc?=",
            b"Subject: =?x?q?=FF?= =?utf-8?q?",
            b"To: \xff <a@b>",
            b"Content-Type: multipart/mixed; boundary=a",
            b"Content-Type: text/html; charset=\xff",
            b"Content-Type: message/rfc822",
            b"Content-Transfer-Encoding: base64",
            b"Content-Disposition: inline; filename*=x''%",
            b"Content-ID: <<>>",
            b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            b"List-Unsubscribe: <http",
            b" folded",
            b"",
            b"--a",
            b"--a--",
            b"\x00\x80====",
        ]
    ),
    max_size=30,
)


@given(LINES.map(b"\r\n".join) | st.binary(max_size=300))
def test_no_mail_is_too_broken_to_open(data: bytes) -> None:
    letter = read_mail(data)
    for text in (letter.sender, letter.html, letter.text, letter.one_click):
        assert isinstance(text, str)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), min_size=1, max_size=60))
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    message = EmailMessage(policy=email.policy.compat32)
    message["Subject"] = Header(subject, "utf-8").encode()
    assert dict(read_mail(message.as_bytes()).headers)["Subject"] == subject


def test_all_parts_of_a_letter_are_found() -> None:
    letter = read_mail(mail(leave="https://news.example.org/u/abc"))
    assert letter.pictures == {"picture@example.com": ("image/png", PIXEL)}
    assert letter.one_click == "https://news.example.org/u/abc"
    assert letter.text.startswith("신성장동력")


@given(st.text(max_size=200))
def test_framing_adds_one_tag_and_changes_no_other_word(html: str) -> None:
    assert framed(html, LetterFrame()).replace('<base target="_blank">', "", 1) == html


def test_only_known_pictures_get_an_address() -> None:
    html = """<img src="cid:a@x"><img src='cid:b@x'><td style="background:url(cid:a@x)">cid:a@x "cid:c@x\""""
    assert framed(html, LetterFrame({"a@x": "/1"})) == (
        '<base target="_blank">'
        """<img src="/1"><img src='cid:b@x'><td style="background:url(/1)">cid:a@x "cid:c@x\""""
    )


def test_the_base_stands_before_any_other_and_after_the_doctype() -> None:
    html = framed('<!DOCTYPE html><html><head lang="ko"><base target="_top">', LetterFrame())
    assert html == '<!DOCTYPE html><base target="_blank"><html><head lang="ko"><base target="_top">'
    assert framed("<!doctype html><p>x", LetterFrame()).startswith('<!doctype html><base target="_blank">')
