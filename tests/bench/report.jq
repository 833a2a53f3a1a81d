# SPDX-License-Identifier: GPL-2.0-only
#
# Single measurements, one a line, become build/bench.json. A figure's ratio is the median of the
# ratios of its rounds, each to the reference of the same round.

def median: sort | if length % 2 == 1 then .[length / 2 | floor]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# A figure whose name is indented belongs to the one before it.
def named: reduce .[] as $s ([[], ""];
	if $s.figure | startswith("  ") then [.[0] + [$s + {of: .[1]}], .[1]]
	else [.[0] + [$s], $s.figure] end) | .[0];

def order: reduce .[] as $s ([]; if any(.[]; . == $s) then . else . + [$s] end);

def figure: {
	figure: (.[0].figure | ltrimstr("  ")),
	of: .[0].of,
	unit: .[0].unit,
	runs: length,
	min: (map(.value) | min),
	median: (map(.value) | median),
	max: (map(.value) | max),
	reference: {
		name: .[0].name,
		min: (map(.reference) | min),
		median: (map(.reference) | median),
		max: (map(.reference) | max),
	},
	ratio: (map(select(.reference > 0 and .name != "-") | .value / .reference) | if length > 0 then median else null end),
	goal: .[0].goal,
	rate: (if .[0].unit | endswith("/s") then true else null end),
} | with_entries(select(.value != null));

[split("\n")[] | select(. != "") | split("\t") | {
	figure: .[0], unit: .[1], value: (.[2] | tonumber), name: .[3], reference: (.[4] | tonumber),
	goal: (if (.[5] // "") == "" then null else .[5] | tonumber end),
}] | named as $samples
| ($samples | map([.figure, .of]) | order) as $keys
| {
	tool: $tool, date: $date, kernel: $kernel, go: $go,
	machine: {cpu: $cpu, cpus: $cpus, memory_mb: $memory, load: $load},
	figures: [$keys[] as $key | [$samples[] | select([.figure, .of] == $key)] | figure],
}
