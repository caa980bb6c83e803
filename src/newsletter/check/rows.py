"""What is found in rows of the subscriber file: the first by line, the rest as a number. Touches: nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from newsletter.catalogue import Value

from .audience import AudienceSummary, Lines
from .rule import Found
from .subscriber_file import column_of


def rows_found(audience: AudienceSummary, lines: Lines, say: Found | Callable[[Value], Found]) -> Iterator[Found]:
    """A finding for each of the first lines, made of what was noted there, and one that counts the rest.

    Line 0 is nobody's: what was found there is a matter of the letter.
    """
    found = None
    for line, what in lines.first:
        found = say(what) if callable(say) else say
        if line:
            found = replace(found, file=audience.file, line=line)
        yield found
    rest = lines.total - len(lines.first)
    if found and lines.rest_from:
        yield Found(
            ko=f"여기서부터 {rest}줄이 더 그렇습니다.",
            en=f"{rest} more rows from here on.",
            ko_hint=found.ko_hint,
            en_hint=found.en_hint,
            file=audience.file,
            line=lines.rest_from,
            severity=found.severity,
        )


def dead_values(audience: AudienceSummary) -> Iterator[Found]:
    """Values that stand for a whole link and are none: the link leads nowhere."""
    for key, lines in audience.dead_links.items():
        column = column_of(key)
        found = Found(
            ko=f"‘{column}’ 칸은 링크의 주소로 쓰이는데, https:// 로 시작하는 온전한 주소가 아닙니다.",
            en=f"The cell “{column}” is used as the address of a link, and is no whole one that begins with https://.",
            ko_hint="온전한 주소를 적거나, 칸을 비우고 호에 기본값을 적으세요.",
            en_hint="Write a whole address, or empty the cell and write a default in the issue.",
        )
        yield from rows_found(audience, lines, found)
