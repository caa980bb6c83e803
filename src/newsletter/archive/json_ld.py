"""What a page is, for machines that read it: schema.org as JSON-LD, safe to stand in a page. Touches: nothing.

A page of the archive is an article of one number of a periodical; its dates to keep are events.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup

from newsletter.issue.texts import is_whole_day

from .addresses import full_address
from .cards import card_path
from .site import IssuePage, Site, SiteEvent, SiteIssue

_Json = dict[str, object]
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""`</script>` or `<!--` in a title must not end the element; the other two end a line of JavaScript."""


def json_ld(site: Site, issue: SiteIssue, page: IssuePage) -> Markup:
    """The script element of an issue's page; nothing of it runs."""
    graph = [_article(site, issue, page), _trail(site, page), *(_event(event) for event in issue.events)]
    return _script({"@context": "https://schema.org", "@graph": graph})


def json_ld_of_index(site: Site) -> Markup:
    """The same of the first page."""
    return _script({"@context": "https://schema.org", **_periodical(site)})


def _script(said: _Json) -> Markup:
    safe = json.dumps(said, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
    return Markup(f'<script type="application/ld+json">{safe}</script>')  # noqa: S704 - made safe one line up


def _given(values: Mapping[str, object]) -> _Json:
    return {name: value for name, value in values.items() if value}


def _publisher(site: Site) -> _Json:
    institute = site.settings.institute
    return _given({"@type": "Organization", "name": institute.name, "url": institute.website})


def _periodical(site: Site) -> _Json:
    newsletter = site.settings.newsletter
    return _given(
        {
            "@type": "Periodical",
            "@id": f"{site.base_url}#newsletter",
            "name": newsletter.name,
            "description": newsletter.tagline,
            "url": site.base_url,
            "inLanguage": newsletter.language,
            "publisher": _publisher(site),
        }
    )


def _article(site: Site, issue: SiteIssue, page: IssuePage) -> _Json:
    address = full_address(site, page.path)
    number = _given(
        {
            "@type": "PublicationIssue",
            "issueNumber": issue.number,
            "datePublished": issue.posted_at.date().isoformat(),
            "isPartOf": _periodical(site),
        }
    )
    by_institute = issue.author in {"", site.settings.institute.name}
    return _given(
        {
            "@type": "NewsArticle",
            "@id": address,
            "url": address,
            "mainEntityOfPage": address,
            "headline": page.title,
            "description": page.summary,
            "inLanguage": page.language,
            "datePublished": issue.posted_at.isoformat(timespec="seconds"),
            "dateModified": max(issue.posted_at, issue.registered_at).isoformat(timespec="seconds"),
            "author": _publisher(site) if by_institute else {"@type": "Person", "name": issue.author},
            "publisher": _publisher(site),
            "image": full_address(site, issue.picture or card_path(page, issue)),
            "keywords": list(issue.tags),
            "isPartOf": number,
        }
    )


def _trail(site: Site, page: IssuePage) -> _Json:
    steps = ((site.settings.newsletter.name, site.base_url), (page.title, full_address(site, page.path)))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def _event(event: SiteEvent) -> _Json:
    return _given(
        {
            "@type": "Event",
            "name": event.title,
            "startDate": _moment(event.starts_at),
            "endDate": _moment(event.ends_at) if event.ends_at else "",
            "location": {"@type": "Place", "name": event.place} if event.place else "",
            "url": event.url,
        }
    )


def _moment(moment: datetime) -> str:
    return moment.date().isoformat() if is_whole_day(moment) else moment.isoformat(timespec="seconds")
