"""SpamAssassin's opinion of a mail, without the network. A missing program is a failure, never a skipped test."""

import shutil

from newsletter.probes.spamassassin import spam_report


def score(mail: bytes) -> float:
    """Points; people take five for spam."""
    assert shutil.which("spamassassin"), "These tests need SpamAssassin (Debian: spamassassin)."
    return spam_report(mail).points
