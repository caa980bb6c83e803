"""premailer, as this tool uses it: without network and files, and reading each style sheet once. Touches: nothing.

Nearly all the time that premailer takes for a page goes into its style sheet, which is the same for every variant of an
issue and for every reload of the preview; so a process keeps the rules it made of one. Limits: premailer, cssutils and
what they import take longer to load than a page to inline, so they are imported on the first use, and premailer without
the network library that it would ask only if it were let.
"""

import logging
import os
import sys
from functools import cache, lru_cache
from types import ModuleType
from typing import Any

_OPTIONS: dict[str, Any] = {
    "allow_network": False,
    "allow_loading_external_files": False,
    "keep_style_tags": False,
    "disable_validation": True,
    "disable_link_rewrites": True,
    "align_floating_images": False,
    "disable_basic_attributes": ["width", "height"],
}
_SHEETS = 16
"""Style sheets kept at a time: one for each theme and each state of the templates while somebody edits them."""
_STYLES = 4096
"""Style attributes and selectors that premailer has read and keeps."""


def inlined_by_premailer(html: str) -> str:
    """`html` with its style sheets in style attributes. Raises what premailer, cssutils, cssselect and lxml raise."""
    return str(_premailer()(html, **_OPTIONS).transform(pretty_print=False))


def rule_count(css: str) -> int:
    """How many rules cssutils, and so premailer, finds in a sheet."""
    return len(_parsed(css).cssRules)


@cache
def _premailer() -> Any:  # noqa: ANN401 - a class of a package without types
    _cssutils()
    premailer = _imported_without_requests()
    kept: dict[tuple[str, int], Any] = {}

    class Inliner(premailer.Premailer):  # type: ignore[misc, name-defined]  # the package has no types
        """Both methods only keep results: should premailer call others one day, it is slower and no different."""

        def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:  # noqa: ANN401 - as premailer has it
            return super()._parse_css_string(css_body, validate) if validate else _parsed(css_body)

        def _parse_style_rules(self, css_body: str, ruleset_index: int) -> Any:  # noqa: ANN401 - as premailer has it
            rules = kept.get((css_body, ruleset_index)) or super()._parse_style_rules(css_body, ruleset_index)
            if len(kept) >= _SHEETS:
                kept.clear()
            kept[css_body, ruleset_index] = rules
            return rules

    return Inliner


def _imported_without_requests() -> Any:  # noqa: ANN401 - a package without types
    """premailer, to which `requests` is an empty module, unless somebody has loaded the real one before.

    `requests`, with urllib3 and the tables of two guessers of encodings, takes longer to load than premailer, cssutils
    and lxml together. Nothing in it is called, since the network is off; if something were, it would not be there, and
    that would be told as a bug. Nobody else here uses the name.
    """
    # A letter asks for twice as many as premailer keeps by itself, and those that fell out cost a third of its time.
    os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", str(_STYLES))
    is_loaded = "requests" in sys.modules
    sys.modules.setdefault("requests", ModuleType("requests", "Not loaded: premailer asks nobody."))
    try:
        import premailer
    finally:
        if not is_loaded:
            del sys.modules["requests"]
    return premailer


@lru_cache(maxsize=_SHEETS)
def _parsed(css: str) -> Any:  # noqa: ANN401 - a class of a package without types
    return _cssutils().parseString(css, validate=False)


@cache
def _cssutils() -> ModuleType:
    """cssutils as premailer is to use it: quiet, and with colours of six digits, since Outlook knows no `#123`."""
    import cssutils

    cssutils.log.setLevel(logging.CRITICAL)
    cssutils.ser.prefs.minimizeColorHash = False
    module: ModuleType = cssutils
    return module
