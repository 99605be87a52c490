"""The server's processes: started apart from the command that needs them, found, watched."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cms.embedded_postgres.errors import ServerError
from cms.embedded_postgres.places import Account

# The server's whole environment: no PG* variable and no locale of the caller reaches it.
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}

# A shell that starts the server and ends at once, so that the server is nobody's child: no
# zombie is left when it stops, and the command does not wait for it.
_LAUNCH = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'

# Every process of a cluster has the data folder as its working directory. A process shows that
# only to its own user (in a container root needs a capability for it), so this runs as that user.
_FIND = """
for process in /proc/[0-9]*; do
  [ "$process/cwd" -ef "$1" ] || continue
  read -r name < "$process/comm" && [ "$name" = postgres ] && echo "${process#/proc/}"
done 2>/dev/null
exit 0
"""

# Polls, because a deleted folder tells nobody. Ends with the server. The start time (field 22 of
# /proc/PID/stat, see proc(5)) tells the server from another process that later has its number.
_WATCH = """
pid=$1 born=$2 mark=$3 sockets=$4 misses=0
lives() {
  kill -0 "$pid" 2>/dev/null || return 1
  [ -n "$born" ] || return 0
  read -r line 2>/dev/null < "/proc/$pid/stat" || return 1
  set -- ${line##*) }
  [ "$1" != Z ] && [ "${20}" = "$born" ]
}
while lives; do
  if [ ! -e "$mark" ]; then
    misses=$((misses + 1))
    case $misses in
      1) kill -INT "$pid" ;;
      6) kill -QUIT "$pid" ;;
      9) kill -KILL "$pid" ;;
    esac
  fi
  sleep 2
done 2>/dev/null
if [ -n "$sockets" ] && [ ! -e "$mark" ]; then
  rm -f "$sockets/.s.PGSQL.5432" "$sockets/.s.PGSQL.5432.lock"
  rmdir "$sockets"
fi 2>/dev/null
"""


def run(
    command: Sequence[str | Path], account: Account | None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Runs `command` to its end as `account`, with its output captured as text."""
    if account:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    options.setdefault("stderr", subprocess.STDOUT)
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    return subprocess.run(  # noqa: S603  our own commands, given as lists
        command,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        cwd="/",
        env=ENVIRONMENT,
        umask=0o077,
        check=False,
        **options,
    )


def launch(
    command: Sequence[str | Path], account: Account | None, log: Path, keep: Sequence[int] = ()
) -> int:
    """Starts `command` detached, in a session of its own; returns its process id.

    It inherits no open file but those of `keep`, and its output goes to `log`.
    """
    shell = ["/bin/sh", "-c", _LAUNCH, "sh", log, *command]
    result = run(shell, account, start_new_session=True, pass_fds=keep)
    try:
        return int(result.stdout)
    except ValueError:
        raise ServerError(f"{command[0]} could not be started: {result.stdout.strip()}") from None


def watch(pid: int, mark: Path, sockets: Path | None) -> None:
    """Starts the watchdog: when `mark` is gone it stops the server `pid`, and tidies `sockets`."""
    script = ["/bin/sh", "-c", _WATCH, "dastan-watchdog"]
    command = [*script, str(pid), birth(pid) or "", mark, sockets or ""]
    launch(command, None, Path(os.devnull))


def birth(pid: int) -> str | None:
    """When the process started, in the kernel's ticks; '' if unknown, None if it does not live."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return _signalable(pid) if not Path("/proc/self/stat").exists() else None
    return None if fields[0] == "Z" else fields[19]


def _signalable(pid: int) -> str | None:
    """For systems without /proc."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return ""


def of_cluster(data: Path, account: Account | None) -> set[int]:
    """The ids of the PostgreSQL processes, of this account, that work in the folder `data`."""
    found = run(["/bin/sh", "-c", _FIND, "sh", data], account)
    return {int(line) for line in found.stdout.split()}


def listens_in(pid: int, sockets: Path) -> bool:
    """Whether the process is a server that we started with its socket in the folder `sockets`."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return command[0].endswith(b"/postgres") and os.fsencode(sockets) in command


def signal_all(pids: set[int], number: int) -> None:
    """Sends a signal; who has ended meanwhile does not mind."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
