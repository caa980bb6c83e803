"""The workspace's own templates: template-unknown. Touches: nothing."""

from collections.abc import Iterator

from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.check.subscriber_file import near


@warning("template-unknown")
def template_unknown(material: Material) -> Iterator[Found]:
    """A file whose name is mistyped changes nothing, and nobody says so."""
    for name in material.strange_templates.names:
        meant = near(name, material.strange_templates.known)
        yield Found(
            ko="이 이름의 틀은 편지에 쓰이지 않습니다." + (f" 혹시 {meant} 아닌가요?" if meant else ""),
            en="The letter uses no template of this name." + (f" Did you mean {meant}?" if meant else ""),
            file=f"{material.strange_templates.folder}/{name}",
        )
