# stamps.sh - what the programs of a test wrote of themselves, as it happened, into one file.
# Sourced behind lib.sh. A line of $STAMPS: "NANOSECONDS PID EVENT NAME", of CLOCK_MONOTONIC.
# shellcheck shell=bash

STAMPS=$T/stamps
: >"$STAMPS"
chmod 666 "$STAMPS"

# act NAME [OPTION...]: a command that stamps as NAME: misbehave with those options.
act() { echo "$MISBEHAVE --stamp $STAMPS --as $*"; }

# when NAME EVENT [N]: at which nanosecond that came, for the N-th time (default: first); nothing: not yet.
when() {
	awk -v name="$1" -v event="$2" -v n="${3:-1}" '$4 == name && $3 == event && --n == 0 { print $1; exit }' "$STAMPS"
}

# times NAME EVENT: how often that came.
times() { awk -v name="$1" -v event="$2" '$4 == name && $3 == event { n++ } END { print n + 0 }' "$STAMPS"; }

# begun NAME...: each has stamped its start. Before that a signal meets it unprepared, ready or not.
begun() {
	local name
	for name; do [[ $(when "$name" start) ]] || return 1; done
}

# events NAME: all that came, without the SIGCONT that follows a signal and may come too late to be seen.
events() { awk -v name="$1" '$4 == name && $3 != "CONT" { print $3 }' "$STAMPS" | xargs; }

# ms_from NAME EVENT TO-NAME TO-EVENT: the milliseconds between the first of each.
ms_from() {
	local from to
	from=$(when "$1" "$2") to=$(when "$3" "$4")
	[[ $from ]] || fail "no stamp of $1 $2"
	[[ $to ]] || fail "no stamp of $3 $4"
	echo $(((to - from) / 1000000))
}

# comes_after NAME EVENT EARLIER-NAME EARLIER-EVENT [N]: the first of the one after the N-th of the other.
comes_after() {
	local late early
	late=$(when "$1" "$2") early=$(when "$3" "$4" "${5:-1}")
	[[ $late ]] || fail "no stamp of $1 $2"
	[[ $early ]] || fail "no stamp of $3 $4"
	((late >= early)) || fail "$1 $2 was $((early - late)) ns before $3 $4"
}

# milliseconds: what time it is.
milliseconds() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# forget: begin anew.
forget() {
	: >"$STAMPS"
	rm -f "$LOG"
}
