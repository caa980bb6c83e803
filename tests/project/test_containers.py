"""The image, compose and nginx of `deploy/`, read as they are; tests/journey/test_the_image.py runs what it can."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import trustme

from tests.support.containers import DEPLOY, SECRETS, Compose, allowed, instructions, yaml_documents
from tests.support.repository import ROOT

OURS = {"ledger", "worker", "planner", "pages", "desk"}


@pytest.fixture(scope="module")
def compose() -> Compose:
    (document,) = yaml_documents("compose.yaml")
    return document


def test_the_image_is_not_run_by_root_and_says_no_secret() -> None:
    last = [one for one in instructions() if one.stage == 1]
    assert [one.rest for one in last if one.word == "USER"] == ["10001:10001"]
    assert [one.rest for one in last if one.word == "ENTRYPOINT"] == ['["tini", "--", "newsletter"]']
    environ = " ".join(one.rest for one in instructions() if one.word in {"ENV", "ARG"})
    assert not re.search("NEWSLETTER_|PASSWORD|SECRET|KEY", environ)


def test_the_image_takes_packages_by_their_hashes_alone() -> None:
    lines = [one.rest for one in instructions() if "pip install" in one.rest]
    assert all("--require-hashes" in line or "--no-index" in line for line in lines)
    assert all("--no-deps" in line for line in lines)
    assert len(lines) == 2


def test_only_what_the_wheel_is_made_of_is_sent_to_docker() -> None:
    assert {name for name in allowed() if not (ROOT / name).exists()} == set()
    assert not allowed() & {".git", ".newsletter", "subscribers.csv", "build", "deploy", "deploy/secrets", "tests"}


def test_compose_has_what_it_names(compose: Compose) -> None:
    for name, service in compose["services"].items():
        for kind in ("secrets", "networks"):
            assert set(service.get(kind, ())) <= set(compose[kind]), (name, kind)
        assert set(service.get("depends_on", ())) <= set(compose["services"]), name
        for volume in service.get("volumes", ()):
            source = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", volume).split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists(), (name, volume)


def test_every_service_that_stays_is_watched(compose: Compose) -> None:
    staying = {name for name, service in compose["services"].items() if service.get("restart") == "unless-stopped"}
    assert staying == {"postgres", "worker", "planner", "pages", "nginx"}
    assert {name for name in staying if "healthcheck" not in compose["services"][name]} == set()
    assert compose["services"]["worker"]["deploy"] == {"replicas": 2}


def test_secrets_come_by_files_and_nothing_else(compose: Compose) -> None:
    for name, service in compose["services"].items():
        environ = service.get("environment", {})
        read = {value for key, value in environ.items() if key.endswith("_FILE")}
        assert {f"/run/secrets/{one}" for one in service.get("secrets", ())} >= read, name
        spoken = {key for key in environ if re.search("PASSWORD|SECRET|URL", key)}
        assert all(key.endswith("_FILE") for key in spoken), (name, spoken)
    for name in OURS:
        service = compose["services"][name]
        assert set(service["environment"]) >= SECRETS, name
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])


def test_nginx_takes_its_file_as_it_stands(tmp_path: Path) -> None:
    assert shutil.which("nginx", path="/usr/sbin:/usr/bin"), "these tests need nginx (Debian: apt install nginx-light)"
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("/dev/stdout", str(tmp_path / "log"))
    certificate = trustme.CA().issue_cert("news.example.org")
    certificate.private_key_pem.write_to_path(tmp_path / "tls_key")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "tls_certificate")
    (tmp_path / "site.conf").write_text(site.replace("/run/secrets", str(tmp_path)), encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/errors; events {{}} http {{ include {tmp_path}/site.conf; }}\n"
    )
    checked = subprocess.run(["/usr/sbin/nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
