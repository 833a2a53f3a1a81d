#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Which processes are traced: by name, and by control group, also those that come later.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	GROUP=
}

teardown()
{
	stop_all
	no_probes_left
	[ -z "$GROUP" ] || wait_for 20 remove_groups
}

# group: makes a control group of its own, of version 2. Sets MOUNT, GROUP, its path, and NAME, its path below the mount.
group()
{
	MOUNT=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
	[ -n "$MOUNT" ] || skip "no control groups of version 2 are mounted here"
	NAME=/ftrace-test-$$-$BATS_TEST_NUMBER
	GROUP=$MOUNT$NAME
	mkdir "$GROUP"
}

remove_groups() { [ ! -e "$GROUP" ] || find "$GROUP" -depth -type d -exec rmdir {} +; }

# within GROUP COMMAND...: as start(), in that group from the beginning.
within()
{
	start sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$@"
}

# ready FILE: waits until a program has made it.
ready() { wait_for 20 test -e "$1"; }

# calls PID: how many calls of main.work by it are in the trace.
calls() { json "[.[] | select(.func == \"main.work\" and .pid == $1)] | length" "$TRACE"; }

@test "-p by name: all that have it, as a whole; PIDs and names together; white space" {
	cp "$STEPS" "$TMP/ft-one" && cp "$STEPS" "$TMP/ft-ones"
	for name in ft-one ft-one ft-ones; do
		start "$TMP/$name" touch "$TMP/up.${#STARTED[@]}" await "$TMP/go" work 2
		ready "$TMP/up.$((${#STARTED[@]} - 1))"
	done
	start_traced --format=jsonl -u main.work -p ft-one
	expect "$CHATTER" "; 2 processes; Ctrl-C ends"
	traced 0 list -u main.work -p ft-ones
	traced 0 --duration 1ms -u main.work -p "${STARTED[0]}"$'\n'"${STARTED[1]} , ft-ones,ft-one"
	expect "$FTRACE_ERR" "ft-one (go"
	expect "$FTRACE_ERR" " and 1 more: "
	expect "$FTRACE_ERR" "; 3 processes; Ctrl-C ends"
	touch "$TMP/go"
	# It ends with the last of them.
	ended 0 "$TRACER"
	[ "$(calls "${STARTED[0]}") $(calls "${STARTED[1]}") $(calls "${STARTED[2]}")" = "2 2 0" ]
}

@test "-p by a name that nothing has, that a program has which is not Go's, and a path" {
	cp "$STEPS" "$TMP/ft-near"
	start "$TMP/ft-near" touch "$TMP/up" await "$TMP/go"
	ready "$TMP/up"
	refused 1 "-p ft-neat: no process has this name; did you mean ft-near*?" -p ft-neat
	refused 1 "-p ft-nothing-near-this-name: no process has this name; *" -p ft-nothing-near-this-name
	refused 1 "-p $TMP/ft-near: a path; *" -p "$TMP/ft-near"
	cp "$(type -P sleep)" "$TMP/ft-sleep"
	start "$TMP/ft-sleep" 100
	wait_for 20 grep -q ft-sleep "/proc/$STARTED_PID/comm"
	refused 1 "-p ft-sleep: $TMP/ft-sleep: not a Go program *" -p ft-sleep
	refused 1 "-p ft-sleep: $TMP/ft-sleep: not a Go program *" -p ft-near,ft-sleep
	# A script has its name, too, beside the program that it starts.
	printf '#!/bin/sh\n"$@" & wait\n' >"$TMP/ft-both" && chmod +x "$TMP/ft-both"
	cp "$STEPS" "$TMP/bin-ft-both" && mkdir "$TMP/bin" && mv "$TMP/bin-ft-both" "$TMP/bin/ft-both"
	start "$TMP/ft-both" "$TMP/bin/ft-both" touch "$TMP/both" await "$TMP/go"
	ready "$TMP/both"
	traced 0 -p ft-both --duration 1ms
	expect "$FTRACE_ERR" "; 1 process; Ctrl-C ends"
	touch "$TMP/go"
}

@test "words of -p and --cgroup that make no sense" {
	refused 2 "--pid: ' , ': no process is named; *" -p ' , '
	refused 2 "--pid: '0': not a PID *" -p 0
	refused 2 "--pid: '99999999999': not a PID *" -p 1,99999999999
	refused 1 "PID 2147483647: no such process; *" -p 2147483647
	refused 2 "--cgroup: '': no control group *" --cgroup ''
	refused 2 "--cgroup: it does not go with -p; *" --cgroup x -p 1
	refused 2 "--cgroup: it does not go with --exec; *" --cgroup x --exec "$STEPS"
	refused 2 "--fault: it does not go with --cgroup: *" --fault --cgroup x
	refused 1 "no-such-group: no control group has this name*; *" --cgroup no-such-group
	refused 1 "no/such/group: no such control group below *; *" --cgroup no/such/group
}

@test "--cgroup: what runs in it and below it, and nothing else" {
	group
	mkdir "$GROUP/below"
	cp "$STEPS" "$TMP/ft-other"
	within "$GROUP" "$STEPS" touch "$TMP/0" await "$TMP/go" work 2
	within "$GROUP/below" "$TMP/ft-other" touch "$TMP/1" await "$TMP/go" work 3
	within "$GROUP" sleep 100
	start "$STEPS" touch "$TMP/2" await "$TMP/go" work 4
	for i in 0 1 2; do ready "$TMP/$i"; done
	start_traced --format=jsonl -u main.work --cgroup "$NAME"
	expect "$CHATTER" " and 1 more in $NAME: "
	traced 0 list -u main.work --cgroup "$NAME"
	[ "$(grep -c '^main.work ' "$FTRACE_OUT")" = 2 ]
	expect "$CHATTER" "; 2 processes; Ctrl-C ends"
	expect "$CHATTER" "1 other process runs the same file and pays for the probes, too"
	touch "$TMP/go"
	ended 0 "${STARTED[0]}"
	ended 0 "${STARTED[1]}"
	ended 0 "${STARTED[3]}"
	stop "$TRACER" INT
	nothing_lost "$TRACE"
	[ "$(calls "${STARTED[0]}") $(calls "${STARTED[1]}") $(calls "${STARTED[3]}")" = "2 3 0" ]
}

@test "--cgroup: what is started in it later, what is moved into it, and when it is made anew" {
	group
	start_traced --format=jsonl -u main.work --cgroup "$GROUP"
	expect "$CHATTER" "no Go program runs in this control group as yet"
	within "$GROUP" "$STEPS" await "$TMP/one" work 2
	first=$STARTED_PID
	wait_for 20 grep -q "steps: runs in the control group; traced from now on" "$CHATTER"
	touch "$TMP/one"
	ended 0 "$first"
	# Of an executable that is known nothing is missed, from its first instruction on.
	within "$GROUP" "$STEPS" work 3
	second=$STARTED_PID
	ended 0 "$second"
	cp "$STEPS" "$TMP/ft-moved"
	start "$TMP/ft-moved" touch "$TMP/up" await "$TMP/two" work 4
	moved=$STARTED_PID
	ready "$TMP/up"
	echo "$moved" >"$GROUP/cgroup.procs"
	wait_for 20 grep -q "ft-moved: runs in the control group; traced from now on" "$CHATTER"
	touch "$TMP/two"
	ended 0 "$moved"
	wait_for 20 rmdir "$GROUP"
	mkdir "$GROUP"
	within "$GROUP" "$STEPS" touch "$TMP/again" await "$TMP/three" work 5
	again=$STARTED_PID
	ready "$TMP/again"
	# It is known to be looked at when something new in it has been found.
	cp "$STEPS" "$TMP/ft-new"
	within "$GROUP" "$TMP/ft-new" await "$TMP/three"
	wait_for 20 grep -q "ft-new: runs in the control group; traced from now on" "$CHATTER"
	touch "$TMP/three"
	ended 0 "$again"
	stop "$TRACER" INT
	[ "$(calls "$first") $(calls "$second") $(calls "$moved") $(calls "$again")" = "2 3 4 5" ]
}

@test "--cgroup: by the name of a directory, by a container's id, and several that fit" {
	group
	id=$(printf '%s' "$NAME" | sha256sum | cut -c1-64)
	mkdir "$GROUP/ft-$$.service" "$GROUP/docker-$id.scope" "$GROUP/libpod-conmon-$id.scope"
	within "$GROUP/docker-$id.scope" "$STEPS" touch "$TMP/up" await "$TMP/go" work 2
	ready "$TMP/up"
	traced 0 --duration 1ms -u main.work --cgroup "${id:0:16}"
	expect "$FTRACE_ERR" " in $NAME/docker-$id.scope: 1 function"
	traced 0 --duration 1ms -u main.work --cgroup "ft-$$.service"
	expect "$FTRACE_ERR" "ft-$$.service: no Go program runs in this control group as yet"
	refused 1 "ft-$$.servise: no control group has this name*; did you mean ft-$$.service?" --cgroup "ft-$$.servise"
	mkdir "$GROUP/$id" "$GROUP/docker-$id.scope/ft-$$.service"
	refused 1 "${id:0:16}: 2 control groups: *$NAME/*, *$NAME/*; give the path of one" --cgroup "${id:0:16}"
	refused 1 "ft-$$.service: 2 control groups: *" --cgroup "ft-$$.service"
	touch "$TMP/go"
}
