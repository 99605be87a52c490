"""What can be told of the image and of docker-compose.yml without a Docker engine."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
import yaml
from django.apps import apps
from django.core.management import get_commands
from django.db import connection

from tests.test_docs import settings_read, settings_told

ROOT = Path(__file__).resolve().parents[1]
PUBLIC_URL = "https://api.example.org"
# Of the images of PostgreSQL and Valkey, as their pages on Docker Hub tell.
OF_THE_IMAGES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"}
OF_PYTHON = {"PATH", "PYTHONUNBUFFERED"}
VARIABLE = re.compile(r"\$\{(\w+)[^}]*\}")


class Instruction(NamedTuple):
    name: str
    rest: str


def dockerfile() -> list[Instruction]:
    """The instructions of the Dockerfile, in order, each on one line."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [Instruction(*line.split(maxsplit=1)) for line in lines if line.strip()]


def last_stage() -> list[Instruction]:
    """The instructions of the stage that becomes the image."""
    instructions = dockerfile()
    start = max(n for n, each in enumerate(instructions) if each.name == "FROM")
    return instructions[start:]


def only(name: str) -> str:
    """What the image's one instruction of that name says."""
    [found] = [each.rest for each in last_stage() if each.name == name]
    return found


def environment_of_image() -> dict[str, str]:
    pairs = [pair for each in last_stage() if each.name == "ENV" for pair in shlex.split(each.rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def ours() -> dict[str, dict[str, Any]]:
    """The services that run the image of the Dockerfile."""
    return {name: each for name, each in services().items() if "build" in each}


def test_the_compose_file_has_all_that_a_newsroom_needs() -> None:
    assert set(services()) == {"migrate", "web", "worker", "database", "cache", "varnish"}
    assert [n for n, each in services().items() if "profiles" in each] == ["varnish"]
    assert set(ours()) == {"migrate", "web", "worker"}
    assert services()["database"]["image"].startswith("postgres:18")
    assert services()["cache"]["image"].startswith("valkey/valkey:")


def test_every_variable_is_a_setting_that_the_docs_describe_or_one_of_an_image() -> None:
    named = {name for service in ours().values() for name in service["environment"]}
    named |= set(environment_of_image()) - OF_PYTHON

    assert named <= settings_read()
    assert named <= settings_told()
    # The image says these; DEBUG is not for it.
    assert settings_told() - {"DEBUG", "HOST", "PORT"} <= named
    assert set(services()["database"]["environment"]) <= OF_THE_IMAGES
    interpolated = set(VARIABLE.findall(yaml.safe_dump(compose())))
    assert interpolated <= settings_told() | {"POSTGRES_PASSWORD"}


def test_what_has_no_safe_default_must_be_given() -> None:
    """Compose stops with a sentence at `${NAME:?…}` when it is not set, or empty."""
    text = (ROOT / "docker-compose.yml").read_text()

    required = set(re.findall(r"\$\{(\w+):\?[^}]{10,}\}", text))

    assert required == {"SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "POSTGRES_PASSWORD"}
    for name in required:
        assert not re.search(rf"\$\{{?{name}(?!:\?|\w)", text), f"{name} is used unguarded"


def test_the_database_is_reached_by_the_names_that_it_is_given() -> None:
    database = services()["database"]["environment"]
    for service in ours().values():
        url = service["environment"]["DATABASE_URL"]
        user, name = database["POSTGRES_USER"], database["POSTGRES_DB"]
        assert re.fullmatch(
            rf"postgres://{user}:\$\{{POSTGRES_PASSWORD:.*\}}@database:5432/{name}", url
        )
        assert service["environment"]["CACHE_URL"] == "redis://cache:6379/0"
    assert "--locale=C.UTF-8" in database["POSTGRES_INITDB_ARGS"]


def test_it_all_starts_in_an_order_that_works() -> None:
    for name, service in services().items():
        for other, how in service.get("depends_on", {}).items():
            condition = how["condition"]
            if condition == "service_healthy":
                # Ours has one in the image.
                told = other in ours() or "test" in services()[other]["healthcheck"]
                assert told, f"{name} waits for {other}"
            else:
                assert condition == "service_completed_successfully"
                assert services()[other]["restart"] == "no", f"{other} would run again"
    assert set(services()["migrate"]["depends_on"]) == {"database"}
    for name in ("web", "worker"):
        assert "migrate" in services()[name]["depends_on"]


def test_every_volume_is_declared_and_used() -> None:
    used = {
        volume.partition(":")[0]
        for each in services().values()
        for volume in each.get("volumes", [])
    }
    ours = {path for path in used if path.startswith("./")}

    assert all((ROOT / path).is_file() for path in ours)
    assert used - ours == set(compose()["volumes"]), "a path of the machine, or an unnamed volume"


def test_only_this_machine_reaches_the_server_and_nobody_the_database() -> None:
    ports = {name: each["ports"] for name, each in services().items() if "ports" in each}

    assert ports == {
        "web": [f"127.0.0.1:${{PORT:-8000}}:{environment_of_image()['PORT']}"],
        "varnish": ["127.0.0.1:6081:80"],
    }


def test_every_command_exists() -> None:
    commands = [json.loads(only("CMD"))]
    commands += [service["command"] for service in ours().values() if "command" in service]

    assert len(commands) == 3
    for python, script, name, *_ in commands:
        assert python == "python"
        assert (ROOT / script).is_file()
        assert name in get_commands()


def test_every_path_that_is_copied_exists_and_is_let_in() -> None:
    let_in = [
        line.removeprefix("!").rstrip("/")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    copied = [
        path
        for each in dockerfile()
        if each.name == "COPY" and not each.rest.startswith("--from=")
        for path in each.rest.split()[:-1]
    ]

    assert sorted(copied) == sorted(let_in)
    for path in copied:
        assert (ROOT / path).exists(), f"COPY {path}"


def test_the_ignore_file_begins_by_leaving_out_everything() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    assert next(line for line in lines if line and not line.startswith("#")) == "*"


def test_every_app_of_ours_is_in_the_image() -> None:
    copied = {path for each in last_stage() if each.name == "COPY" for path in each.rest.split()}
    packages = {
        Path(config.path).relative_to(ROOT).parts[0]
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT) and ".venv" not in Path(config.path).parts
    }

    assert {"cms", "articles"} <= packages <= copied


def test_packages_are_installed_with_their_hashes_and_without_those_of_development() -> None:
    [install] = [each.rest for each in dockerfile() if each.name == "RUN" and "pip" in each.rest]

    assert "--require-hashes" in install.split()
    assert install.split()[-2:] == ["-r", "requirements.txt"]
    assert "requirements-dev" not in (ROOT / "Dockerfile").read_text()


def test_python_is_one_that_the_project_supports_and_the_same_in_every_stage() -> None:
    bases = [each.rest.split()[0] for each in dockerfile() if each.name == "FROM"]

    assert len(bases) == 2
    assert len(set(bases)) == 1, "the environment of one Python does not run on another"
    version = re.fullmatch(r"python:3\.(\d+)-slim", bases[0])
    assert version is not None
    assert int(version[1]) >= 11


def test_it_does_not_run_as_root() -> None:
    user, _, group = only("USER").partition(":")
    assert int(user) > 0
    assert int(group) > 0
    names = [each.name for each in last_stage()]
    assert "RUN" not in names[names.index("USER") :]
    assert "COPY" not in names[names.index("USER") :], (
        "what root copied is not the user's to change"
    )


def test_it_is_told_to_stop_by_a_signal_that_server_and_worker_obey() -> None:
    assert only("STOPSIGNAL") == "SIGTERM"
    for service in ours().values():
        assert service["init"] is True, "as process 1, migrate would not hear the signal"


# The health check against a real server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def database_url() -> str:
    """The test database, as DATABASE_URL would name it."""
    values = {key: str(value) for key, value in connection.settings_dict.items()}
    where = urlencode({"host": values["HOST"], "port": values["PORT"] or "5432"})
    login = ":".join(quote(part, safe="") for part in (values["USER"], values["PASSWORD"]) if part)
    return f"postgres://{login}@/{values['NAME']}?{where}"


def production(port: int, **changes: str) -> dict[str, str]:
    """The environment of a container, but for its own Python and folders."""
    image = {k: v for k, v in environment_of_image().items() if k != "PATH"}
    return {
        "PATH": os.environ["PATH"],
        **image,
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "DATABASE_URL": database_url(),
        "SECRET_KEY": "only-for-this-test-" * 3,
        "ALLOWED_HOSTS": "api.example.org",
        "PUBLIC_URL": PUBLIC_URL,
        **changes,
    }


def is_healthy(environment: dict[str, str]) -> bool:
    """The Dockerfile's health check, run as Docker would run it."""
    python, *arguments = json.loads(only("HEALTHCHECK").partition("CMD")[2])
    assert python == "python"
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, timeout=30, check=False
    )
    return done.returncode == 0


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


@contextmanager
def running(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The image's command, in a container's environment; stopped as Docker stops it."""
    command = [sys.executable, *json.loads(only("CMD"))[1:]]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.django_db
def test_the_server_becomes_healthy_answers_its_host_and_stops_when_told() -> None:
    environment = production(free_port())
    assert not is_healthy(environment), "nothing runs yet"

    with running(environment) as process:
        assert wait_until(lambda: is_healthy(environment), seconds=40)
        with closing(HTTPConnection("127.0.0.1", int(environment["PORT"]), timeout=10)) as reader:
            reader.request("GET", "/api/v1/articles", headers={"Host": "api.example.org"})
            answer = reader.getresponse()
            assert (answer.status, json.loads(answer.read())["count"]) == (200, 0)
        # By another host it would be refused: that is why the check gives one.
        stranger = {**environment, "PUBLIC_URL": "https://other.example.org"}
        assert not is_healthy(stranger)
        process.send_signal(signal.Signals[only("STOPSIGNAL")])
        assert process.wait(15) in (0, -signal.SIGTERM)

    assert not is_healthy(environment)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("missing", "check"),
    [("SECRET_KEY", "E001"), ("ALLOWED_HOSTS", "E002"), ("PUBLIC_URL", "E003")],
)
def test_the_command_refuses_to_serve_without_what_has_no_safe_default(
    missing: str, check: str
) -> None:
    environment = production(free_port())
    del environment[missing]

    done = subprocess.run(
        [sys.executable, *json.loads(only("CMD"))[1:]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert f"(dastan.{check}) {missing} is not set." in done.stderr
