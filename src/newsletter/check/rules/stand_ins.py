"""What was written to be replaced: stand-in, example-address. Touches: nothing."""

from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.check.example_addresses import example_addresses
from newsletter.check.material import Material
from newsletter.check.rule import Found, warning
from newsletter.excerpt import shortened
from newsletter.issue.samples import sample_settings, samples_in

_SHOWN = 40


@warning("stand-in", "docs/checking.md#the-sample", stops_sending=True)
def stand_in(material: Material) -> Iterator[Found]:
    """A sample is there to be replaced; sent as it is, it tells readers of a street and an institute that are none."""
    for setting, value in sample_settings(material.settings):
        says = phrase("check.stand_ins.stand-in.setting", words=shortened(value, _SHOWN))
        yield Found(says, setting=setting)
    for sample in samples_in(material.issue):
        says = phrase("check.stand_ins.stand-in.words", words=shortened(sample.words.partition("\n")[0], _SHOWN))
        yield Found(says, path=sample.path, sought=sample.sought)


@warning("example-address", "RFC 2606, 2 and 3 https://www.rfc-editor.org/rfc/rfc2606")
def example_address(material: Material) -> Iterator[Found]:
    """Nobody answers under example.org, and no relay of a receiver takes mail from there."""
    for setting, address in example_addresses(material.settings):
        yield Found(phrase("check.stand_ins.example-address.found", address=address), setting=setting)


RULES = (
    stand_in,
    example_address,
)
