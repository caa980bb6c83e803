"""A whole sign-up with the real server and a real relay: by keyboard, from another site, and as JSON."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from newsletter.ledger.open import open_ledger
from newsletter.ledger.people_tables import sign_up_counts, sign_ups, welcomes
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import SuppressionReason
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.workflow.steps.keys import links_of
from tests.support.browser import accessibility_findings
from tests.support.cli import newsletter
from tests.support.mailroom import mailroom
from tests.support.sign_up_desk import LIST, Desk, desk_at


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    root = tmp_path_factory.mktemp("desk")
    limits = {"NEWSLETTER_SUBSCRIBE__PER_NETWORK": "1000", "NEWSLETTER_SUBSCRIBE__PER_NETWORK_API": "1000"}
    with mailroom(root) as room, desk_at(root, room, **limits) as opened:
        yield opened


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def send(page: Page, way: Callable[[], object]) -> None:
    """Until it is taken for a person's: who is faster than anybody writes is asked to press once more."""
    way()
    while page.locator("p.told[role=alert]:not(.wrong)").count():
        way()


def _unchecked(page: Page) -> None:
    """As a browser sends it that judges nothing itself."""
    page.evaluate("document.forms[0].noValidate = true")
    page.click("button")


def tab_to(page: Page, name: str) -> None:
    """By the tabulator alone; the focus can be seen where it comes to rest."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.type") == name:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"no way by keyboard to {name}")


def test_a_person_signs_up_by_keyboard_and_confirms(desk: Desk, page: Page) -> None:
    asked: list[str] = []
    seen = len(desk.room.mail)
    page.on("request", lambda request: asked.append(request.url))
    before = datetime.now(UTC)
    page.goto(f"{desk.url}/subscribe")
    for name, typed in (("email", "Hong@example.com"), ("name", "홍길동")):
        tab_to(page, name)
        page.keyboard.type(typed)
    tab_to(page, "language")
    press(page, "ArrowDown")
    for name in ("tags", "consent", "over_14"):
        tab_to(page, name)
        press(page, "Space")
    assert page.evaluate("!document.querySelector('[name=website]').matches(':focus')")
    tab_to(page, "submit")
    with page.expect_navigation():
        press(page, "Enter")
    if page.locator("#email").count():
        send(page, lambda: page.press("button", "Enter"))
    expect(page.locator("h1")).to_have_text("메일함을 확인해 주세요")
    desk.room.wait_for(seen + 1)

    letter = desk.room.letter_to("Hong@example.com")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "홍길동" not in letter.as_string()
    link = desk.link("Hong")
    for method in ("GET", "HEAD", "GET"):
        assert desk.client.request(method, link).status_code == 200
    assert desk.subscription("hong") is None, "looking changes nothing"

    page.goto(link)
    expect(page.locator("h1")).to_have_text("Do you want to get this newsletter?")
    expect(page.locator("main")).to_contain_text("개인정보 수집·이용에 동의합니다")
    tab_to(page, "submit")
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text("You are subscribed")
    page.reload()
    expect(page.locator("h1")).to_have_text("You are subscribed")

    found = desk.subscription("hong")
    assert found is not None
    assert found.consent_at is not None
    assert before < found.consent_at < datetime.now(UTC)
    assert (found.state, found.address, found.name) == (SubscriptionState.CONFIRMED, "Hong@example.com", "홍길동")
    assert (found.language, found.tags, found.over_14) == ("en", frozenset({"housing"}), True)
    assert (found.source, found.consent_source) == ("form", f"{desk.url}/subscribe")
    assert found.consent_language == "ko"
    with desk.book() as book:
        wording = book.consent_wording(found.consent_text or "")
    assert wording.startswith("[필수] 개인정보 수집·이용에 동의합니다\n수집하는 항목: ")
    assert "\n\n[필수] 만 14세 이상입니다\n" in wording
    page.get_by_role("link", name="Look at the subscription or change it").click()
    expect(page.locator("#language")).to_have_value("en")
    assert {url.partition("/")[0] + "//" + url.split("/")[2] for url in asked if url[:4] == "http"} == {desk.url}
    assert page.context.cookies() == []


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 1280, "light"), ("ko", 320, "dark")])
def test_every_page_is_good_on_a_phone_in_the_dark_and_for_a_reader_of_screens(
    desk: Desk, page: Page, language: str, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    name = f"look{language}{width}"
    seen = len(desk.room.mail)

    def hold() -> None:
        assert accessibility_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.locator("html")).to_have_attribute("lang", language)
        buttons = page.locator("button, input[type=email]").all()
        assert all((box := one.bounding_box()) and box["height"] >= 44 for one in buttons)

    page.goto(f"{desk.url}/subscribe?lang={language}")
    hold()
    page.fill("#email", "nobody")
    send(page, lambda: _unchecked(page))
    expect(page.locator("#wrong-email")).to_be_visible()
    expect(page.locator("#email")).to_have_value("nobody")
    hold()
    page.fill("#email", f"{name}@example.com")
    page.check("[name=consent]")
    page.check("[name=over_14]")
    with page.expect_navigation():  # between two pages there is nothing either
        page.click("button")
    expect(page.locator("#email")).to_have_count(0)
    hold()
    desk.room.wait_for(seen + 1)
    page.goto(f"{desk.link(name)}?lang={language}")
    hold()
    with page.expect_navigation():  # between two pages there is nothing either
        page.click("button")
    expect(page.locator("button")).to_have_count(0)
    hold()
    page.goto(f"{desk.url}/confirm/none?lang={language}")
    hold()


def test_the_form_of_another_site_leads_to_the_words_first(desk: Desk, page: Page, tmp_path: Path) -> None:
    here = {"NEWSLETTER_LINKS__PAGES_URL": desk.url, "NEWSLETTER_LANG": "ko"}
    printed = newsletter("subscribers", "form", cwd=desk.pages.workspace.root, **here)
    assert "<script" not in printed.stdout
    assert "style=" not in printed.stdout
    site = tmp_path / "site.html"
    site.write_text(f"<!DOCTYPE html><title>기관 누리집</title>{printed.stdout}", encoding="utf-8")
    page.goto(site.as_uri())
    page.fill("input[type=email]", "embedded@example.com")
    page.keyboard.press("Enter")
    expect(page.locator("#email")).to_have_value("embedded@example.com")
    expect(page.locator("#about-consent")).to_contain_text("수집하는 항목")
    assert not any(recipient == "embedded@example.com" for recipient, _ in desk.room.mail)
    page.check("[name=consent]")
    page.check("[name=over_14]")
    seen = len(desk.room.mail)
    send(page, lambda: page.click("button"))
    desk.room.wait_for(seen + 1)
    assert desk.room.mail[-1][0] == "embedded@example.com"


def test_whoever_is_known_has_left_or_complained_is_answered_alike(desk: Desk) -> None:
    seen = len(desk.room.mail)
    links = links_of(desk.pages.workspace, create=False)
    desk.ask("known")
    desk.room.wait_for(seen + 1)
    desk.client.post(desk.link("known"))
    with open_ledger(desk.pages.workspace, Purpose.PAGES) as book:
        for name, reason in (("left", SuppressionReason.UNSUBSCRIBED), ("angry", SuppressionReason.COMPLAINED)):
            key = f"{name}@example.com"
            book.suppress(LIST, reason=reason, now=datetime.now(UTC), key=key, address_hash=links.address_hash(key))
    answers = [desk.ask(name) for name in ("known", "left", "angry", "new")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    headers = [{name: value for name, value in answer.headers.items() if name != "date"} for answer in answers]
    assert all(one == headers[0] for one in headers)
    desk.room.wait_for(seen + 3)
    assert {to for to, _ in desk.room.mail[seen + 1 :]} == {"left@example.com", "new@example.com"}
    desk.client.post(desk.link("left"))
    assert links.address_hash("left@example.com").hex() not in desk.pages.left()


def test_the_links_of_the_mail_and_of_letters_are_no_good_for_each_other(desk: Desk) -> None:
    seen = len(desk.room.mail)
    desk.ask("purpose")
    desk.room.wait_for(seen + 1)
    token = desk.link("purpose").rpartition("/")[2]
    leave = desk.pages.token("purpose")
    left = desk.pages.left()
    tampered = token[:-2] + ("b" if token[-2] == "a" else "a") + token[-1]
    for path in (f"/u/{token}", f"/confirm/{leave}", f"/confirm/{desk.stamp()}", f"/confirm/{tampered}"):
        for method in ("GET", "POST"):
            assert desk.client.request(method, path).status_code == 404
    assert desk.subscription("purpose") is None
    assert desk.pages.left() == left


def test_nothing_is_kept_of_who_only_looked(desk: Desk) -> None:
    before = [desk.rows(table) for table in (sign_ups, sign_up_counts, welcomes)]
    for path in ("/subscribe", "/subscribe?lang=en", "/confirm/x"):
        desk.client.get(path)
    assert [desk.rows(table) for table in (sign_ups, sign_up_counts, welcomes)] == before
