"""The text of a file that another program wrote, whatever encoding it is in. Touches: nothing.

UTF-8, with BOM or without, UTF-16 with its mark, or CP949; characters that no page may hold are dropped, and line ends
are one line feed.
"""

import codecs
import re

from newsletter.catalogue import phrase
from newsletter.errors import InputError, Problem

_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Of whatever system, and those of Unicode, which YAML does not know."""


def decoded_text(data: bytes, file: str) -> str:
    """`file` is how errors call it. Raises InputError."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", "cp949"]:
        try:
            return _UNFIT.sub("", _LINE_ENDS.sub("\n", data.decode(encoding)))
        except UnicodeDecodeError:
            continue
    raise InputError(problems=[Problem(phrase("workflow.import.has_no_known_encoding"), file)])
