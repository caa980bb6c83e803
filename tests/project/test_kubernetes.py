"""`deploy/kubernetes.yaml`: what one object names another has, and what it asks of the image the image can do.

Left out, since no cluster is needed for these tests: an API server's own look at it.
"""

from newsletter.report.worker_health import WorkerHealth
from newsletter.web.health import health_app
from tests.support.containers import Compose, instructions, yaml_documents

OBJECTS: dict[tuple[str, str], Compose] = {
    (one["kind"], one["metadata"]["name"]): one for one in yaml_documents("kubernetes.yaml")
}
WORKER, PAGES = (OBJECTS["Deployment", f"newsletter-{name}"]["spec"] for name in ("worker", "pages"))


def container(deployment: Compose) -> Compose:
    (only,) = deployment["template"]["spec"]["containers"]
    found: Compose = only
    return found


def test_there_is_what_was_asked_for_and_no_secret_but_a_stand_in() -> None:
    assert set(OBJECTS) == {
        ("Secret", "newsletter"),
        ("ConfigMap", "newsletter"),
        ("Deployment", "newsletter-worker"),
        ("Deployment", "newsletter-pages"),
        ("Service", "newsletter-pages"),
    }
    assert all("CHANGE-ME" in value for value in OBJECTS["Secret", "newsletter"]["stringData"].values())


def test_everything_that_is_named_is_there() -> None:
    for deployment in (WORKER, PAGES):
        pod = deployment["template"]["spec"]
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        mounts = {mount["mountPath"]: mount["name"] for mount in container(deployment)["volumeMounts"]}
        assert set(mounts.values()) == set(volumes)
        secret = OBJECTS["Secret", volumes["secrets"]["secret"]["secretName"]]
        for variable in container(deployment)["env"]:
            if variable["name"].endswith("_FILE"):
                folder, _, name = variable["value"].rpartition("/")
                assert mounts[folder] == "secrets"
                assert name in secret["stringData"]
        assert deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"]
    service = OBJECTS["Service", "newsletter-pages"]["spec"]
    assert service["selector"] == PAGES["selector"]["matchLabels"]
    assert {port["targetPort"] for port in service["ports"]} == {port["name"] for port in container(PAGES)["ports"]}


def test_probes_ask_what_a_worker_answers() -> None:
    def never() -> WorkerHealth:
        raise AssertionError

    paths = {getattr(route, "path", "") for route in health_app(never).routes}
    probes = [container(WORKER)[name]["httpGet"] for name in ("livenessProbe", "readinessProbe")]
    assert [probe["path"] for probe in probes] == ["/livez", "/healthz"]
    scraped = WORKER["template"]["metadata"]["annotations"]
    assert {"/livez", "/healthz", scraped["prometheus.io/path"]} <= paths
    (port,) = container(WORKER)["ports"]
    assert {probe["port"] for probe in probes} == {port["name"]}
    assert container(WORKER)["args"] == ["worker", "--health", f"0.0.0.0:{port['containerPort']}"]
    assert scraped["prometheus.io/port"] == str(port["containerPort"])


def test_it_runs_as_the_user_of_the_image_with_a_root_that_cannot_be_written() -> None:
    (user,) = [one.rest for one in instructions() if one.word == "USER"]
    for deployment, state in ((WORKER, "/var/lib/newsletter"), (PAGES, "/srv/letter/.newsletter")):
        context = deployment["template"]["spec"]["securityContext"]
        assert f"{context['runAsUser']}:{context['runAsGroup']}" == user
        assert context["runAsNonRoot"] is True
        own = container(deployment)["securityContext"]
        assert (own["readOnlyRootFilesystem"], own["allowPrivilegeEscalation"]) == (True, False)
        writable = {mount["mountPath"] for mount in container(deployment)["volumeMounts"] if not mount.get("readOnly")}
        assert writable == {state, "/tmp"}
