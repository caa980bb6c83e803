"""Sections of types that a workspace declares itself: what all of them are. Touches: nothing.

Their classes are made from a declaration (newsletter/issue/own_models.py), so that who walks through an issue finds in
them what it finds in the others.
"""

from collections.abc import Mapping
from typing import ClassVar

from newsletter.issue.own_declaration import FieldDeclaration, SectionDeclaration
from newsletter.issue.part import Part

from .section import Section


class OwnPart(Part):
    """An entry of a list that such a type declares."""

    declared: ClassVar[Mapping[str, FieldDeclaration]] = {}


class OwnSection(Section):
    """A section of such a type; its fields are those of `declared`, in that order."""

    declared: ClassVar[Mapping[str, FieldDeclaration]] = {}
    declaration: ClassVar[SectionDeclaration]
