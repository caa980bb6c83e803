"""Good answers are kept for a day, and a cache that is broken is none."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.check.outside import LinkAnswer, VisitResult
from newsletter.probes.link_cache import LinkCache

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FINE = LinkAnswer(VisitResult.FINE, 200, "https://www.example.org/new")
URL = "https://www.example.org/가"


def cache(folder: Path, later: timedelta = timedelta()) -> LinkCache:
    return LinkCache(folder / ".newsletter" / "links.json", NOW + later)


def test_a_good_answer_is_known_for_a_day(tmp_path: Path) -> None:
    cache(tmp_path).write({URL: FINE})
    assert cache(tmp_path, timedelta(hours=23)).read() == {URL: FINE}
    assert cache(tmp_path, timedelta(hours=24)).read() == {}
    assert cache(tmp_path, timedelta(hours=-1)).read() == {}  # a clock that went back


def test_what_was_not_good_is_asked_again(tmp_path: Path) -> None:
    cache(tmp_path).write({f"{URL}{answer}": LinkAnswer(answer) for answer in VisitResult})
    assert list(cache(tmp_path).read()) == [f"{URL}fine"]


def test_new_answers_are_kept_beside_those_still_valid_and_old_ones_go(tmp_path: Path) -> None:
    cache(tmp_path).write({"http://a.example.org/": FINE})
    cache(tmp_path, timedelta(hours=12)).write({"http://b.example.org/": FINE})
    cache(tmp_path, timedelta(hours=25)).write({})
    kept = json.loads(cache(tmp_path).path.read_text(encoding="utf-8"))["fine"]
    assert list(kept) == ["http://b.example.org/"]
    assert [file.name for file in cache(tmp_path).path.parent.iterdir()] == ["links.json"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "7", '{"version": 1}', '{"version": 1, "fine": []}', '{"version": 1, "fine": 3}'),
        *('{"version": 1, "fine": {"http://a/": ["x", 200, ""]}}', '{"version": 1, "fine": {"http://a/": [1]}}'),
        *('{"version": 2, "fine": {"http://a/": [1795338000, 200, ""]}}', "[" * 100_000, "\x00"),
    ],
)
def test_a_broken_cache_is_none_and_is_replaced(tmp_path: Path, text: str) -> None:
    broken = cache(tmp_path)
    broken.path.parent.mkdir()
    broken.path.write_text(text, encoding="utf-8")
    assert broken.read() == {}
    broken.write({URL: FINE})
    assert broken.read() == {URL: FINE}


def test_a_cache_that_cannot_be_written_or_is_no_text_does_no_harm(tmp_path: Path) -> None:
    broken = cache(tmp_path)
    broken.path.mkdir(parents=True)
    broken.write({URL: FINE})
    assert broken.read() == {}
    broken.path.rmdir()
    broken.path.write_bytes(b"\xff\xfe\x00")
    assert broken.read() == {}
