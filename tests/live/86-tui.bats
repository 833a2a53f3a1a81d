#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# ftrace report --tui on a terminal of 80 columns and 24 lines, whose screen is read. What screens look like is in expected/tui/.

load lib

setup()
{
	TMP=$BATS_TEST_TMPDIR
	REPLAY=$BUILD/cases/replay
	RECORDED=$BUILD/bench/recorded
	built cases/replay bench/recorded
	cd "$TMP" || return 1
}

teardown()
{
	term kill-server 2>/dev/null || :
}

# The test's own terminals.
term() { TMUX='' tmux -S "$TMP/tmux" -f /dev/null "$@" 3>&-; }

screen() { term capture-pane -p -t tui; }
shows() { screen | grep -qF -- "$1"; }
sees() { wait_for 20 shows "$1"; }
press() { term send-keys -t tui "$@"; }

# view OPTION...: ftrace report --tui with these; its messages go to `said`, its status is on the screen when it has ended.
view()
{
	term kill-server 2>/dev/null || :
	wait_for 20 no_terminal
	term new-session -d -s tui -x 80 -y 24 \
		"env TZ=UTC ${SET:-} '$FTRACE' report --tui $* 2>said; echo \"status \$?\"; read -r end"
	wait_for 20 eval 'screen | grep -q "^status\|? help"'
}

no_terminal() { ! term list-sessions 2>/dev/null; }

# is NAME: the screen becomes the one in that file.
is()
{
	local expected=$ROOT/tests/live/expected/tui/$1

	wait_for 20 eval "screen | cmp -s - '$expected'" || {
		screen | diff "$expected" - >&2
		return 1
	}
}

@test "tui: roots, unfolded, details, help, the table, and back" {
	"$REPLAY" ftrace "$ROOT/tests/cases/tree.events" >tree.ftrace
	view tree.ftrace
	is roots
	press Enter
	is unfolded
	press E Down Down
	is all
	press d
	is details
	press Escape
	is all
	press R
	is table
	press Escape '?'
	is help
	press Escape q
	sees "status 0"
	[ ! -s said ]
}

# values NAME VALUE: a recording in which main.greet has been called with it.
values()
{
	printf '%s\n' "func main.serve" "func main.greet" "takes main.greet s:string" "process 412" \
		"entry 10us 1 main.serve depth=64" "entry 11us 1 main.greet depth=128 values=$2" \
		"exit 12us 1 main.greet depth=128" "exit 13us 1 main.serve depth=64" >"$1.events"
	"$REPLAY" ftrace "$1.events" >"$1.ftrace"
}

@test "tui: a text is found in what is folded away, and what a program says is no command to the terminal" {
	values hostile "zhang$(printf '\033]0;owned\007\033[2J\342\200\256')"
	view hostile.ftrace
	press / zhang Enter
	sees '  s="zhang\x1b]0;owned\a\x1b[2J\u202e"'
	press / nowhere Enter
	sees "it is nowhere"
	press q
	sees "status 0"
	! term display-message -p -t tui '#{pane_title}' | grep owned
}

@test "tui: a million calls: it opens with little memory, finds the slowest, and a call at the end" {
	"$RECORDED" 1000000 >big.ftrace
	view big.ftrace
	sees "call 1 of 1000000"
	press S
	sees " 5.00 s $"
	press R
	sees "8 functions, 1000000 of 1000000 calls"
	press s Escape
	press G
	sees "call 999991 of 1000000"
	press / "id=999001," Enter
	sees "behind the end: again from the beginning"
	press z
	sees "call 999001 of 1000000"
	press f
	sees "only G"
	[ "$(awk '/^VmHWM/ { print $2 }' "/proc/$(pgrep -P "$(term display-message -p -t tui '#{pane_pid}')" ftrace)/status")" -le 65536 ]
	press q
	sees "status 0"
}

@test "tui: calls that were streamed hang on their callers" {
	"$RECORDED" 100000 stream >stream.ftrace
	view stream.ftrace
	sees "main.main() {"
	press Enter Down Enter
	sees "main.handle()"
	press G
	sees "} main.main"
}

@test "tui: the options of report choose what is shown, and the order of the table" {
	"$RECORDED" 20000 >many.ftrace
	view -u main.lookup -u main.lock many.ftrace
	sees "of 4000"
	press Enter
	sees "main.lock()"
	view --summary --sort calls many.ftrace
	sees "8 functions, 20000 of 20000 calls"
	press q
	sees "status 0"
}

@test "tui: other sizes of the terminal, and one that is too small" {
	"$RECORDED" 1000 >small.ftrace
	view small.ftrace
	term resize-window -t tui -x 120 -y 40
	sees "call 1 of 1000"
	wait_for 20 eval '[ "$(screen | wc -l)" = 40 ]'
	term resize-window -t tui -x 30 -y 5
	sees "too small: 30x5"
	term resize-window -t tui -x 80 -y 10
	sees "main.serve("
	press C-c
	sees "status 0"
}

@test "tui: what is cut or damaged is told, on the screen and behind it" {
	"$RECORDED" 200000 >whole.ftrace
	head -c $(($(stat -c %s whole.ftrace) / 2)) whole.ftrace >cut.ftrace
	view cut.ftrace
	sees ", no end"
	press G
	sees ", no end, 1 block damaged"
	sees "is damaged: "
	press q
	sees "status 1"
	grep -q '^ftrace: cut.ftrace: it has no end' said
	grep -q '^ftrace: cut.ftrace: 1 block is damaged, ' said
}

# refused WORDS COMMAND...: in a terminal of its own the command says so in one line, and fails.
refused()
{
	local words=$1

	shift
	run script -qec "$*" /dev/null </dev/null 3>&-
	[ "$status" = 1 ]
	[[ ${lines[0]} == "ftrace: "*"$words"* ]]
	[ "${#lines[@]}" = 1 ]
}

@test "tui: where there is no terminal that can show it, one line says so" {
	"$RECORDED" 1000 >small.ftrace
	refused "TERM=dumb: a terminal that cannot place text; " env TERM=dumb "'$FTRACE'" report --tui small.ftrace
	refused "TERM=nosuch: not known here; " env TERM=nosuch "'$FTRACE'" report --tui small.ftrace
	refused "this can be read only once; name a file" "cat small.ftrace | '$FTRACE' report --tui -"
	run "$FTRACE" report --tui small.ftrace </dev/null
	[ "$status" = 1 ]
	[[ $output == "ftrace: --tui: stdout is no terminal; "* ]]
	run "$FTRACE" report --tui -o x small.ftrace
	[ "$status" = 2 ]
}

# painted: whether any colour is on the screen.
painted() { term capture-pane -e -p -t tui | grep -q "$(printf '\033')"'\[3[1-7]m'; }

@test "tui: colours as the text has them, and none where nobody wants them" {
	"$RECORDED" 1000 >small.ftrace
	view small.ftrace
	press S
	sees " 5.00 s $"
	press Down
	wait_for 20 painted
	SET=NO_COLOR=1 view small.ftrace
	press S
	sees " 5.00 s $"
	! painted
}
