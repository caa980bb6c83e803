"""Take caniemail's data from its npm package and write what the check needs of it. To be run by hand, now and then.

    python scripts/refresh_caniemail.py [--package caniemail-2.0.2.tgz]

Touches: the registry that npm is set to, unless a package is given; src/newsletter/check/css/data/caniemail.json.
Of each client the latest version that was tested counts, and of that only what it lacks.
"""

import argparse
import io
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

OUT = Path(__file__).parents[1] / "src" / "newsletter" / "check" / "css" / "data" / "caniemail.json"
CLIENTS = {
    "gmail-web": ("gmail", "desktop-webmail", "Gmail (web)"),
    "gmail-android": ("gmail", "android", "Gmail (Android)"),
    "gmail-ios": ("gmail", "ios", "Gmail (iOS)"),
    "outlook-windows": ("outlook", "windows", "Outlook (Windows)"),
    "outlook-com": ("outlook", "outlook-com", "Outlook.com"),
    "apple-mail-macos": ("apple-mail", "macos", "Apple Mail (macOS)"),
    "apple-mail-ios": ("apple-mail", "ios", "Apple Mail (iOS)"),
    "samsung-email": ("samsung-email", "android", "Samsung Email"),
    "yahoo-web": ("yahoo", "desktop-webmail", "Yahoo Mail (web)"),
}
"""Our id, caniemail's family and platform, and the name that a finding says."""
LACKS = {"n": "no", "a": "partly"}
# The package's licence names who packs the data; who gathers it says so in a repository of its own.
GATHERED_BY = "Copyright (c) 2019 HTeuMeuLeu (the data, https://www.caniemail.com)"


def fetch(folder: Path) -> Path:
    """The newest package, as npm fetches it."""
    ended = subprocess.run(
        ["npm", "pack", "caniemail@latest", "--silent"], cwd=folder, capture_output=True, check=True, text=True
    )
    return folder / ended.stdout.split()[-1]


def trimmed(package: Path) -> dict[str, Any]:
    """The data of a package with what has to stand beside it: whose it is, and of when."""
    with tarfile.open(package) as archive:
        about = json.loads(_text(archive, "package/package.json"))
        data = json.loads(_text(archive, "package/data/caniemail.json"))
        licence = _text(archive, "package/LICENSE").strip().splitlines()
    first = next(number for number, line in enumerate(licence) if line.startswith("Copyright"))
    return {
        "source": "https://www.caniemail.com",
        "package": f"npm:{about['name']}",
        "version": about["version"],
        "date": data["last_update_date"][:10],
        "licence": [*licence[:first], GATHERED_BY, *licence[first:]],
        "clients": {name: said for name, (_, _, said) in CLIENTS.items()},
        "features": {feature["slug"]: _support(feature) for feature in data["data"]},
    }


def _text(archive: tarfile.TarFile, name: str) -> str:
    member = archive.extractfile(name)
    if member is None:
        sys.exit(f"{name} is no file of the package")
    return io.TextIOWrapper(member, encoding="utf-8").read()


def _support(feature: Mapping[str, Any]) -> dict[str, Any]:
    lacking: dict[str, Any] = {"title": feature["title"].strip()}
    for client, (family, platform, _) in CLIENTS.items():
        tested = feature["stats"].get(family, {}).get(platform, {})
        if tested and (kind := LACKS.get(tested[max(tested, key=_version)][0])):
            lacking.setdefault(kind, []).append(client)
    return lacking


def _version(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def lines(data: Mapping[str, Any]) -> Iterator[str]:
    """JSON with one line for a feature, so that a person can read it and git shows what changed."""
    head = {key: value for key, value in data.items() if key != "features"}
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ","
    yield ' "features": {'
    rows = [f"  {json.dumps(slug)}: {json.dumps(row, ensure_ascii=False)}" for slug, row in data["features"].items()]
    yield ",\n".join(rows)
    yield " }"
    yield "}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, help="a package that is here already")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        data = trimmed(given.package or fetch(Path(folder)))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("\n".join(lines(data)) + "\n", encoding="utf-8")
    print(f"{OUT}: {len(data['features'])} features, version {data['version']} of {data['date']}")


if __name__ == "__main__":
    main()
