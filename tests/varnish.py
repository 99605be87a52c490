"""Debian's Varnish, with the project's own configuration, in front of a server of a test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.serving import ask, free_port

ROOT = Path(__file__).resolve().parents[1]
VCL = ROOT / "deploy" / "varnish.vcl"
VARNISHD = shutil.which("varnishd") or "/usr/sbin/varnishd"
MODULES = list(Path("/usr/lib").glob("*/varnish/vmods/libvmod_xkey.so"))

REQUIRED = os.environ.get("REQUIRE_ALL") == "1"
MISSING = (
    ""
    if Path(VARNISHD).exists() and MODULES
    else "Varnish is missing. On Debian: apt-get install varnish varnish-modules"
)


def leave_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """The tests with Varnish among ``items``, taken out of them where there is none.

    Raises ``pytest.UsageError`` if nothing may be left out.
    """
    left_out = [item for item in items if MISSING and item.get_closest_marker("varnish")]
    if left_out and REQUIRED:
        raise pytest.UsageError(f"REQUIRE_ALL=1, but tests cannot run: {MISSING}.")
    items[:] = [item for item in items if item not in left_out]
    return left_out


@contextmanager
def varnish(behind: int) -> Iterator[int]:
    """Varnish before the server on the port ``behind``; gives its own port."""
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="dastan-varnish-"))
    try:
        vcl = VCL.read_text().replace('.host = "web"', '.host = "127.0.0.1"')
        (folder / "test.vcl").write_text(vcl.replace('.port = "8000"', f'.port = "{behind}"'))
        process = subprocess.Popen(
            [VARNISHD, "-F", "-j", "none", "-T", "none",
             "-n", str(folder / "work"), "-f", str(folder / "test.vcl"),
             "-a", f"127.0.0.1:{port}", "-s", "malloc,64m"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            if ask(port, "/livez").status == 200:
                return
        except OSError:
            pass
        assert process.poll() is None, "varnishd has ended"
        assert time.monotonic() < deadline, "Varnish does not answer"
        time.sleep(0.05)
