"""Exports as six systems write them: header, status words, dates, quoting and line ends as in their own.

In all of them Hong and Jane are subscribed, Kim left, Lee's mailbox is dead, Choi has not confirmed. Touches: nothing.
"""

from pathlib import Path

FOLDER = Path(__file__).parent / "exports"


def _text(name: str) -> str:
    return (FOLDER / f"{name}.csv").read_bytes().decode()


LISTMONK = _text("listmonk")
MAILCHIMP_SUBSCRIBED = _text("subscribed_members_export_1a2b")
MAILCHIMP_UNSUBSCRIBED = _text("unsubscribed_members_export_1a2b")
MAILCHIMP_CLEANED = _text("cleaned_members_export_1a2b")
STIBEE = _text("stibee")
KEILA = _text("keila")
GHOST = _text("ghost")
BUTTONDOWN = _text("buttondown")
