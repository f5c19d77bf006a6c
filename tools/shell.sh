# What our shell scripts share. To be sourced, from the root of the tree.

say() { printf '== %s\n' "$*"; }

# Runs a command and shows its output only if it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" -eq 0 ] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

# build <preset> [target...]: configures if need be and builds. On a terminal ninja shows its one line of progress.
build() {
  local preset=$1
  shift
  quietly cmake --preset "$preset"
  if [ -t 1 ]; then ninja -C "build/$preset" "$@"; else quietly ninja -C "build/$preset" "$@"; fi
}

# Whether a preset has such a target: configures it if need be.
has_target() {
  quietly cmake --preset "$1"
  ninja -C "build/$1" -t query "$2" >/dev/null 2>&1
}
