"""The pages of signing up and a book of who asked, for the tests of them. Touches: a port of this machine.

Tests of other pages have a `book` and a `client` of their own.
"""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.sign_up_book import SignUpBook, sign_up_site


@pytest.fixture(scope="module")
def _site() -> Iterator[tuple[SignUpBook, httpx.Client]]:
    book = SignUpBook()
    with sign_up_site(book) as client:
        yield book, client


@pytest.fixture
def book(_site: tuple[SignUpBook, httpx.Client]) -> SignUpBook:
    """Empty for each test."""
    _site[0].reset()
    return _site[0]


@pytest.fixture
def client(_site: tuple[SignUpBook, httpx.Client], book: SignUpBook) -> httpx.Client:
    assert (book.asked, book.confirmed) == ([], [])
    return _site[1]
