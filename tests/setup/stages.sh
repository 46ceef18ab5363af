# Stages of tests/run: running one, timing it, counting its tests, ending cleanly. Sourced.
# shellcheck shell=bash disable=SC2154,SC2034 # tests/run and its other parts share these variables

timings=()      # "seconds name outcome", in order
passed=0 failed=0 skipped=0
not_run=()      # what could not be tested here, and why
preparing=      # the stage that, when it fails, ends the run
child=          # process group of the running stage
builder=        # process group of the build that goes on beside the first stages
besides=        # process group of the stages that go on beside the others

test_stages() {
  echo crates
  local file
  for file in tests/tests/*.rs; do
    if [ -e "$file" ]; then basename "$file" .rs; fi
  done
}

fail() {
  echo "tests/run: $*" >&2
  exit 3
}

# stage NAME COMMAND…: a step without which the rest makes no sense.
stage() {
  local start=$SECONDS
  preparing=$1
  shift
  echo "== $preparing"
  "$@" # not under `if`: that would switch off `set -e` inside
  timings+=("$((SECONDS - start)) $preparing ok")
  preparing=
}

# Builds the program that is tested beside the first stages: its end, which optimises the whole, is the work of one
# processor, and the crates' own tests are built in another profile.
start_build() {
  set -m
  # As `cargo run --release` builds it, which the stage `documents` tries: with `-p` some features would differ.
  cargo build --release --locked --bin appspecc >"$work/build.log" 2>&1 </dev/null &
  builder=$!
  set +m
}

await_build() {
  local code=0
  wait "$builder" || code=$?
  builder=
  if [ "$code" -ne 0 ]; then
    cat "$work/build.log" >&2
    fail "the program that is to be tested can't be built"
  fi
}

# Stages that wait more than they work, for servers, downloads, processes that are to be killed, and long ones of few
# tests, which leave a processor idle. In a whole run they go on beside the others, one after the other.
waiting=(dev front_end list_plans access_rules across_rows kill evolution tutorial deleted_rules)

is_waiting() {
  local name
  for name in "${waiting[@]}"; do
    if [ "$name" = "$1" ]; then return 0; fi
  done
  return 1
}

# run_tests NAME COMMAND…: leaves behind what it printed, its exit code and its seconds.
run_tests() {
  local name=$1 start=$SECONDS code=0
  shift
  "$@" 2>&1 </dev/null || code=$?
  echo "$code $((SECONDS - start))" >"$work/$name.end"
}

# test_stage NAME COMMAND…: counts the tests; a failure does not stop the next stage.
test_stage() {
  local name=$1
  echo "== $name"
  # A process group of its own, so that an interrupted run can end cargo and all it started.
  set -m
  (run_tests "$@" | tee "$work/$name.log") &
  child=$!
  set +m
  wait "$child" || true
  child=
  count "$name"
}

start_waiting_stages() {
  set -m
  (
    for name in "${waiting[@]}"; do
      run_tests "$name" cargo test --locked -p appspec-tests --test "$name" >"$work/$name.log"
    done
  ) &
  besides=$!
  set +m
}

await_waiting_stages() {
  wait "$besides" || true
  besides=
  local name
  for name in "${waiting[@]}"; do
    echo "== $name"
    cat "$work/$name.log"
    count "$name"
  done
}

# Adds what a stage left behind to the summary.
count() {
  local name=$1 code=1 seconds=0 outcome=ok ok bad ignored before=$failed results=0
  if [ -e "$work/$name.end" ]; then read -r code seconds <"$work/$name.end"; fi
  while read -r ok bad ignored; do
    results=1
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + ignored))
  done < <(sed -nE 's/^test result: [A-Za-z]+\. ([0-9]+) passed; ([0-9]+) failed; ([0-9]+) ignored.*/\1 \2 \3/p' "$work/$name.log")
  # A stage that did not compile, or ended before its closing line, has no failed test to show for it.
  if { [ "$code" -ne 0 ] && [ "$failed" -eq "$before" ]; } || [ "$results" -eq 0 ]; then
    failed=$((failed + 1))
  fi
  if [ "$failed" -ne "$before" ]; then outcome=FAILED; fi
  timings+=("$seconds $name $outcome")
}

summary() {
  local line
  echo
  echo "Time per stage:"
  for line in "${timings[@]}"; do
    # shellcheck disable=SC2086 # the entry is three words and a name
    set -- $line
    local seconds=$1 outcome=${!#}
    printf '  %5ss  %-6s  %s\n' "$seconds" "$outcome" "$(echo "$line" | sed -E 's/^[0-9]+ //; s/ [A-Za-z]+$//')"
  done
  for line in ${not_run[@]+"${not_run[@]}"}; do
    echo "Not run: $line"
  done
  echo
  if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
  if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then exit 1; fi
  # A filter leaves tests out on purpose; an ignored test in continuous integration is a hole.
  if [ "$skipped" -gt 0 ] && [ "${CI:-}" = true ]; then exit 1; fi
}

clean_up() {
  local code=$?
  trap - EXIT HUP INT TERM
  if [ "$code" -ne 0 ] && [ -n "$preparing" ]; then
    echo "tests/run: stopped in stage '$preparing'" >&2
  fi
  local group
  for group in $child $builder $besides; do
    kill -TERM -- "-$group" 2>/dev/null || true
    wait "$group" 2>/dev/null || true
  done
  stop_postgres
  rm -rf "$work"
  exit "$code"
}
