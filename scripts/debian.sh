# Sourced by the scripts that fetch packages of Debian into build/cache, after common.sh.
# shellcheck shell=bash
#
# apt does the work, with this machine's own mirror and keyrings (so signatures are checked as for any package), but in
# a state directory of its own for each architecture: the machine's packages, sources and dpkg architectures stay as
# they are. $cache is the folder for what is fetched.

for tool in apt-get apt-cache dpkg-deb; do
  has "$tool" || fail "there is no '$tool' here: fetching Debian's packages needs a Debian machine" \
    "Elsewhere, copy build/cache from one after 'make setup' there."
done
(. /etc/os-release && [[ $ID == debian ]]) || fail "this is not Debian, so apt's sources have no Linux for us" \
  "Copy build/cache from a Debian machine after 'make setup' there."

mkdir -p "$cache" build/logs
log=$PWD/build/logs/$(basename "$0").log
# For what is on its way: packages in debs, what becomes of them in out.
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{debs,out}
: >"$log"

# logged COMMAND...: the command's own words go into the log, and to the terminal only when it fails.
logged() {
  "$@" >>"$log" 2>&1 && return
  tail -n 20 "$log" >&2
  fail "$1 failed; all it said is in ${log#"$PWD/"}"
}

# use ARCHITECTURE [SUITE...]: from here on an apt without this machine's packages: an empty dpkg status, and
# ARCHITECTURE as the only one. With SUITE it has those suites of Debian, else this machine's sources.
use() {
  local architecture=$1 suite state=$work/$1 mirror release keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  shift
  mkdir -p "$state"/{lists/partial,archives/partial}
  : >"$state/status"
  apt_options=(
    -o Dir::State="$state" -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status"
    -o Dir::Cache="$state" -o Dir::Cache::archives="$state/archives"
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o APT::Architecture="$architecture" -o APT::Architectures="$architecture"
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3
  )
  if (($# > 0)); then
    release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME-}")
    mirror=$(debian_mirror "$release")
    [[ -n $mirror ]] || fail "no Debian mirror in this machine's apt sources" \
      "They must have the main component of $release: see /etc/apt/sources.list.d."
    for suite in "$@"; do
      printf 'deb %s%s %s main\n' "$([[ -r $keyring ]] && printf '[signed-by=%s] ' "$keyring")" "$mirror" "$suite"
    done >"$state/sources.list"
    apt_options+=(-o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null)
  fi
  # A source that is no concern of ours may fail; whether Debian's own was reached shows in what can be resolved.
  say "fetch: package lists for $architecture"
  logged apt-get "${apt_options[@]}" -q update
  rm -f "$work"/debs/*
}

# provenance DEB: its line in the provenance.
provenance() {
  # shellcheck disable=SC2016 # the field names are dpkg-deb's
  printf '%s  sha256:%s\n' \
    "$(dpkg-deb --show --showformat='${Package} ${Version} ${Architecture}' "$1")" \
    "$(sha256sum "$1" | cut -d ' ' -f 1)" >>"$work/out/provenance.txt"
}
