# lib.sh - what every test of this suite stands on. A test begins with
#
#   source "${BASH_SOURCE%/*}/lib.sh"
#
# and is from there on a service of a machine of its own, on which the real systemd is PID 1 and fosterd is
# installed as `make install PREFIX=/usr` left it in $STAGE. Any command that fails, fails it. What it writes
# vanishes. With a line "# before" or "# after": see tests/systemd/sandbox.
#
# Environment: STAGE, IT the directory of misbehave, TIMEOUT of the test in seconds (default 60).
# shellcheck shell=bash
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export STAGE=${STAGE:-$ROOT/build/gcc/box} IT=${IT:-$ROOT/build/gcc/it} BOX=${BOX:-}

[[ $BOX ]] || exec "$ROOT/tests/systemd/sandbox" "$STAGE" bash "$(readlink -f "$0")"

export MISBEHAVE=$IT/misbehave SYSTEMD_PAGER=cat
CONFIG=${BOX_ROOT:-}/etc/fosterd/fosterd.yaml
source "$ROOT/tests/checks.sh"

on_fail() { [[ $BOX != inside ]] || systemctl --no-pager status fosterd >&2 || :; }

# config <<EOF: fosterd's configuration; it listens on 127.0.0.1:9180 unless it says otherwise.
config() {
	cat >"$CONFIG"
	grep -q '^listen:' "$CONFIG" || echo 'listen: [127.0.0.1:9180]' >>"$CONFIG"
}

# drop_in <<EOF: changes to fosterd.service.
drop_in() {
	mkdir -p /etc/systemd/system/fosterd.service.d
	cat >/etc/systemd/system/fosterd.service.d/test.conf
	systemctl daemon-reload
}

# show PROPERTY: of fosterd.service.
show() { systemctl show -P "$1" fosterd.service; }

# get PATH [CURL-OPTION...]; status JQ-FILTER; pid_of and state_of INSTANCE
get() { curl -s --max-time 10 "${@:2}" "http://127.0.0.1:9180$1"; }
status() { get /status | jq -r "$1"; }
pid_of() { status ".workers[].instances[] | select(.name == \"$1\").pid"; }
state_of() { status ".workers[].instances[] | select(.name == \"$1\").state"; }

# is_ready: /readyz is 200.
is_ready() { [[ $(get /readyz -o /dev/null -w '%{http_code}') == 200 ]]; }

# told TEXT: it stands in the journal of fosterd.service: what fosterd wrote, or systemd about it.
told() {
	journalctl --sync
	[[ $(journalctl --no-pager -o cat -u fosterd.service) == *"$1"* ]]
}
