"""The address of `[operator] heartbeat` where the settings cannot be read as a whole: somebody must hear of that.

Touches: file system.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from .explain import WrongValueError
from .load import FILE
from .values import secret_url

_VARIABLE = "NEWSLETTER_OPERATOR__HEARTBEAT"
_TABLE = re.compile(r"^[ \t]*\[operator\][ \t]*(?:#[^\n]*)?$(.*?)(?=^[ \t]*\[|\Z)", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"^[ \t]*heartbeat[ \t]*=[ \t]*([\"'])([^\"'\r\n]*)\1", re.MULTILINE)


def written_heartbeat(root: Path | None, environ: Mapping[str, str]) -> str:
    """What a variable or the file says, however broken the rest is; empty where neither does, or it is no address."""
    try:
        return secret_url(_given(environ) or (_written(root / FILE) if root else ""))
    except (OSError, WrongValueError):
        return ""


def _given(environ: Mapping[str, str]) -> str:
    if file := environ.get(f"{_VARIABLE}_FILE"):
        return Path(file).read_text(encoding="utf-8", errors="replace").strip()
    return environ.get(_VARIABLE, "")


def _written(path: Path) -> str:
    table = _TABLE.search(path.read_text(encoding="utf-8-sig", errors="replace"))
    found = _KEY.search(table[1]) if table else None
    return found[2] if found else ""
