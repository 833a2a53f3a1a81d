# SPDX-License-Identifier: GPL-2.0-only
#
# memory: what the call trees take of it, by records that were made beforehand.

memory()
{
	local name unit value of reference goal

	while IFS=$'\t' read -r name unit value of reference goal; do
		sample "$name" "$unit" "$value" "$of" "$reference" "$goal"
	done < <("${ON_FTRACE[@]}" "$DIR/memory" "$DIR/target" goroutines
		"${ON_FTRACE[@]}" "$DIR/memory" "$DIR/target" hour)
}
