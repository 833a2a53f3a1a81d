// SPDX-License-Identifier: GPL-2.0-only
"use strict";
// details: all that is known of one call.

const STATES = ["running", "off the processor", "runnable", "waiting", "system call"];
const MARKS_SHOWN = 200;

function showDetails(parent, trace, i, onChoose) {
	if (i === NONE) {
		parent.replaceChildren(make("p", "none", "Choose a call to see its values, its caller and where its time went."));
		return;
	}
	const { calls } = trace;
	const func = trace.funcs[calls.func[i]] || { name: "?", file: "", line: 0 };
	const rest = trace.rest(i);
	const list = make("dl");
	const put = (name, text, kind = "") => {
		if (text === undefined || text === "")
			return;
		list.append(make("dt", "", name), make("dd", kind, text));
	};
	put("Lasted", lastedWords(trace, i));
	put("Began", calls.flags[i] & FLAGS.unseen ? "before tracing did" : beganWords(trace, i));
	put("Arguments", rest.args, "value");
	put("Results", rest.results, "value");
	put("Ended", endWords(trace, i));
	put("Goroutine", trackWords(trace, i));
	put("Thread", calls.tid[i] ? String(calls.tid[i]) : "");
	put("Caller", rest.caller, "value");
	put("Stack", rest.stack, "value");
	put("Declared", func.file ? `${func.file}:${func.line}` : "", "value");
	const within = make("p", "path");
	for (const up of pathTo(trace, i)) {
		const button = make("button", "words", trace.name(calls.func[up]));
		button.addEventListener("click", () => onChoose(up));
		within.append(button, " \u203a ");
	}
	parent.replaceChildren(make("h2", "", func.name));
	if (within.childNodes.length)
		parent.append(within);
	parent.append(list);
	if (rest.times)
		parent.append(timesTable(rest.times));
	putMarks(parent, trace, i, onChoose);
}

// Its callers that were traced, the outermost first; of a deep stack the nearest.
function pathTo(trace, i) {
	const path = [];
	for (let up = trace.caller[i]; up !== NONE && path.length < 12; up = trace.caller[up])
		path.unshift(up);
	return path;
}

function lastedWords(trace, i) {
	if (trace.calls.has[i] & HAS.open)
		return "not over when tracing ended";
	if (!trace.isTimed(i))
		return "not known";
	const lasted = trace.calls.duration[i];
	const about = trace.calls.flags[i] & FLAGS.approximate ? "at most " : "";
	return about + (lasted < 1000 ? duration(lasted) : `${duration(lasted)} (${lasted.toLocaleString("en")} ns)`);
}

const two = (n) => String(n).padStart(2, "0");

// Unix time in ns, as the clock on the wall had it here: 12:28:24.987654321.
function timeWords(unix) {
	const fraction = String((unix % 1000000000n + 1000000000n) % 1000000000n).padStart(9, "0");
	const date = new Date(Number(unix / 1000000n));
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${fraction}`;
}

// 2026-11-30 12:28:24
function dateWords(unix) {
	const date = new Date(Number(unix / 1000000n));
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	return `${day} ${timeWords(unix).slice(0, 8)}`;
}

function beganWords(trace, i) {
	const start = trace.calls.start[i];
	const after = `${start < 0 ? "-" : "+"}${duration(Math.abs(start))}`;
	if (!trace.head.start)
		return after;
	const unix = BigInt(trace.head.start) + BigInt(start);
	return `${timeWords(unix)} (${after})`;
}

function endWords(trace, i) {
	const how = trace.calls.how[i], flags = trace.calls.flags[i];
	if (how === 1 && !(flags & FLAGS.failed))
		return "";
	if (how === 3 && flags & FLAGS.panic)
		return "unwound by a panic";
	if (how === 3 && flags & FLAGS.goexit)
		return "unwound by Goexit";
	return how === 1 ? "returned an error" : ENDS[how] || "not known";
}

function trackWords(trace, i) {
	const track = trace.tracks[trace.calls.track[i]];
	const process = track && trace.processes.get(track.pid);
	return track ? `${track.name} of process ${track.pid}${process && process.exe ? ` (${process.exe})` : ""}` : "";
}

function timesTable(times) {
	const all = times.reduce((sum, ns) => sum + ns, 0) || 1;
	const bar = make("div", "bar", "", { "aria-hidden": "true" });
	const list = make("ul", "times", "", { "aria-label": "Where its time went" });
	for (const [k, ns] of times.entries()) {
		if (!ns)
			continue;
		const part = make("span", `state${k}`);
		part.style.flexGrow = String(ns / all);
		bar.append(part);
		const item = make("li");
		item.append(make("span", `swatch state${k}`, "", { "aria-hidden": "true" }), `${STATES[k]} ${duration(ns)}`);
		list.append(item);
	}
	const both = make("div");
	both.append(bar, list);
	return both;
}

function putMarks(parent, trace, i, onChoose) {
	const marks = trace.marksOf.get(i) || [];
	if (!marks.length)
		return;
	parent.append(make("h3", "", `Inside of it (${marks.length})`));
	const list = make("ul", "marks");
	for (const m of marks.slice(0, MARKS_SHOWN)) {
		const { words, kind } = trace.mark(m);
		const item = make("li");
		const lasted = trace.marks.open[m] ? "open" : kind.flags & 1 ? duration(trace.marks.duration[m]) : "";
		item.append(make("span", "time", lasted), make("span", "kind", kind.name), make("span", "words", words));
		const waker = wakerCall(trace, m);
		if (waker !== NONE) {
			const button = make("button", "", "Waker");
			button.addEventListener("click", () => onChoose(waker));
			item.append(button);
		}
		list.append(item);
	}
	parent.append(list);
	if (marks.length > MARKS_SHOWN)
		parent.append(make("p", "none", `The first ${MARKS_SHOWN} are listed.`));
}

// The innermost call that ran in the waker's goroutine when it woke this one; NONE.
function wakerCall(trace, m) {
	const lane = trace.lanes.find((l) => l.track === trace.marks.waker[m]);
	const time = trace.marks.start[m] + trace.marks.duration[m] - trace.marks.runnable[m];
	let found = NONE;
	for (const list of lane ? lane.levels : []) {
		const k = lowerBound(list, trace.calls.start, time + 1) - 1;
		if (k < 0 || trace.end[list[k]] < time)
			break;
		found = list[k];
	}
	return found;
}
