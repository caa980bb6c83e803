"""The model of an issue by its data, with the types of sections that its workspace declares.

Touches: their declarations. Limits: where a declaration cannot be read, an issue of the known types alone; a change is
made all the same.
"""

from pathlib import Path

from newsletter.errors import InputError
from newsletter.issue.model import Issue
from newsletter.issue.own_models import issue_with
from newsletter.issue.own_types import own_types
from newsletter.issue.tree import Data

from .in_translations import value_at


def model_for(data: Data, root: Path) -> type[Issue]:
    sections = value_at(data, ("sections",))
    types = (value_at(one, ("type",)) for one in sections) if isinstance(sections, list) else ()
    try:
        return issue_with(own_types(root, tuple(one.strip() for one in types if isinstance(one, str))))
    except InputError:
        return Issue
