// SPDX-License-Identifier: GPL-2.0-only
"use strict";
// data: the records in the page, unpacked into columns. html.c says what a record is made of.

const HAS = { args: 1, results: 2, caller: 4, times: 8, stack: 16, open: 32 };

// Bytes of the element, as far as they are whole: a page may end early.
async function unpack(element) {
	const lines = element ? element.textContent.split("\n") : [];
	const chunks = [];
	const stream = new DecompressionStream("deflate");
	const writer = stream.writable.getWriter();
	const feed = (async () => {
		for (const line of lines) {
			const text = atob(line.slice(0, line.length - line.length % 4));
			const bytes = new Uint8Array(text.length);
			for (let i = 0; i < text.length; i++)
				bytes[i] = text.charCodeAt(i);
			if (bytes.length)
				await writer.write(bytes);
		}
		await writer.close();
	})().catch(() => {});
	const reader = stream.readable.getReader();
	let whole = true, size = 0;
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done)
				break;
			chunks.push(value);
			size += value.length;
		}
	} catch {
		whole = false;
	}
	await feed;
	const all = new Uint8Array(size);
	size = 0;
	for (const chunk of chunks) {
		all.set(chunk, size);
		size += chunk.length;
	}
	return { bytes: all, whole };
}

// A column of numbers that grows.
class Column {
	constructor(Type) {
		this.Type = Type;
		this.data = new Type(1024);
		this.length = 0;
	}
	push(value) {
		if (this.length === this.data.length) {
			const more = new this.Type(this.length * 2);
			more.set(this.data);
			this.data = more;
		}
		this.data[this.length++] = value;
	}
	done() {
		return this.data.subarray(0, this.length);
	}
}

const decoder = new TextDecoder();

class Reader {
	constructor(bytes, at = 0) {
		this.bytes = bytes;
		this.at = at;
	}
	u() {
		let value = 0, scale = 1;
		for (;;) {
			if (this.at >= this.bytes.length)
				throw new RangeError("the data ends");
			const byte = this.bytes[this.at++];
			value += (byte & 127) * scale;
			if (byte < 128)
				return value;
			scale *= 128;
		}
	}
	s() {
		const value = this.u();
		return value % 2 ? -(value + 1) / 2 : value / 2;
	}
	skip() {
		const length = this.u();
		this.at += length;
		if (this.at > this.bytes.length)
			throw new RangeError("the data ends");
		return this.at - length;
	}
	text() {
		const from = this.skip();
		return decoder.decode(this.bytes.subarray(from, this.at));
	}
}

function columns(types) {
	return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, new Column(type)]));
}

// Everything in the data, as it was written.
function readRecords(bytes) {
	const data = {
		head: {}, summary: null, bytes, processes: new Map(), funcs: [], tracks: [null], kinds: [], stats: [],
		calls: columns({ id: Float64Array, parent: Float64Array, track: Uint32Array, level: Uint32Array,
			func: Uint32Array, start: Float64Array, duration: Float64Array, how: Uint8Array,
			flags: Uint16Array, has: Uint8Array, tid: Uint32Array, rest: Float64Array }),
		marks: columns({ kind: Uint8Array, track: Uint32Array, call: Float64Array, start: Float64Array,
			duration: Float64Array, open: Uint8Array, waker: Uint32Array, runnable: Float64Array,
			texts: Float64Array }),
	};
	const r = new Reader(bytes);
	const last = { id: 0, time: 0 };
	const kinds = [
		() => { throw new RangeError("no record"); },
		() => { data.head = JSON.parse(r.text()); },
		() => { const pid = r.u(); data.processes.set(pid, { pid, exe: r.text(), go: r.text() }); },
		() => { data.funcs.push({ name: r.text(), file: r.text(), line: r.u() }); },
		() => { data.tracks.push({ pid: r.u(), name: r.text() }); },
		() => { data.kinds.push({ flags: r.u(), name: r.text() }); },
		() => readCall(r, data.calls, last),
		() => readMark(r, data.marks, last),
		() => {
			const [func, calls, errors, total, self, min, avg, p50, p90, p99, max] =
				Array.from({ length: 11 }, () => r.u());
			data.stats.push({ func, calls, errors: errors ? errors - 1 : null, total, self, min, avg, p50, p90, p99, max });
		},
		() => { data.summary = JSON.parse(r.text()); },
	];
	try {
		while (r.at < bytes.length)
			kinds[r.u()]();
	} catch (error) {
		if (!(error instanceof RangeError || error instanceof TypeError))
			throw error;
		data.summary = null;
	}
	// What a record that was cut off has left in some columns only goes.
	for (const part of [data.calls, data.marks]) {
		const count = Math.min(...Object.values(part).map((column) => column.length));
		for (const name of Object.keys(part))
			part[name] = part[name].done().subarray(0, count);
		part.count = count;
	}
	return data;
}

function readCall(r, calls, last) {
	calls.has.push(r.u());
	calls.track.push(r.u());
	last.id += r.s();
	calls.id.push(last.id);
	calls.parent.push(last.id - r.u());
	calls.level.push(r.u());
	calls.func.push(r.u());
	last.time += r.s();
	calls.start.push(last.time);
	calls.duration.push(r.u());
	calls.how.push(r.u());
	calls.flags.push(r.u());
	calls.tid.push(r.u());
	calls.rest.push(r.skip());
}

function readMark(r, marks, last) {
	marks.kind.push(r.u());
	marks.track.push(r.u());
	marks.call.push(r.u());
	last.time += r.s();
	marks.start.push(last.time);
	marks.duration.push(r.u());
	marks.open.push(r.u());
	marks.waker.push(r.u());
	marks.runnable.push(r.u());
	const at = r.at;
	r.skip();
	r.skip();
	marks.texts.push(at);
}
