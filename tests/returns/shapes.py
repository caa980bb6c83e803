"""Messages that came back, in the style of real systems, and the letter that they are about."""

TOKEN = "AAEv3kQ0pXl2cZ8sT1bJ9w_y.Qm7RrJ4vN0aHc5L-e2XfUd8Kx"
MESSAGE_ID = "2026-11.mzxw6ytboi4dkmrqgaydcmjs@news.example.org"
READER = "reader@example.com"
OURS = ("no-reply@news.example.org", "bounce@news.example.org", "leave@news.example.org")
LETTER_HEAD = f"""\
Return-Path: <bounce+{TOKEN}@news.example.org>
From: =?utf-8?B?7ISc7Jq47Jew6rWs7JuQ?= <no-reply@news.example.org>
To: <{READER}>
Subject: =?utf-8?B?7Iug7ISx7J6l64+Z66Cl?=
Message-ID: <{MESSAGE_ID}>
List-Unsubscribe: <https://news.example.org/u/{TOKEN}>,
 <mailto:leave@news.example.org?subject=unsubscribe%20{TOKEN}>
"""


def report(
    status: str,
    *,
    head: str = "",
    words: str = "It could not be delivered.",
    returned: str = LETTER_HEAD,
    returned_type: str = "text/rfc822-headers",
    status_type: str = "message/delivery-status",
    report_type: str = "delivery-status",
) -> bytes:
    """A multipart/report (RFC 6522) of three parts."""
    return f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: bounce@news.example.org
{head}Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report_type};
 boundary="=_1/mx.example.net"

This is a MIME-encapsulated message.

--=_1/mx.example.net
Content-Type: text/plain; charset=utf-8

{words}

--=_1/mx.example.net
Content-Type: {status_type}

{status}
--=_1/mx.example.net
Content-Type: {returned_type}

{returned}
--=_1/mx.example.net--
""".encode()
