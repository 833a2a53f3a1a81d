#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the shells complete. The functions for bash run in a bash without a terminal. Needs no root.

load lib

BASH_FILE=$ROOT/completions/ftrace.bash
ZSH_FILE=$ROOT/completions/_ftrace
ROWS=$ROOT/src/cli/options/table.c

setup()
{
	STEPS=$(build_go "$ROOT/tests/live/programs/steps" steps)
	cp "$STEPS" "$BATS_TEST_TMPDIR/steps"
	cd "$BATS_TEST_TMPDIR"
}

# complete_at N WORD...: what is offered for word N (from 0) of the command line, one a line.
complete_at()
{
	bash --norc --noprofile -c '
		. "$1" && shift
		COMP_CWORD=$1 && shift
		COMP_WORDS=("$@")
		_ftrace "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		[ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"
	' completion "$BASH_FILE" "$@"
}

# complete WORD...: for the last word.
complete()
{
	complete_at $# "$FTRACE" "$@"
}

# is EXPECTED WORD...: all that is offered for the last word, sorted, blanks between.
is()
{
	local expected=$1 got

	shift
	got=$(complete "$@" | LC_ALL=C sort | tr '\n' ' ')
	[ "$got" = "$expected${expected:+ }" ] || fail "$*: '$got' instead of '$expected'"
}

# rows: every option of the table, as a user writes it, one a line.
rows()
{
	sed -n "s/^	{\"\([a-z-]*\)\", \('\(.\)'\|0\), .*/--\1\n-\3/p" "$ROWS" | grep -vx -- - | LC_ALL=C sort
}

@test "bash offers every option of the table" {
	[ -z "$(LC_ALL=C comm -23 <(rows) <(complete - | LC_ALL=C sort))" ] ||
		fail "not offered: $(LC_ALL=C comm -23 <(rows) <(complete - | LC_ALL=C sort))"
	is "--fold --follow --follow-calls" --fol
	is --no-args --no-a
}

@test "what is offered as an option with a value takes one, what is not takes none" {
	for option in $(bash --norc -c '. "$1"; echo $_FTRACE_VALUED' completion "$BASH_FILE"); do
		rows | grep -qx -- "$option" || continue
		run "$FTRACE" "$option"
		[[ $output == *"needs a value"* ]] || fail "$option: $output"
	done
	for option in $(bash --norc -c '. "$1"; echo $_FTRACE_FLAGS' completion "$BASH_FILE"); do
		run "$FTRACE" "$option" --no-such-option
		[[ $output != *"needs a value"* ]] || fail "$option: $output"
	done
}

@test "zsh's file has every option, too" {
	for option in $(rows); do
		grep -qE -- "['{,*)]$option[][+=,}]" "$ZSH_FILE" || fail "$option: not in $ZSH_FILE"
	done
}

@test "values: after the option, after =, and in one word with it" {
	is "chrome folded ftrace html jsonl otlp perfetto pprof speedscope text" --format ''
	is jsonl --format j
	is jsonl --format = j
	is "always auto never" --color =
	is --color=always --color=al
	is unix steps --timestamp u
	is only --summary = ''
	is "100ms 100us" --min-duration 100
	is root --user roo
}

@test "function names come from the program, before it or behind it" {
	is main.work steps -u main.wo
	is main.work --exec steps -u main.wo
	is main.work list steps -u main.wo
	is main.work steps --drilldown main.wo
	is main.work steps -u main.inner -N main.wo
	got=$(complete_at 2 "$FTRACE" -u main.wo steps)
	[ "$got" = main.work ]
	got=$(complete_at 2 "$FTRACE" -u main.wo --exec steps)
	[ "$got" = main.work ]
	got=$(complete_at 2 "$FTRACE" -u main.wo --depth 3 steps)
	[ "$got" = main.work ]
	is '' -u main.wo
	is '' -u main.wo nothing-there -u ''
}

@test "names are quoted where the word is not, and taken as they are where it is" {
	[ "$(complete /bin/true -u '' | wc -l)" = 0 ]
	cat >names.go <<-'EOF'
		package main

		type T struct{}

		//go:noinline
		func (t *T) Do() {}

		//go:noinline
		func Map[V any](v V) { println(v) }

		//go:noinline
		func QxD() {}

		func main() { new(T).Do(); Map("a"); QxD() }
	EOF
	sed -i 's/println(v)/_ = any(v)/' names.go
	$(go_for local) build -o names names.go
	is 'main.\(\*T\).Do' names -u main.\\\(
	is "main.(*T).Do" names -u "'main.("
	is 'main.(*T).Do' names -u "\"main.(*T"
	is 'main.Map\[go.shape.string\]' names -u main.Map\\[
	# A name of the program's own choice runs nothing.
	for evil in "Q\`D" 'Q$D' "Q'D"; do
		sed "s/main\.QxD/main.$evil/g" names >evil
		is '' evil -u "'main.Q"
		is '' evil -u '"main.Q'
		is "$(printf %q "main.$evil")" evil -u main.Q
	done
}

@test "paths may have blanks and quotes in them, however they are written" {
	mkdir -p "a b/it's"
	cp "$STEPS" "a b/my steps"
	is 'a b' a
	is "a b/it's a b/my steps" 'a\ b/'
	is 'a b/my steps' "'a b/m"
	is 'a b/my steps' '"a b/'m
	is "a b/it's" --package "a\\ b/it\\'"
	is main.work 'a\ b/my\ steps' -u main.wo
	is main.work "'a b/my steps'" -u main.wo
	is main.work --exec '"a b"/my\ steps' -u main.wo
}

@test "a terminal gets the path quoted" {
	mkdir "own d"
	cp "$STEPS" "own d/my steps"
	# Readline itself, which quotes: a function in place of ftrace shows the words that come of it.
	got=$(script -qec "bash --norc --noprofile -i" /dev/null 2>&1 <<-EOF
		. $BASH_FILE; show() { printf 'got <%s>\n' "\$@"; }; complete -F _ftrace show
		$(printf 'show own\\ d/m\t')
		exit
	EOF
	)
	[[ $got == *'got <own d/my steps>'* ]] || fail "$got"
}

@test "behind the program come rules, behind -- its own arguments" {
	is 'main.work\(' steps main.wo
	is '' list steps main.wo
	is steps steps -- ste
	is steps steps -u main.work -- ste
}

@test "programs, processes, directories" {
	mkdir dir
	: >data
	is "diff dir list record repair report steps" ''
	is "steps" st
	is "list" l
	is "record repair report" r
	is '' repair steps main.wo
	is "dir" --package ''
	is "data" -o da
	is "steps" --exec st
	# Another process may have a longer number that begins so, too.
	complete -p $$ | grep -qx $$
	[ -z "$(complete -p $$ | grep -vE "^$$[0-9]*\$")" ]
	complete -p bas | grep -qx bash
	complete -p "1,bas" | grep -qx 1,bash
	[ -z "$(complete -p bas | grep -v '^bas')" ]
	complete -p "1,$$" | grep -qx "1,$$"
	[ -z "$(complete -p "1,$$" | grep -vE "^1,$$[0-9]*\$")" ]
}

@test "many names are cut to their packages, and no more than 200 come" {
	go=$(readlink -f "$(go env GOROOT)/bin/go")
	[ "$(complete "$go" -u '' | wc -l)" -le 200 ]
	complete "$go" -u cmd/go/internal/ | grep -qxF cmd/go/internal/load.
	[ "$(complete "$go" -u runtime. | wc -l)" -le 200 ]
	complete "$go" -u cmd/go/internal/load.Packag | grep -qxF cmd/go/internal/load.PackageList
	# From an element of the path on, as a glob takes it.
	complete "$go" -u load.PackageL | grep -qxF load.PackageList
	complete "$go" -u internal/load.PackageL | grep -qxF internal/load.PackageList
	complete "$go" -u 'load.(*PackageE' | grep -qxF 'load.\(\*PackageError\).Error'
}

@test "make install puts them where the shells look" {
	make -C "$ROOT" -s install B="${B:-build}" DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/usr 3>&-
	cmp "$BASH_FILE" root/usr/share/bash-completion/completions/ftrace
	cmp "$ZSH_FILE" root/usr/share/zsh/site-functions/_ftrace
	make -C "$ROOT" -s uninstall B="${B:-build}" DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/usr 3>&-
	[ -z "$(find root -type f)" ]
}
