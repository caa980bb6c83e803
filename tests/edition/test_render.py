"""Rendering: fields in their contexts, hostile values harmless, the same input the same bytes."""

import hashlib
import html as html_module
import itertools
import json
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st

from newsletter.edition.edition import Context, Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.errors import InputError, SettingsError
from newsletter.settings.workspace import Workspace
from tests.support.letters import issue_of, picture_bytes, story, workspace_at
from tests.support.spoken import assert_told_in_both

HOSTILE = "</p><script>alert(1)</script>\"'><img src=x onerror=y>&amp;javascript:"


def edition_of(workspace: Workspace, **parts: object) -> Edition:
    issue = issue_of(workspace.root, **parts)
    return render(issue, workspace, variants(issue, ["ko"])[0])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("workspace")
    (root / "a.png").write_bytes(picture_bytes(40, 20))
    return workspace_at(root)


def filled(edition: Edition, value: str) -> str:
    """The HTML with `value` in every hole, escaped as its context asks for."""
    html = edition.html
    for hole in edition.holes:
        if hole.context == Context.URL:
            safe = quote(value, safe="")
        elif hole.context == Context.WHOLE_URL:
            safe = html_module.escape("https://e.example.org/?" + quote(value, safe=""))
        else:
            safe = html_module.escape(value)
        html = html.replace(hole.marker, safe)
    return html


class _Shape(HTMLParser):
    """The tags of a page with their attributes' names, and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


PIECES = st.lists(
    st.one_of(
        st.text(alphabet="가나 ab.,()*_`[]<>&\"'#!\n-~|\\", max_size=8),
        st.sampled_from(
            [
                "{{ subscriber.name }}",
                '{{ subscriber.fields["회사 이름"] | default("<b>") }}',
                "[찾기](https://e.example.org/?q={{ subscriber.email }})",
                "[쪽]({{ subscriber.fields.site }})",
                "**{{ subscriber.name }}**",
                "<https://e.example.org/{{ subscriber.email }}>",
                '{{ "{{" }}',
                "\n\n",
                "- ",
                "# ",
            ]
        ),
    ),
    min_size=1,
    max_size=8,
).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=PIECES, body=PIECES)
def test_whatever_the_text_every_hole_occurs_once_and_no_value_breaks_out(
    workspace: Workspace, title: str, body: str
) -> None:
    title = " ".join(title.split()) or "제목"
    try:
        edition = edition_of(workspace, title=title, preheader=title, sections=[story(heading=title, body=body + ".")])
    except InputError as error:
        event(str(error.message))
        reject()
    texts = edition.subject + edition.html + edition.text
    assert [texts.count(hole.marker) for hole in edition.holes] == [1] * len(edition.holes)
    assert _Shape(filled(edition, HOSTILE)).tags == _Shape(edition.html).tags
    for link in _Shape(filled(edition, HOSTILE)).links:
        assert not link.lower().startswith(("javascript", "data"))


def test_each_field_has_the_context_it_stands_in(workspace: Workspace) -> None:
    edition = edition_of(
        workspace,
        subject="{{ subscriber.fields.a }}",
        hero={"src": "a.png", "alt": "{{ subscriber.fields.b }}"},
        intro="{{ subscriber.fields.c }} [x](https://e.example.org/{{ subscriber.fields.d }})",
        sections=[story(button={"label": "x", "url": "{{ subscriber.fields.e }}"})],
    )
    contexts: dict[str, set[Context]] = {}
    for hole in edition.holes:
        contexts.setdefault(hole.key, set()).add(hole.context)
    assert contexts == {
        "fields.a": {Context.HEADER, Context.HTML},
        "fields.b": {Context.HTML, Context.PLAIN},
        "fields.c": {Context.HTML, Context.PLAIN},
        "fields.d": {Context.URL, Context.PLAIN_URL},
        "fields.e": {Context.WHOLE_URL, Context.PLAIN_WHOLE_URL},
        "link.unsubscribe": {Context.WHOLE_URL, Context.PLAIN_WHOLE_URL},
    }


def test_required_are_the_keys_that_stand_anywhere_without_a_default(workspace: Workspace) -> None:
    intro = '{{ subscriber.name | default("구독자") }} {{ subscriber.fields.x }} {{ subscriber.language }}'
    closing = '{{ subscriber.language | default("ko") }}'
    assert edition_of(workspace, intro=intro, closing=closing).required_keys() == {"fields.x", "language"}


def test_text_that_looks_like_a_marker_stays_text(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path, newsletter={"name": "mergea0q"})
    edition = edition_of(workspace, title="mergeb0q &#109;ergec0q", intro="{{ subscriber.name }}")
    assert {hole.key for hole in edition.holes} == {"name", "link.unsubscribe"}
    assert edition.subject == "[mergea0q] mergeb0q &#109;ergec0q"


def test_the_subject_is_made_of_the_name_and_the_title(workspace: Workspace) -> None:
    assert edition_of(workspace).subject == "[서울이슈큐레이터] 신성장동력"
    assert edition_of(workspace, subject="다른 제목").subject == "다른 제목"


def test_the_same_input_gives_the_same_bytes(workspace: Workspace) -> None:
    parts = {"hero": {"src": "a.png", "alt": "그림"}, "sections": [story()]}
    assert edition_of(workspace, **parts) == edition_of(workspace, **parts)


def test_what_is_rendered_is_nfc(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "서울이슈")
    edition = edition_of(workspace_at(tmp_path, newsletter={"name": name}, institute={"name": name}))
    for text in (edition.subject, edition.html, edition.text):
        assert unicodedata.is_normalized("NFC", text)


def test_pictures_travel_inside_or_stay_beside_the_archive(workspace: Workspace) -> None:
    hero = {"src": "a.png", "alt": "그림"}
    edition = edition_of(workspace, hero=hero)
    (picture,) = edition.pictures
    assert f'src="cid:{picture.cid}"' in edition.html
    hosted = workspace_at(workspace.root, images={"mode": "hosted"}, links={"archive_url": "https://e.example.org/a"})
    beside = edition_of(hosted, hero=hero)
    (kept,) = beside.pictures
    assert kept.url == f"https://e.example.org/a/pictures/{picture.filename}"
    assert f'src="{kept.url}"' in beside.html
    assert "cid:" not in beside.html
    assert picture.url == ""
    with pytest.raises(SettingsError, match="archive_url") as caught:
        edition_of(workspace_at(workspace.root, images={"mode": "hosted"}), hero=hero)
    assert_told_in_both(caught.value)


def test_a_picture_shown_twice_travels_once(workspace: Workspace) -> None:
    image = {"src": "a.png", "alt": "그림"}
    sections = [story(image=image), story(image=image)]
    assert len(edition_of(workspace, sections=sections).pictures) == 1


def test_headings_never_skip_a_level(workspace: Workspace) -> None:
    body = "### 작은 제목\n\n글\n\n##### 더 작은 제목\n\n글"
    sections = [story(heading="", body=body), story(body=body), {"type": "notice", "body": body}]
    html = edition_of(workspace, intro=body, sections=sections, closing=body).html
    levels = [int(tag[1]) for tag, _ in _Shape(html).tags if tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_heading_in_text_follows_the_title_where_there_is_none_between(workspace: Workspace) -> None:
    html = edition_of(workspace, sections=[story(heading="", body="### 작은 제목")]).html
    assert [tag for tag, _ in _Shape(html).tags if tag in ("h1", "h2", "h3")] == ["h1", "h2"]


def test_an_event_without_a_time_shows_none(workspace: Workspace) -> None:
    items = [{"title": "휴관", "starts_at": "2021-08-15"}, {"title": "포럼", "starts_at": "2021-08-16T05:00Z"}]
    edition = edition_of(workspace, sections=[{"type": "events", "items": items}])
    for text in (edition.html, edition.text):
        assert "00:00" not in text
        assert "14:00" in text


def test_only_the_sections_of_a_variant_are_shown_and_counted(workspace: Workspace) -> None:
    issue = issue_of(
        workspace.root, sections=[story(only_for=["연구"], heading="가"), story(heading="나"), story(heading="다")]
    )
    full, short = (render(issue, workspace, variant) for variant in variants(issue, ["ko"]))
    assert "02 나" in full.text
    assert "01 나" in short.text
    assert "02 다" in short.text
    assert "가\n" not in short.text
    assert (full.variant, short.variant) == ("ko", "ko-1-2")


def test_what_is_left_out_is_no_part_of_the_content(workspace: Workspace) -> None:
    """So that a key which a later version adds makes no other letter of one that was sent."""
    translation = {"sections": [{"heading": "Sangam"}]}
    issue = issue_of(workspace.root, sections=[story()], translations={"en": translation})
    said = {
        "title": "신성장동력",
        "intro": "안녕하세요.",
        "sections": [{"heading": "상암 DMC", "type": "story", "body": "본문입니다."}],
        "translations": {"en": translation},
    }
    written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    assert render(issue, workspace, variants(issue, ["ko"])[0]).content == hashlib.sha256(written.encode()).hexdigest()


def test_the_slug_is_no_part_of_the_content(workspace: Workspace) -> None:
    issue = issue_of(workspace.root, sections=[story()])
    edition = render(issue, workspace, variants(issue, ["ko"])[0])
    assert edition.slug == "2026-11"
    assert "2026-11" not in edition.html + edition.text
