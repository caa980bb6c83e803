"""What people agree to: ours, or the institute's own words, which never reach further than their holes."""

from pathlib import Path

import pytest

from newsletter.errors import InputError
from newsletter.settings.people import SubscribeTable
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.offer import CONSENT_FOLDER, offer_of
from tests.support.books import workspace_at


def with_settings(root: Path, **subscribe: object) -> Workspace:
    workspace = workspace_at(root)
    table = SubscribeTable.model_validate(subscribe)
    return Workspace(root, workspace.settings.model_copy(update={"subscribe": table}))


def written(root: Path, name: str, text: str, encoding: str = "utf-8") -> None:
    folder = root / CONSENT_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode(encoding))


IN_KOREAN = ("수집하는 항목", "이용 목적", "보유·이용 기간", "거부할 권리", "36시간", "만 14세")
IN_ENGLISH = ("What is collected", "What for", "How long", "right to refuse", "36 hours", "14 years")


@pytest.mark.parametrize(("language", "needed"), [("ko", IN_KOREAN), ("en", IN_ENGLISH)])
def test_our_words_name_all_that_the_law_asks_for(tmp_path: Path, language: str, needed: tuple[str, ...]) -> None:
    said = offer_of(with_settings(tmp_path, confirm_within="36h")).wording(language)
    for words in (*needed, "서울연구원", "서울이슈큐레이터"):
        assert words in said
    assert "{" not in said


def test_advertising_is_asked_for_where_there_is_some(tmp_path: Path) -> None:
    assert offer_of(with_settings(tmp_path)).ticks() == ["consent", "over_14"]
    offer = offer_of(with_settings(tmp_path, advertising=True))
    assert offer.ticks() == ["consent", "over_14", "advertising"]
    assert "제50조" in offer.wording("ko")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_words_of_the_institute_come_in_the_place_of_ours(tmp_path: Path, encoding: str) -> None:
    text = "동의합니다\r\n\r\n ‘{newsletter}’ {{아님}} \r\n{institute}: {confirm_within}\r\n"
    written(tmp_path, "consent.ko.txt", text, encoding)
    offer = offer_of(with_settings(tmp_path))
    own = offer.texts["ko"]["consent"]
    assert (own.label, own.details) == ("동의합니다", ("‘서울이슈큐레이터’ {아님}", "서울연구원: 3일"))
    assert "What is collected" in offer.wording("en")
    assert "14세" in offer.texts["ko"]["over_14"].label


@pytest.mark.parametrize(
    "text", ["", " \n\n", "{name}", "{newsletter.__class__}", "{institute!r}", "{newsletter:>9}", "{", "{0}", "{}", "}"]
)
def test_a_text_that_cannot_be_used_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    written(tmp_path, "consent.ko.txt", text)
    written(tmp_path, "over_14.en.txt", text)
    with pytest.raises(InputError) as caught:
        offer_of(with_settings(tmp_path))
    assert [problem.file for problem in caught.value.problems] == [
        f"{CONSENT_FOLDER}/consent.ko.txt",
        f"{CONSENT_FOLDER}/over_14.en.txt",
    ]


def test_what_is_no_text_or_no_end_of_it_is_told_too(tmp_path: Path) -> None:
    (tmp_path / CONSENT_FOLDER).mkdir(parents=True)
    (tmp_path / CONSENT_FOLDER / "consent.ko.txt").write_bytes("동의".encode("cp949"))
    (tmp_path / CONSENT_FOLDER / "consent.en.txt").write_text("x" * 20_001)
    (tmp_path / CONSENT_FOLDER / "over_14.ko.txt").mkdir()
    with pytest.raises(InputError) as caught:
        offer_of(with_settings(tmp_path))
    assert len(caught.value.problems) == 3
