"""Where the embedded server keeps what: data, log and socket, and whom they belong to.

| | ordinary user | root (PostgreSQL runs as `nobody`) |
|---|---|---|
| lock (and the watchdog's mark) | <project>/.postgres/lock | <project>/.postgres/lock |
| home: data, server.log, alive | <project>/.postgres | /var/lib/dastan/<hash> |
| socket | /tmp/dastan-<uid>-<hash> | /var/lib/dastan/<hash>/run |

The socket is not in the project because its path may have 107 bytes at most. As root nothing
is in the project but the lock, because `nobody` may not be able to go there, and opening the
way for it would open it for everybody.
"""

import hashlib
import os
import pwd
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cms.embedded_postgres.errors import ServerError

SHARED_BY_ROOT = Path("/var/lib/dastan")
PORT = 5432  # names the socket file only: nothing listens on TCP


@dataclass(frozen=True)
class Account:
    """A user that the server runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The paths of one project's server; computed, nothing is touched until `prepare()`."""

    project: Path
    home: Path
    sockets: Path
    as_root: bool

    @classmethod
    def of(cls, project: Path) -> "Places":
        """The places of the project in the folder `project`, for the current user."""
        project = project.resolve()
        digest = hashlib.sha256(os.fsencode(project)).hexdigest()[:12]
        uid = os.geteuid()
        if uid == 0:
            home = SHARED_BY_ROOT / digest
            return cls(project, home, home / "run", as_root=True)
        sockets = Path("/tmp") / f"dastan-{uid}-{digest}"  # noqa: S108  checked by `check_private`
        return cls(project, project / ".postgres", sockets, as_root=False)

    @property
    def folder(self) -> Path:
        return self.project / ".postgres"

    @property
    def lock(self) -> Path:
        """Held while the server is being started or stopped; the watchdog's mark, too: when this
        file is gone, the project's folder is, and the server stops."""
        return self.folder / "lock"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def alive(self) -> Path:
        """Locked by every process of the server as long as it lives, wherever it runs."""
        return self.home / "alive"

    @property
    def socket(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}"

    @property
    def socket_lock(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}.lock"

    def account(self) -> Account | None:
        """Whom the server runs as, or None for the current user."""
        if not self.as_root:
            return None
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise ServerError(
                "PostgreSQL refuses to run as root, and there is no user `nobody` to run it as. "
                "Run this command as an ordinary user, or set DATABASE_URL."
            ) from None
        return Account(nobody.pw_uid, nobody.pw_gid)

    def owner(self) -> int:
        account = self.account()
        return account.uid if account else os.geteuid()

    def prepare(self) -> None:
        """Makes the folders that are missing and refuses those that somebody else planted."""
        if self.as_root:
            self._prepare_for_root()
        make_private(self.sockets, self.account())

    def _prepare_for_root(self) -> None:
        try:
            SHARED_BY_ROOT.mkdir(mode=0o755)
            SHARED_BY_ROOT.chmod(0o755)  # whatever the umask: `nobody` has to pass
        except FileExistsError:
            pass
        found = SHARED_BY_ROOT.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
            raise ServerError(
                f"{SHARED_BY_ROOT} must be a folder that belongs to root and that nobody else can "
                "write to. Mend or remove it, or set DATABASE_URL."
            )
        make_private(self.home, self.account())
        with suppress(FileExistsError):  # so that a person can tell whose data this is
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
            with os.fdopen(os.open(self.home / "project", flags, 0o600), "wb") as note:
                note.write(os.fsencode(self.project) + b"\n")


def make_private(folder: Path, account: Account | None) -> None:
    """Makes `folder`, 0700, for `account`, or checks that it is such a folder already."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if account and folder.lstat().st_uid == 0 and not folder.is_symlink():
        # New, or its maker was killed before this line. Its parent is root's or `account`'s.
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    check_private(folder, account.uid if account else os.geteuid())


def check_private(folder: Path, owner: int) -> None:
    """Refuses a folder that is not `owner`'s alone: another user's server may be waiting there.

    A folder that does not exist is no danger.
    """
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return
    mode = stat.S_IMODE(found.st_mode)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or mode != 0o700:
        raise ServerError(
            f"{folder} must be a folder of its own with mode 0700 that belongs to uid {owner}, "
            f"but it is {stat.filemode(found.st_mode)} and belongs to uid {found.st_uid}. "
            "Remove it if you know it; or set DATABASE_URL."
        )
