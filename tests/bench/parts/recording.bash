# SPDX-License-Identifier: GPL-2.0-only
#
# recording: what a report of ten million calls takes. What they take to record: records.

RECORDING_CALLS=10000000

# used COMMAND...: processor time in ms and memory in kB that it took, in $TOOK and $HELD.
used()
{
	read -r TOOK HELD < <("${ON_FTRACE[@]}" python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print((used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss)' "$@")
}

recording()
{
	local round file=$DIR/recording.ftrace cat

	"$DIR/recorded" "$RECORDING_CALLS" >"$file"
	sample 'a call, in a recording of requests' bytes "$(calc "$(stat -c %s "$file") / $RECORDING_CALLS")" - 0 20
	for ((round = 0; round < FEW; round++)); do
		used cat "$file"
		cat=$TOOK
		used "$FTRACE" report -q --summary=only "$file"
		sample '--summary of 10 million calls' ms "$TOOK" cat "$cat" 3000
		sample '  memory' kB "$HELD" - 0 65536
		used "$FTRACE" report -q --from +60s --to +61s "$file"
		sample '--from, --to: a second of it' ms "$TOOK" cat "$cat" 200
		sample '  memory' kB "$HELD" - 0 65536
	done
	rm -f "$file"
}
