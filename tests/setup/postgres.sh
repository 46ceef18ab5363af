# A private PostgreSQL server for one run: own data, own port on the loopback address, own
# password, nothing synced to disk, gone afterwards. Sourced by tests/run.
# shellcheck shell=bash disable=SC2154,SC2034 # tests/run and its other parts share these variables

postgres_bin='' postgres_major='' postgres_port='' postgres_password='' postgres_pid=''
as_server=()    # how to become the user that runs the server

find_postgres() { # the newest installation that can make a cluster
  local dir major
  for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -rn) \
    "$(pg_config --bindir 2>/dev/null || true)" "$(dirname "$(command -v initdb 2>/dev/null)" 2>/dev/null)" \
    /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && [ -x "$dir/pg_dump" ]; then
      major=$("$dir/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
      if [ "$major" -ge 14 ]; then
        postgres_bin=$dir postgres_major=$major
        return 0
      fi
    fi
  done
  return 1
}

install_postgres() {
  # Debian's package starts a server of its own unless told not to before it is unpacked.
  apt_install postgresql-common || return 1
  sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  apt_install postgresql postgresql-client
}

set_up_postgres() {
  if ! find_postgres && ! { install_postgres && find_postgres; }; then
    fail "PostgreSQL 14 or newer is missing: install its server and client (Debian and Ubuntu: 'apt-get install postgresql'; Fedora: 'dnf install postgresql-server'; macOS: 'brew install postgresql')"
  fi

  local data=$work/postgres locale=C user=''
  mkdir -m 700 "$data"
  if [ "$(id -u)" -eq 0 ]; then
    user=nobody
    if id postgres >/dev/null 2>&1; then user=postgres; fi
    if command -v setpriv >/dev/null; then
      # Should this script be killed outright, the kernel ends the server.
      as_server=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups --pdeathsig INT --)
    else
      as_server=(runuser -u "$user" --)
    fi
  elif command -v setpriv >/dev/null; then
    as_server=(setpriv --pdeathsig INT --)
  fi
  if locale -a 2>/dev/null | grep -qix 'c\.utf-\?8'; then locale=C.UTF-8; fi

  postgres_password=$("$python52" -c 'import secrets; print(secrets.token_hex(16))')
  printf '%s\n' "$postgres_password" >"$data/password"
  if [ -n "$user" ]; then chown -R "$user" "$data"; fi
  (cd / && ${as_server[@]+"${as_server[@]}"} "$postgres_bin/initdb" --pgdata="$data/data" --username=postgres \
    --auth=scram-sha-256 --pwfile="$data/password" --encoding=UTF8 --locale="$locale" --no-sync) >"$work/initdb.log" 2>&1 ||
    fail "initdb: $(cat "$work/initdb.log")"
  rm "$data/password"

  local attempt
  for attempt in 1 2 3 4 5; do # another process may take the free port first
    if start_postgres "$data"; then
      "$postgres_bin/postgres" --version
      return 0
    fi
    echo "PostgreSQL did not start (attempt $attempt)"
  done
  fail "PostgreSQL did not start: $(tail -n 5 "$work/postgres.log")"
}

start_postgres() {
  local data=$1 _
  postgres_port=$("$python52" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  set -m
  (cd / && exec ${as_server[@]+"${as_server[@]}"} "$postgres_bin/postgres" -D "$data/data" \
    -c listen_addresses=127.0.0.1 -c port="$postgres_port" -c unix_socket_directories= \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100 \
    -c timezone=UTC) </dev/null >"$work/postgres.log" 2>&1 &
  postgres_pid=$!
  set +m
  for _ in $(seq 1 150); do
    kill -0 "$postgres_pid" 2>/dev/null || { postgres_pid=; return 1; }
    if PGPASSWORD=$postgres_password "$postgres_bin/psql" -h 127.0.0.1 -p "$postgres_port" -U postgres \
      -d postgres -c 'select 1' >/dev/null 2>&1; then
      return 0
    fi
    sleep 0.1
  done
  stop_postgres
  return 1
}

stop_postgres() {
  local _
  [ -n "$postgres_pid" ] || return 0
  kill -INT -- "-$postgres_pid" 2>/dev/null || true
  for _ in $(seq 1 100); do
    kill -0 "$postgres_pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -QUIT -- "-$postgres_pid" 2>/dev/null || true
  wait "$postgres_pid" 2>/dev/null || true
  postgres_pid=
}
