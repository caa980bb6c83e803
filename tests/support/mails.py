"""Mails as files, made by the standard library and not by the product, for whatever has to read a mail."""

from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from pathlib import Path

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""A PNG of one transparent pixel."""

LETTER = """<!DOCTYPE html><html lang="ko"><head><title>신성장동력</title></head>
<body style="margin:0;background-color:#eceeea">
<div style="max-width:600px;margin:0 auto;background-color:#ffffff;padding:24px">
<h1>신성장동력</h1><p>첫 편지입니다.</p><img src="cid:picture@example.com" alt="그림" width="40" height="40">
<p><a href="{leave}">수신거부</a></p></div></body></html>"""


def mail(
    *,
    to: str = "hong@example.com",
    name: str = "홍길동",
    subject: str = "[서울이슈큐레이터] 신성장동력",
    html: str = LETTER,
    leave: str = "https://news.example.org/u/x",
) -> bytes:
    """A letter with text, HTML, one picture and the one-click headers."""
    letter = MIMEMultipart("alternative")
    letter.attach(MIMEText("신성장동력\n\n첫 편지입니다.\n", "plain", "utf-8"))
    related = MIMEMultipart("related")
    related.attach(MIMEText(html.replace("{leave}", leave), "html", "utf-8"))
    picture = MIMEImage(PIXEL, "png")
    picture["Content-ID"] = "<picture@example.com>"
    related.attach(picture)
    letter.attach(related)
    letter["From"] = "no-reply@news.example.org"
    letter["To"] = f'"{name}" <{to}>' if name.isascii() else _encoded(name, to)
    letter["Subject"] = _header(subject)
    letter["List-Unsubscribe"] = f"<{leave}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return letter.as_bytes(policy=SMTP.clone(max_line_length=None))


def put(folder: Path, name: str, data: bytes) -> Path:
    """Lay a mail into a folder as a whole, the way a delivery agent does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.eml"
    path.with_suffix(".tmp").write_bytes(data)
    return path.with_suffix(".tmp").rename(path)


def _header(text: str) -> str:
    from email.header import Header

    return Header(text, "utf-8", header_name="Subject").encode()


def _encoded(name: str, address: str) -> str:
    return f"{_header(name)} <{address}>"
