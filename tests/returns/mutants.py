"""Real shapes of messages with pieces of them broken, doubled, moved and mixed."""

from collections.abc import Sequence
from random import Random

from .corpora import flufl_messages
from .made import PARTS, made_messages
from .shapes import LETTER_HEAD, READER, TOKEN, report
from .test_arf import ABUSE, JUNK_REPORT
from .test_automatic import letter
from .test_dsn import EXCHANGE, EXIM, POSTFIX

CORPUS: tuple[bytes, ...] = (
    report(POSTFIX),
    report(EXCHANGE, returned_type="message/rfc822", returned=f"{LETTER_HEAD}\nhttps://news.example.org/u/{TOKEN}\n"),
    report(EXIM, words="홍길동 님의 편지함이 가득 찼습니다."),
    ABUSE,
    JUNK_REPORT,
    letter("자동 응답: 휴가 중입니다", "새 메일 주소는 new@example.net입니다."),
    letter(f"unsubscribe {TOKEN}", ""),
    f"From: MAILER-DAEMON@mx.example.net\nSubject: failure notice\n\n<{READER}>:\nuser unknown\n".encode(),
    *(label.octets for label in flufl_messages()),
    *(label.octets for part in PARTS for label in made_messages(part)),
)
_SPLINTERS = (
    *(
        b"\n",
        b"\n\n",
        b"\r\n",
        b"\0",
        b"--",
        b"=?",
        b"?=",
        b"=?utf-8?b?",
        b"\x1b$)C\x0e",
        b"\xff\xfe",
        b"<",
        b">",
        b"&#",
    ),
    *(
        b"Content-Type: multipart/report; boundary=x\n\n--x\n",
        b"Content-Type: message/rfc822\n\n",
        b'"',
        b"\\",
        b"@",
        b";",
    ),
    *(b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\n", "가".encode("cp949")),
    *(b"charset=utf-16", b"charset=iso-2022-kr", b"charset=ks_c_5601-1987", b"Final-Recipient: rfc822; ", b"\x80\x81"),
)


def mutated(corpus: Sequence[bytes], random: Random) -> bytes:
    """One message of the corpus after up to eight accidents."""
    data = random.choice(corpus)
    for _ in range(random.randint(1, 8)):
        start, end = sorted(random.randint(0, len(data)) for _ in range(2))
        match random.randint(0, 5):
            case 0:
                data = data[:start] + random.choice(_SPLINTERS) * random.choice((1, 1, 2, 50)) + data[start:]
            case 1:
                data = data[:start] + data[end:]
            case 2:
                data = data[:end] + data[start:]
            case 3:
                data = data[:start] + bytes([random.randint(0, 255)]) + data[start + 1 :]
            case 4:
                data = data[:start] + random.choice(corpus) + data[end:]
            case _:
                data = data.replace(b"\n", b"\r\n") if random.random() < 0.5 else data[:start]
        data = data[:100_000]
    return data
