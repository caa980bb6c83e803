"""The letter's own words in Korean and English, and how dates are said. Touches: nothing.

Limits: dates are in the zone of the value given; an unknown language is the caller's business (`known_language`).
An issue may be translated into any language; where that is none of these, its chrome is in the newsletter's.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType

_KO = {
    "number": "제{number}호",
    "web_version": "웹에서 보기",
    "unsubscribe": "수신 거부",
    "unsubscribe_mail": "수신 거부 메일을 받는 주소: {address}",
    "unsubscribe_contact": "더 받지 않으시려면 아래 연락처로 알려 주십시오.",
    "why": "{newsletter} 구독을 신청하신 분께 보내 드리는 메일입니다.",
    "no_reply": "이 메일은 발신 전용이므로 회신하실 수 없습니다.",
    "research": "연구보고서",
    "read_research": "보고서 보기: {title}",
    "source": "출처",
    "credit": "그림",
    "place": "장소",
    "picture": "그림",
    "links": "링크",
    "website": "누리집",
    "event_details": "{title} 자세히 보기",
}

_EN = {
    "number": "No. {number}",
    "web_version": "Read on the web",
    "unsubscribe": "Unsubscribe",
    "unsubscribe_mail": "To unsubscribe, write to {address}.",
    "unsubscribe_contact": "To stop receiving this letter, please tell us by one of the contacts below.",
    "why": "You receive this letter because you asked for {newsletter}.",
    "no_reply": "This message was sent from an address that cannot receive replies.",
    "research": "Report",
    "read_research": "Read the report: {title}",
    "source": "Source",
    "credit": "Picture by",
    "place": "Place",
    "picture": "Picture",
    "links": "Links",
    "website": "Website",
    "event_details": "More about {title}",
}

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType({"ko": MappingProxyType(_KO), "en": MappingProxyType(_EN)})
LANGUAGES = tuple(_WORDS)

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS_KO = "월화수목금토일"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def words(language: str) -> Mapping[str, str]:
    """The words of `ko` or `en` by key; some have holes for `str.format`."""
    return _WORDS[language]


def known_language(wanted: str, default: str, known: Iterable[str] = LANGUAGES) -> str:
    """The nearest of `known` (RFC 4647 3.4): `en-GB` is `en`, `zh_tw` is `zh-TW`; `default` where there is none."""
    names = {language.lower(): language for language in known}
    tag = wanted.strip().replace("_", "-").lower()
    while tag:
        if tag in names:
            return names[tag]
        tag = tag.rpartition("-")[0]
    return default


def month_and_year(day: date, language: str) -> str:
    """`2021년 7월`, `July 2021`."""
    return f"{day.year}년 {day.month}월" if language == "ko" else f"{_MONTHS[day.month - 1]} {day.year}"


def full_date(day: date, language: str) -> str:
    """`2021년 7월 26일`, `26 July 2021`."""
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_month(day: date, language: str) -> str:
    """`7월`, `Jul`."""
    return f"{day.month}월" if language == "ko" else _MONTHS[day.month - 1][:3]


def weekday(day: date, language: str) -> str:
    """`월`, `Mon`."""
    return _WEEKDAYS_KO[day.weekday()] if language == "ko" else _WEEKDAYS_EN[day.weekday()]


def day_and_time(moment: datetime, language: str, *, whole_day: bool) -> str:
    """`2021년 8월 3일 (화) 14:00`, `Tue, 3 August 2021, 14:00`; for a whole day without the time."""
    day, name = full_date(moment, language), weekday(moment, language)
    if language == "ko":
        return f"{day} ({name})" if whole_day else f"{day} ({name}) {moment:%H:%M}"
    return f"{name}, {day}" if whole_day else f"{name}, {day}, {moment:%H:%M}"
