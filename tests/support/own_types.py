"""A type of section that a workspace declares itself, on disk. Touches: nothing but the folder given."""

from pathlib import Path

from newsletter.issue.own_types import OWN_TYPES

EVERY_FIELD = """\
title = { ko = "사업", en = "Project" }
about = { ko = "한 사업의 소개.", en = "A project." }

[fields]
name = { type = "line", required = true }
leader = "name"
homepage = "link"
ends = { type = "time", label = { ko = "마감", en = "Until" } }
# `text` is Markdown in a quote, and `items` are others in events.
text = { type = "line", label = "한마디" }
count = { type = "number", label = { ko = "회차", en = "Round" } }
open = { type = "flag", label = { ko = "접수 중", en = "Open now" } }
lead = "markdown_line"
photo = "image"
about = { type = "markdown", label = { ko = "소개", en = "About" } }

[fields.items]
type = "list"
required = true
label = { ko = "단계", en = "Steps" }
[fields.items.fields]
text = { type = "line", required = true }
url = "link"
who = "name"
note = "markdown"
short = "markdown_line"
day = "time"
nth = "number"
done = "flag"
picture = { type = "image", width = 96 }
"""

EVERY_TEMPLATE = """\
{% set fields = section.fields %}
{% call row("paper", "space-story") %}
{% include "_heading.html.j2" %}
{% include "_section_image.html.j2" %}
<p class="report"{{ lang_of(fields, "name") }}>{{ fields.name }}</p>
{% if fields.homepage %}<p><a href="{{ fields.homepage }}">{{ fields.leader }}</a></p>{% endif %}
<p class="muted">{{ fields.leader }} {{ fields.text }} {{ fields.labels.ends }} {{ fields.ends }}
{{ fields.labels.count }} {{ fields.count }}
{% if fields.open %}{{ fields.labels.open }}{% endif %}</p>
{{ fields.lead }}
{% set image = fields.photo %}
{% if image %}{% include "_image.html.j2" %}{% include "_caption.html.j2" %}{% endif %}
{{ fields.about }}
{% for step in fields["items"] %}
{% if step.url %}<p><a href="{{ step.url }}">{{ step.who }}</a></p>{% endif %}
<p>{{ step.text }} {{ step.who }} {{ step.short }} {{ step.day }} {{ step.nth }}</p>
{{ step.note }}
{% set image = step.picture %}
{% if image %}{% include "_image.html.j2" %}{% include "_caption.html.j2" %}{% endif %}
{% endfor %}
{% include "_buttons.html.j2" %}
{% endcall %}
"""


def own_type(root: Path, declaration: str, template: str = EVERY_TEMPLATE, name: str = "x-project") -> Path:
    """Put a type into the workspace at `root`; its folder."""
    folder = root / OWN_TYPES / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "section.toml").write_text(declaration, encoding="utf-8")
    (folder / "section.html.j2").write_text(template, encoding="utf-8")
    return folder
