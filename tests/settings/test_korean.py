"""What is wrong with newsletter.toml or the environment is told in both languages, with the particle of each word."""

from pathlib import Path

import pytest

from newsletter.errors import CannotWriteError, Problem, SettingsError
from newsletter.settings.load import find_workspace, load_settings
from newsletter.settings.secret import load_keys
from tests.support.issue_files import SETTINGS, workspace
from tests.support.spoken import assert_english, assert_korean

BROKEN = [
    # no TOML
    "[newsletter\n",
    'name = "a" "b"\n',
    "name = 서울\n",
    'name: "서울"\n',
    "a = " + "[" * 2_000,
    "# " + "가" * 1_000_000,
    # keys and values
    "",
    SETTINGS + "[smpt]\n",
    SETTINGS + "['가나다']\n",
    SETTINGS + "[links]\npages_ulr = ''\n",
    SETTINGS + "[links]\n가나다 = ''\n",
    SETTINGS + "phones = [{ label = 'a', number = 'b', fax = 'c' }]\n",
    SETTINGS + "phones = 1\n",
    SETTINGS + "phones = [1]\n",
    SETTINGS.replace('"서울연구원"', '""'),
    SETTINGS.replace('"서울연구원"', "7"),
    SETTINGS.replace('"서울연구원"', '"a\\u0007"'),
    SETTINGS.replace('"letter.news.example.org"', '"letter"'),
    SETTINGS.replace('"no-reply@news.example.org"', '"a <a@example.org>"'),
    SETTINGS.replace('"no-reply@news.example.org"', '"서울"'),
    SETTINGS.replace("[sender]", 'language = "fr"\n[sender]'),
    SETTINGS.replace("[sender]", 'timezone = "Asia/Soul"\n[sender]'),
    SETTINGS.replace("[institute]", 'verp = "예"\n[institute]'),
    SETTINGS + "website = 'www.si.re.kr'\n",
    SETTINGS + "[links]\npages_url = 'https://a.example.org/?x'\n",
    SETTINGS + "[links]\npages_url = 'http://a.example.org/'\n",
    SETTINGS + "[smtp]\nurl = 'localhost'\n",
    SETTINGS + "[smtp]\nurl = 'smtp://a:b@localhost'\n",
    SETTINGS + "[smtp]\npassword = 'geheim'\n",
    SETTINGS + "[smtp]\nconnections = 0\n",
    SETTINGS + "[smtp]\nconnections = 1000\n",
    SETTINGS + "[smtp]\nconnections = 1.5\n",
    SETTINGS + "[smtp]\nconnections = '4a'\n",
    SETTINGS + "[smtp]\nconnections = []\n",
    SETTINGS + "[smtp]\nrate = '5'\n",
    SETTINGS + "[smtp]\nretry = 'soon'\n",
    SETTINGS + "[smtp]\nretry = '0s'\n",
    SETTINGS + "[smtp]\nper_domain = 1\n",
    SETTINGS + "[smtp.per_domain.naver]\nconnections = 1\n",
    SETTINGS + "[audience]\nmax_bad_rows = '101%'\n",
    SETTINGS + "[operator]\nheartbeat = 'ping.example.org'\n",
    SETTINGS + "[operator]\nheartbeat = 'http://ping.example.org/'\n",
    SETTINGS + "[operator]\nheartbeat = 'https://a:b@ping.example.org/'\n",
    SETTINGS + "[operator]\nbounce_limit = '2'\n",
    SETTINGS + "[editor]\nnotify = ['Jane Doe <jane@example.org>']\n",
    SETTINGS + "[theme]\nink = 'grün'\n",
    SETTINGS + "[theme]\nink = '#eeeeee'\n",
    SETTINGS + "[theme]\ndark_ink = '#222222'\n",
    SETTINGS + "[theme]\naccent = '#e8590c'\n",
    SETTINGS + "[theme]\non_accent = '#0b6655'\n",
    SETTINGS + "[dkim]\ndomain = '서울'\n",
    SETTINGS + "[operator]\nnotify = 'a@example.org'\n",
    SETTINGS + "[check.severity]\nlink-text = 'fatal'\n",
]  # fmt: skip
WRONG_ENVIRONMENT = {
    "NEWSLETTER_SMTP__ULR": "x",
    "NEWSLETTER_가나다": "x",
    "NEWSLETTER_OPERATOR__NOTIFY": "a@example.org",
    "NEWSLETTER_CHECK__IGNORE": "[]",
    "NEWSLETTER_SMTP__PASSWORD_FILE": "/nowhere/at/all",
    "NEWSLETTER_SMTP__RATE": "5",
}


def refused(root: Path, text: str, environ: dict[str, str] | None = None) -> list[Problem]:
    (root / "newsletter.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(root / "newsletter.toml", environ or {})
    return list(caught.value.problems)


def assert_both(problem: Problem) -> None:
    for said in (problem.message, problem.hint):
        assert not isinstance(said, str)
        if str(said):
            assert_korean(said)
            assert_english(said)


@pytest.mark.parametrize("text", BROKEN, ids=[f"{number}" for number in range(len(BROKEN))])
def test_a_wrong_setting_is_told_in_both_languages(tmp_path: Path, text: str) -> None:
    for problem in refused(tmp_path, text):
        assert_both(problem)


def test_a_wrong_variable_is_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "cp949").write_bytes("비밀".encode("cp949"))
    environ = {**WRONG_ENVIRONMENT, "NEWSLETTER_LEDGER__URL_FILE": str(tmp_path / "cp949")}
    problems = refused(tmp_path, SETTINGS, environ)
    assert {problem.file for problem in problems} == environ.keys()
    for problem in problems:
        assert_both(problem)


def test_a_file_in_another_encoding_is_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_bytes("name = '서울'".encode("cp949"))
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "newsletter.toml", {})
    assert_both(caught.value.problems[0])
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {})
    assert_korean(caught.value.message)


def test_the_particle_fits_the_key(tmp_path: Path) -> None:
    def said(text: str) -> str:
        [problem] = refused(tmp_path, SETTINGS + text)
        return problem.message.in_language("ko")

    assert said("[smpt]\n") == "`smpt`라는 칸은 없습니다. 혹시 `smtp` 아닌가요?"
    assert said("['이름']\n").startswith("`이름`이라는 칸은 없습니다. 쓸 수 있는 칸: newsletter, sender, ")


def test_a_colour_that_is_too_faint_is_told_as_a_sentence(tmp_path: Path) -> None:
    [problem] = refused(tmp_path, SETTINGS + "[theme]\ndark_ink = '#222222'\n")
    assert problem.message.in_language("ko").startswith("옅은 바탕(dark_tint #")
    assert "의 명암비가 어두운 화면에서 " in problem.message.in_language("ko")


def test_where_there_is_no_workspace_it_is_told_in_both_languages(tmp_path: Path) -> None:
    for explicit in (None, tmp_path):
        with pytest.raises(SettingsError) as caught:
            find_workspace(tmp_path, explicit=explicit, environ={})
        assert_korean(caught.value.message)
        assert_english(caught.value.message)
    assert "newsletter.toml이 없습니다" in caught.value.in_language("ko")


@pytest.mark.parametrize(
    "environ",
    [{}, {"NEWSLETTER_SECRET_KEY": ""}, {"NEWSLETTER_SECRET_KEY": "short"}, {"NEWSLETTER_SECRET_KEY_FILE": "/nowhere"}],
)
def test_a_secret_that_is_none_is_told_in_both_languages(tmp_path: Path, environ: dict[str, str]) -> None:
    home = workspace(tmp_path)
    with pytest.raises(SettingsError) as caught:
        load_keys(home, environ, create=False)
    assert_korean(caught.value.message)
    assert_english(caught.value)


def test_a_secret_that_cannot_be_made_is_told_in_both_languages(tmp_path: Path) -> None:
    home = workspace(tmp_path)
    (tmp_path / ".newsletter").touch()
    with pytest.raises(CannotWriteError) as caught:
        load_keys(home, {}, create=True)
    assert_korean(caught.value.message)
