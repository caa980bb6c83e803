"""caniemail's data stands here with its licence, its date and its version, and can be taken anew."""

import io
import json
import tarfile
from datetime import date
from pathlib import Path

from refresh_caniemail import CLIENTS, OUT, lines, trimmed

LICENCE = "MIT License\n\nCopyright © Jane Doe\n\nPermission is hereby granted\n"
FEATURE = {
    "slug": "css-x",
    "title": "x",
    "stats": {
        "gmail": {"ios": {"2019-02": "y", "2020-02": "n #1"}},
        "outlook": {"windows": {"2007": "n", "2019": "a #1", "2016": "n"}},
        "aol": {"ios": {"2019-02": "n"}},
        "yahoo": {"desktop-webmail": {"2019-02": "u"}},
    },
}


def package(folder: Path) -> Path:
    data = {"last_update_date": "2026-05-13 14:45:41 +0000", "data": [FEATURE]}
    files = {
        "package/package.json": json.dumps({"name": "caniemail", "version": "9.9.9"}),
        "package/data/caniemail.json": json.dumps(data),
        "package/LICENSE": LICENCE,
    }
    with tarfile.open(folder / "caniemail.tgz", "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return folder / "caniemail.tgz"


def test_of_each_client_the_latest_tested_version_is_taken(tmp_path: Path) -> None:
    data = trimmed(package(tmp_path))
    assert data["features"] == {"css-x": {"title": "x", "no": ["gmail-ios"], "partly": ["outlook-windows"]}}
    assert (data["version"], data["date"]) == ("9.9.9", "2026-05-13")


def test_the_licence_comes_along_with_every_copyright_line(tmp_path: Path) -> None:
    [kind, _, gathered, packed, *_] = trimmed(package(tmp_path))["licence"]
    assert (kind, packed) == ("MIT License", "Copyright © Jane Doe")
    assert "HTeuMeuLeu" in gathered


def test_the_file_is_as_the_script_writes_it() -> None:
    text = OUT.read_text(encoding="utf-8")
    data = json.loads(text)
    assert "\n".join(lines(data)) + "\n" == text
    assert list(data["clients"]) == list(CLIENTS)
    assert any(line.startswith("Copyright") for line in data["licence"])
    assert date.fromisoformat(data["date"]) >= date(2026, 5, 13)
    assert len(data["features"]) > 300
