# SPDX-License-Identifier: GPL-2.0-only
#
# worse: what costs more than a tenth more of its reference than it did.
#
#     awk -v slack=0.05 -f worse.awk FILE TABLE
#
# FILE has the table that was, somewhere in its text, TABLE has the one of now, both as tests/bench/run
# prints them. For each figure whose ratio is worse a line "worse: FIGURE: RATIO, was RATIO" is printed. A
# ratio that moved by less than slack is not worse: of a small difference of two large times a tenth is
# nothing.

# The number of the field that is the unit, behind a name with spaces in it; 0: no row of a table.
function parse(    i)
{
	for (i = 2; i + 6 <= NF; i++)
		if ($i ~ /^(ns|us|ms|kB|MB|n|bytes|[a-z]+\/s)$/ && $(i + 1) ~ /^-?[0-9.]+$/ &&
		    $(i + 2) ~ /^-?[0-9.]+$/ && $(i + 3) ~ /^-?[0-9.]+$/)
			return i
	return 0
}

FNR == 1 { file++; of = "" }

{
	# FILE indents its table by four.
	if (file == 1 && $0 !~ /^    /)
		next
	text = $0
	if (file == 1)
		text = substr(text, 5)
	$0 = text
	unit = parse()
	if (!unit)
		next
	name = $1
	for (i = 2; i < unit; i++)
		name = name " " $i
	if (text ~ /^ /)
		name = of ", " name
	else
		of = name
	ratio = $(unit + 5)
	if (ratio !~ /^-?[0-9.]+$/)
		next
	# What has a size in it is the same figure with another one.
	key = name
	gsub(/\([0-9]+ MB\)|[0-9][0-9 ]* functions/, "", key)
	if (file == 1) {
		was[key] = ratio
		next
	}
	if (!(key in was))
		next
	old = was[key]
	if ($unit ~ /\/s$/)
		worse = ratio < old * 0.9 && old - ratio > slack
	else
		worse = ratio > old * 1.1 && ratio - old > slack
	if (worse)
		printf "worse: %s: %s, was %s\n", name, ratio, old
}
