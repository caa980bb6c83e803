"""How a size is shown beside its limit."""

import pytest
from newsletter.web.studio.panels.findings import _state


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        ("preheader", 4, "near"),
        ("preheader", 39, "near"),
        ("preheader", 40, "good"),
        ("preheader", 100, "near"),
        ("preheader", 111, "over"),
        ("subject", 0, "good"),
        ("text", 10**9, "good"),
    ],
)
def test_a_preheader_can_also_be_too_short(name: str, value: int, state: str) -> None:
    limits = {"preheader": (100, 110), "subject": (60, 70), "text": (0, 0)}
    assert _state(name, value, *limits[name]) == state
