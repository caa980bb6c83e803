"""Two files change places in one moment, so that whoever replaces one holds what really stood there. Touches: both.

Limits: Linux (renameat2(2), RENAME_EXCHANGE) and macOS (renamex_np(2), RENAME_SWAP), on most of their file systems.
"""

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

_FROM_HERE = -100
"""AT_FDCWD of Linux."""
_EXCHANGE = 2
"""RENAME_EXCHANGE and RENAME_SWAP both."""
_CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})


def exchange(one: Path, other: Path) -> bool:
    """Whether they have changed places; False where the system or the disk cannot. OSError where one is gone."""
    call = _call()
    if call is None:
        return False
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    if (number := ctypes.get_errno()) in _CANNOT:
        return False
    raise OSError(number, "the files do not change places", str(other))


@cache
def _call() -> Any:  # noqa: ANN401 - a function of the C library
    """With the two paths as bytes; None where there is none."""
    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if sys.platform == "darwin":
        swap = getattr(library, "renamex_np", None)
        return swap and (lambda one, other: swap(one, other, _EXCHANGE))
    rename = getattr(library, "renameat2", None)
    return rename and (lambda one, other: rename(_FROM_HERE, one, _FROM_HERE, other, _EXCHANGE))
