"""The compose file and the manifests say what the server understands. No container is started here."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.server.settings import Settings
from deploy.databases import PostgreSQL
from tests.channels.peers import peers
from tests.running import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
SECRETS = {
    "POSTGRES_PASSWORD": "some-words-1",
    "REDIS_PASSWORD": "some-words-2",
    "ACCESS_TOKEN": "a-token-of-more-than-32-characters",
    "ACCESS_CODE": "a-code-people-type",
    "METRICS_TOKEN": "another-token-for-figures",
}
ROUTES = {"/health", "/health/live", "/health/ready", "/metrics"}
"""What probes and Prometheus may ask for; `test_the_paths_that_are_asked_for_exist` tries them."""
PINNED = re.compile(r"[a-z/-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?")


def interpolated(text: str, environ: dict[str, str]) -> str:
    """What Docker Compose makes of `${NAME:-default}` and `${NAME:?message}`."""

    def value(match: re.Match[str]) -> str:
        name, operator, rest = match["name"], match["operator"], match["rest"]
        if environ.get(name):
            return environ[name]
        assert operator == ":-", f"{name} has to be set"
        return rest

    return re.sub(r"\$\{(?P<name>[A-Z_]+)(?P<operator>:[-?])(?P<rest>[^}]*)\}", value, text).replace("$$", "$")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = interpolated((DEPLOY / "compose.yaml").read_text(encoding="utf-8"), SECRETS)
    return dict(yaml.safe_load(text))


def resources() -> Iterator[dict[str, Any]]:
    for file in sorted(KUBERNETES.glob("*.yaml")):
        if file.name != "kustomization.yaml":
            yield from yaml.safe_load_all(file.read_text(encoding="utf-8"))


def containers() -> Iterator[dict[str, Any]]:
    for resource in resources():
        pod = resource.get("spec", {}).get("template", {}).get("spec", {})
        yield from pod.get("initContainers", [])
        yield from pod.get("containers", [])


def of_kind(kind: str, name: str) -> dict[str, Any]:
    (found,) = [one for one in resources() if one["kind"] == kind and one["metadata"]["name"] == name]
    return found


def settings_of(environment: dict[str, str]) -> Settings:
    """The settings a worker has; each variable is one that something reads."""
    known = {name.upper() for name in Settings.model_fields}
    assert set(environment) <= known, set(environment) - known
    return Settings.from_environment(environment)


def test_a_worker_of_the_compose_file_gets_settings_that_it_understands(compose: dict[str, Any]) -> None:
    for service in ("worker", "migrate"):
        settings = settings_of(compose["services"][service]["environment"])
        assert settings.tracker_store_url == "postgresql://crlm:some-words-1@postgresql:5432/crlm"
        assert settings.lock_store_url == "redis://:some-words-2@redis:6379/0"
        assert not settings.host.startswith("127."), "it is reached from other containers"
        assert settings.access_token
        assert settings.access_code
        assert settings.metrics_token
    database = compose["services"]["postgresql"]["environment"]
    assert (database["POSTGRES_USER"], database["POSTGRES_DB"]) == ("crlm", "crlm")
    assert database["POSTGRES_PASSWORD"] == SECRETS["POSTGRES_PASSWORD"]
    assert compose["services"]["redis"]["environment"]["REDISCLI_AUTH"] == SECRETS["REDIS_PASSWORD"]


def test_the_compose_file_cannot_be_started_without_secrets() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    with pytest.raises(AssertionError, match="POSTGRES_PASSWORD"):
        interpolated(text, {})
    with pytest.raises(AssertionError, match="REDIS_PASSWORD"):
        interpolated(text, {"POSTGRES_PASSWORD": "x"})
    example = (DEPLOY / "example.env").read_text(encoding="utf-8")
    offered = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert offered == set(re.findall(r"\$\{([A-Z_]+):", text)), "example.env offers what the compose file reads"
    for secret in SECRETS:
        assert re.search(rf"^{secret}=$", example, re.MULTILINE), "no secret has a default"


def test_the_services_of_the_compose_file_hang_together(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"migrate", "worker", "nginx", "postgresql", "redis", "prometheus"}
    for service in services.values():
        image = service["image"]
        assert image == "crlm-assistant:local" or PINNED.fullmatch(image), image
        assert "healthcheck" in service
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] in ("service_healthy", "service_completed_successfully")
            assert other in services
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).is_file(), source
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), "nothing is open to a network unless told so"
    assert (DEPLOY / services["worker"]["build"]["context"] / services["worker"]["build"]["dockerfile"]).is_file()
    assert services["postgresql"]["image"].startswith(f"postgres:{PostgreSQL.version}."), "what the tests run"
    for one in ("worker", "migrate"):
        assert services[one]["cap_drop"] == ["ALL"]
        assert services[one]["read_only"] is True


def test_nginx_passes_websockets_and_the_host_on_and_keeps_the_metrics_inside(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    port = compose["services"]["worker"]["environment"]["PORT"]
    assert f"server worker:{port} resolve" in text
    for location in re.findall(r"location [^{]*\{(.*?)\n        \}", text, re.DOTALL):
        if "proxy_pass" in location:
            for header in ("Host $http_host", "Upgrade $http_upgrade", "Connection $connection_upgrade"):
                assert f"proxy_set_header {header};" in location
    assert re.search(r"location = /metrics \{\s*return 404;", text)
    assert text.count("{") == text.count("}")
    inside = compose["services"]["nginx"]["ports"][0].rpartition(":")[2]
    assert f"listen {inside};" in text


def test_prometheus_asks_every_worker(compose: dict[str, Any]) -> None:
    config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = config["scrape_configs"]
    (target,) = job["dns_sd_configs"]
    assert target["names"] == ["worker"]
    assert str(target["port"]) == compose["services"]["worker"]["environment"]["PORT"]
    assert job["metrics_path"] in ROUTES
    (secret,) = compose["services"]["prometheus"]["secrets"]
    assert compose["secrets"][secret] == {"environment": "METRICS_TOKEN"}
    assert job["authorization"] == {"credentials_file": f"/run/secrets/{secret}"}


def test_the_image_is_pinned_runs_as_nobody_and_takes_what_is_locked() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    images = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    python = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert len(set(images)) == 1
    assert re.fullmatch(rf"python:{re.escape(python)}\.\d+-slim-[a-z]+", images[0])
    assert "--require-hashes -r requirements.lock" in text
    assert text.rindex("USER 10001") > text.rindex("RUN ")
    left_out = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".env", "deploy/.env", "*.db", ".cluster", "tests"} <= set(left_out)
    needed = {"bot", "actions", "knowledge", "nlu_data", "config.yml", "models", "deploy"}
    assert not needed & set(left_out)


def test_a_worker_in_kubernetes_gets_settings_that_it_understands() -> None:
    environment = dict(of_kind("ConfigMap", "assistant")["data"])
    (worker,) = of_kind("Deployment", "assistant")["spec"]["template"]["spec"]["containers"]
    secrets = {one["name"]: one["valueFrom"]["secretKeyRef"]["key"] for one in worker["env"]}
    values = {
        "tracker-store-url": "postgresql://u:p@postgresql:5432/crlm",
        "lock-store-url": "redis://:p@redis:6379/0",
        "access-token": SECRETS["ACCESS_TOKEN"],
        "access-code": SECRETS["ACCESS_CODE"],
        "metrics-token": SECRETS["METRICS_TOKEN"],
    }
    settings = settings_of({**environment, **{name: values[key] for name, key in secrets.items()}})
    assert not settings.host.startswith("127."), "it is reached from other pods"
    readme = (DEPLOY / "README.md").read_text(encoding="utf-8")
    asked = {
        env["valueFrom"]["secretKeyRef"]["key"]
        for container in containers()
        for env in container.get("env", [])
        if "valueFrom" in env
    }
    assert set(re.findall(r"--from-literal=([a-z-]+)=", readme)) == asked, "the README makes every secret that is read"


def test_every_container_in_kubernetes_is_closed_bounded_and_pinned() -> None:
    pinned = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))
    assert {image["name"] for image in pinned["images"]} == {"crlm-assistant"}
    listed = set(pinned["resources"])
    assert listed == {file.name for file in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    found = list(containers())
    assert len(found) == 4
    for container in found:
        assert container["image"] == "crlm-assistant" or PINNED.fullmatch(container["image"])
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]
    for resource in resources():
        if resource["kind"] in ("Deployment", "StatefulSet"):
            pod = resource["spec"]["template"]
            assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
            assert resource["spec"]["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()


def test_the_paths_that_are_asked_for_exist(server: str) -> None:
    import httpx

    (worker,) = of_kind("Deployment", "assistant")["spec"]["template"]["spec"]["containers"]
    asked = {worker[probe]["httpGet"]["path"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")}
    for text in ((DEPLOY / "compose.yaml"), (DEPLOY / "Dockerfile")):
        asked |= set(re.findall(r"(?:8000|8080)(/[a-z]+)", text.read_text(encoding="utf-8")))
    assert asked == {"/health", "/health/live", "/health/ready"}
    for path in asked:
        assert httpx.get(server + path).status_code == 200


def test_kubernetes_would_take_the_manifests() -> None:
    """Checked against Kubernetes' own schemas, by a package that needs other versions than Rasa does."""
    script = (
        "import json, sys, kubernetes_validate as check\n"
        "for resource in json.load(sys.stdin): check.validate(resource, check.latest_version(), strict=True)"
    )
    wanted = list(resources())
    assert len(wanted) == 13

    def answer(manifests: list[dict[str, Any]]) -> subprocess.CompletedProcess[str]:
        command = [str(peers()), "-c", script]
        return subprocess.run(command, input=json.dumps(manifests), text=True, capture_output=True, check=False)

    taken = answer(wanted)
    assert taken.returncode == 0, taken.stderr[-2000:]
    wanted[0]["spec"] = {"replicas": "two"}
    assert answer(wanted).returncode, "else nothing was checked"


def test_the_readme_names_files_that_are_there() -> None:
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"\]\(([^)#]+)\)", text):
        assert (DEPLOY / name).exists(), name
    for path in re.findall(r"(?:-f|-k|--env-file) (deploy/\S+)", text):
        assert Path(ROOT / path).exists() or path == "deploy/.env", path
