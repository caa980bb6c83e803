"""Words that offer something are told from words about such things, which policy research is full of."""

import pytest

from newsletter.check.rules.advertising import is_marked, offer_in, offers_by_label

OFFERS = """\
지금 구매하세요! 서울 정책 총서
회원께 20% 할인해 드립니다.
연말 이벤트에 참여하세요.
참가비 3만 원
참가비: 30,000원
수강료는 10만 원입니다
유료 회원을 모집합니다
할인 코드 SEOUL10
설문에 답하시면 사은품 증정
도서를 특가로 만나 보세요
무료 체험 신청
경품을 드립니다
오늘만 30% 할인
선착순 50% 할인
Buy now and save
Get 20% off
Use promo code SEOUL
A free trial for our readers
The registration fee is $30
"""

RESEARCH = """\
이벤트 산업이 지역 경제에 미치는 효과
할인율 4.5%를 적용한 비용편익 분석
지역화폐 10% 할인 판매의 효과를 분석했습니다.
대중교통 할인 정책의 효과를 연구로 살펴봅니다. 자세한 내용은 보고서에서 확인하세요.
할인 정책을 소개해 드립니다
전기차 판매량이 20% 늘었습니다.
구매력 평가 지수로 본 서울의 물가
구매하기 어려운 집값
유료도로 통행료 인하가 교통량에 미친 영향
유료 구독 서비스 신청이 늘고 있습니다.
무료체험 뒤 자동 결제되는 구독 서비스, 소비자 보호 방안은
청년의 주택 구입 부담을 살펴보세요.
온라인 판매가 늘면서 골목 상권은 어떻게 바뀌었는지 읽어 보세요.
선착순 판매 방식은 공정한가
책 읽는 도시: 도서 구매 지원 사업을 돌아봅니다.
수강료 지원 사업에 100만 원을 들였습니다.
쿠폰 경제학
세일즈포스와 스마트도시
참가비: 무료
참가비는 0원입니다
포럼에 참가 신청하세요.
세미나가 무료로 열립니다. 선착순 100명
행사에 오신 분께 보고서를 드립니다.
The effect of coupon programmes on local shops
Sales of electric cars grew by 30%
Event tourism and the city; peak and 30% off-peak fares
Households save 20% of their income
"""


@pytest.mark.parametrize("text", OFFERS.splitlines())
def test_an_offer_is_found(text: str) -> None:
    assert offer_in(text) in " ".join(text.split())
    assert offer_in(text)


@pytest.mark.parametrize("text", RESEARCH.splitlines())
def test_research_about_selling_is_no_offer(text: str) -> None:
    assert offer_in(text) == ""


def test_the_invitation_must_stand_in_the_same_sentence() -> None:
    assert offer_in("할인 정책을 다룬 호입니다.\n포럼에 참여하세요.") == ""
    assert offer_in("포럼 참가권을 할인 가격에 신청하세요.") == "할인 가격에 신청하세요"


@pytest.mark.parametrize(
    "label", ["구매하기", "책 구매하기", "지금 주문하기 →", "무료체험 신청", "쿠폰 받기", "Buy now"]
)
def test_a_button_that_sells_is_found(label: str) -> None:
    assert offers_by_label(label)


@pytest.mark.parametrize(
    "label", ["보고서 읽기", "신청하기", "구매 이력 조회 연구", "할인 정책 보고서", "Read more", ""]
)
def test_any_other_button_is_not(label: str) -> None:
    assert not offers_by_label(label)


def test_the_mark_of_advertising_is_known_in_every_form() -> None:
    assert all(is_marked(subject) for subject in ("(광고) 책", "[광고]책", "(광 고) 책"))
    assert not any(is_marked(subject) for subject in ("광고 산업의 미래", "[서울이슈큐레이터] (광고)"))
