"""Open a page in the person's browser. Touches: the browser, the environment.

Limits: only where there is a screen, or BROWSER names one; a text browser would take the terminal away.
"""

import os
import sys
import threading
from collections.abc import Callable

_ALWAYS_A_SCREEN = {"win32", "darwin"}


def find_browser() -> Callable[[str], None] | None:
    """A function that opens an address and does not wait for it; None where there is nothing to open it in."""
    import webbrowser

    if sys.platform not in _ALWAYS_A_SCREEN and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))):
        return None
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return None
    # In a thread of its own: some launchers come back only when the window is closed.
    return lambda url: threading.Thread(target=browser.open, args=(url,), daemon=True).start()
