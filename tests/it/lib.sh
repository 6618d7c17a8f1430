# lib.sh - what every integration test stands on. A test begins with
#
#   source "${BASH_SOURCE%/*}/lib.sh"
#
# and is then strict (any command that fails, fails the test), in a directory of its own ($T, the
# working directory), and under the nursery: a process that it leaves behind fails it.
#
# Environment: FOSTERD the binary, FOSTERCTL the client's, FOSTERD_WRAP a command before them
# (valgrind ...), IT the directory of misbehave and nursery, SLACK what every time limit is
# multiplied by, TIMEOUT of the test in seconds (else its line "# timeout: N", else 120).
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
FOSTERD=${FOSTERD:-$ROOT/build/fosterd}
FOSTERD_WRAP=${FOSTERD_WRAP:-}
FOSTERCTL=${FOSTERCTL:-$ROOT/build/fosterctl}
IT=${IT:-$ROOT/build/gcc/it}
SLACK=${SLACK:-1}
export FOSTERD FOSTERD_WRAP FOSTERCTL IT SLACK

if [[ ${NURSERY_PID:-} != "$PPID" ]]; then
	limit=$(sed -n 's/^# timeout: *//p' "$0")
	exec "$IT/nursery" "$((${TIMEOUT:-${limit:-120}} * SLACK))" "$BASH" "$0" "$@" </dev/null
fi

export MISBEHAVE=$IT/misbehave
T=$(mktemp -d "${TMPDIR:-/tmp}/fosterd-it.XXXXXX")
CONFIG=$T/fosterd.yaml
LOG=$T/fosterd.log
HTTP=$T/http.sock
PORT=
FOSTERD_PID=
BACKGROUND=()
export PYTHONDONTWRITEBYTECODE=1 # nothing is written into the tree
export RUNTIME_DIRECTORY=$T/run STATE_DIRECTORY=$T/state LOGS_DIRECTORY=$T/logs
mkdir "$RUNTIME_DIRECTORY" "$STATE_DIRECTORY" "$LOGS_DIRECTORY"
chmod 755 "$T" "$RUNTIME_DIRECTORY" # workers of other users reach their sockets
cd "$T"
source "$ROOT/tests/checks.sh"

# Told by fail.
on_fail() {
	[[ ! -s $LOG ]] || { echo "--- the end of fosterd's log ($LOG):"; tail -n 25 "$LOG"; } >&2
}

# ---- processes

# children_of PID: the pids of its children, zombies left out, one a line.
children_of() {
	local pid task pids=()
	for task in /proc/"$1"/task/*/children; do
		{ read -ra pids <"$task" || :; } 2>/dev/null
		for pid in "${pids[@]}"; do
			if alive "$pid"; then echo "$pid"; fi
		done
	done
}

# group_of PID: the pids of all living processes in the group that PID leads, one a line.
group_of() {
	local dir stat fields
	for dir in /proc/[0-9]*; do
		{ read -r stat <"$dir/stat"; } 2>/dev/null || continue
		read -ra fields <<<"${stat##*) }"
		if [[ ${fields[2]} == "$1" && ${fields[0]} != [ZX] ]]; then echo "${dir#/proc/}"; fi
	done
}

# signals_of PID FIELD: SigIgn, SigBlk ... of its status, without 32 and 33: these are libc's own, and
# whoever was started by posix_spawn(3) may have them ignored.
signals_of() {
	local mask
	mask=$(awk -v field="$2:" '$1 == field { print $2 }' "/proc/$1/status")
	printf '%016x\n' $((0x$mask & ~0x180000000))
}

# no_strays: nothing that lost its parent is left in this test.
no_strays() {
	local pid left=
	for pid in $(children_of "$NURSERY_PID"); do
		[[ $pid == "$$" ]] || left+=" $pid ($(cat "/proc/$pid/comm" 2>/dev/null || :))"
	done
	[[ -z $left ]] || fail "left running:$left"
}

# background COMMAND...: run it beside the test; it is ended with the test.
background() {
	"$@" &
	BACKGROUND+=($!)
}

# free_port: a TCP port of 127.0.0.1 that nobody uses, below the range of automatic ones.
free_port() {
	local port hex
	while :; do
		port=$((20000 + SRANDOM % 12000))
		printf -v hex ':%04X ' "$port"
		grep -q "$hex" /proc/net/tcp /proc/net/tcp6 2>/dev/null || break
	done
	echo "$port"
}

# ---- fosterd

# config <<EOF: write $CONFIG. Unless it says otherwise: its name is "it", and it listens on $HTTP
# and 127.0.0.1:$PORT.
config() {
	PORT=${PORT:-$(free_port)}
	cat >"$CONFIG.body"
	{
		grep -q '^name:' "$CONFIG.body" || echo "name: it"
		grep -q '^listen:' "$CONFIG.body" ||
			echo "listen: [\"unix:$HTTP\", \"127.0.0.1:$PORT\"]"
		cat "$CONFIG.body"
	} >"$CONFIG"
}

# fosterd_launch [ARGUMENT...]: start it and do not wait. A here-document is the configuration.
# Sets FOSTERD_PID; its output goes to $LOG.
fosterd_launch() {
	if [[ -p /dev/stdin || -f /dev/stdin ]]; then config; fi
	# A shell starts background commands with SIGINT and SIGQUIT ignored; the world does not.
	# shellcheck disable=SC2086
	env --default-signal=INT,QUIT $FOSTERD_WRAP "$FOSTERD" -c "$CONFIG" "$@" \
		</dev/null >>"$LOG" 2>&1 &
	FOSTERD_PID=$!
	BACKGROUND+=("$FOSTERD_PID")
}

# fosterd_start [ARGUMENT...]: the same, and wait until it answers on $HTTP.
fosterd_start() {
	fosterd_launch "$@"
	await 10 "get /livez || ! alive $FOSTERD_PID"
	alive "$FOSTERD_PID" || fail "fosterd ended at its start"
}

# fosterd_wait CODE [SECONDS]: it ends by itself with that exit code, within 30 s, and leaves
# nothing behind.
fosterd_wait() {
	local code=0
	await "${2:-30}" "! alive $FOSTERD_PID"
	wait "$FOSTERD_PID" || code=$?
	is "$code" "$1" "exit code of fosterd"
	no_strays
}

# fosterd_stop [CODE]: SIGTERM, then fosterd_wait.
fosterd_stop() {
	kill -TERM "$FOSTERD_PID"
	fosterd_wait "${1:-0}"
}

# fosterd_refuses CODE [ARGUMENT...]: it does not even start; what it said is printed.
fosterd_refuses() {
	local code=0 wanted=$1
	shift
	if [[ -p /dev/stdin || -f /dev/stdin ]]; then config; fi
	# shellcheck disable=SC2086
	$FOSTERD_WRAP "$FOSTERD" -c "$CONFIG" "$@" </dev/null >"$T/refused" 2>&1 || code=$?
	tee -a "$LOG" <"$T/refused"
	is "$code" "$wanted" "exit code of fosterd"
}

# under_valgrind: fosterd runs under it.
under_valgrind() { [[ $FOSTERD_WRAP == *valgrind* ]]; }

# fosterd_of UID: from now on fosterd is that user's, who owns nothing here, from copies of the
# programs that everybody can reach. What valgrind says of it joins the rest as the test ends.
fosterd_of() {
	mkdir bin
	cp "$FOSTERD" "$(dirname "$FOSTERD")/fosterd-prober" "$MISBEHAVE" bin
	FOSTERD=$T/bin/fosterd MISBEHAVE=$T/bin/misbehave
	if under_valgrind; then
		cp "$FOSTERD_WRAP" bin
		FOSTERD_WRAP=$T/bin/valgrind
		export VALGRIND_LOGS=$T/valgrind
		mkdir -m 1777 "$VALGRIND_LOGS"
	fi
	export FOSTERD_WRAP="setpriv --reuid=$1 --regid=$1 --clear-groups $FOSTERD_WRAP"
}

# ---- asking

# get PATH [CURL-OPTION...]: the body; fails only when there was no answer.
get() { curl -s --max-time $((5 * SLACK)) --unix-socket "$HTTP" "${@:2}" "http://fosterd$1"; }

# post PATH [CURL-OPTION...]: the same on the control socket, by POST unless the options say otherwise.
post() {
	curl -s --max-time $((5 * SLACK)) --unix-socket "$RUNTIME_DIRECTORY/control.sock" -X POST \
		"${@:2}" "http://fosterd$1"
}

# post_code PATH [CURL-OPTION...]: the HTTP status code of that, 000 for no answer.
post_code() { post "$1" -o /dev/null -w '%{http_code}' "${@:2}" || :; }

# code PATH [CURL-OPTION...]: the HTTP status code, 000 for no answer.
code() { get "$1" -o /dev/null -w '%{http_code}' "${@:2}" || :; }

# codes PATH...: the codes of several, in one line.
codes() {
	local path all=()
	for path; do all+=("$(code "$path")"); done
	echo "${all[*]}"
}

# status JQ-FILTER [JQ-OPTION...]
status() { get /status | jq -r "${@:2}" "$1"; }

# instance NAME FIELD: a field of one instance: pid, state, restarts, last_exit.code ...
instance() { status ".workers[].instances[] | select(.name == \$name).$2" --arg name "$1"; }

pid_of() { instance "$1" pid; }
state_of() { instance "$1" state; }
restarts_of() { instance "$1" restarts; }

# states: those of all instances, in the order of the configuration, in one line.
states() { status '[.workers[].instances[].state] | join(" ")'; }

# is_ready: /readyz is 200.
is_ready() { [[ $(code /readyz) == 200 ]]; }

# ctl ARGUMENT...: fosterctl, which finds the socket of this test's fosterd by itself.
# shellcheck disable=SC2086
ctl() { $FOSTERD_WRAP "$FOSTERCTL" "$@" </dev/null; }

# logged TEXT: it stands in fosterd's log.
logged() { grep -qF -- "$1" "$LOG"; }

# ---- the end

on_exit() {
	local result=$? pid
	trap - EXIT ERR
	set +e
	for pid in "${BACKGROUND[@]}"; do
		kill -TERM "$pid" 2>/dev/null
	done
	for pid in "${BACKGROUND[@]}"; do
		wait "$pid" 2>/dev/null
	done
	if [[ ${VALGRIND_LOGS:-} ]]; then cp "$VALGRIND_LOGS"/* "$ROOT/build/valgrind"; fi
	cd /
	case $result in
	0 | 77) rm -rf "$T" ;;
	*) echo "kept for a look: $T" >&2 ;;
	esac
	exit "$result"
}

trap 'fail "told to stop: out of time?"' TERM INT HUP
trap on_exit EXIT
