# A browser and its driver, for the stages that look at pages: found, or installed where that is allowed. Sourced by
# tests/run.
# shellcheck shell=bash disable=SC2154,SC2034 # tests/run and its other parts share these variables

chromium='' chromedriver=''

# needs_browser [STAGE]: whether a stage starts a browser; without one, whether any does.
needs_browser() {
  local files=(tests/tests/*.rs)
  if [ -n "${1:-}" ]; then files=("tests/tests/$1.rs"); fi
  grep -qs 'Browser::start' "${files[@]}"
}

find_browser() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    chromium=$(command -v "$name") && break
  done
  chromedriver=$(command -v chromedriver || command -v /usr/lib/chromium-browser/chromedriver)
  [ -n "$chromium" ] && [ -n "$chromedriver" ]
}

set_up_browser() {
  if ! find_browser && ! { apt_install chromium chromium-driver && find_browser; }; then
    chromium='' chromedriver=''
    [ "${CI:-}" = true ] && fail "Chromium and its driver are missing: install chromium and chromium-driver"
    not_run+=("pages in a browser: install Chromium and its driver (Debian: 'apt-get install chromium chromium-driver')")
    echo "not run: no browser"
    return 0
  fi
  "$chromium" --version --no-sandbox 2>/dev/null
}
