"""Where processes that send are forked, for tests that kill them, stop them, or have several at once.

Each is forked from one that has loaded and compiled what a sender needs: otherwise most of its time would go into that.
Touches: processes.
"""

import multiprocessing

FORKS = multiprocessing.get_context("forkserver")
# There is one server for a test process, whoever asks first.
FORKS.set_forkserver_preload(["pytest", "tests.support.sent_once"])
