# Sourced by every script here: strict mode, the project root as directory, how to speak and to fail.
# shellcheck shell=bash
set -euo pipefail
export LC_ALL=C

cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }

# fail LINE...: says each line on stderr, the first with the script's name, and ends the script.
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  shift
  if (($# > 0)); then printf '  %s\n' "$@" >&2; fi
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# debian_mirror SUITE: where this machine's own apt sources have that suite of Debian; nothing if they have not.
debian_mirror() {
  # shellcheck disable=SC2016 # the field names are apt's
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(CREATED_BY)' |
    awk -v release="$1" '$2 == release && $3 == "main" && $4 == "Packages" { print $1 }' |
    grep -E '/debian/?$' | head -n 1 || true
}

# toolchain TOOL: path of a tool that ships beside the Swift compiler (clang, llvm-objcopy, ...).
toolchain() {
  local directory
  directory=$(swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)/lib/swift".*|\1/bin|p')
  [[ -x $directory/$1 ]] || fail "the Swift toolchain in '$directory' has no $1"
  printf '%s\n' "$directory/$1"
}
