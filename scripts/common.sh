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

# toolchain TOOL: path of a tool that ships beside the Swift compiler (clang, llvm-objcopy, ...).
toolchain() {
  local directory
  directory=$(swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)/lib/swift".*|\1/bin|p')
  [[ -x $directory/$1 ]] || fail "the Swift toolchain in '$directory' has no $1"
  printf '%s\n' "$directory/$1"
}
