"""A link whose words say nothing is told from one that names what it opens."""

import pytest

from newsletter.check.link_faults import says_nothing

NOTHING = """\
여기|여기를 클릭|여기에서 확인하세요|이곳을 누르세요|클릭|클릭하세요|더보기|더 보기 →|더 알아보기|자세히
자세히 보기 ▶|자세한 내용 보기|바로가기|바로 가기|링크|보기|읽기|[다운로드]|내려받기|here|Click here
this link|More|Read more…|Learn more|find out more|see more|Details|More details|continue reading
Download
"""
SOMETHING = """\
보고서|보고서 읽기|연구 더보기|더 보기: 상암|여기서 열리는 도시|더 나은 도시|자세히 보는 서울
바로가기 서비스 연구|링크드인|읽기 쉬운 정책|서울연구원 누리집|수신 거부|웹에서 보기|02-2149-1234
https://www.si.re.kr|Report|Read the report|More about the forum|Here comes the sun|Open data
Download the report|A view of Seoul
"""


@pytest.mark.parametrize("words", NOTHING.replace("\n", "|").strip("|").split("|"))
def test_these_words_say_nothing(words: str) -> None:
    assert says_nothing(words)


@pytest.mark.parametrize("words", SOMETHING.replace("\n", "|").strip("|").split("|"))
def test_these_words_name_what_opens(words: str) -> None:
    assert not says_nothing(words)


def test_a_link_without_words_is_not_judged_by_them() -> None:
    assert not says_nothing("")
    assert not says_nothing(" → ")
