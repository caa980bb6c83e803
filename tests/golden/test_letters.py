"""Whole letters as they were last reviewed: HTML and text as merged, the message, and where its fields stand.

After a change that is meant: `pytest tests/golden --update-golden`, and read the diff.
"""

from pathlib import Path

import pytest

from tests.support.finished_mail import GOLDEN, mail_to, subscriber_in
from tests.support.golden import Golden
from tests.support.repository import ROOT

LETTERS = GOLDEN / "letters"
EXAMPLE_READERS = ROOT / "subscribers.example.csv"
READERS = GOLDEN / "workspace" / "subscribers.example.csv"


@pytest.mark.parametrize(
    ("name", "slug", "readers", "address"),
    [
        ("example-ko", "2021-07", EXAMPLE_READERS, "hong@example.com"),
        ("example-en", "2021-07", EXAMPLE_READERS, "jane@example.com"),
        ("everything-ko", "everything", EXAMPLE_READERS, "hong@example.com"),
        ("everything-en", "everything", EXAMPLE_READERS, "jane@example.com"),
        ("hostile", "hostile", READERS, "hong@example.com"),
        ("hostile-long", "hostile", READERS, "jane@example.com"),
    ],
)
def test_a_letter_is_the_one_that_was_reviewed(
    golden: Golden, name: str, slug: str, readers: Path, address: str
) -> None:
    mail = mail_to(slug, subscriber_in(readers, address))
    holes = "".join(f"{hole.marker} {hole.context} {hole.key} {hole.default!r}\n" for hole in mail.edition.holes)
    golden.check(LETTERS / f"{name}.html", mail.parts.html.encode())
    golden.check(LETTERS / f"{name}.txt", mail.parts.text.encode())
    golden.check(LETTERS / f"{name}.eml", mail.message.data)
    golden.check(LETTERS / f"{name}.holes.txt", holes.encode())
