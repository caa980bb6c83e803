"""Each worker of a whole run begins to load the tests elsewhere, and reads what the others have made of their part.

To rewrite the assertions of five hundred files takes pytest longer than to load them, and in a new checkout each worker
would rewrite all of them, since all begin with the same one. Touches: the bytecode beside the tests. Limits: where
Python is told to write none, each worker rewrites everything.
"""

import importlib
from pathlib import Path

import pytest

_TESTS = Path(__file__).parents[1]


def load_beginning_elsewhere(config: pytest.Config) -> None:
    """All files of the tests, if this is a worker that is to collect all of them."""
    worker: dict[str, object] = getattr(config, "workerinput", {})
    if not worker or [Path(word).absolute() for word in config.args] != [_TESTS]:
        return
    names = module_names()
    first = len(names) * int(str(worker["workerid"]).removeprefix("gw")) // int(str(worker["workercount"]))
    for name in [*names[first:], *names[:first]]:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001 - whatever it is: pytest finds it again and tells it as it tells such things
            return


def module_names() -> list[str]:
    """Of all files of tests, in the order in which pytest finds them."""
    files = sorted(_TESTS.rglob("test_*.py"))
    return [".".join(path.relative_to(_TESTS.parent).with_suffix("").parts) for path in files]
