"""Whatever keeps an issue from being read is told in both languages, and keeps the words of the issue."""

from pathlib import Path

import pytest

from newsletter.errors import InputError, NewsletterError, Problem, UsageError
from newsletter.issue.find import find_issue
from newsletter.issue.load import load_issue
from newsletter.issue.scaffold import init_workspace, new_issue
from tests.support.issue_files import workspace, write_issue
from tests.support.spoken import assert_english, assert_korean

STORY = "title: 가\nsections:\n  - type: story\n    body: 가\n"
DEEP = "".join(f"{' ' * depth}-\n" for depth in range(1, 40))
BROKEN = [
    # YAML that means something else than was typed
    "title: 주제: 부제\n",
    "title: {{ subscriber.name }}님께\n",
    "title: [서울] 소식\n",
    "title: *서울\n",
    "title: &서울 소식\nintro: 가\n",
    "title: !서울 소식\nintro: 가\n",
    "title: @서울\n",
    "title: 가\npreheader: 청년 #3호\nintro: 가\n",
    "title: 가\nintro: 가\n  나 #다\n라\n",
    'title: "열린\n',
    'title: "가" 나\nintro: 가\n',
    'title: "가\\서"\nintro: 가\n',
    "title:\t가\n",
    "title: 가\nsections:\n\t- type: story\n",
    "title: 하나\ntitle: 둘\nintro: 가\n",
    "title: 가\nsections: [\n",
    "title: 가\nintro\n",
    "title: 가\n intro: 나\n",
    "title: 가\n- 나\n",
    "title: 가\nsections:\n  - { type: figures, items: [ { value: 1, label: 가, 나: 다 } ] }\n",
    "? [a]\n: b\n",
    "title: 가\n<<: 나\nintro: 가\n",
    '"a\\0": 가\ntitle: 가\nintro: 가\n',
    "%YAML 1.2\n---\ntitle: 가\n",
    "title: 가\nintro: 가\n---\ntitle: 나\n",
    f"title: {'[' * 40}\n",
    "title: 가\nintro: 가\nauthor:\n" + DEEP,
    f"title: 가\nsections: [{'가,' * 6_000}]\n",
    "",
    # a file that is none
    "title: 가\0나\n",
    "title: 가\x1b나\n",
    "title: 가\r나\n",
    "title: 가\u2028나\n",
    f"title: {'가' * 200_001}\n",
    "\n" * 20_002,
    "가" * 400_000,
    # values
    "title: 가\nintro: 가\nsecions: []\n",
    "title: 가\nintro: 가\nzzz: 1\n",
    "title: 가\nsections:\n  - type: storry\n",
    "title: 가\nsections:\n  - type: 서울\n",
    "title: 가\nsections:\n  - body: 가\n",
    "title: 가\nsections:\n  - type: []\n",
    "title: 가\nsections:\n  - type: story\n",
    "title: 가\nsections: 가\n",
    "title: 가\nsections:\n  - type: figures\n    items: []\n",
    "title: 가\n",
    "title: ''\nintro: 가\n",
    "title: [가, 나]\nintro: 가\n",
    "title: { 가: 나 }\nintro: 가\n",
    "title: |\n  가\n  나\nintro: 가\n",
    'title: "가\\t나"\nintro: 가\n',
    'title: "가\\0나"\nintro: 가\n',
    f"title: 가\nintro: {'가' * 20_001}\n",
    "title: 가\nintro: 가\nnumber: 일곱\n",
    "title: 가\nintro: 가\nadvertising: 예\n",
    "title: 가\nintro: 가\npublish_at: 어제\n",
    "title: 가\nintro: 가\npublish_at: 2026-13-40T25:00\n",
    "title: 가\nintro: 가\ntranslations: { 한국어: { title: a } }\n",
    "title: 가\nintro: 가\nhero: { src: 'https://a.example.org/a.png', alt: 가 }\n",
    "title: 가\nintro: 가\nhero: { src: '/a.png', alt: 가 }\n",
    "title: 가\nintro: 가\nzzz: 1\nhero: { src: none.png, alt: 가 }\n",
    STORY + "    only_for: 연구자\n",
    STORY + "    button: { label: 가, url: 'javascript:x' }\n",
    STORY + "    button: { label: 가, url: 'https://' }\n",
    STORY + "    button: { label: 가, url: 'https://a b' }\n",
    STORY + "    research: [ { title: 가, url: 'https://a.example.org', year: 작년 } ]\n",
    # translations
    STORY + "translations: { en: { sections: [ {}, { heading: a } ] } }\n",
    STORY + "translations: { en: { sections: [ { source: a } ] } }\n",
    STORY + "translations: { en: { sections: [ { boddy: a } ] } }\n",
    STORY + "translations: { en: { sections: [ { research: [ { title: a } ] } ] } }\n",
    STORY + "translations: { en: { sections: [ { button: { label: a } } ] } }\n",
    STORY + "translations: { en: { hero: { alt: a } } }\n",
    # merge fields
    "title: 가\nintro: '{{ subscriber.nam }}'\n",
    "title: 가\nintro: '{{ 7*7 }}'\n",
    "title: 가\nintro: '{{ subscriber.name'\n",
    "title: 가\nintro: '{{ subscriber.name | upper }}'\n",
    "title: 가\nintro: '{{ subscriber.fields[“a”] }}'\n",
    "title: 가\nintro: '{{ subscriber.fields[\"\"] }}'\n",
]  # fmt: skip


def problems(root: Path, text: str | bytes) -> list[Problem]:
    path = write_issue(root, "")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as refused:
        load_issue(path, workspace_root=workspace(root).root, timezone="Asia/Seoul")
    return list(refused.value.problems)


def assert_both(problem: Problem) -> None:
    for said in (problem.message, problem.hint):
        if str(said):
            assert_korean(said)
            assert_english(said)


@pytest.mark.parametrize("text", BROKEN, ids=[f"{number}" for number in range(len(BROKEN))])
def test_a_broken_file_is_told_in_both_languages(tmp_path: Path, text: str) -> None:
    for problem in problems(tmp_path, text):
        assert_both(problem)


@pytest.mark.parametrize(
    "data", ["title: 가".encode("utf-16"), "title: 서울\n".encode("cp949"), b"title: \xff\xfe\xfa\n"]
)
def test_an_encoding_is_told_in_both_languages(tmp_path: Path, data: bytes) -> None:
    for problem in problems(tmp_path, data):
        assert_both(problem)


def test_the_words_of_the_issue_stay_and_have_the_particle_of_their_sound(tmp_path: Path) -> None:
    def said(text: str) -> str:
        [problem] = problems(tmp_path, text)
        return problem.message.in_language("ko")

    head = "title: 가\nintro: 가\n"
    assert said(f"{head}secions: []\n") == "`secions`라는 칸은 없습니다. 혹시 `sections` 아닌가요?"
    assert said(f"{head}제몫: 가\n").startswith("`제몫`이라는 칸은 없습니다. 쓸 수 있는 칸: title, ")
    assert said("title: 가\nintro: '{{ subscriber.nam }}'\n").startswith("`subscriber.nam`이라는 병합 필드는 없습니다")
    [problem] = problems(tmp_path, "title: 주제: 부제\n")
    assert problem.hint.in_language("ko") == '이렇게 적으세요: title: "주제: 부제"'


def test_a_picture_that_is_not_there_is_told_with_its_name(tmp_path: Path) -> None:
    broken = problems(tmp_path, "title: 가\nintro: 가\nzzz: 1\nhero: { src: none.png, alt: 가 }\n")
    assert broken[-1].message.in_language("ko") == "그림 파일이 없습니다: none.png"
    assert broken[-1].hint.in_language("ko").startswith("찾아본 곳: ")


def test_which_issue_was_meant_is_asked_in_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    home = workspace(tmp_path)
    refused: list[NewsletterError] = []

    def refuse(given: str | None) -> None:
        with pytest.raises(UsageError) as caught:
            find_issue(home, given)
        refused.append(caught.value)

    refuse(None)
    refuse("2026-11")
    write_issue(tmp_path, "title: 가\nintro: 가\n")
    for given in ("2026-12", "2026_11", "issues/none.yaml", "/etc/hostname", "newsletter.toml"):
        refuse(given)
    for month in range(1, 8):
        (tmp_path / "issues" / f"2026-0{month}.yaml").write_text("title: 가\nintro: 가\n", encoding="utf-8")
    refuse("2026-17")
    for error in refused:
        assert_korean(error)
        assert_english(error)
    assert refused[-1].in_language("ko").splitlines()[1:] == [
        "혹시 `2026-11` 아닌가요?",
        "있는 호: `2026-04`, `2026-05`, `2026-06`, `2026-07`, `2026-11`. 그 밖에 지난 호 3개",
        "`newsletter new 2026-17` 명령으로 시작하세요.",
    ]


def test_what_is_there_already_is_told_in_both_languages(tmp_path: Path) -> None:
    home = workspace(tmp_path)
    write_issue(tmp_path, "title: 가\nintro: 가\n")
    for begin in (
        lambda: init_workspace(tmp_path),
        lambda: new_issue(home, "2026-11"),
        lambda: new_issue(home, "2026_11"),
    ):
        with pytest.raises(UsageError) as caught:
            begin()
        assert_korean(caught.value)
        assert_english(caught.value)
