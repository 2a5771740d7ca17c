"""What stands in deploy/ agrees with the program, with its settings, and with itself."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from soso import __version__
from soso.cli import soso
from soso.config import Settings
from tests.e2e.deploy_files import (
    COMPOSES,
    DEPLOY,
    PROGRAM,
    ROOT,
    UNITS,
    image_environment,
    read_compose,
    read_containerfile,
    read_settings,
    read_unit,
)

GIVEN = {"POSTGRES_PASSWORD": "b3f0"}
ENV_FILES = ("cluster.env.example", "systemd/soso.env.example")


def services(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_compose(name, GIVEN)["services"]
    return found


def ours(name: str) -> dict[str, Any]:
    return {one: told for one, told in services(name).items() if told["image"][:5] == "soso:"}


def check_command(words: list[str]) -> None:
    """Fails unless the command line takes these words."""
    command = soso.commands[words[0]]
    command.make_context(words[0], words[1:])


def check_settings(told: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name[:5] == "SOSO_"]:
        monkeypatch.delenv(name)
    for name, value in told.items():
        assert name.removeprefix("SOSO_").lower() in Settings.model_fields, name
        monkeypatch.setenv(name, value)
    return Settings()


@pytest.mark.parametrize("name", COMPOSES)
def test_a_compose_file_sets_what_can_be_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for told in ours(name).values():
        mine = {**image_environment(), **told["environment"]}
        asked = {key: value for key, value in mine.items() if key[:5] == "SOSO_"}
        settings = check_settings(asked, monkeypatch)
        targets = {volume.split(":")[1] for volume in told["volumes"]}
        assert targets == {str(settings.data)} | {
            str(path) for path in [settings.media_folder] if path != Path()
        }
        for port in told.get("ports", []):
            where, outer, inner = port.split(":")
            assert (where, inner) == ("127.0.0.1", str(settings.port))
            first, _, last = outer.partition("-")
            answering = told.get("deploy", {}).get("replicas", 1)
            assert int(last or first) - int(first) + 1 == answering
    if name == "compose.cluster.yaml":
        assert settings.database_url == "postgresql+psycopg://soso:b3f0@postgres:5432/soso"


@pytest.mark.parametrize("name", COMPOSES)
def test_a_compose_file_says_what_the_command_line_takes(name: str) -> None:
    commands = [told["command"] for told in ours(name).values()]
    for words in commands:
        check_command(words)
    parts = [["run"]] if name == "compose.yaml" else [["web"], ["worker"], ["bot"]]
    assert commands == parts


@pytest.mark.parametrize("name", COMPOSES)
def test_what_a_compose_file_speaks_of_is_there(name: str) -> None:
    whole = read_compose(name, GIVEN)
    for told in whole["services"].values():
        assert {volume.split(":")[0] for volume in told["volumes"]} <= set(whole["volumes"])
        assert set(told["networks"]) <= set(whole["networks"])
        for other, wanted in told.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "test" in whole["services"][other]["healthcheck"]
        assert "mem_limit" in told
        assert "restart" in told
        if "build" in told:
            assert (DEPLOY / told["build"]["context"]).resolve() == ROOT
            assert (ROOT / told["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("name", COMPOSES)
def test_images_are_pinned(name: str) -> None:
    for told in services(name).values():
        assert re.search(r":\d+\.\d+[\w.-]*$", told["image"])
    assert {told["image"] for told in ours(name).values()} == {f"soso:{__version__}"}


def test_one_machine_has_one_gigabyte() -> None:
    assert services("compose.yaml")["soso"]["mem_limit"] == "1g"
    assert read_unit("soso.service")["MemoryMax"] == ["1G"]


def test_without_a_password_for_the_database_nothing_starts() -> None:
    with pytest.raises(KeyError, match="POSTGRES_PASSWORD"):
        read_compose("compose.cluster.yaml", {})


def test_the_database_and_the_index_are_out_of_reach_of_others() -> None:
    whole = read_compose("compose.cluster.yaml", GIVEN)
    for name, told in whole["services"].items():
        if name not in ("web", "worker", "bot"):
            assert "ports" not in told
            assert all(whole["networks"][network]["internal"] for network in told["networks"])


def test_the_nodes_are_those_that_are_asked_and_as_tests_have_them() -> None:
    told = services("compose.cluster.yaml")
    nodes = [name for name in told if name.startswith("opensearch-")]
    assert len(nodes) == 3
    asked = ours("compose.cluster.yaml")["web"]["environment"]["SOSO_OPENSEARCH_URL"]
    assert asked == ",".join(f"http://{name}:9200" for name in nodes)
    tested = re.search(
        r"opensearch-knn</artifactId>\s*<version>(\d+\.\d+\.\d+)",
        (ROOT / "tests/servers/node/pom.xml").read_text("utf-8"),
    )
    assert tested is not None
    for name in nodes:
        assert told[name]["image"].endswith(f":{tested[1]}")
        settings = told[name]["environment"]
        assert settings["node.name"] == name
        assert settings["discovery.seed_hosts"].split(",") == nodes


@pytest.mark.parametrize("name", ENV_FILES)
def test_files_of_variables_name_settings_and_hold_no_secret(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = read_settings(name)
    check_settings({key: told[key] for key in told if key[:5] == "SOSO_"}, monkeypatch)
    for key, value in told.items():
        if re.search("TOKEN|SECRET|PASSWORD|KEY", key):
            assert value == ""


def test_every_variable_that_the_cluster_asks_for_secretly_is_in_its_file() -> None:
    text = (DEPLOY / "compose.cluster.yaml").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+)", text))
    assert set(read_settings("cluster.env.example")) <= asked
    assert "POSTGRES_PASSWORD" in read_settings("cluster.env.example")


def test_the_image_is_of_what_is_locked_and_runs_as_nobody_special() -> None:
    steps = read_containerfile()
    runs = [rest for word, rest in steps if word == "RUN"]
    locks = set(re.findall(r"requirements-\w+\.lock", " ".join(runs)))
    assert locks == {"requirements-build.lock", "requirements-cluster.lock"}
    for run in runs:
        for install in re.findall(r"pip install [^&]*", run):
            assert "--require-hashes" in install or "--no-index" in install
    assert steps[0][0] == "ARG"
    assert re.search(r"/python:3\.11\.\d+-slim-", steps[0][1])
    user = next(rest for word, rest in steps if word == "USER")
    assert user.split(":")[0] != "0"
    assert ("VOLUME", f'["{image_environment()["SOSO_DATA"]}"]') in steps
    assert ("EXPOSE", image_environment()["SOSO_PORT"]) in steps


def test_what_the_image_is_made_of_is_sent_to_its_builder_and_little_else() -> None:
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    sent = {line[1:] for line in kept if line.startswith("!")}
    steps = read_containerfile()
    copied = [rest.split()[:-1] for word, rest in steps if word == "COPY" and "--from" not in rest]
    assert "*" in kept
    assert {name for names in copied for name in names} == sent
    assert all((ROOT / name).exists() for name in sent)


def test_the_locks_are_of_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = project["project"]["optional-dependencies"]["cluster"]
    pins = read_pins("requirements-cluster.lock")
    assert {re.split(r"[\[<>=]", one)[0] for one in asked} <= set(pins)
    assert read_pins("requirements.lock").items() <= pins.items()
    assert list(read_pins("requirements-build.lock")) == ["setuptools"]
    assert project["build-system"]["requires"] == ["setuptools>=77"]
    assert "echo 'setuptools>=77' |" in (ROOT / "Makefile").read_text("utf-8")


def read_pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_says_what_the_command_line_takes(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = read_unit(name)
    program, *words = unit["ExecStart"][0].replace("%i", "8081").split()
    assert program == PROGRAM
    check_command(words)
    told = dict(one.split("=", 1) for one in unit["Environment"])
    settings = check_settings(told, monkeypatch)
    assert str(settings.data) == f"/var/lib/{unit['StateDirectory'][0]}"
    writable = [str(settings.media_folder)] if "SOSO_MEDIA_FOLDER" in told else []
    assert unit.get("ReadWritePaths", []) == writable
    assert unit["EnvironmentFile"] == ["/etc/soso/soso.env"]


@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_a_unit_and_finds_it_closed(name: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    text = (DEPLOY / "systemd" / name).read_text("utf-8")
    unit = tmp_path / name
    unit.write_text(text.replace(PROGRAM, "/bin/true"))
    for words in (["verify"], ["security", "--offline=yes", "--threshold=20"]):
        done = subprocess.run(
            [analyze, *words, str(unit)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-500:] + done.stderr
    assert "soso" not in done.stderr


def test_the_guide_of_the_cluster_says_what_is_there() -> None:
    text = (ROOT / "docs/guide/cluster.md").read_text("utf-8")
    for name in re.findall(r"SOSO_(\w+)", text):
        assert name.lower() in Settings.model_fields, name
    for path in re.findall(r"\bdeploy/[\w.*/-]*[\w*]", text):
        assert [*ROOT.glob(path), *ROOT.glob(f"{path}.example")], path
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    lines = [line.split("#")[0].split() for line in blocks.splitlines()]
    commands = [words[1:] for words in lines if words[:1] == ["soso"]]
    assert len(commands) >= 6
    for words in commands:
        check_command(words)
    for unit in re.findall(r"soso-\w+@?(?=[ `\d])", blocks):
        assert f"{unit}.service" in UNITS
