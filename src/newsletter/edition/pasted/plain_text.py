"""Plain text as blocks: an empty line parts paragraphs, every other line end is kept. Touches: nothing."""

import re

from .left_out import LeftOutCount
from .pieces import PastedBlock, PastedParagraph, PastedRun
from .tidied_words import paragraphs_in, plain_signs


def blocks_of_text(text: str, left_out: LeftOutCount) -> list[PastedBlock]:
    """What is typed is text: a star, a number or a hyphen begins nothing."""
    parts = re.split(r"\n[^\S\n]*\n", plain_signs(text, left_out))
    return [PastedParagraph(words) for part in parts for words in paragraphs_in([PastedRun(part)])]
