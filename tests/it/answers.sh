# answers.sh - a web server for probes to ask, and what was asked. Sourced after lib.sh.
# shellcheck shell=bash
ANSWERS=$T/answers
WEB= # its port of 127.0.0.1

# answers_start: on a port that nobody has.
answers_start() {
	mkdir -p "$ANSWERS"
	background python3 "$ROOT/tests/it/answers.py" 0 "$ANSWERS"
	await 10 "[[ -s $ANSWERS/port ]]"
	WEB=$(<"$ANSWERS/port")
}

# answer NAME WORD: how /by/NAME is answered from now on.
answer() {
	echo "$2" >"$ANSWERS/$1.new"
	mv "$ANSWERS/$1.new" "$ANSWERS/$1"
}

# asked PATH [SINCE [UNTIL]]: how often it was asked, between two monotonic times in ns.
asked() {
	awk -v path="$1" -v since="${2:-0}" -v until="${3:-9e18}" \
		'$2 == path && $1 >= since && $1 < until { n++ } END { print n + 0 }' "$ANSWERS/requests"
}

# first_asked PATH: the monotonic ns of the first time.
first_asked() { awk -v path="$1" '$2 == path { print $1; exit }' "$ANSWERS/requests"; }

# now_ns: the monotonic clock.
now_ns() { python3 -c 'import time; print(time.monotonic_ns())'; }

# probe_of INSTANCE ROLE FIELD: what /status tells of one probe.
probe_of() { instance "$1" "probes.$2.$3"; }

# check_of NAME FILTER: what /status tells of one check.
check_of() { status ".checks[] | select(.name == \$name) | $2" --arg name "$1"; }
