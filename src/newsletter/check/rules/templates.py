"""The workspace's own templates: template-unknown. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.check.subscriber_file import did_you_mean, near


@warning("template-unknown", "docs/templates.md")
def template_unknown(material: Material) -> Iterator[Found]:
    """A file whose name is mistyped changes nothing, and nobody says so."""
    strange = material.strange_templates
    for name in strange.names:
        file = f"{strange.folder}/{name}"
        if name.startswith("sections/"):
            said = phrase("check.templates.template-unknown.is_no_section_type")
            yield Found(said, phrase("check.templates.template-unknown.call_it_x"), file=file)
        else:
            meant = did_you_mean(near(name, strange.known))
            yield Found(phrase("check.templates.template-unknown.found", meant=meant), file=file)


RULES = (template_unknown,)
