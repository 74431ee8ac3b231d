"""compose.yaml, the Kubernetes manifests and the Dockerfile say nothing that the product does not know.

No container engine runs here: what can be held without one is held.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from starlette.routing import Match, Route

from server import metrics
from server.app import STOP_MARGIN, make_app
from server.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
MANIFESTS = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
COMPOSE = ROOT / "compose.yaml"
DOCKERFILE = ROOT / "Dockerfile"
DRAIN_SECONDS = 10
"""Promise 11 of reliability: SIGTERM ends everything within so many seconds."""
KNOWN = {f"STAGELINE_{name.upper()}" for name in Settings.model_fields}


def documents(path: Path) -> list[dict[str, Any]]:
    """The documents of a YAML file."""
    return [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]


def below(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a document."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from below(each)
    elif isinstance(value, list):
        for each in value:
            yield from below(each)


def manifest(kind: str) -> dict[str, Any]:
    """The one manifest of a kind."""
    (found,) = [each for path in MANIFESTS for each in documents(path) if each["kind"] == kind]
    return found


def served(path: str) -> bool:
    """Whether the product has a route of its own for a path, not the one that all pages take."""
    scope = {"type": "http", "method": "GET", "path": path}
    routes = [
        route for route in make_app(Settings()).routes if isinstance(route, Route) and "{path:path}" not in route.path
    ]
    return any(route.matches(scope)[0] is Match.FULL for route in routes)


@pytest.mark.parametrize("path", [*MANIFESTS, COMPOSE, DOCKERFILE], ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"STAGELINE_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named <= KNOWN


def test_every_probe_asks_a_path_that_is_served() -> None:
    assert not served("/nowhere")
    paths = {each["httpGet"]["path"] for path in MANIFESTS for each in below(documents(path)) if "httpGet" in each}
    assert paths == {"/healthz", "/readyz"}
    scraped = manifest("Deployment")["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"]
    asked = re.findall(r"127\.0\.0\.1:8000(/\w+)", DOCKERFILE.read_text(encoding="utf-8"))
    assert asked
    for path in (*paths, scraped, *asked):
        assert served(path), path


def test_a_pod_has_time_to_drain() -> None:
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    before = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert Settings().stop_seconds + STOP_MARGIN <= DRAIN_SECONDS
    assert pod["terminationGracePeriodSeconds"] >= before + DRAIN_SECONDS
    grace = documents(COMPOSE)[0]["services"]["stageline"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) >= DRAIN_SECONDS


def test_a_probe_is_more_patient_than_what_it_asks() -> None:
    """`/readyz` waits two seconds for the database before it answers that it is not ready."""
    (container,) = manifest("Deployment")["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["timeoutSeconds"] > 2


def test_pods_are_scaled_by_a_figure_that_is_counted() -> None:
    scaled = manifest("HorizontalPodAutoscaler")["spec"]
    (name,) = [each["pods"]["metric"]["name"] for each in scaled["metrics"] if each["type"] == "Pods"]
    assert name == metrics.sockets._name
    assert REGISTRY.get_sample_value(name) is not None
    assert scaled["scaleTargetRef"]["name"] == manifest("Deployment")["metadata"]["name"]


def test_what_refers_to_a_pod_or_a_volume_finds_it() -> None:
    template = manifest("Deployment")["spec"]["template"]
    labels = template["metadata"]["labels"]
    assert manifest("Deployment")["spec"]["selector"]["matchLabels"] == labels
    assert manifest("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels
    services = [each for path in MANIFESTS for each in documents(path) if each["kind"] == "Service"]
    (service,) = [each["spec"] for each in services if "selector" in each["spec"]]
    assert service["selector"] == labels
    ports = {port["name"] for port in template["spec"]["containers"][0]["ports"]}
    assert service["ports"][0]["targetPort"] in ports
    claimed = [
        each["persistentVolumeClaim"]["claimName"]
        for each in template["spec"]["volumes"]
        if len(each) > 1 and "persistentVolumeClaim" in each
    ]
    assert claimed == [manifest("PersistentVolumeClaim")["metadata"]["name"]]
    routed = {each["service"]["name"] for each in below(manifest("Ingress")) if "service" in each}
    assert routed == {each["metadata"]["name"] for each in services}
    listed = documents(ROOT / "deploy/kubernetes/kustomization.yaml")[0]["resources"]
    assert {*listed, "kustomization.yaml"} == {path.name for path in MANIFESTS}


def test_no_secret_stands_in_a_file() -> None:
    """In Kubernetes they come from a Secret, in compose from `.env`, and a start without one is refused."""
    secret = {"STAGELINE_SECRET", "STAGELINE_DATABASE_URL", "STAGELINE_REDIS_URL"}
    configuration = ROOT / "deploy/kubernetes/configuration.yaml"
    assert not secret & set(documents(configuration)[0]["data"])
    assert secret == set(re.findall(r"--from-literal=(\w+)=", configuration.read_text(encoding="utf-8")))
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    for container in (*pod["initContainers"], *pod["containers"]):
        assert {"secretRef": {"name": "stageline"}} in container["envFrom"]
        assert "env" not in container
    composed = documents(COMPOSE)[0]["services"]
    assert composed["stageline"]["environment"]["STAGELINE_SECRET"].startswith("${STAGELINE_SECRET:?")
    for each in (
        composed["stageline"]["environment"]["STAGELINE_DATABASE_URL"],
        composed["postgres"]["environment"]["POSTGRES_PASSWORD"],
    ):
        assert "${POSTGRES_PASSWORD:?" in each


def test_compose_gives_several_workers_what_they_need() -> None:
    """The settings that it makes hold, in production, as soon as the two secrets are there."""
    composed = documents(COMPOSE)[0]["services"]["stageline"]["environment"]
    given = {
        name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", re.sub(r"\$\{\w+:\?[^}]*\}", "s" * 40, text))
        for name, text in composed.items()
    }
    chosen = {name.removeprefix("STAGELINE_").lower(): text for name, text in given.items()}
    settings = Settings.model_validate({"environment": "production", **chosen})
    assert settings.workers == 2
    assert settings.database_url == f"postgres://stageline:{'s' * 40}@postgres/stageline"


def test_every_dependency_of_compose_is_a_service_that_can_be_waited_for() -> None:
    services = documents(COMPOSE)[0]["services"]
    for name, service in services.items():
        for other, condition in service.get("depends_on", {}).items():
            healthy = "test" in services[other].get("healthcheck", {})
            assert condition["condition"] == ("service_healthy" if healthy else "service_completed_successfully"), name


def test_the_dockerfile_copies_what_is_there_and_what_is_let_through() -> None:
    """A COPY of what `.dockerignore` holds back fails only when the image is built."""
    let = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    copied = [
        words.split()[:-1]
        for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    for source in (each for sources in copied for each in sources):
        assert (ROOT / source).exists(), source
        assert source.rstrip("/").split("/")[0] in let, source
