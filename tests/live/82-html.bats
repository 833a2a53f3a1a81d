#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The page of --format html, opened in Chromium, or with BROWSER=firefox in Firefox (make test-firefox): what it shows is held against the JSON lines of the same recorded events.

load lib

setup()
{
	REPLAY=$BUILD/cases/replay
	built cases/replay
	TMP=$BATS_TEST_TMPDIR
}

# page CASE.events: the case as a page, PAGE.
page()
{
	PAGE=$TMP/page.html
	"$REPLAY" html "$1" >"$PAGE"
}

# browse: opens PAGE and does what stdin says.
browse() { timeout -s KILL 200 python3 "$ROOT/tests/formats/browser.py" "$PAGE"; }

# What the page's reader makes of the data, in the words of the JSON lines.
READ='(async () => { const { bytes } = await unpack(document.getElementById("data")); const d = readRecords(bytes), c = d.calls;
	return Array.from(c.id, (id, i) => [id, c.parent[i] === id ? "-" : c.parent[i], d.tracks[c.track[i]].name, c.level[i],
	d.funcs[c.func[i]].name, ["open", "return", "tail", "unwound", "exit", "lost"][c.how[i]]].join(" ")).sort().join("\n"); })()'

@test "html: each call is in it, with its caller, its goroutine and its end" {
	for case in tree values unwound lost-exit open stream-mixed recursion goexit; do
		page "$ROOT/tests/cases/$case.events"
		echo "js ${READ//$'\n'/ }" | browse | jq -r . >"$TMP/got"
		"$REPLAY" jsonl "$ROOT/tests/cases/$case.events" | jq -r 'select(.type == "call") |
			"\(.id) \(.parent // "-") \(if .goid == 0 then "thread" else "G\(.goid)" end) \(.depth) \(.func) \(.end)"' |
			LC_ALL=C sort >"$TMP/expected"
		LC_ALL=C sort "$TMP/got" | diff "$TMP/expected" -
	done
}

@test "html: text from the target is data, whatever it says" {
	name="main.<script>document.title='owned'</script>"
	value="</script><img/src=x/onerror=document.title='owned'>\"'&amp;$(printf '\342\200\250\377')"
	printf '%s\n' "func $name" "takes $name s:string" "process 412 exe=/srv/<b>app</b>" \
		"entry 10us 1 $name depth=64 values=$value" "exit 11us 1 $name depth=64" >"$TMP/hostile.events"
	page "$TMP/hostile.events"
	[ "$(grep -c '</script>' "$PAGE")" = "$(printf 'func main.f\nprocess 1\nentry 1us 1 main.f depth=64\n' >"$TMP/plain.events" &&
		"$REPLAY" html "$TMP/plain.events" | grep -c '</script>')" ]
	browse >"$TMP/got" <<-'END'
		js document.title
		js document.querySelector('#tree .words').textContent
		js document.querySelectorAll('script').length + document.querySelectorAll('img, b').length
		js document.querySelector('meta[http-equiv]').content.includes('unsafe')
	END
	[ "$(jq -sr '.[0]' "$TMP/got")" = 'b> – ftrace' ]
	[ "$(jq -sr '.[1]' "$TMP/got")" = "$name(s=\"</script><img/src=x/onerror=document.title='owned'>\\\"'&amp;\\u2028\\xff\")" ]
	[ "$(jq -sr '.[2], .[3]' "$TMP/got")" = "2
false" ]
}

@test "html: a click shows a call; a search lists hits; filters and keys choose; zoom changes the time in view" {
	page "$ROOT/tests/cases/values.events"
	browse >"$TMP/got" <<-'END'
		js document.getElementById('details').textContent.includes('G1 of process 412')
		click 260 108
		until document.getElementById('details').textContent.includes('G1 of process 412')
		keys /
		keys zhang
		until document.getElementById('found').textContent === '1 hit'
		js document.querySelector('#hits li .words').textContent
		js (document.querySelector('#hits li button').click(), document.querySelector('#details h2').textContent)
		js (document.getElementById('by-func').value = 'main.a*', document.getElementById('by-func').dispatchEvent(new Event('input')), 0)
		until [...document.querySelectorAll('#tree .words')].every((words) => words.textContent.startsWith('main.add('))
		js document.querySelectorAll('#tree .words').length > 0
		js (window.all = Number(document.getElementById('timeline').dataset.span), 0)
		wheel 700 200 -300
		until Number(document.getElementById('timeline').dataset.span) < all
		js (window.part = Number(document.getElementById('timeline').dataset.span), 0)
		wheel 700 200 300
		until Number(document.getElementById('timeline').dataset.span) > part
		js part < all
	END
	jq -s . "$TMP/got" >&2
	[ "$(jq -sc '[.[0], .[2], .[4], .[7]]' "$TMP/got")" = '[false,"main.greet",true,true]' ]
	[[ $(jq -sr '.[1]' "$TMP/got") == 'main.greet(name="zhang", flags=0x1f) = '* ]]
}

@test "html: light and dark as the user prefers, and by the switch" {
	page "$ROOT/tests/cases/tree.events"
	browse >"$TMP/got" <<-'END'
		light
		until document.documentElement.dataset.theme === 'light'
		js getComputedStyle(document.body).backgroundColor
		dark
		until document.documentElement.dataset.theme === 'dark'
		js getComputedStyle(document.body).backgroundColor
		js (document.getElementById('theme').click(), getComputedStyle(document.body).backgroundColor)
	END
	[ "$(jq -sr '.[0] == .[2] and .[0] != .[1]' "$TMP/got")" = true ]
}

@test "html: 100000 calls open, and few of their lines are in the document" {
	awk 'BEGIN { print "hold never\nfunc main.a\nfunc main.b\nprocess 412"
		for (i = 0; i < 50000; i++) {
			g = 1 + i % 100
			printf "entry %dus %d main.a depth=64\nentry %dus %d main.b depth=128\n", 4 * i, g, 4 * i + 1, g
			printf "exit %dus %d main.b depth=128\nexit %dus %d main.a depth=64\n", 4 * i + 2, g, 4 * i + 3, g
		} }' >"$TMP/many.events"
	page "$TMP/many.events"
	browse >"$TMP/got" <<-'END'
		js document.getElementById('about').textContent
		js document.querySelectorAll('#tree .call').length < 500
		js [...document.querySelectorAll('#table tbody tr')].map((row) => row.cells[1].textContent)
	END
	[[ $(jq -sr '.[0]' "$TMP/got") == '100,000 calls · 100 goroutines'* ]]
	[ "$(jq -sc '.[1], .[2]' "$TMP/got")" = 'true
["50,000","50,000"]' ]
}

@test "html: a page that was cut off shows what got into it, and says so" {
	page "$ROOT/tests/cases/tree.events"
	size=$(stat -c %s "$PAGE")
	head -c $((size - 60)) "$PAGE" >"$PAGE.cut"
	mv "$PAGE.cut" "$PAGE"
	echo "js document.getElementById('about').textContent.includes('cut off')" | browse >"$TMP/got"
	[ "$(cat "$TMP/got")" = true ]
}
