"""The editor's core in the repository is what scripts/vendor_editor builds: its sum, its packages, its licences."""

import hashlib
import json
import re
import subprocess

from tests.support.repository import ROOT

PAGES = ROOT / "src" / "newsletter" / "web" / "studio" / "pages"
BUNDLE = (PAGES / "editor_core.js").read_bytes()
LICENCES = (PAGES / "editor_core.LICENSE.txt").read_text(encoding="utf-8")
EDITOR = ROOT / "scripts" / "editor"
LOCK = json.loads((EDITOR / "package-lock.json").read_text(encoding="utf-8"))


def test_the_sum_beside_it_is_its_own() -> None:
    assert f"sha256 {hashlib.sha256(BUNDLE).hexdigest()}" in LICENCES


def test_each_package_stands_with_its_version_and_licence() -> None:
    told = dict(re.findall(r"^## (\S+) (\S+)$", LICENCES, re.MULTILINE))
    locked = {name.removeprefix("node_modules/"): entry for name, entry in LOCK["packages"].items() if name}
    assert {"@codemirror/state", "@codemirror/view", "@codemirror/commands"} <= told.keys()
    assert told == {name: locked[name]["version"] for name in told}
    assert {locked[name]["license"] for name in told} == {"MIT"}
    assert LICENCES.count("Permission is hereby granted") == len(told)


def test_the_lock_has_sums_and_names_no_registry() -> None:
    packages = [entry for name, entry in LOCK["packages"].items() if name]
    assert all(re.fullmatch(r"sha512-\S+", entry["integrity"]) for entry in packages)
    assert not [entry for entry in packages if "resolved" in entry]
    wanted = json.loads((EDITOR / "package.json").read_text(encoding="utf-8"))
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", one)
        for one in [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    )


def test_it_evaluates_no_text() -> None:
    assert not re.search(rb"\beval\(|new Function\b", BUNDLE)


def test_the_script_is_plain_sh_and_can_be_executed() -> None:
    script = ROOT / "scripts" / "vendor_editor"
    subprocess.run(["sh", "-n", str(script)], check=True)
    assert script.stat().st_mode & 0o111
