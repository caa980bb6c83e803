"""In which language the command answers: --lang, NEWSLETTER_LANG, the newsletter's own, the locale, English."""

import re
import sys
from io import StringIO
from pathlib import Path

import pytest

from newsletter.catalogue import Verbatim
from newsletter.cli.session import Session
from newsletter.errors import RefusedError

from .conftest import Call, Ended, make_workspace

HANGUL = re.compile("[가-힣]")
NO_SENTENCE = re.compile(
    r"""
    \s*$                        # nothing
    | /\S+$                     # a path
    | \*/10\ \*                 # a line for cron
    | \ {4}                     # a line of a file, or its caret
    | \S+@\S+\ <\S+>            # an address
    """,
    re.VERBOSE,
)


def speaks(ended: Ended) -> str:
    """The language of what was said: Korean where there is a Korean letter in it."""
    return "ko" if HANGUL.search(ended.out + ended.err) else "en"


@pytest.fixture
def korean(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "korean", "ko")


@pytest.fixture
def english(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "english", "en")


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    (folder := tmp_path / "nowhere").mkdir()
    return folder


def test_it_is_the_newsletters(call: Call, korean: Path, english: Path) -> None:
    assert speaks(call("status", cwd=korean, LANG="en_US.UTF-8")) == "ko"
    assert speaks(call("status", cwd=english, LANG="ko_KR.UTF-8")) == "en"


def test_the_variable_goes_before_the_settings_and_the_option_before_the_variable(call: Call, korean: Path) -> None:
    assert speaks(call("status", cwd=korean, NEWSLETTER_LANG="en")) == "en"
    assert speaks(call("status", "--lang", "ko", cwd=korean, NEWSLETTER_LANG="en")) == "ko"
    assert speaks(call("status", "--lang", "en", cwd=korean, NEWSLETTER_LANG="ko")) == "en"
    assert speaks(call("status", "--lang", "en", cwd=korean, NEWSLETTER_LANG="xx")) == "en"
    assert speaks(call("status", cwd=korean, NEWSLETTER_LANG="")) == "ko"


@pytest.mark.parametrize("words", [("--lang", "en", "status"), ("status", "--lang", "en"), ("status", "--lang=en")])
def test_the_option_stands_before_or_after_the_command(call: Call, korean: Path, words: tuple[str, ...]) -> None:
    assert speaks(call(*words, cwd=korean)) == "en"


def test_of_two_the_later_counts(call: Call, korean: Path) -> None:
    assert speaks(call("--lang", "ko", "status", "--lang", "en", cwd=korean)) == "en"


@pytest.mark.parametrize("tag", ["ko", "KO", "ko-KR", "ko_KR", "ko_KR.UTF-8"])
def test_tags_name_the_language(call: Call, english: Path, tag: str) -> None:
    assert speaks(call("status", "--lang", tag, cwd=english)) == "ko"
    assert speaks(call("status", cwd=english, NEWSLETTER_LANG=tag)) == "ko"


@pytest.mark.parametrize("words", [("--lang", "fr", "status"), ("status", "--lang", "fr"), ("status", "--lang", "")])
def test_an_unknown_one_is_a_usage_error_that_names_the_known(call: Call, korean: Path, words: tuple[str, ...]) -> None:
    ended = call(*words, cwd=korean)
    assert (ended.code, ended.out) == (64, "")
    assert "ko, en" in ended.err
    assert speaks(ended) == "ko"


def test_an_unknown_variable_is_a_usage_error_too(call: Call, korean: Path, nowhere: Path) -> None:
    ended = call("status", cwd=korean, NEWSLETTER_LANG="fr")
    assert ended.code == 64
    assert "NEWSLETTER_LANG fr" in ended.err
    assert call("init", "made", cwd=nowhere, NEWSLETTER_LANG="fr").code == 64
    assert not (nowhere / "made").exists()
    assert call("--version", cwd=korean, NEWSLETTER_LANG="fr").code == 0
    assert call("status", "--help", cwd=korean, NEWSLETTER_LANG="fr").code == 0


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "en_GB", "LC_ALL": "ko_KR"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "", "LC_ALL": ""}, "ko"),
        ({"LANG": "en_US.UTF-8", "NEWSLETTER_LANG": "ko"}, "ko"),
    ],
)
def test_without_settings_it_is_the_locale(call: Call, nowhere: Path, environ: dict[str, str], language: str) -> None:
    assert speaks(call("sned", cwd=nowhere, **environ)) == language
    assert speaks(call("init", cwd=nowhere, **environ)) == language


def test_init_does_not_speak_as_the_workspace_it_makes_or_stands_in(call: Call, korean: Path) -> None:
    assert speaks(call("init", "inside", "--language", "ko", cwd=korean, LANG="en_US.UTF-8")) == "en"


def test_with_broken_settings_it_is_the_locale(call: Call, korean: Path) -> None:
    (korean / "newsletter.toml").write_text("[newsletter\n", encoding="utf-8")
    ended = call("send", cwd=korean, LANG="ko_KR.UTF-8")
    assert (ended.code, speaks(ended)) == (64, "ko")
    assert call("status", cwd=korean).code == 78


@pytest.mark.parametrize("more", ["[theme]\naccent = 3\n", "[nonsense]\n", "[sender\n", 'name = "open\n'])
def test_settings_with_a_mistake_still_say_in_which_language_to_tell_of_it(call: Call, korean: Path, more: str) -> None:
    path = korean / "newsletter.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    ended = call("status", cwd=korean, LANG="C")
    assert (ended.code, speaks(ended)) == (78, "ko")
    assert speaks(call("status", "--lang", "en", cwd=korean)) == "en"


def test_a_bug_in_reading_the_settings_is_told_as_a_bug(
    call: Call, korean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_words: object, **_more: object) -> None:
        raise KeyError("here")

    monkeypatch.setattr("newsletter.settings.load.find_workspace", broken)
    ended = call("status", cwd=korean, LANG="ko_KR.UTF-8")
    assert (ended.code, speaks(ended)) == (70, "ko")
    assert "KeyError" in ended.err


def test_the_parsers_own_errors_are_told_in_the_language_that_stands_behind_them(
    call: Call, korean: Path, nowhere: Path
) -> None:
    assert speaks(call("status", "--bogus", cwd=korean)) == "ko"
    assert speaks(call("status", "--bogus", "--lang", "en", cwd=korean)) == "en"
    assert speaks(call("sned", "--lang=en", cwd=korean)) == "en"
    assert speaks(call("status", "--bogus", "--workspace", str(korean), cwd=nowhere)) == "ko"


def test_help_and_version_are_english_and_data_is_what_it_is(call: Call, korean: Path) -> None:
    assert speaks(call("send", "--help", cwd=korean)) == "en"
    in_both = [call("status", "--json", "--lang", language, cwd=korean).out for language in ("ko", "en")]
    assert in_both[0] == in_both[1]


@pytest.mark.parametrize(
    ("words", "command", "said"),
    [
        (
            ("status", "--wrokspace"),
            "newsletter status",
            "--wrokspace: 그런 옵션이 없습니다. 혹시 `--workspace` 아닌가요?",
        ),
        (
            ("send", "--frst"),
            "newsletter send",
            "--frst: 그런 옵션이 없습니다. 혹시 `--at`, `--first`, `--to` 아닌가요?",
        ),
        (("status", "--xyzzy"), "newsletter status", "--xyzzy: 그런 옵션이 없습니다"),
        (("sned",), "newsletter", "sned: 그런 명령이 없습니다. 혹시 `send` 아닌가요?"),
        (("ledger", "inti"), "newsletter ledger", "inti: 그런 명령이 없습니다. 혹시 `init` 아닌가요?"),
        (("xyzzy",), "newsletter", "xyzzy: 그런 명령이 없습니다"),
        (("--quiet",), "newsletter", "명령이 빠졌습니다."),
        (("send", "a", "b"), "newsletter send", "쓰이지 않는 말이 더 있습니다: b"),
        (("render", "2026-11"), "newsletter render", "빠진 것이 있습니다: --out"),
        (("pause",), "newsletter pause", "빠진 것이 있습니다: ISSUE"),
        (("render", "2026-11", "--out"), "newsletter render", "--out 옵션에는 값이 있어야 합니다"),
        (("status", "--json=1"), "newsletter status", "--json 옵션에는 값을 붙이지 않습니다"),
        (("ledger", "export", "--xyzzy"), "newsletter ledger export", "--xyzzy: 그런 옵션이 없습니다"),
        (("ledger", "--xyzzy"), "newsletter ledger", "--xyzzy: 그런 옵션이 없습니다"),
        (("--xyzzy", "status"), "newsletter", "--xyzzy: 그런 옵션이 없습니다"),
        (("status", "--lang"), "newsletter status", "--lang 옵션에는 값이 있어야 합니다"),
        (
            ("check", "--format", "yml"),
            "newsletter check",
            "--format에는 다음 가운데 하나를 쓰세요: text, json, sarif, github",
        ),
    ],
)
def test_errors_of_the_words_are_told_by_us(
    call: Call, korean: Path, words: tuple[str, ...], command: str, said: str
) -> None:
    ended = call(*words, cwd=korean)
    assert (ended.code, ended.err.splitlines()[0]) == (64, said)
    assert ended.err.splitlines()[1] == f"쓰는 법: {command} --help"
    english = call("--lang", "en", *words, cwd=korean)
    assert (english.code, speaks(english)) == (64, "en")


TABLE = [
    (("init", "new-one"), 0),
    (("new", "2027-01"), 0),
    (("new", "Bad!"), 64),
    (("check", "2026-11"), 0),
    (("check", "2026-11", "--all"), 64),
    (("check", "--json", "--format", "sarif"), 64),
    (("approve", "2026-11"), 64),
    (("status", "2026-11"), 0),
    (("status", "no-such-issue"), 64),
    (("pause", "2026-11"), 64),
    (("send",), 64),
    (("send", "2026-11"), 64),
    (("send", "2026-11", "--due"), 64),
    (("send", "2026-11", "--to", "a@example.com", "--dry-run"), 64),
    (("send", "2026-11", "--out", "x"), 64),
    (("send", "2026-11", "--to", "no address"), 64),
    (("send", "2026-11", "--to", "a@example.com"), 69),
    (("send", "2026-11", "--dry-run"), 0),
    (("send", "2026-11", "--yes", "--first", "1"), 69),
    (("status", "2026-11"), 0),
    (("resume", "2026-11"), 0),
    (("send", "2026-11", "--yes"), 69),
    (("pause", "2026-11"), 0),
    (("send", "2026-11", "--yes"), 77),
    (("resume", "2026-11"), 0),
    (("resolve", "2026-11"), 64),
    (("resolve", "2026-11", "--as-sent"), 0),
    (("revise", "2026-11", "--yes"), 77),
    (("cancel", "2026-11"), 64),
    (("cancel", "2026-11", "--yes"), 0),
    (("resume", "2026-11"), 77),
    (("send", "2026-11", "--yes"), 77),
    (("subscribers", "suppress", "hong@example.com"), 0),
    (("subscribers", "suppress", "no address"), 64),
    (("subscribers", "unsuppress", "hong@example.com"), 0),
    (("subscribers", "unsuppress", "hong@example.com"), 0),
    (("ledger", "init"), 0),
    (("ledger", "verify"), 0),
    (("ledger", "export", "no-such-issue"), 64),
    (("schedule", "show"), 0),
    (("status", "--workspace", "elsewhere"), 78),
]
"""A walk through the commands, in this order; the relay does not answer."""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_answer_is_in_the_language_that_was_chosen(call: Call, tmp_path: Path, language: str) -> None:
    folder = make_workspace(tmp_path, language)
    for words, code in TABLE:
        ended = call(*words, "--lang", language, cwd=folder)
        assert ended.code == code, (words, ended)
        said = [line for line in (ended.out + ended.err).splitlines() if not NO_SENTENCE.match(line)]
        assert said, words
        for line in said:
            assert bool(HANGUL.search(line)) == (language == "ko"), (words, line)


class Typed(StringIO):
    """A terminal on which somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("language", "asked"), [("en", "[y/N]"), ("ko", "[예/아니요]")])
@pytest.mark.parametrize(
    ("answer", "code"), [("y", 0), ("YES", 0), ("예", 0), ("네", 0), ("ㅇ", 0), ("", 77), ("아니요", 77), ("n", 77)]
)
def test_a_question_is_asked_in_the_language_and_answered_in_either(
    monkeypatch: pytest.MonkeyPatch, language: str, asked: str, answer: str, code: int
) -> None:
    told = Typed()
    monkeypatch.setattr(sys, "stdin", Typed(f"{answer}\n"))
    monkeypatch.setattr(sys, "stderr", told)
    session = Session(lang_option=language)
    if code:
        with pytest.raises(RefusedError) as refused:
            session.ask(Verbatim("?"))
        assert refused.value.exit_code == code
    else:
        session.ask(Verbatim("?"))
    assert told.getvalue() == f"? {asked}\n"
