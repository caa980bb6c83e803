"""The pictures of an issue and the logo: found inside the workspace, embedded or hosted, never fetched."""

import re
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.errors import InputError, SettingsError
from newsletter.issue.load import load_issue
from newsletter.settings.workspace import Workspace
from tests.support.issue_files import workspace, write_issue
from tests.support.letters import picture_bytes
from tests.support.markup import Element, elements
from tests.support.spoken import assert_told_in_both

ISSUE = """\
title: 신성장동력
hero: { src: assets/hero.png, alt: 하늘, caption: 설명, credit: 홍길동, licence: CC0 1.0 }
sections:
  - type: story
    heading: 이야기
    image: { src: assets/photo.jpg, alt: 거리 }
    body: 본문입니다.
"""
HOSTED = '[links]\narchive_url = "https://news.example.org/archive"\n[images]\nmode = "hosted"\n'
LOGO = '[theme]\nlogo = "logo.png"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "issues" / "assets").mkdir(parents=True)
    (folder / "issues" / "assets" / "hero.png").write_bytes(picture_bytes(1600, 800))
    (folder / "issues" / "assets" / "photo.jpg").write_bytes(picture_bytes(300, 200, "JPEG"))
    (folder / "logo.png").write_bytes(picture_bytes(640, 160))
    return folder


def edition(space: Workspace, text: str = ISSUE) -> Edition:
    issue = load_issue(write_issue(space.root, text), workspace_root=space.root, timezone="Asia/Seoul")
    return render(issue, space, variants(issue, ["ko"])[0])


def pictures(found: Edition) -> list[Element]:
    return [element for element in elements(found.html) if element.tag == "img"]


def attributes(found: Edition, *names: str) -> list[list[str]]:
    return [[picture.attributes[name] for name in names] for picture in pictures(found)]


def test_embedded_pictures_travel_with_the_letter(root: Path) -> None:
    found = edition(workspace(root))
    assert [picture.media_type for picture in found.pictures] == ["image/png", "image/jpeg"]
    assert attributes(found, "src") == [[f"cid:{picture.cid}"] for picture in found.pictures]
    assert "https://" not in "".join(source for [source] in attributes(found, "src"))


def test_hosted_pictures_are_read_from_the_archive_under_their_hash(root: Path) -> None:
    embedded, found = edition(workspace(root, HOSTED.partition("[images]")[0])), edition(workspace(root, HOSTED))
    address = "https://news.example.org/archive/pictures/"
    assert found.pictures == tuple(replace(one, url=address + one.filename) for one in embedded.pictures)
    assert attributes(found, "src") == [[address + picture.filename] for picture in embedded.pictures]
    kept = Edition.from_json(found.to_json(), {one.cid: one.data for one in found.pictures})
    assert kept == found, "they are kept with the edition, so that exactly these are published"
    assert "url" not in str(embedded.to_json()["pictures"]), "an older approval stays as it is"
    assert found.with_pictures_inside() == embedded
    assert attributes(found, "width", "height", "alt") == attributes(embedded, "width", "height", "alt")


@pytest.mark.parametrize("more", ["", HOSTED], ids=["embed", "hosted"])
def test_measures_come_from_the_file_and_words_from_the_issue(root: Path, more: str) -> None:
    found = edition(workspace(root, more))
    assert attributes(found, "width", "height", "alt") == [["600", "300", "하늘"], ["300", "200", "거리"]]
    for words in ("설명", "홍길동", "CC0 1.0"):
        assert words in found.html
        assert words in found.text


def test_the_width_of_the_theme_is_the_width_of_the_pictures(root: Path) -> None:
    (root / "issues" / "assets" / "photo.jpg").write_bytes(picture_bytes(1200, 600, "JPEG"))
    found = edition(workspace(root, "[theme]\nwidth = 520\n"))
    assert attributes(found, "width") == [["520"], ["456"]]


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (b"<svg/>", "the picture `assets/photo.jpg` is neither PNG nor JPEG nor GIF"),
        (picture_bytes(200, 200)[:200], "is damaged"),
        (bytes(20_000_001), "is larger than 20 MB"),
        (None, "there is no picture `assets/photo.jpg`"),
    ],
    ids=["type", "damaged", "size", "missing"],
)
def test_what_is_wrong_with_a_picture_is_told_with_its_line(root: Path, picture: bytes | None, message: str) -> None:
    path = root / "issues" / "assets" / "photo.jpg"
    path.unlink() if picture is None else path.write_bytes(picture)
    with pytest.raises(InputError) as caught:
        edition(workspace(root))
    assert_told_in_both(caught.value)
    [problem] = caught.value.problems
    assert message in str(problem.message)
    assert str(problem).startswith("issues/2026-11.yaml:6:19: sections[0].image.src: ")


def test_a_picture_without_words_is_told_with_its_line(root: Path) -> None:
    with pytest.raises(InputError) as caught:
        edition(workspace(root), ISSUE.replace(", alt: 거리", ""))
    assert str(caught.value).startswith("issues/2026-11.yaml:6:12: sections[0].image.alt: is required")


def test_the_logo_stands_in_place_of_the_name_and_says_it(root: Path) -> None:
    found = edition(workspace(root, LOGO))
    logo = pictures(found)[0]
    assert [logo.attributes[name] for name in ("width", "height", "alt")] == ["160", "40", "서울이슈큐레이터"]
    assert found.pictures[0].cid == logo.attributes["src"].removeprefix("cid:")
    assert (logo.style["width"], logo.style["max-width"]) == ("160px", "100%"), "Thunderbird forgets another max-width"
    renamed = edition(workspace(root, LOGO + 'logo_alt = "연구원 표지"\nlogo_width = 200\n'))
    assert [pictures(renamed)[0].attributes[name] for name in ("width", "alt")] == ["200", "연구원 표지"]


@pytest.mark.parametrize(
    ("src", "message"),
    [("none.png", "is not there"), ("../logo.png", "is outside the workspace"), ("newsletter.toml", "is neither PNG")],
)
def test_what_is_wrong_with_the_logo_is_told_with_its_line(root: Path, src: str, message: str) -> None:
    (root.parent / "logo.png").write_bytes(picture_bytes(20, 20))
    with pytest.raises(SettingsError) as caught:
        edition(workspace(root, f'[theme]\nlogo = "{src}"\n'))
    assert_told_in_both(caught.value)
    [problem] = caught.value.problems
    assert str(problem).startswith(f"newsletter.toml:9:1: theme.logo: the picture `{src}` {message}")


def test_another_logo_for_the_dark_travels_too_and_both_together_say_the_name_once(root: Path) -> None:
    (root / "dark.png").write_bytes(picture_bytes(640, 200))
    found = edition(workspace(root, LOGO + 'logo_dark = "dark.png"\n'))
    light, dark = pictures(found)[:2]
    assert [one.cid for one in found.pictures][:2] == [one.attributes["src"][4:] for one in (light, dark)]
    assert (light.attributes["alt"], dark.attributes["alt"], dark.attributes["height"]) == (
        "서울이슈큐레이터",
        "",
        "50",
    )
    assert re.search("^display:none;.*mso-hide:all", dark.attributes["style"])
    assert '<div role="img" aria-label="서울이슈큐레이터">' in found.html
    assert ".logo{background-color" not in found.html
    assert ".logo{background-color" in edition(workspace(root, LOGO)).html


def test_what_is_wrong_with_the_logo_for_the_dark_is_told_with_its_line(root: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        edition(workspace(root, LOGO + 'logo_dark = "none.png"\n'))
    assert str(caught.value.problems[0]).startswith(
        "newsletter.toml:10:1: theme.logo_dark: the picture `none.png` is not"
    )
    with pytest.raises(SettingsError) as caught:
        workspace(root, '[theme]\nlogo_dark = "logo.png"\n')
    assert_told_in_both(caught.value)
    assert str(caught.value.problems[0]).startswith(
        "newsletter.toml:9:1: theme.logo_dark: is another file for the logo"
    )


def test_nothing_is_fetched_while_rendering(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        templates = root / "templates" / "email"
        templates.mkdir(parents=True)
        closing = f'<tr><td><link rel="stylesheet" href="{address}/a.css"><img src="{address}/b.png"></td></tr>'
        (templates / "_closing.html.j2").write_text(closing, encoding="utf-8")
        hosted = HOSTED.replace("https://news.example.org", address)
        text = (
            ISSUE.replace("sections:", "closing: 끝.\nsections:") + f"    button: {{label: 보기, url: '{address}/c'}}\n"
        )
        found = edition(workspace(root, hosted + LOGO), text)
        assert found.html.count(address) >= 6
        with pytest.raises(BlockingIOError):
            server.accept()
        with socket.create_connection(server.getsockname()):
            server.accept()[0].close()
