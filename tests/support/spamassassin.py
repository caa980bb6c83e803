"""SpamAssassin's opinion of a mail, without the network. A missing program is a failure, never a skipped test."""

import re
import shutil

from newsletter.probes.spamassassin import spam_report

_LIST_HEADERS = re.compile(rb"^(?:List-|Precedence)[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.MULTILINE)


def score(mail: bytes) -> float:
    """Points; people take five for spam."""
    assert shutil.which("spamassassin"), "These tests need SpamAssassin (Debian: spamassassin)."
    return spam_report(mail).points


def without_list_headers(mail: bytes) -> bytes:
    """The mail without what SpamAssassin takes a point off for (MAILING_LIST_MULTI), as other filters need not do."""
    helpless, count = _LIST_HEADERS.subn(b"", mail)
    assert count >= 3, "The mail has no headers of a list."
    return helpless
