"""Is it advertising after all: ad-hint, ad-sponsor. Touches: nothing.

A word alone (할인, 이벤트, 판매) says nothing: policy research is about such things. What counts is a word together
with an invitation to the reader, or a price for taking part. Limits: Korean and English; a guess, only good for a hint.
"""

import re
from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.excerpt import shortened
from newsletter.issue.sections.sponsor import Sponsor
from newsletter.issue.texts import TextKind

_NOT_SAID = frozenset({TextKind.NAME, TextKind.LINK, TextKind.PICTURE, TextKind.DATA})
"""What nobody says to the reader."""
_WARE = (
    r"(?:할인|특가|세일|이벤트|유료|판매|구매|구입|주문|결제|예매|쿠폰|경품|사은품|무료\s?체험|체험단|프로모션|얼리버드"
    r"|멤버십)"
)
# What a reader is asked to do; reading and looking (읽어 보세요, 확인하세요) is what every letter asks for.
_DO = r"(?:받으|누리|만나(?:\s?보)?|즐기|서두르|놓치지\s?마|(?:참여|구매|구입|주문|결제|예매|가입|이용|신청)하)"
_PLEASE = r"(?:세요|십시오|시기\s?바랍니다)"
_PRIZE = r"(?:할인|특가|세일|쿠폰|경품|사은품|적립)"
_SENTENCE = re.compile(r"[^.!?。\n]+")
_OFFER = re.compile(
    rf"{_WARE}.{{0,40}}?{_DO}{_PLEASE}|(?:구매|구입|주문|결제|예매)(?:하|해\s?보){_PLEASE}"
    rf"|{_PRIZE}(?:을|를|해|도|까지)?\s?(?:모두\s?)?(?:드립니다|드려요|드릴게요)"
    rf"|(?:선착순|오늘만|이번\s?주만|마감\s?임박|지금\s?바로).{{0,20}}?{_PRIZE}|한정\s?(?:특가|판매|할인)"
)
_PRICE = r"[1-9][\d,.]*\s?(?:만\s?|천\s?)*원"
_SURE = re.compile(
    rf"(?:참가비|수강료|등록비|회비|정가|판매가|할인가|특별가)(?:는|은|가|:|：)?\s*(?:1인당\s*)?{_PRICE}"
    r"|유료\s?(?:회원|강좌|강의|포럼|세미나|교육|구독자)(?:을|를)?\s?(?:모집|안내)"
    r"|(?:할인|프로모션|쿠폰)\s?코드|무료\s?체험\s?(?:신청|기회|이벤트)|사은품\s?증정|경품\s?추첨"
    r"|\b(?:buy|order|shop)\s+(?:now|today|online)\b|\b(?:promo|discount|coupon|voucher)\s+code\b"
    r"|\blimited[- ]time offer\b|\bfree trial\b|\bearly[- ]bird\s+(?:price|rate|ticket|discount)s?\b"
    r"|\b(?:get|save|enjoy|take)\s+(?:an?\s+)?(?:extra\s+)?\d{1,2}\s?(?:%|percent)\s+off\b"
    r"|\b(?:registration|admission|participation)\s+fees?\s*(?:is|:|of)\s*(?:[$€£₩]|KRW|USD|EUR)\s?[1-9]",
    re.IGNORECASE,
)
# Of a button: what it does, and nothing else.
_BUTTON = re.compile(
    r"(?:지금\s?|바로\s?|온라인\s?)*(?:책\s?|표\s?|도서\s?|티켓\s?)?(?:구매|구입|주문|결제|예매|할인\s?받)(?:하기|하러\s?가기|기)?"
    r"|쿠폰\s?받기|무료\s?체험(?:\s?신청|하기|\s?시작)*"
    r"|(?:buy|order|shop|purchase)(?:\s+(?:now|it|the book|tickets?|here))?"
    r"|get (?:the )?(?:discount|coupon|offer)|start (?:your )?free trial",
    re.IGNORECASE,
)
_MARK = re.compile(r"^\s*[(\[（]\s*광\s?고\s*[)\]）]")
_LONGEST = 20_000


_SOURCE = "정보통신망법 제50조, 방송통신위원회·한국인터넷진흥원 불법스팸 방지를 위한 정보통신망법 안내서 https://spam.kisa.or.kr"


@warning("ad-hint", _SOURCE)
def ad_hint(material: Material) -> Iterator[Found]:
    """A letter that sells something is advertising in Korean law, even if it is a research institute's."""
    if material.issue.advertising:
        return
    for one in material.issue.texts():
        path, text, key = one.path, one.text, one.path[-1]
        if one.kind in _NOT_SAID or "research" in path:
            continue  # titles of research are somebody else's words
        words = text if key == "label" and offers_by_label(text) else offer_in(text)
        if key == "subject" and is_marked(text):
            words = text
        if words:
            yield Found(
                phrase("check.advertising.ad-hint.found", words=shortened(words, 60)),
                path=path,
                sought=words if words in text else "",
            )
            return


@warning("ad-sponsor", _SOURCE)
def ad_sponsor(material: Material) -> Iterator[Found]:
    """Who carries a paid passage for profit sends advertising, whatever the rest of the letter says."""
    if material.issue.advertising:
        return
    for path, part in material.issue.parts():
        if isinstance(part, Sponsor):
            says = phrase("check.advertising.ad-sponsor.found", name=shortened(part.name, 60))
            yield Found(says, path=(*path, "name"))


def offer_in(text: str) -> str:
    """The first words of a text that sound like an offer to its reader; empty where there are none."""
    for sentence in _SENTENCE.findall(text[:_LONGEST]):
        if found := _SURE.search(sentence) or _OFFER.search(sentence):
            return " ".join(found[0].split())
    return ""


def offers_by_label(label: str) -> bool:
    """Whether the words of a button or a link ask for money: 구매하기, Buy now."""
    return bool(_BUTTON.fullmatch(label[:200].strip(" .!→›»>")))


def is_marked(subject: str) -> bool:
    """Whether a subject carries the mark of advertising, in whichever form."""
    return bool(_MARK.match(subject))


RULES = (
    ad_hint,
    ad_sponsor,
)
