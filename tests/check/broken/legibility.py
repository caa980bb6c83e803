"""Letters with text that cannot be read. Touches: nothing."""

from tests.check.cases import Broken, issue, opening, template, written

DARK_TINT = "{{ back }}.tint{background-color:{{ palette.dark_tint }} !important}"
NOTICE = issue("sections:\n  - { type: notice, heading: 알림, body: 다음 호는 8월에 나옵니다. }\n")

LETTERS = [
    Broken("contrast", "warning", opening('<p style="color:#999999">흐린 글</p>')),
    Broken("contrast", "warning", opening('<p style="color:#ffffff">하얀 글</p>')),
    Broken("contrast", "warning", opening('<p style="color:#9a9a9a;font-size:30px;line-height:40px">큰 글</p>')),
    Broken("contrast", "warning", opening('<p class="muted" style="color:#949494;font-size:20px">굵지 않은 글</p>')),
    # Readable as it is, no more once it is inverted.
    Broken("contrast", "warning", opening('<p style="color:#000000;background-color:#757575">글</p>')),
    # The text turns white in the dark, the ground does not.
    Broken("contrast", "warning", written(NOTICE, templates=template("head.css.j2", DARK_TINT, ""))),
    # A background of its own, which no dark rule reaches, under text that does turn white.
    Broken("contrast", "warning", opening('<p style="background-color:#ffffff" bgcolor="#ffffff">글</p>')),
    Broken("font-min", "warning", opening('<p style="font-size:11px;line-height:16px">작은 글</p>')),
    Broken("font-min", "warning", opening('<p style="font-size:9pt">작은 글</p>')),
]
