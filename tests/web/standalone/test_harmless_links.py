"""What a click on a draft may do: nothing to anybody's subscription, and nothing that a site counts."""

import pytest

from newsletter.check.page import read_page
from newsletter.web.standalone.harmless_links import LinkRules, harmless_tags

RULES = LinkRules(
    personal=(
        "https://news.example.org/u/",
        "mailto:leave@news.example.org",
        "https://www.example.org/letters/2026-11/",
    ),
    why_personal='Not "here"',
    why_counted="Counted",
)
WEB = "https://www.example.org/letters/2026-11/"


def harmless(html: str) -> str:
    for tag, written in harmless_tags(read_page(html).tags, RULES):
        html = html.replace(tag.written, written)
    return html


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example.org/u/AbC~1",
        "HTTPS://News.Example.org/u/AbC~1/preferences",
        "mailto:leave@news.example.org?subject=unsubscribe",
        WEB,
        f"{WEB}en/#part-2",
        f"mailto:?subject=Growth&amp;body={WEB}",
        "https://social.example.com/share?url=https%3A%2F%2Fwww.example.org%2Fletters%2F2026-11%2F",
    ],
)
def test_what_is_somebodys_or_not_there_yet_leads_nowhere(address: str) -> None:
    assert harmless(f'<a class="tap" href="{address}">x</a>') == (
        '<a class="tap" role="link" aria-disabled="true" title="Not &quot;here&quot;">x</a>'
    )


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://www.example.org/letters/2026-10/">an older issue</a>',
        '<a href="https://news.example.org/subscribe">the sign-up</a>',
        '<a href="https://example.com/?id=7&amp;user=me&amp;q=a%20b">a page that needs its words</a>',
        '<a href="mailto:office@example.org">the office</a>',
        '<a href="tel:02-120">a telephone</a>',
        '<a name="here">no link</a>',
        f'<a href="https://example.com/{"x" * 3000}">a long address</a>',
        '<a href="https://[example.com/?utm_source=x">a broken one, which check tells</a>',
    ],
)
def test_other_links_stay_byte_for_byte(link: str) -> None:
    assert harmless(link) == link


def test_what_a_mailing_adds_for_a_sites_counter_is_left_out() -> None:
    address = "https://example.com/a?utm_source=letter&amp;id=7&amp;UTM_Medium=email&amp;fbclid=x&amp;mc_eid=y#top"
    assert harmless(f'<a href="{address}" style="color:#111111">x</a>') == (
        '<a href="https://example.com/a?id=7#top" style="color:#111111">x</a>'
    )


def test_what_leads_through_a_counter_leads_nowhere() -> None:
    assert harmless('<area shape="rect" href="https://example.us1.list-manage.com/track/click?u=1">') == (
        '<area shape="rect" role="link" aria-disabled="true" title="Counted">'
    )
