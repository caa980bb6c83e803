"""A Word document (.docx) as HTML that is still to be cleaned, with its pictures. Touches: nothing beyond its bytes.

mammoth knows what a style, a numbering and a footnote mean; it is an extra, `docx`. Limits: a document of more than
50 MB, one that unpacks to more than 300 MB or holds a document type (which no Word writes, and bombs do) is refused.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.catalogue import Verbatim, phrase
from newsletter.edition.pasted.left_out import LeftOut
from newsletter.errors import InputError, Problem, SettingsError

_LARGEST_TEXT = 30_000_000
"""Bytes of one XML file inside; a book has three."""
_LARGEST = 300_000_000
"""Bytes of all that is inside, pictures mostly."""
_MOST_FILES = 5_000
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""
_SIGNS = {
    LeftOut.COMMENTS: re.compile(rb"<w:comment[ >]"),
    LeftOut.REVISIONS: re.compile(rb"<w:del [^>]*[^/>]>"),
    LeftOut.FORMULAS: re.compile(rb"<m:oMath[ >]"),
}
"""How each of them begins in the XML."""
_WORD_PICTURE = "word-picture:"


@dataclass(frozen=True, slots=True)
class WordDocument:
    html: str
    pictures: Mapping[str, bytes]
    """By the `src` they have in the HTML."""
    left_out: Mapping[LeftOut, int]
    """What is in the document and not in the HTML."""


def word_document(data: bytes, file: str) -> WordDocument:
    """`file` is how errors call it. Raises InputError, and SettingsError where mammoth is not installed."""
    try:
        import mammoth
    except ImportError as error:
        raise SettingsError(
            phrase("workflow.new.no_mammoth"), hint=Verbatim("pip install 'gitletter[docx]'")
        ) from error
    left_out = _looked_through(data, file)
    pictures: dict[str, bytes] = {}

    def keep(image: Any) -> dict[str, str]:  # noqa: ANN401 - mammoth has no types
        with image.open() as opened:
            src = f"{_WORD_PICTURE}{len(pictures) + 1}"
            pictures[src] = opened.read()
        return {"src": src}

    try:
        made = mammoth.convert_to_html(
            io.BytesIO(data), convert_image=mammoth.images.img_element(keep), style_map=_STYLES
        )
    except Exception as error:
        raise InputError(problems=[Problem(phrase("workflow.new.is_no_docx"), file)]) from error
    return WordDocument(made.value, pictures, left_out)


def _looked_through(data: bytes, file: str) -> Mapping[LeftOut, int]:
    """What the HTML will not have, counted, in a document that may be read."""
    counts: Counter[LeftOut] = Counter()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = packed.infolist()
            texts = [one for one in inside if one.filename.endswith((".xml", ".rels"))]
            is_large = (
                len(inside) > _MOST_FILES
                or sum(one.file_size for one in inside) > _LARGEST
                or any(one.file_size > _LARGEST_TEXT for one in texts)
            )
            if is_large:
                raise InputError(problems=[Problem(phrase("workflow.new.is_too_large"), file)])
            is_hostile = False
            for one in texts:
                text = packed.read(one)
                is_hostile = is_hostile or b"<!DOCTYPE" in text or text[:2] in _UTF_16
                counts.update({what: len(sign.findall(text)) for what, sign in _SIGNS.items()})
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(problems=[Problem(phrase("workflow.new.is_no_docx"), file)]) from error
    if is_hostile:
        raise InputError(problems=[Problem(phrase("workflow.new.is_no_docx"), file)])
    return {what: count for what, count in counts.items() if count}


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""Marks of a text in which no document type would be found."""
