"""The rules of the house that a program can check (CONTRIBUTING.md, “How the code reads”)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = [ROOT / name for name in ("cms", "articles", "rates") if (ROOT / name).is_dir()]
MAX_LINES = 400

# What may know of everything: where the apps are put together.
ASSEMBLY = {"cms/urls.py", "cms/settings.py", "cms/api/urls.py"}
PURE = [
    *sorted((ROOT / "articles" / "body").rglob("*.py")),
    ROOT / "articles" / "slugs.py",
    *(
        ROOT / name
        for name in (
            "articles/workflow.py",
            "rates/arithmetic.py",
            "rates/chart.py",
            "rates/judging.py",
            "rates/quotation.py",
            "rates/timetable.py",
        )
    ),
]
# Modules by which a function would read what is not among its arguments.
WORLD = {
    "django.conf",
    "django.core.cache",
    "django.db",
    "django.utils.timezone",
    "http",
    "os",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "time",
    "urllib.request",
}
CLOCKS = {"now", "today", "utcnow"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "misc", "tools", "lib"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules() -> list[Path]:
    """Every module of ours but the migrations, which are written by a program."""
    found = [
        path
        for package in PACKAGES
        for path in sorted(package.rglob("*.py"))
        if "migrations" not in path.parts
    ]
    assert len(found) > 50
    return found


def imports(tree: ast.AST, path: Path) -> Iterator[str]:
    """The full name of everything that a module imports, wherever it does so."""
    package = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: -node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imported_by(path: Path) -> list[str]:
    return list(imports(ast.parse(path.read_text()), path))


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_imports_are_read_in_every_form() -> None:
    """The other tests would pass on a reader of imports that finds none."""
    source = "import a.b\nfrom c import d\ndef f():\n    from .e import g\n    from . import h\n"

    found = list(imports(ast.parse(source), ROOT / "articles" / "api" / "x.py"))

    assert found == ["a.b", "c.d", "articles.api.e.g", "articles.api.h"]


def test_what_others_stand_on_imports_none_of_them() -> None:
    """Both apps stand on `cms`, and neither on the other."""
    forbidden = {"cms": ["articles", "rates"], "articles": ["rates"], "rates": ["articles"]}
    found = {
        relative(path): name
        for path in modules()
        if relative(path) not in ASSEMBLY
        for name in imported_by(path)
        if any(is_within(name, each) for each in forbidden[path.relative_to(ROOT).parts[0]])
    }

    assert found == {}


def test_only_the_assembly_names_the_apps_of_others_in_strings() -> None:
    """include("articles.…") and dotted paths are imports too."""
    found = [
        relative(path)
        for path in modules()
        if path.relative_to(ROOT).parts[0] == "cms"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(("articles.", "rates."))
    ]

    assert set(found) <= ASSEMBLY


@pytest.mark.parametrize("path", [each for each in PURE if each.exists()], ids=relative)
def test_what_is_pure_takes_values_and_returns_values(path: Path) -> None:
    """No database, settings, clock, chance or network: their modules are not even imported."""
    tree = ast.parse(path.read_text())
    found = [name for name in imports(tree, path) if any(is_within(name, each) for each in WORLD)]
    asked = [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
    ]
    opened = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    ]

    assert found == []
    assert asked == []
    assert opened == []


def test_what_is_pure_imports_nothing_of_ours_that_is_not() -> None:
    pure = {relative(path).removesuffix(".py").removesuffix("/__init__") for path in PURE}
    for path in PURE:
        if path.exists():
            for name in imported_by(path):
                if name.split(".")[0] in ("cms", "articles", "rates"):
                    assert any(is_within(name, each.replace("/", ".")) for each in pure), (
                        f"{relative(path)} imports {name}"
                    )


def test_a_thing_lives_where_its_name_says() -> None:
    places = [path for top in [*PACKAGES, ROOT / "tests"] for path in top.rglob("*")]

    assert len(places) > 100
    assert [relative(path) for path in places if path.stem in VAGUE] == []


def test_there_are_no_signals_but_post_migrate() -> None:
    found = {
        (path.name, name)
        for path in modules()
        for name in imported_by(path)
        if ".signals" in name or is_within(name, "django.dispatch")
    }

    assert found == {("apps.py", "django.db.models.signals.post_migrate")}


def test_nothing_is_imported_with_a_star() -> None:
    found = [path for path in modules() if any(n.endswith(".*") for n in imported_by(path))]

    assert [relative(path) for path in found] == []


def test_files_stay_readable() -> None:
    """Past about 400 lines a file is split, by verb and not by layer."""
    lengths = {relative(path): len(path.read_text().splitlines()) for path in modules()}

    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}
