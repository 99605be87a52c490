#!/usr/bin/env bash
# Runs a command with DATABASE_URL naming a throw-away cluster of Debian's PostgreSQL 15.
# Usage: tests/on_postgresql15.sh COMMAND…   (as root or not; apt install postgresql)
set -euo pipefail

binaries=/usr/lib/postgresql/15/bin
if [ ! -x "$binaries/initdb" ]; then
    echo "left out: PostgreSQL 15 (apt install postgresql)" >&2
    [ -z "${REQUIRE_ALL:-}" ] && exit 0 || exit 1
fi

folder=$(mktemp -d /tmp/dastan-pg15.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as=(runuser -u postgres --)
fi
stop() {
    (cd / && "${as[@]}" "$binaries/pg_ctl" --pgdata "$folder/data" --mode immediate stop) > /dev/null || true
    rm -rf "$folder"
}
trap stop EXIT

# The server's working directory must be one that its user can enter.
(
    cd "$folder"
    "${as[@]}" "$binaries/initdb" --pgdata "$folder/data" --username dastan --auth trust \
        --encoding UTF8 --locale C.UTF-8 > "$folder/log"
    "${as[@]}" "$binaries/pg_ctl" --pgdata "$folder/data" --log "$folder/server.log" --wait \
        --options "-c listen_addresses='' -c unix_socket_directories=$folder" start >> "$folder/log"
)
DEBUG=1 DATABASE_URL="postgres://dastan@/postgres?host=$folder" "$@"
