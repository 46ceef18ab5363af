# Finds Pythons and makes the two virtual environments: Django 5.2 on the oldest supported Python,
# Django 6.1 on the newest that is there. Sourced by tests/run.
# shellcheck shell=bash disable=SC2154,SC2034 # tests/run and its other parts share these variables

python52='' python61='' python61_reason=''

python_version() { # of an interpreter, as 3.11; fails for what does not start (pyenv's empty shims)
  "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

has_venv() {
  "$1" -c 'import ensurepip, venv' 2>/dev/null
}

# find_python 3.11 3.12 …: the first interpreter of the first version that there is one of.
find_python() {
  local version candidate pyenv=${PYENV_ROOT:-$HOME/.pyenv}
  for version in "$@"; do
    for candidate in /usr/bin/python3 "python$version" python3 "$pyenv/versions/$version".*/bin/python3; do
      candidate=$(command -v "$candidate") || continue
      if [ "$(python_version "$candidate")" = "$version" ] && has_venv "$candidate"; then
        echo "$candidate"
        return 0
      fi
    done
  done
  return 1
}

set_up_python52() {
  local python
  if ! python=$(find_python 3.11); then
    # The system's own Python may only lack its venv module, or be missing altogether.
    if ! find_python 3.12 3.13 3.14 >/dev/null; then
      apt_install python3 python3-venv ||
        fail "Python 3.11 or newer with venv is missing: install python3 and python3-venv"
    fi
    if ! python=$(find_python 3.11 3.12 3.13 3.14); then
      fail "no Python 3.11 to 3.14 with venv on this machine: install one (python3.11 is the oldest supported)"
    fi
  fi
  if [ "$(python_version "$python")" != 3.11 ]; then
    [ "${CI:-}" = true ] && fail "Python 3.11 is missing, and it is the oldest that emitted projects promise to run on"
    not_run+=("Python 3.11: not on this machine; Django 5.2 ran on Python $(python_version "$python")")
  fi
  make_venv "$python" django52
  python52=$venv/bin/python
}

set_up_python61() {
  local python
  if ! python=$(find_python 3.14 3.13 3.12); then
    python61_reason="no Python 3.12, 3.13 or 3.14 with venv on this machine"
  elif [ "$postgres_major" -lt 15 ]; then
    python61_reason="it needs PostgreSQL 15, and this machine has $postgres_major"
  fi
  if [ -n "$python61_reason" ]; then
    not_run+=("Django 6.1: $python61_reason")
    echo "not run: $python61_reason"
    return 0
  fi
  make_venv "$python" django61
  python61=$venv/bin/python
}

# make_venv PYTHON NAME: sets $venv. Keyed by the lock and the interpreter, so that a changed lock
# never meets an old environment; complete only when its last step succeeded.
make_venv() {
  local python=$1 name=$2 lock=tests/requirements-$2.txt key
  key=$( (cat "$lock"; "$python" -c 'import sys; print(sys.version, sys.executable)') | cksum | tr ' ' -)
  venv=$target/tests/$name-$key
  if [ "${CI:-}" = true ]; then rm -rf "$venv"; fi
  if [ ! -e "$venv/complete" ]; then
    rm -rf "$target/tests/$name"-*
    mkdir -p "$target/tests"
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
      --require-hashes --requirement "$lock"
    "$venv/bin/python" -m pip check --disable-pip-version-check >"$work/pip-check" || fail "$(cat "$work/pip-check")"
    touch "$venv/complete"
  fi
  "$venv/bin/python" -c 'import django, sys; print("Django", django.__version__, "on Python", sys.version.split()[0])'
}

# apt_install PACKAGE…: as root on Debian and its kin; fails anywhere else, so that the caller can
# say what to install.
apt_install() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
  echo "installing $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends "$@" </dev/null
}
