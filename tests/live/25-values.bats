#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Arguments and results against what the program itself says it had: tests/targets/values calls
# functions over every kind of type and writes for each call what has to be shown, by hand.
#
# VALUES_GO chooses the releases ("go1.20.14 local"), VALUES_FLAGS is a flag of `go build` ("-race"):
# what is shown must not depend on either.

load lib
load steps
load truth
load said

VALUES_GO=${VALUES_GO:-go1.19.13 go1.21.13 go1.24.0 go1.27.0 local}

# What takes long is built here, where no test's time runs out; one that does not build fails its tests.
setup_file()
{
	local toolchain

	truth_tools
	for toolchain in $VALUES_GO; do
		build_go "$ROOT/tests/targets/values" values "$toolchain" ${VALUES_FLAGS:+"$VALUES_FLAGS"} || :
		build_go "$ROOT/tests/targets/errors" errors "$toolchain" || :
		build_go "$ROOT/tests/live/programs/steps" steps "$toolchain" -buildmode=pie || :
	done
	build_go "$ROOT/tests/targets/errors" errors local -buildmode=pie || :
}

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
}

teardown()
{
	stop_all
	no_probes_left
}

# values_trace [TOOLCHAIN [OPTION...]]: the trace is $TMP/trace, what has to be there $TMP/truth.
values_trace()
{
	local toolchain=${1:-local} bin

	shift || :
	bin=$(build_go "$ROOT/tests/targets/values" values "$toolchain" ${VALUES_FLAGS:+"$VALUES_FLAGS"}) ||
		return 1
	said_trace "$bin" "$TMP" -u 'targets/values/box.*' "$@"
}

# values_differ TRACE TRUTH: succeeds when they do, and says why.
values_differ()
{
	! "$BUILD/truth/values" "$1" "$2" >"$TMP/said" 2>&1 || fail "not seen: $(cat "$TMP/said")"
}

@test "every kind of type at every kind of place, with every release" {
	local toolchain said

	for toolchain in $VALUES_GO; do
		values_trace "$toolchain"
		said=$("$BUILD/truth/values" "$TMP/trace" "$TMP/truth") || fail "$toolchain: $said"
		[[ $said == calls=*' values='*' mismatches=0' ]]
		expect_json '[.[] | select(.type == "call" and .args)] | length > 250' true "$TMP/trace"
		nothing_lost "$TMP/trace"
	done
}

@test "the same where pages are faulted in, and without the kernel's newer ways" {
	values_trace local --fault
	"$BUILD/truth/values" "$TMP/trace" "$TMP/truth" >/dev/null
	FTRACE_WITHOUT=uprobe_multi,sleepable,write_regs values_trace local --many
	"$BUILD/truth/values" "$TMP/trace" "$TMP/truth" >/dev/null
}

@test "the same where no instructions are made of what is read" {
	FTRACE_WITHOUT=made values_trace
	"$BUILD/truth/values" "$TMP/trace" "$TMP/truth" >/dev/null
}

@test "a trace with one wrong value is seen" {
	local change

	values_trace
	for change in 's/"value":-100}/"value":-101}/' 's/"value":18446744073709551615/"value":18446744073709551614/' \
		's/"value":"zhang"/"value":"zhans"/' 's/"hex":"fffe"/"hex":"ffff"/' 's/"error":"<in X1>"/"error":"<in X2>"/' \
		's/"value":{"len":2,"cap":2}/"value":{"len":2,"cap":3}/' 's/"len":100000/"len":100001/' \
		's/"truncated":true,//' 's/"text":"boom"/"text":"room"/' 's/"type":"\*int"/"type":"*uint"/' \
		's/"value":5e-324/"value":1e-323/' 's/"value":null/"value":[]/' 's/"name":"~r1"/"name":"~r2"/' \
		's/"end":"return"/"end":"tail"/' '/"func":"main.mix"/d'; do
		sed "$change" "$TMP/trace" >"$TMP/wrong"
		! cmp -s "$TMP/trace" "$TMP/wrong" || fail "changes nothing: $change"
		values_differ "$TMP/wrong" "$TMP/truth"
	done
}

# values_run OPTION...: as traced(); the trace is $FTRACE_OUT.
values_run()
{
	local bin

	bin=$(build_go "$ROOT/tests/targets/values" values) || return 1
	traced 0 -o "$TMP/trace" "$@" --exec "$bin" || return 1
	FTRACE_OUT=$TMP/trace
}

@test "rules read from registers and memory what debug information says" {
	values_run --format=jsonl \
		'main.signed(a, ra=%al:s8, b, rb=%bx:s16, c, rc=%ecx:s32, d, rd=%rdi:s64, e, re=$arg5)($ret1, x1=%ax:s8, $ret5, x5=%si:s64)' \
		'main.unsigned(a, ra=%ax:u8, b, rb=%bx:u16, c, rc=%cx:u32, d, rd=%di:u64, hd=%di:x64, f, rf=%r8)' \
		'main.text(s, rs=%ax:u64, ns=%bx:u64, cs=+0(%ax):c64, zs=+0(%ax):x8[4], n, rn=%cx:s64)(~r0, r0=%ax:x64, len=%bx:u64)' \
		'main.throughPointer(f, fa=+0(%ax):f32, fb=+8(%ax):f64, f.A, f.B)' \
		'main.between(y, ry=%r11:u8, g, rg=%r9:s64, n=len(s), rn=+16($stack):s64, wn=$stack2:u8, $stack0:ptr)' \
		'main.raw(p, q, gp=%di:gostring, gq=%si:gobytes, gh=+0(%di):gostring)'
	expect_json '[.[] | select(.func == "main.signed") | (.args | map({key: .name, value: .value}) | from_entries) |
		select(.a != .ra or .b != .rb or .c != .rc or .d != .rd or .e != .re)]' '[]'
	expect_json '[.[] | select(.func == "main.signed") | .results | select(.[0].value != .[1].value or
		.[2].value != .[3].value)]' '[]'
	expect_json '[.[] | select(.func == "main.signed")] | length' 7
	expect_json '[.[] | select(.func == "main.unsigned") | (.args | map({key: .name, value: .value}) | from_entries) |
		select(.a != .ra or .b != .rb or .c != .rc or .d != .rd)]' '[]'
	expect_json '[.[] | select(.func == "main.unsigned") | .args[] | select(.name == "hd") | .value] | unique | join(" ")' \
		'0x0 0x1 0x8000000000000000 0xfedcba9876543210 0xff 0xffffffffffffffff'
	expect_json '[.[] | select(.func == "main.text" and .args[0].value == "zhang")][0] |
		[.args[] | select(.name == "cs" or .name == "zs") | .value[:5]], (.results[] | select(.name == "len") | .value)' \
		$'["zhang",["0x7a","0x68","0x61","0x6e"]]\n10'
	expect_json '[.[] | select(.func == "main.text") | (.args | map({key: .name, value: .}) | from_entries) |
		select(.ns.value != (.s.len // .ns.value) or .n.value != .rn.value)]' '[]'
	expect_json '[.[] | select(.func == "main.throughPointer") | (.args | map({key: .name, value: .value}) | from_entries) |
		select(.f.A != .fa or .f.B != .fb or .["f.A"] != .fa or .["f.B"] != .fb)]' '[]'
	expect_json '[.[] | select(.func == "main.between") | (.args | map({key: .name, value: .value}) | from_entries) |
		[.y, .ry, .g, .rg, .n, .rn, .wn, .["$stack0"].symbol[:13]]]' \
		'[[200,200,-7,-7,0,0,0,"main.structs+"],[200,200,-7,-7,1,1,1,"main.structs+"],[200,200,-7,-7,2,2,2,"main.structs+"]]'
	expect_json '[.[] | select(.func == "main.raw") | (.args | map({key: .name, value: del(.name, .type)}) | from_entries) |
		select(.p.value != null and (.p != .gh or .p != .gp or .q != .gq))]' '[]'
}

# errors_trace [TOOLCHAIN [FLAG]]: tests/targets/errors; the trace is $TMP/trace, what Error() said
# $TMP/truth. Typed values, and the same errors by a rule, since a stripped program has no types.
errors_trace()
{
	local toolchain=${1:-local} bin

	bin=$(build_go "$ROOT/tests/targets/errors" errors "$toolchain" ${2:+"$2"}) || return 1
	bounded "$FTRACE" --format=jsonl -o "$TMP/trace" --max-string 300 -u main.fails \
		--exec "$bin" 'main.points(n=%ax:s64, err=+0(%bx):goerror)' >"$TMP/truth" 2>"$TMP/err" \
		</dev/null 3>&- || fail "$(cat "$TMP/err")"
}

# errors_agree FUNC: for each call the trace has the text that the truth has, or its beginning, or none.
errors_agree()
{
	jq -c --arg func "$1" 'select(.type == "call" and .func == $func) | {n: .args[0].value, text: .args[1].value.text} |
		if .text | type == "object" then {n, text: .text.value, len: .text.len, cut: .text.truncated} else . end' \
		"$TMP/trace" >"$TMP/said"
	jq -c --slurpfile said "$TMP/said" 'if .cut then
		{n, text: ($said[.n].text as $text | if $text != null and (.text | startswith($text)) then $text else .text end),
			len: (.text | utf8bytelength), cut} else . end' "$TMP/truth" >"$TMP/wanted"
	[ "$(wc -l <"$TMP/wanted")" -gt 100 ] || fail "few errors: $(cat "$TMP/wanted")"
	diff "$TMP/wanted" "$TMP/said" >"$TMP/differ" || fail "$1, $2: $(head -n 20 "$TMP/differ")"
}

@test "errors say what Error() says, with every release, stripped too" {
	local toolchain flags

	for toolchain in $VALUES_GO; do
		errors_trace "$toolchain"
		errors_agree main.fails "$toolchain"
		errors_agree main.points "$toolchain"
		expect_json '[.[] | select(.func == "main.fails") | (.args[1], .results[1]) | .value.text] |
			[.[range(0; length; 2)]] == [.[range(1; length; 2)]]' true "$TMP/trace"
		errors_trace "$toolchain" '-ldflags=-s -w'
		errors_agree main.points "$toolchain, stripped"
	done
	errors_trace local -tags=older
	errors_agree main.fails "the older fields of modules' errors"
	errors_agree main.points "the older fields of modules' errors"
	errors_trace local -buildmode=pie
	errors_agree main.fails 'position-independent'
	errors_agree main.points 'position-independent'
}

@test "an error's text is whole where it is made of parts, else cut as a string is" {
	local bin

	bin=$(build_go "$ROOT/tests/targets/errors" errors)
	traced 0 --format=jsonl -o "$TMP/trace" -u main.fails --exec "$bin"
	expect_json '[.[] | select(.func == "main.fails") | .args[1].value | select((.text | type) == "string") |
		.text | select(length > 64)] | length > 5' true "$TMP/trace"
	expect_json '[.[] | select(.func == "main.fails") | .args[1].value.text | objects |
		select((.value | length) < 64 or .truncated != true or .len <= (.value | length))]' '[]' "$TMP/trace"
}

@test "errors say what Error() says, times what Go writes, in text" {
	values_run --values full -u main.fails -u main.named --no-timestamp
	for want in 'err=*errors.errorString("boom")' 'err=*fmt.wrapError("step 3: boom")' 'err=nil' \
		'err=*errors.errorString("EOF")' 'err=*main.refused(&{Who:"me"})' \
		'err=syscall.Errno("no such file or directory")' 'err=syscall.Errno("errno 200")' \
		'err=context.deadlineExceededError("context deadline exceeded")' \
		'err=*fs.PathError("open /none: no such file or directory")' \
		'd=1.5s, m=11' 'd=0s' 'd=1ns' 'd=-1ns' 'd=2562047h47m16.854775807s' 'd=-2562047h47m16.854775808s'; do
		expect "$FTRACE_OUT" "$want"
	done
}

@test "what lies in a plugin is named where the program has it, too, and else is unknown" {
	local host plugin shown

	host=$(CGO_ENABLED=1 build_go "$ROOT/tests/live/programs/plugged" plugged)
	plugin=$(CGO_ENABLED=1 build_go "$ROOT/tests/live/programs/plugged/p" p.so local -buildmode=plugin)
	traced 0 --no-timestamp -o "$TMP/text" -u main.takes --exec "$host" -- "$plugin"
	shown=$(sed -n 's/.*main.takes(\(.*\));.*/\1/p' "$TMP/text" | sed 's/0x[0-9a-f]*/ADDR/g')
	[ "$shown" = 'a=<unknown type ADDR>, n=<unknown type ADDR>, err=nil, f=nil
a=<unknown type ADDR>, n=nil, err=nil, f=nil
a=<unknown type ADDR>, n=nil, err=<unknown type ADDR>, f=nil
a=string("text"), n=nil, err=nil, f=nil
a=*errors.errorString(ADDR), n=nil, err=*errors.errorString("plain"), f=nil
a=func() int(ADDR), n=nil, err=nil, f=ADDR' ] || fail "$shown"
}

@test "ptr: the variable or function that it points to, moved or not" {
	local mode go program

	# runtime.m begins with g0, which for m0 is runtime.g0 (Go's src/runtime/runtime2.go).
	for go in $VALUES_GO; do
		for mode in exe pie; do
			program=$(build_go "$ROOT/tests/live/programs/steps" steps $go -buildmode=$mode)
			traced 0 --format=jsonl -o "$TMP/$mode" --exec "$program" \
				'main.step(g0=@runtime.m0:ptr, none=\0:ptr, caller=$stack0:ptr)' -- work 1
			expect_json '[.[] | select(.type == "call") | .args[0, 1].value.symbol]' '["runtime.g0",null]' "$TMP/$mode"
			expect_json '[.[] | select(.type == "call") | .args[2].value.symbol[:10]]' '["main.main+"]' "$TMP/$mode"
		done
	done
}
