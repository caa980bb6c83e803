"""The studio's page in Chromium, as a person meets it."""

from playwright.sync_api import FrameLocator, Page, expect

from tests.web.studio.studio_site import StudioSite


def letter(page: Page) -> FrameLocator:
    """The letter that is seen; another may be loading behind it."""
    return page.frame_locator("#letter")


def opened(site: StudioSite, page: Page, query: str = "") -> None:
    """Open the page, and wait until everything on it is there."""
    page.goto(f"{site.url}/{query}")
    expect(page.locator("#findings-body")).not_to_contain_text("살펴보는 중")
    expect(page.locator("#issue-state")).not_to_be_empty()
