"""An address as it works in every mail program. Touches: nothing.

Apart from the parser of Markdown, whose rule it is: what merges messages is loaded by who has none to read.
"""


def wire_address(address: str) -> str:
    """The address as Markdown writes it: `xn--` for the host, `%` for other letters.

    `https://서울.kr/책` -> `https://xn--2i4bq6h.kr/%EC%B1%85`; what is percent-encoded already stays.
    """
    from markdown_it.common.normalize_url import normalizeLink

    return normalizeLink(address)
