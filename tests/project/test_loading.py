"""The tests are loaded by each worker of a run, which begins where no other does."""

import importlib
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.support.loading import load_beginning_elsewhere, module_names
from tests.support.repository import ROOT


def loaded(monkeypatch: pytest.MonkeyPatch, config: Mock) -> list[str]:
    importing = Mock()
    monkeypatch.setattr(importlib, "import_module", importing)
    load_beginning_elsewhere(config)
    return [call.args[0] for call in importing.call_args_list]


def test_each_worker_begins_elsewhere_and_loads_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    names = module_names()
    begins = []
    for worker in range(4):
        config = Mock(workerinput={"workerid": f"gw{worker}", "workercount": 4}, args=[str(ROOT / "tests")])
        order = loaded(monkeypatch, config)
        assert sorted(order) == names
        begins.append(names.index(order[0]))
    assert begins == [len(names) * worker // 4 for worker in range(4)]


def test_nothing_is_loaded_that_is_not_to_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = {"workerid": "gw1", "workercount": 4}
    assert loaded(monkeypatch, Mock(workerinput=worker, args=["tests/ledger"])) == []
    assert loaded(monkeypatch, Mock(spec_set=["args"], args=[str(ROOT / "tests")])) == []


def test_all_that_pytest_finds_is_known(request: pytest.FixtureRequest) -> None:
    found = {Path(str(item.path)).relative_to(ROOT).with_suffix("").as_posix() for item in request.session.items}
    assert {name.replace("/", ".") for name in found} <= set(module_names())
