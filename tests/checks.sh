# checks.sh - what a test says and how it waits. Sourced by the lib.sh of a suite, which defines
# on_fail (what else there is to tell) and may set SLACK, what every time limit is multiplied by.
#
# A test is strict from here on: any command that fails, fails it.
# shellcheck shell=bash
set -euo pipefail
SLACK=${SLACK:-1}

exec {NAP}<> <(:) # reading from it is a sleep without a process

nap() { read -rt "$1" -u "$NAP" || :; }

# ---- verdicts

# fail TEXT...: end the test as failed.
fail() {
	trap - ERR
	echo "FAIL: $* ($(caller_line))" >&2
	on_fail
	exit 1
}

caller_line() {
	local i
	for ((i = 1; i < ${#BASH_SOURCE[@]}; i++)); do
		[[ ${BASH_SOURCE[i]} =~ /(lib|checks)\.sh$ ]] || break
	done
	echo "${BASH_SOURCE[i]##*/}:${BASH_LINENO[i - 1]}"
}

# skip REASON...: end the test as not possible here.
skip() { echo "skip: $*"; exit 77; }

# need PROGRAM...: skip unless all are there.
need() {
	local program
	for program; do
		PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null ||
			skip "no $program here"
	done
}

need_root() { ((EUID == 0)) || skip "not root"; }

# is GOT WANTED [WHAT]
is() { [[ $1 == "$2" ]] || fail "${3:-value}: got '$1', wanted '$2'"; }

# isnt GOT UNWANTED [WHAT]
isnt() { [[ $1 != "$2" ]] || fail "${3:-value}: got '$1'"; }

# contains TEXT PART [WHAT]
contains() { [[ $1 == *"$2"* ]] || fail "${3:-text}: '$2' is not in: $1"; }

# lacks TEXT PART [WHAT]
lacks() { [[ $1 != *"$2"* ]] || fail "${3:-text}: '$2' is in: $1"; }

# fails COMMAND...: it must not succeed. (A bare `! command` is no check: bash exempts it.)
fails() { if "$@"; then fail "it succeeded: $*"; fi; }

# await SECONDS CONDITION: look every 20 ms until the shell condition is true.
await() {
	local end=$((${EPOCHREALTIME/[.,]/} + $1 * SLACK * 1000000))
	until eval "$2" >/dev/null 2>&1; do
		if ((${EPOCHREALTIME/[.,]/} > end)); then
			echo "--- it says now:" >&2
			eval "$2" >&2 || :
			fail "not within $(($1 * SLACK)) s: $2"
		fi
		nap 0.02
	done
}

# holds SECONDS CONDITION: the condition is true all that time (a fraction is allowed; no slack).
holds() {
	local whole=${1%.*} part=000000 end
	[[ $1 != *.* ]] || part=${1#*.}00000
	end=$((${EPOCHREALTIME/[.,]/} + 10#${whole:-0}${part:0:6}))
	while ((${EPOCHREALTIME/[.,]/} < end)); do
		eval "$2" >/dev/null 2>&1 || fail "no longer: $2"
		nap 0.02
	done
}

# alive PID: it runs (a zombie does not).
alive() {
	local stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	[[ ${stat##*) } != [ZX]* ]]
}

on_error() {
	local result=$1 command=$2
	trap - ERR
	fail "exit status $result of: $command"
}

set -E
trap 'on_error $? "$BASH_COMMAND"' ERR
