"""No binary float gets into the package: what a bank prints in decimals stays decimal."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "rates").rglob("*.py"))
FLOATING = {"cmath", "math", "numpy", "random.random", "random.uniform", "statistics"}


def is_floating(node: ast.AST) -> bool:
    """Whether this makes a float, or could make one of what is none."""
    match node:
        case ast.Constant(value=float() | complex()):
            return True
        case ast.Name(id="float") | ast.Attribute(attr="FloatField"):
            return True
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return True  # of two ints
        case ast.Import(names=names):
            return any(each.name in FLOATING for each in names)
        case ast.ImportFrom(module=module, names=names):
            return bool({module, *(f"{module}.{each.name}" for each in names)} & FLOATING)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="json"), attr="loads" | "load")):
            return "parse_float" not in {each.arg for each in node.keywords}
        case ast.Call(func=ast.Attribute(value=ast.Name(id="orjson"), attr="loads")):
            return True
    return False


def floats(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if is_floating(node):
            yield f"{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"


@pytest.mark.parametrize(
    "source",
    [
        "x = 0.5", "x = 1e3", "x = 2j", "float(x)", "def f(x: float): ...", "x = a / b", "x /= 2",
        "import math", "from statistics import mean", "models.FloatField()", "json.loads(text)",
        "orjson.loads(text)", "map(float, x)",
    ],
)  # fmt: skip
def test_a_float_would_be_found(source: str) -> None:
    assert list(floats(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    ["x = 5", "x = Decimal('0.5')", "x = a // b", "json.loads(text, parse_float=Decimal)", "'0.5'"],
)
def test_what_is_no_float_is_not_found(source: str) -> None:
    assert list(floats(ast.parse(source))) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_there_is_none(path: Path) -> None:
    assert list(floats(ast.parse(path.read_text()))) == []
