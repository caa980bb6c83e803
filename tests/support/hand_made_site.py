"""An archive put together by hand: what `archive build` would make of issues, without any."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PIL import Image

from newsletter.archive.site import IssuePage, Site, SiteEvent, SiteIssue
from newsletter.settings.model import Settings

BASE = "https://news.example.org/archive/"
SEOUL = ZoneInfo("Asia/Seoul")
MORNING = datetime(2026, 11, 26, 9, 0, tzinfo=SEOUL)
SETTINGS = {
    "newsletter": {
        "name": "서울이슈큐레이터",
        "tagline": "시민의 관심이슈에 정책연구로 답합니다",
        "list_id": "letter.news.example.org",
    },
    "sender": {"address": "no-reply@news.example.org"},
    "institute": {"name": "서울연구원"},
}

_BODY = '<h2 id="story-01">청년정책</h2><p>글 <a href="#story-01">여기</a><img src="../pictures/a.png" alt="그림"></p>'


def settings_with(**newsletter: object) -> Settings:
    """The settings, with other values of `[newsletter]`."""
    return Settings.model_validate(SETTINGS | {"newsletter": {**SETTINGS["newsletter"], **newsletter}})


def page_of(slug: str, title: str = "신성장동력", body: str = "", *, language: str = "ko", text: str = "") -> IssuePage:
    path = f"{slug}/" if language == "ko" else f"{slug}/{language}/"
    body = body or _BODY
    return IssuePage(
        slug, language, path, title, "요약입니다.", body, text or "청년정책은 글입니다.", (("story-01", "청년정책"),)
    )


def issue_of(
    slug: str = "2026-11",
    *pages: IssuePage,
    posted_at: datetime = MORNING,
    events: tuple[SiteEvent, ...] = (),
    picture: str = "",
    pictures: Mapping[str, bytes] | None = None,
    author: str = "",
    tags: tuple[str, ...] = (),
    number: int | None = 7,
    is_listed: bool = True,
) -> SiteIssue:
    return SiteIssue(
        slug=slug,
        number=number,
        pages=pages or (page_of(slug),),
        posted_at=posted_at,
        registered_at=posted_at + timedelta(minutes=20),
        author=author,
        tags=tags,
        picture=picture,
        pictures=pictures or {},
        events=events,
        is_listed=is_listed,
    )


def site_of(*issues: SiteIssue, base_url: str = BASE, settings: Settings | None = None) -> Site:
    return Site(base_url, settings or settings_with(), issues or (issue_of(),))


def png(colour: str = "#336699", size: tuple[int, int] = (300, 200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()
