"""The line and its block: what cron and a shell make of them, and that nobody else's line is ever touched."""

import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import InputError
from newsletter.schedule.crontab import block, crontab_line
from newsletter.schedule.crontab_text import CrontabText, diff, edited
from newsletter.schedule.job import CronJob

HOSTILE = st.text("a한 %\\'\"$`#;=~*\t", min_size=1, max_size=20)
HERE = Path("/srv/뉴스 레터")
FOREIGN = st.lists(
    st.sampled_from(
        [
            "MAILTO=hong@example.com\n",
            "0 3 * * * /usr/bin/backup 100\\%\n",
            "# a comment\r\n",
            "\n",
            "@daily echo 한글\r\n",
            '# BEGIN newsletter "/srv/other"\n',
            '# END newsletter "/srv/other"\n',
            "# BEGIN newsletter, our own notes\n",
        ]
    ),
    max_size=8,
).map("".join)


def job(workspace: Path = HERE, **more: str) -> CronJob:
    return CronJob(workspace, ("/opt/venv/bin/newsletter",), (("LANG", "C.UTF-8"), *more.items()))


def as_cron_reads(command: str, *, doubled: bool) -> str:
    r"""What cron hands to the shell, as do_command.c of Vixie's cron does: a bare `%` would end it.

    `doubled`: as Debian has patched it, `\\` is one backslash, as well as `\%` one percent sign.
    """
    read, escaped = "", False
    for char in command:
        if escaped:
            read = read[:-1] + char if char == "%" or (doubled and char == "\\") else read + char
            escaped = False
            continue
        assert char != "%", "the command ends here"
        read += char
        escaped = char == "\\"
    return read


@given(HOSTILE, HOSTILE, st.booleans())
def test_whatever_stands_in_a_path_or_a_value_arrives(name: str, value: str, doubled: bool) -> None:
    command = crontab_line(job(Path(f"/srv/{name}"), NEWSLETTER_SMTP__URL=value)).split(" ", 5)[5]
    words = shlex.split(as_cron_reads(command, doubled=doubled))
    assert words[:3] == ["LANG=C.UTF-8", f"NEWSLETTER_SMTP__URL={value}", "/opt/venv/bin/newsletter"]
    assert words[words.index("--workspace") + 1] == f"/srv/{name}"
    assert words[-5:-1] == ["--quiet", "send", "--due", "--log"]


@given(FOREIGN, FOREIGN, st.booleans())
def test_installed_twice_and_removed_leaves_every_other_byte(before: str, after: str, ends: bool) -> None:
    ours = block(job())
    text = before if ends else before.removesuffix("\n")
    put = edited(CrontabText.of(text), CrontabText.of(text).with_block(HERE, ours))
    assert put == f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{''.join(ours)}"
    assert CrontabText.of(put + after).with_block(HERE, ours) == ()
    newer = block(job(NEWSLETTER_LANG="ko"))
    changed = edited(CrontabText.of(put + after), CrontabText.of(put + after).with_block(HERE, newer))
    assert changed == put.replace("".join(ours), "".join(newer)) + after
    gone = edited(CrontabText.of(changed), CrontabText.of(changed).without_block(HERE))
    assert gone == put.replace("".join(ours), "") + after
    assert CrontabText.of(gone).without_block(HERE) == ()


def test_two_workspaces_have_two_blocks_and_copies_of_one_become_one() -> None:
    ours, other = "".join(block(job())), "".join(block(job(Path("/srv/뉴스 레터 2"))))
    text = CrontabText.of(f"{ours}{other}{ours}0 0 * * * true\n")
    assert edited(text, text.with_block(HERE, block(job()))) == f"{ours}{other}0 0 * * * true\n"
    assert edited(text, text.without_block(HERE)) == f"{other}0 0 * * * true\n"
    assert [number for number, _ in text.others()] == [1, 4, 7]


BEGIN, LINE, END = block(job())


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ([BEGIN, LINE], 1),
        (["\n", LINE, END], 3),
        ([BEGIN, LINE, BEGIN, LINE, END], 3),
        ([BEGIN, LINE, END, LINE, END], 5),
        ([BEGIN, LINE, *block(job(Path("/srv/b"))), END], 3),
        ([BEGIN.replace("\n", "\r\n"), LINE], 1),
    ],
)
def test_half_a_block_is_named_by_its_line_and_nothing_is_guessed(lines: list[str], number: int) -> None:
    text = CrontabText.of("".join(lines))
    with pytest.raises(InputError) as caught:
        text.with_block(HERE, block(job()))
    assert f"crontab:{number}:" in caught.value.in_language("ko")
    with pytest.raises(InputError, match=f"crontab:{number}:"):
        text.without_block(HERE)


def test_a_line_put_there_by_hand_is_found_and_no_other() -> None:
    old = "*/10 * * * * /opt/venv/bin/newsletter --workspace '/srv/뉴스 레터' --quiet send --due\n"
    lines = [
        "#" + old,
        old,
        old.replace("레터", "레터2"),
        old.replace("레터", "레터/sub"),
        *block(job()),
        "@daily x --due\n",
    ]
    assert CrontabText.of("".join(lines)).by_hand(HERE) == [2]


def test_a_line_that_cron_would_cut_is_refused() -> None:
    with pytest.raises(InputError, match="998"):
        block(job(Path("/srv") / ("한" * 330)))


def test_the_difference_shows_our_lines_alone_with_their_places() -> None:
    text = CrontabText.of("SECRET=hunter2\n" + "".join(block(job())) + "a\n" + "".join(block(job())) + "b")
    shown = diff("crontab", text.without_block(HERE))
    assert "hunter2" not in shown
    assert re.findall("@@.*@@", shown) == ["@@ -2,3 +1,0 @@", "@@ -6,3 +2,0 @@"]
    put = CrontabText.of("a\nb")
    assert diff("crontab", put.with_block(HERE, ("x\n", "y\n"))).splitlines()[2:] == [
        "@@ -2,1 +2,3 @@",
        "-b",
        "\\ No newline at end of file",
        "+b",
        "+x",
        "+y",
    ]


def test_a_million_bytes_are_no_trouble() -> None:
    text = CrontabText.of("0 0 * * * true # 한글\n" * 40_000)
    assert edited(text, text.with_block(HERE, block(job()))).endswith(END)
