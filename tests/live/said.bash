# SPDX-License-Identifier: GPL-2.0-only
#
# said: runs a target that writes what is to be said of its own arguments and results, and holds the trace
# against that. To be loaded after lib.bash and truth.bash; tests/matrix/run uses it, too.

# What an argument says: its words, wherever in it they are, else the last plain value in it.
SAID='def words: ([.. | objects | .text? | strings] | first) // ([.. | scalars | tostring] | last);
	select(.type == "call" and .args and (.func | in($wanted))) |
	{func, args: [.args[] | if has("error") then .error else (del(.name, .type) | del(.. | .type?) | words) end]}'

# said_trace BIN DIR OPTION...: the trace is DIR/trace, what has to be in it DIR/truth.
said_trace()
{
	local bin=$1 dir=$2

	shift 2
	mkdir -p "$dir"
	bounded "$FTRACE" --format=jsonl -o "$dir/trace" --buffer 64M -u 'main.*' "$@" --exec "$bin" \
		>"$dir/truth" 2>"$dir/err" </dev/null 3>&- || fail "$(cat "$dir/err")"
}

# known_seen DIR: what the trace says of the calls of tests/targets/known, to DIR/seen; DIR/truth has to be the same.
known_seen()
{
	jq -s 'map({key: .func, value: 1}) | from_entries' "$1/truth" >"$1/wanted" &&
		jq -c --slurpfile all "$1/wanted" "\$all[0] as \$wanted | $SAID" "$1/trace" >"$1/seen"
}

# known_agrees BIN DIR: each known type says what it means.
known_agrees()
{
	said_trace "$1" "$2" --values brief && known_seen "$2" && diff "$2/truth" "$2/seen"
}

# known_bare BIN DIR: without debug information the calls are the same ones, and nothing is made up of their arguments.
known_bare()
{
	said_trace "$1" "$2" --values brief || return 1
	jq -r .func "$2/truth" >"$2/wanted"
	jq -r --slurpfile all <(jq -s 'map(.func)' "$2/truth") \
		'select(.type == "call" and (.func | IN($all[0][]))) | .func + if .args or .results then " made up" else "" end' \
		"$2/trace" | diff "$2/wanted" -
}

# values_agree BIN DIR: every kind of type, and every shape of a generic function's, as tests/targets/values says.
values_agree()
{
	said_trace "$1" "$2" -u 'targets/values/box.*' && "$BUILD/truth/values" "$2/trace" "$2/truth"
}
