"""Whether a letter that is read from the right is its twin in a mirror. Touches: nothing.

The twins have to say the same in digits alone, which have no direction; they are compared as Outlook reads them.
"""

import re

from tests.support.markup import Element, as_outlook_reads, elements

TURNED = {"left": "right", "right": "left"}
_RESETS = {"0", "0px"}
_SIDES = re.compile(r"\b(left|right)\b")


def twins_of(from_left: str, from_right: str) -> list[tuple[Element, Element]]:
    """The elements of both letters that say where anything stands, in pairs."""
    plain = [
        [one for one in elements(as_outlook_reads(html)) if one.style or one.tag in {"table", "td"}]
        for html in (from_left, from_right)
    ]
    # Spans that only say a direction are no elements of the twin.
    left, right = ([one for one in letter if one.tag != "span" or one.style] for letter in plain)
    assert [one.tag for one in left] == [one.tag for one in right]
    return list(zip(left, right, strict=True))


def unmirrored(from_left: str, from_right: str) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """What does not stand at the other side: its tag, its attributes, the style that it should have."""
    return [
        (rtl.tag, rtl.attributes, wanted)
        for ltr, rtl in twins_of(from_left, from_right)
        for wanted, align in [wanted_style(ltr, rtl)]
        if not (_stands_at_a_side(rtl) or _runs_its_own_way(rtl))
        and (_comparable(wanted), align) != (_comparable(rtl.style), rtl.attributes.get("align", ""))
    ]


def wanted_style(ltr: Element, rtl: Element) -> tuple[dict[str, str], str]:
    """The style and the `align` that `rtl` should have, since `ltr` is what it is in the twin."""
    wanted, align = ltr.style, ltr.attributes.get("align", "")
    if direction(rtl) == "rtl":
        # The last digits of figures stand in a column, from whichever side the letter is read.
        turned = align if "font-variant-numeric" in ltr.style else TURNED.get(align, align)
        return dict(_mirrored(*one) for one in wanted.items()), turned
    return wanted, align


def direction(element: Element) -> str:
    """The `dir` that holds for it."""
    return [place.attributes["dir"] for place in [*element.inside, element] if "dir" in place.attributes][-1]


def _mirrored(name: str, value: str) -> tuple[str, str]:
    parts = value.split()
    if name in {"padding", "margin"} and len(parts) == 4:
        return name, " ".join([parts[0], parts[3], parts[2], parts[1]])
    return _SIDES.sub(lambda side: TURNED[side[0]], name), _SIDES.sub(lambda side: TURNED[side[0]], value)


def _comparable(style: dict[str, str]) -> dict[str, str]:
    other = {"font-family", "text-align"} if "font-variant-numeric" in style else {"font-family"}
    return {name: value for name, value in style.items() if value not in _RESETS and name not in other}


def _stands_at_a_side(element: Element) -> bool:
    """A picture that the issue wants at the left or at the right, and what is beside it."""
    return any(
        {"dir", "align"} <= place.attributes.keys() for place in [*element.inside, element] if place.tag == "div"
    )


def _runs_its_own_way(cell: Element) -> bool:
    """A cell with a number, which runs from the left and stands where the letter ends."""
    return cell.tag == "td" and cell.attributes.get("dir") == "ltr" and "text-align" in cell.style
