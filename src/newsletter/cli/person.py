"""Who is at the keyboard, as far as the system knows. Touches: the environment, the table of users."""

import getpass
import os
import socket

from newsletter.printable import one_line

_LONGEST = 100


def person() -> str:
    """`hong@mail1`; the environment may say anything, so it is made fit to be shown."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's number without a name
        user = f"uid {os.getuid()}" if hasattr(os, "getuid") else "?"
    return one_line(f"{user}@{socket.gethostname()}")[:_LONGEST]
