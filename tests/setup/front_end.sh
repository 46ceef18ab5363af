# What a front end is built with, for the stage `front_end`: Node.js and its npm, found or installed where that is
# allowed. Sourced by tests/run.
# shellcheck shell=bash disable=SC2154,SC2034 # tests/run and its other parts share these variables

npm=''

set_up_front_end() {
  command -v npm >/dev/null || apt_install nodejs npm || true
  if npm=$(command -v npm); then
    echo "npm $(npm --version), Node.js $(node --version)"
    return 0
  fi
  [ "${CI:-}" = true ] && fail "Node.js is missing: install nodejs and npm"
  not_run+=("a front end: install Node.js 20 or newer and npm (Debian: 'apt-get install nodejs npm')")
  echo "not run: no npm"
}
