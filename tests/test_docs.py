"""The documentation says what is there: settings, commands, endpoints, links."""

import ast
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError

from cms.api.entry import openapi_document

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [ROOT / "cms", ROOT / "articles", ROOT / "rates", ROOT / "manage.py"]
# What is read from the environment and is no setting of the newsroom's.
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "PATH", "PROMETHEUS_MULTIPROC_DIR"}
# Of the tests and the Makefile; CONTRIBUTING.md describes them.
OF_THE_TOOLS = {"TEST_DATABASE", "PYTHON", "NAME", "N", "DIFFERENT"}
PROGRAMS = {"cat", "cd", "createdb", "git", "openssl", "pg_dump", "pg_restore", "zcat"}


# What the code has


def python_files() -> Iterator[Path]:
    for source in SOURCES:
        yield from [source] if source.is_file() else sorted(source.rglob("*.py"))


def settings_read() -> set[str]:
    """The names that cms/settings.py reads from the environment: `env.text("NAME", …)`."""
    tree = ast.parse((ROOT / "cms" / "settings.py").read_text())
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def environment_read(path: Path) -> set[str]:
    """The names that a file takes from os.environ, however it does so."""
    text = path.read_text()
    return set(re.findall(r"""(?:environ(?:\.\w+\(|\[)|getenv\()\s*["'](\w+)["']""", text))


def checks_made() -> set[str]:
    return set(re.findall(r'id="(dastan\.[EW]\d+)"', (ROOT / "cms" / "checks.py").read_text()))


def makefile_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text()
    return {
        name for line in re.findall(r"^\.PHONY: (.+)", text, re.MULTILINE) for name in line.split()
    }


def own_commands() -> set[str]:
    found = {
        path.stem
        for source in SOURCES
        for path in source.glob("**/management/commands/*.py")
        if path.stem != "__init__"
    }
    assert {"serve", "worker", "import_articles"} <= found
    return found


# What the documentation has


def documents() -> list[Path]:
    """Every Markdown file of the repository."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert ROOT / "docs" / "settings.md" in found
    return sorted(found)


def all_text() -> str:
    return "\n".join(path.read_text() for path in documents())


def settings_told() -> set[str]:
    """The settings that docs/settings.md describes, each under a heading of its own."""
    text = (ROOT / "docs" / "settings.md").read_text()
    return set(re.findall(r"^### `([A-Z_]+)`$", text, re.MULTILINE))


def without_code(text: str) -> str:
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a file."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *$", text, re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        stem = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number, anchor = 0, stem
        while anchor in found:
            number += 1
            anchor = f"{stem}-{number}"
        found.add(anchor)
    return found


class Block(NamedTuple):
    """A fenced block of a document."""

    path: Path
    language: str
    text: str


class Example(NamedTuple):
    """A command as a reader types it, and what is shown to come of it."""

    path: Path
    command: str
    answer: str


def blocks() -> Iterator[Block]:
    for path in documents():
        for language, text in re.findall(
            r"^```(\w*)\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL
        ):
            yield Block(path, language, text)


def examples() -> Iterator[Example]:
    """Each `$ command` of the console blocks, with the lines that follow it."""
    for block in blocks():
        if block.language == "console":
            for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                command, _, answer = part.replace("\\\n", " ").partition("\n")
                yield Example(block.path, command, answer)


def simple_commands(command: str) -> Iterator[list[str]]:
    """The words of each command of a pipeline, without redirections."""
    words: list[str] = []
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    for word in [*lexer, ";"]:
        if word in ("|", "&&", ";"):
            if words:
                yield words
            words = []
        else:
            words.append(word)


# Settings


def test_every_setting_is_described_and_none_is_invented() -> None:
    assert "DATABASE_URL" in settings_read()
    assert settings_told() == settings_read()


def test_nothing_else_is_read_from_the_environment() -> None:
    read = {name for path in python_files() for name in environment_read(path)}

    assert read - NOT_SETTINGS <= settings_told()


def test_every_check_of_the_settings_is_described_and_none_is_invented() -> None:
    told = set(re.findall(r"dastan\.[EW]\d+", (ROOT / "docs" / "settings.md").read_text()))

    assert "dastan.E001" in told
    assert told == checks_made()


def test_every_setting_has_its_default_and_an_example() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    _, *sections = re.split(r"^### `", text, flags=re.MULTILINE)

    for section in sections:
        name = section.partition("`")[0]
        for part in ("Default:", "Example:", "A mistake:"):
            assert f"- {part} " in section, f"{name} lacks “{part}”"
        assert f"`{name}=" in section, f"the example of {name}"


# Commands and endpoints


@pytest.mark.parametrize("command", sorted(own_commands()))
def test_every_management_command_is_described(command: str) -> None:
    assert re.search(rf"manage\.py {command}\b", all_text())


@pytest.mark.parametrize("target", sorted(makefile_targets()))
def test_every_target_of_the_makefile_is_described(target: str) -> None:
    assert re.search(rf"make {target}\b", all_text())


def test_every_endpoint_is_described() -> None:
    text = (ROOT / "docs" / "api.md").read_text()
    paths = [path.removeprefix("/api/v1") for path in openapi_document()["paths"]]

    assert "/articles/{slug}" in paths
    assert [path for path in paths if f"`{path or '/api/v1'}`" not in text] == []


def test_commands_that_are_shown_exist() -> None:
    shown = list(examples())
    assert len(shown) > 10

    for example in shown:
        for words in simple_commands(example.command):
            try:
                check_command(words)
            except (AssertionError, CommandError, SystemExit) as error:
                pytest.fail(f"{example.path.name}: $ {example.command}\n{error!r}")


def check_command(words: list[str]) -> None:
    """Assert that a command could be run: its program, subcommand, options, files and targets."""
    while "=" in words[0]:
        assert words.pop(0).partition("=")[0] in settings_told() | OF_THE_TOOLS
    program, *arguments = words
    match program.rpartition("/")[2], arguments:
        case "python", ["manage.py", name, *rest]:
            check_management_command(name, rest)
        case "python" | "python3", ["-m", module, *rest]:
            check_module(module, rest)
        case "make", [*rest]:
            targets = [word for word in rest if "=" not in word]
            variables = {word.partition("=")[0] for word in rest if "=" in word}
            assert targets
            assert set(targets) <= makefile_targets()
            assert variables <= OF_THE_TOOLS
        case "docker", ["compose", *rest]:
            check_compose(rest)
        case "curl", _:
            assert any(word.startswith("http://127.0.0.1:8000/") for word in arguments)
        case name, _:
            assert name in PROGRAMS, f"{name} is not known here"


def check_management_command(name: str, arguments: list[str]) -> None:
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    options = [word for word in until_redirection(arguments) if word != "--help"]
    if options or "--help" not in arguments:
        command.create_parser("manage.py", name).parse_args(options)


def check_module(module: str, arguments: list[str]) -> None:
    assert module in ("cms.embedded_postgres", "pip", "pytest", "venv")
    if module == "cms.embedded_postgres":
        assert arguments[0] in ("status", "start", "stop")
    for path in (word for word in arguments if word.startswith(("tests/", "requirements"))):
        assert (ROOT / path).exists(), path


def check_compose(arguments: list[str]) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    subcommand, *rest = arguments
    assert subcommand in ("build", "exec", "logs", "ps", "pull", "run", "stop", "up", "down")
    while rest and rest[0].startswith("-"):
        rest.pop(0)
    if rest:
        assert rest[0] in services
    if subcommand in ("exec", "run"):
        check_inside(rest[1:])


def check_inside(words: list[str]) -> None:
    if words[0] not in ("pg_dump", "pg_restore"):
        check_command(words)


def until_redirection(words: Iterable[str]) -> list[str]:
    kept = []
    for word in words:
        if word in ("<", ">"):
            break
        kept.append(word)
    return kept


# Links


def test_every_relative_link_leads_somewhere() -> None:
    broken = []
    number = 0
    for path in documents():
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(path.read_text())):
            parts = urlsplit(target)
            if parts.scheme:
                continue
            number += 1
            file = (path.parent / unquote(parts.path)) if parts.path else path
            if not file.exists() or (parts.fragment and parts.fragment not in anchors(file)):
                broken.append(f"{path.relative_to(ROOT)}: {target}")

    assert number > 20
    assert broken == []


def test_every_source_file_that_is_named_exists() -> None:
    """`cms/api/views.py` and its like, in text: the docs may not name what has moved."""
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in documents()
        if path.name != "CHANGELOG.md"
        for name in re.findall(r"`((?:cms|articles|tests|docs)/[\w./-]+)`", path.read_text())
    }

    assert len(named) > 20
    assert {each for each in named if not (ROOT / each[1]).exists()} == set()
