"""Why the operating system refused, in words that go on after a colon: `system_reason(error)`. Touches: nothing.

Limits: what is not in the table is quoted as the system says it.
"""

import errno
import socket
from collections.abc import Mapping

from newsletter.catalogue import Phrase, Said, Verbatim, phrase

_REASONS: Mapping[int, Phrase] = {
    errno.ENOENT: phrase("settings.system.is_not_there"),
    errno.EEXIST: phrase("settings.system.is_there_already"),
    errno.EISDIR: phrase("settings.system.is_folder"),
    errno.ENOTDIR: phrase("settings.system.is_no_folder"),
    errno.ENOTEMPTY: phrase("settings.system.is_not_empty"),
    errno.ENAMETOOLONG: phrase("settings.system.name_is_too_long"),
    errno.ELOOP: phrase("settings.system.links_go_round"),
    errno.EACCES: phrase("settings.system.is_not_allowed"),
    errno.EPERM: phrase("settings.system.is_not_allowed"),
    errno.ENOSPC: phrase("settings.system.disk_is_full"),
    errno.EDQUOT: phrase("settings.system.disk_is_full"),
    errno.EROFS: phrase("settings.system.disk_is_read_only"),
    errno.EIO: phrase("settings.system.disk_fails"),
    errno.EMFILE: phrase("settings.system.too_many_files"),
    errno.ENFILE: phrase("settings.system.too_many_files"),
    errno.EADDRINUSE: phrase("settings.system.address_is_taken"),
    errno.EADDRNOTAVAIL: phrase("settings.system.address_is_not_ours"),
    errno.ECONNREFUSED: phrase("settings.system.nobody_answers"),
    errno.ECONNRESET: phrase("settings.system.connection_is_broken"),
    errno.EPIPE: phrase("settings.system.connection_is_broken"),
    errno.ETIMEDOUT: phrase("settings.system.answer_is_late"),
    errno.ENETUNREACH: phrase("settings.system.network_is_cut"),
    errno.EHOSTUNREACH: phrase("settings.system.network_is_cut"),
}


def known_reason(error: OSError) -> Phrase | None:
    """Our words for it; None where the table has none."""
    if isinstance(error, socket.gaierror):
        return phrase("settings.system.no_such_host")
    # Of a library's own OSError, such as ssl's, the number means something else.
    return _REASONS.get(error.errno or 0) if type(error).__module__ == "builtins" else None


def system_reason(error: OSError) -> Said:
    return known_reason(error) or Verbatim(error.strerror or str(error))
