# shellcheck shell=bash
# What the scripts share: installing, printing, and running quietly. Sourced, never run.
set -euo pipefail

project=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export LC_ALL=C.UTF-8

# A headline of what happens next.
step() { printf '\n== %s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -n "$@"
  else
    fail "root or sudo is needed for: $*"
  fi
}

# Runs a command and shows what it printed only when it fails.
quietly() {
  local output status=0
  output=$(mktemp)
  "$@" >"$output" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    printf 'failed: %s\n' "$*" >&2
    cat "$output" >&2
  fi
  rm -f "$output"
  return "$status"
}

# Runs a long build: its progress on a terminal, silence in a pipe.
building() {
  if [ -t 1 ]; then "$@"; else quietly "$@"; fi
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# The first of "NAME|NAME" that is installed, else the first that apt knows, else the first.
# Nothing for "NAME|-" when apt does not know it: it can be done without.
choose_package() {
  local names=${1//|/ } name
  for name in $names; do
    if is_installed "$name"; then echo "$name" && return; fi
  done
  for name in $names; do
    if [ "$name" = - ]; then return; fi
    # Of a name that is only mentioned somewhere, apt shows nothing, and exits with 0.
    if [ -n "$(apt-cache show "$name" 2>/dev/null)" ]; then echo "$name" && return; fi
  done
  echo "${names%% *}"
}

# Says which packages of the named lists are missing, each once.
missing_packages() {
  local list package command
  for list in "$@"; do
    while read -r package command; do
      case $package in '' | '#'*) continue ;; esac
      if [ -n "$command" ] && command -v "$command" >/dev/null; then continue; fi
      package=$(choose_package "$package")
      if [ -n "$package" ] && ! is_installed "$package"; then echo "$package"; fi
    done <"$project/script/packages-$list.txt"
  done | awk '!seen[$0]++'
}

# Installs what is missing of the packages in the named lists (script/packages-NAME.txt). A line is
# "PACKAGE", or "PACKAGE COMMAND": then a command of that name from anywhere will do. PACKAGE is a
# name, or several of which the first that this Debian has is taken: "libboost1.81-dev|libboost1.83-dev";
# with "-" for the last, none is needed.
install_packages() {
  local missing
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  quietly as_root "${apt[@]}" update
  mapfile -t missing < <(missing_packages "$@")  # by what apt knows now
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  step "Installing ${missing[*]}"
  # The tests make clusters of their own; none is to be started for the machine.
  local settings=/etc/postgresql-common/createcluster.conf
  if [[ " ${missing[*]} " == *' postgresql '* ]] && [ ! -e "$settings" ]; then
    as_root mkdir -p "${settings%/*}"
    echo 'create_main_cluster = false' | as_root tee "$settings" >/dev/null
  fi
  quietly as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
}
