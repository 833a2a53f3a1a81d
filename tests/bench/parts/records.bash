# SPDX-License-Identifier: GPL-2.0-only
#
# records: how fast recorded bytes become calls, and calls output.

records()
{
	local what name unit value reference of goal

	while IFS=$'\t' read -r what name unit value of reference goal; do
		sample "$what, $name" "$unit" "$value" "$of" "$reference" "$goal"
	done < <("${ON_FTRACE[@]}" "$DIR/records" "$DIR/target" "$FEW" "$DIR/written")
	rm -f "$DIR/written" "$DIR/written.cat"
}
