// SPDX-License-Identifier: GPL-2.0-only
"use strict";
// model: calls in the order of their ids, who called whom, and what passes the filters. Calls and marks are numbers.

const NONE = 0xffffffff;
const ENDS = ["still running", "returned", "tail call", "unwound", "the process ended", "its end is lost"];
const FLAGS = { approximate: 1, unseen: 2, panic: 4, goexit: 8, failed: 128 };

function duration(ns) {
	const units = [["s", 1e9], ["ms", 1e6], ["us", 1e3]];
	for (const [unit, size] of units)
		if (ns >= size * 0.9995) {
			const number = ns / size;
			return `${number >= 999.5 ? Math.round(number) : number.toPrecision(3)} ${unit}`;
		}
	return `${ns} ns`;
}

// "10us", "1.5ms", "250": nanoseconds; null when it is none.
function parseDuration(text) {
	const match = /^\s*([0-9]+\.?[0-9]*|\.[0-9]+)\s*(ns|us|µs|ms|s|m)?\s*$/.exec(text);
	const scale = { ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9, m: 6e10 };
	return match ? Number(match[1]) * scale[match[2] || "ns"] : null;
}

// What matches a text, or a pattern with *.
function matcher(text) {
	const wanted = text.trim().toLowerCase();
	if (!wanted.includes("*"))
		return (name) => name.toLowerCase().includes(wanted);
	const escaped = wanted.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*");
	const pattern = new RegExp(`^${escaped}$`, "s");
	return (name) => pattern.test(name.toLowerCase());
}

function permuted(column, order) {
	const out = new column.constructor(order.length);
	for (let i = 0; i < order.length; i++)
		out[i] = column[order[i]];
	return out;
}

function ascending(column) {
	for (let i = 1; i < column.length; i++)
		if (column[i] < column[i - 1])
			return false;
	return true;
}

// Indices in order of a column.
function orderOf(column) {
	return Uint32Array.from(column, (_, i) => i).sort((a, b) => column[a] - column[b] || a - b);
}

// Index of the first that is not less than `value`, of `list`'s indices into the column.
function lowerBound(list, column, value) {
	let low = 0, high = list.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (column[list[middle]] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

class Trace {
	constructor(data, whole) {
		Object.assign(this, data);
		this.whole = whole && data.summary !== null;
		this.sortCalls();
		this.findParents();
		this.findEnd();
		this.nameTracks();
		this.joinMarks();
		this.orderTree();
		this.filter({});
	}

	sortCalls() {
		const calls = this.calls;
		if (ascending(calls.id))
			return;
		const order = orderOf(calls.id);
		for (const name of Object.keys(calls))
			if (name !== "count")
				calls[name] = permuted(calls[name], order);
	}

	// The index of an id; NONE when it is not there.
	byId(id) {
		const ids = this.calls.id;
		let low = 0, high = ids.length;
		const guess = id - ids[0];
		if (ids[guess] === id)
			return guess;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (ids[middle] < id)
				low = middle + 1;
			else
				high = middle;
		}
		return ids[low] === id ? low : NONE;
	}

	findParents() {
		const { id, parent, count } = this.calls;
		this.caller = new Uint32Array(count);
		for (let i = 0; i < count; i++)
			this.caller[i] = parent[i] === id[i] ? NONE : this.byId(parent[i]);
	}

	findEnd() {
		const { start, duration: lasted, has, count } = this.calls;
		let first = Infinity, last = this.summary ? this.summary.ended : 0;
		for (let i = 0; i < count; i++) {
			first = Math.min(first, start[i]);
			last = Math.max(last, start[i] + lasted[i]);
		}
		for (let i = 0; i < this.marks.count; i++) {
			first = Math.min(first, this.marks.start[i]);
			last = Math.max(last, this.marks.start[i] + this.marks.duration[i]);
		}
		this.first = first === Infinity ? 0 : first;
		this.last = Math.max(last, this.first + 1);
		this.end = new Float64Array(count);
		for (let i = 0; i < count; i++)
			this.end[i] = has[i] & HAS.open ? this.last : start[i] + lasted[i];
		// The time that calls fill, with a little beside it.
		let shown = 0;
		for (let i = 0; i < count; i++)
			shown = Math.max(shown, this.end[i]);
		this.shownEnd = shown || this.last;
	}

	nameTracks() {
		const { track, func, count } = this.calls;
		for (let i = 0; i < count; i++) {
			const of = this.tracks[track[i]];
			if (of && of.func === undefined && this.caller[i] === NONE)
				of.func = func[i];
		}
		for (const of of this.tracks)
			if (of) {
				of.title = of.func === undefined ? of.name : `${of.name} ${this.name(of.func)}`;
				if (this.processes.size > 1)
					of.title = `${of.pid} ${of.title}`;
			}
	}

	// Marks of each call, and of each track in order of time.
	joinMarks() {
		const marks = this.marks;
		marks.owner = new Uint32Array(marks.count).fill(NONE);
		this.marksOf = new Map();
		for (let i = 0; i < marks.count; i++) {
			const owner = marks.call[i] ? this.byId(marks.call[i]) : NONE;
			marks.owner[i] = owner;
			if (owner === NONE)
				continue;
			if (!this.marksOf.has(owner))
				this.marksOf.set(owner, []);
			this.marksOf.get(owner).push(i);
		}
	}

	// Roots in order of their ids, each with all below it.
	orderTree() {
		const count = this.calls.count;
		const root = new Float64Array(count);
		for (let i = 0; i < count; i++)
			root[i] = this.caller[i] === NONE ? i : root[this.caller[i]];
		this.order = ascending(root) ? Uint32Array.from(root, (_, i) => i) : orderOf(root);
	}

	name(func) {
		return this.funcs[func] ? this.funcs[func].name : "?";
	}

	isTimed(i) {
		return this.calls.how[i] >= 1 && this.calls.how[i] <= 3 && !(this.calls.flags[i] & FLAGS.unseen);
	}

	// What not every call has.
	rest(i) {
		const has = this.calls.has[i];
		const r = new Reader(this.bytes, this.calls.rest[i]);
		const rest = {};
		for (const part of ["args", "results", "caller"])
			if (has & HAS[part])
				rest[part] = r.text();
		if (has & HAS.times)
			rest.times = Array.from({ length: 5 }, () => r.u());
		if (has & HAS.stack)
			rest.stack = r.text();
		return rest;
	}

	// main.add(a=1, b=2) = 3
	words(i) {
		const rest = this.rest(i);
		const args = rest.args === undefined ? "()" : `(${rest.args})`;
		return this.name(this.calls.func[i]) + args + (rest.results ? ` = ${rest.results}` : "");
	}

	mark(i) {
		const r = new Reader(this.bytes, this.marks.texts[i]);
		return { name: r.text(), words: r.text(), kind: this.kinds[this.marks.kind[i]] || { flags: 0, name: "?" } };
	}

	lasted(i) {
		if (this.calls.has[i] & HAS.open)
			return "open";
		return this.isTimed(i) ? duration(this.calls.duration[i]) : "";
	}

	// Which calls pass, and from them what is drawn: for each track a list of calls for each level.
	filter({ func = "", track = "", time = 0 }) {
		const { count, track: tracks, func: funcs, level } = this.calls;
		const byFunc = matcher(func), byTrack = matcher(track);
		const goodFunc = this.funcs.map((f) => byFunc(f.name));
		const exact = this.tracks.some((t) => t && t.name.toLowerCase() === track.trim().toLowerCase());
		const goodTrack = this.tracks.map((t) => t && (exact ? t.name.toLowerCase() === track.trim().toLowerCase() :
			byTrack(t.title)));
		this.passes = new Uint8Array(count);
		this.passed = 0;
		const lanes = new Map();
		const laneOf = (number) => {
			if (!lanes.has(number))
				lanes.set(number, { track: number, levels: [], marks: [] });
			return lanes.get(number);
		};
		for (let i = 0; i < count; i++) {
			if (!goodFunc[funcs[i]] || !goodTrack[tracks[i]] || this.end[i] - this.calls.start[i] < time)
				continue;
			this.passes[i] = 1;
			this.passed++;
			const levels = laneOf(tracks[i]).levels;
			(levels[level[i]] ||= []).push(i);
		}
		for (let i = 0; i < this.marks.count; i++) {
			const owner = this.marks.owner[i];
			if (owner === NONE ? goodTrack[this.marks.track[i]] && !func && !time : this.passes[owner])
				laneOf(this.marks.track[i]).marks.push(i);
		}
		this.lanes = [...lanes.values()];
		for (const lane of this.lanes) {
			for (let k = 0; k < lane.levels.length; k++)
				lane.levels[k] = this.byStart(lane.levels[k] || [], this.calls.start);
			lane.marks = this.byStart(lane.marks, this.marks.start);
			lane.first = this.firstOf(lane);
		}
		const pid = (lane) => (this.tracks[lane.track] ? this.tracks[lane.track].pid : 0);
		this.lanes.sort((a, b) => pid(a) - pid(b) || a.first - b.first);
	}

	// When the first thing in it began.
	firstOf(lane) {
		let first = lane.marks.length ? this.marks.start[lane.marks[0]] : Infinity;
		for (const list of lane.levels)
			if (list.length)
				first = Math.min(first, this.calls.start[list[0]]);
		return first;
	}

	byStart(list, start) {
		for (let i = 1; i < list.length; i++)
			if (start[list[i]] < start[list[i - 1]])
				return list.sort((a, b) => start[a] - start[b]);
		return list;
	}
}
