"""The rules, one file for each family."""

from collections.abc import Mapping
from types import MappingProxyType

from newsletter.check.rule import Rule

from . import (
    advertising,
    audience,
    consent,
    dates,
    disguise,
    file,
    identity,
    leaving,
    left_html,
    left_markup,
    legibility,
    linked_pictures,
    links,
    markup,
    outside,
    picture_files,
    pictures,
    placeholders,
    readers,
    rows,
    secrecy,
    signs,
    stand_ins,
    structure,
    styles,
    subject,
    support,
    templates,
    weight,
    words,
)

_ALL = (
    *advertising.RULES,
    *audience.RULES,
    *consent.RULES,
    *dates.RULES,
    *disguise.RULES,
    *file.RULES,
    *identity.RULES,
    *leaving.RULES,
    *left_html.RULES,
    *left_markup.RULES,
    *legibility.RULES,
    *linked_pictures.RULES,
    *links.RULES,
    *markup.RULES,
    *outside.RULES,
    *picture_files.RULES,
    *pictures.RULES,
    *placeholders.RULES,
    *readers.RULES,
    *rows.RULES,
    *secrecy.RULES,
    *signs.RULES,
    *stand_ins.RULES,
    *structure.RULES,
    *styles.RULES,
    *subject.RULES,
    *support.RULES,
    *templates.RULES,
    *weight.RULES,
    *words.RULES,
)
RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _ALL})
"""All rules by id, in the order in which they look and docs/checks.md tells of them."""
