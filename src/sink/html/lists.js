// SPDX-License-Identifier: GPL-2.0-only
"use strict";
// lists: the calls as a tree, the functions as a table, the hits. Text gets into the document as text only.

const LINE = 20, WHOLE = 2000, HITS = 500;

// An element with a class, text and attributes.
function make(tag, name = "", text = "", attributes = {}) {
	const element = document.createElement(tag);
	if (name)
		element.className = name;
	if (text !== "")
		element.textContent = text;
	for (const [key, value] of Object.entries(attributes))
		element.setAttribute(key, value);
	return element;
}

// Lines of a long list, of which those in sight are in the document; all of a short one.
class LongList {
	constructor(parent, line) {
		this.parent = parent;
		this.line = line;
		this.count = 0;
		this.body = make("div", "long", "", { role: "tree", "aria-label": "Calls" });
		parent.append(this.body);
		parent.addEventListener("scroll", () => this.update(false));
		new ResizeObserver(() => this.update(false)).observe(parent);
	}

	show(count) {
		this.count = count;
		this.body.style.height = `${count * LINE}px`;
		this.update(true);
	}

	update(anew) {
		const shown = Math.ceil(this.parent.clientHeight / LINE) + 40;
		const top = Math.floor(this.parent.scrollTop / LINE);
		const from = this.count <= WHOLE ? 0 : Math.max(0, Math.min(this.count - shown, top - 20));
		const to = this.count <= WHOLE ? this.count : Math.min(this.count, from + shown);
		if (!anew && from === this.from && to === this.to)
			return;
		this.from = from;
		this.to = to;
		const lines = document.createDocumentFragment();
		for (let k = from; k < to; k++) {
			const line = this.line(k);
			line.style.top = `${k * LINE}px`;
			lines.append(line);
		}
		this.body.replaceChildren(lines);
	}

	reveal(k) {
		const top = k * LINE, { scrollTop, clientHeight } = this.parent;
		if (top < scrollTop || top + LINE > scrollTop + clientHeight)
			this.parent.scrollTop = Math.max(0, top - clientHeight / 3);
	}
}

class Tree {
	constructor(parent, onChoose) {
		this.onChoose = onChoose;
		this.folded = new Set();
		this.chosen = NONE;
		this.list = new LongList(parent, (k) => this.line(this.rows[k]));
	}

	show(trace) {
		this.trace = trace;
		this.folded.clear();
		this.update();
	}

	update() {
		const { order, passes, calls: { level } } = this.trace;
		const rows = [];
		// Below this level everything is folded.
		let folded = Infinity;
		for (const i of order) {
			if (level[i] <= folded)
				folded = Infinity;
			if (folded !== Infinity || !passes[i])
				continue;
			rows.push(i);
			if (this.folded.has(i))
				folded = level[i];
		}
		this.rows = rows;
		this.list.show(rows.length);
	}

	hasCallees(i) {
		const at = this.trace.place[i] + 1;
		return at < this.trace.order.length && this.trace.caller[this.trace.order[at]] === i;
	}

	line(i) {
		const { calls, tracks } = this.trace;
		const line = make("div", "call", "", { role: "treeitem", "aria-level": calls.level[i] + 1,
			"aria-selected": i === this.chosen });
		line.append(make("span", "time", this.trace.lasted(i)));
		const track = tracks[calls.track[i]];
		line.append(make("span", "track", track ? track.name : ""));
		const fold = make("button", "fold", "", { tabindex: "-1", "aria-label": "Callees" });
		fold.style.marginLeft = `${Math.min(calls.level[i], 60) * 16}px`;
		if (this.hasCallees(i)) {
			fold.textContent = this.folded.has(i) ? "\u25b8" : "\u25be";
			fold.setAttribute("aria-expanded", !this.folded.has(i));
			line.setAttribute("aria-expanded", !this.folded.has(i));
			fold.addEventListener("click", (event) => { event.stopPropagation(); this.fold(i); });
		} else {
			fold.disabled = true;
		}
		const words = make("button", "words", this.trace.words(i), { tabindex: "-1" });
		words.title = words.textContent.slice(0, 1000);
		line.append(fold, words);
		line.addEventListener("click", () => this.onChoose(i));
		return line;
	}

	fold(i) {
		if (!this.folded.delete(i))
			this.folded.add(i);
		this.update();
	}

	choose(i) {
		this.chosen = i;
		if (i !== NONE) {
			let opened = false;
			for (let up = this.trace.caller[i]; up !== NONE; up = this.trace.caller[up])
				opened = this.folded.delete(up) || opened;
			if (opened)
				this.update();
			const k = this.rows.indexOf(i);
			if (k >= 0)
				this.list.reveal(k);
		}
		this.list.update(true);
	}
}

// A row for each function, of the calls that pass: as ftrace's own table has them (--summary).
function functionRows(trace) {
	if (trace.head.only)
		return trace.stats.map((row) => ({ ...row, name: trace.name(row.func) }));
	const { order, calls: { func, duration: lasted, level }, passes, caller } = trace;
	const rows = trace.funcs.map((f, number) => ({ func: number, name: f.name, calls: 0, total: 0, self: 0, all: [] }));
	const inside = new Uint32Array(rows.length);
	const stack = [];
	for (const i of order) {
		while (stack.length && level[stack[stack.length - 1]] >= level[i])
			inside[func[stack.pop()]]--;
		if (!trace.isTimed(i) || !rows[func[i]])
			continue;
		const row = rows[func[i]], above = caller[i];
		if (passes[i]) {
			row.calls++;
			row.self += lasted[i];
			row.all.push(lasted[i]);
			if (!inside[func[i]])
				row.total += lasted[i];
			inside[func[i]]++;
			stack.push(i);
		}
		if (above !== NONE && passes[above] && trace.isTimed(above))
			rows[func[above]].self -= lasted[i];
	}
	return rows.filter((row) => row.calls).map((row) => {
		const all = Float64Array.from(row.all).sort();
		const rank = (part) => all[Math.max(0, Math.ceil(all.length * part) - 1)];
		return { ...row, all: null, p50: rank(0.5), p99: rank(0.99), max: all[all.length - 1] };
	});
}

class Table {
	constructor(parent, onFunction) {
		this.parent = parent;
		this.onFunction = onFunction;
		this.key = "total";
	}

	show(trace) {
		this.rows = functionRows(trace);
		this.draw();
	}

	draw() {
		const { key } = this;
		const up = key === "name" ? 1 : -1;
		this.rows.sort((a, b) => (a[key] < b[key] ? -up : a[key] > b[key] ? up : a.name < b.name ? -1 : 1));
		const table = make("table"), head = make("tr"), body = make("tbody");
		const columns = [["name", "Function"], ["calls", "Calls"], ["total", "Total"], ["self", "Self"],
			["p50", "p50"], ["p99", "p99"], ["max", "Max"]];
		for (const [name, title] of columns) {
			const cell = make("th", "", "", { scope: "col",
				"aria-sort": name === key ? (up > 0 ? "ascending" : "descending") : "none" });
			const button = make("button", "", title);
			button.addEventListener("click", () => { this.key = name; this.draw(); });
			cell.append(button);
			head.append(cell);
		}
		for (const row of this.rows.slice(0, WHOLE)) {
			const line = make("tr"), first = make("th", "", "", { scope: "row" });
			const button = make("button", "words", row.name, { title: "Only this function" });
			button.addEventListener("click", () => this.onFunction(row.name));
			first.append(button);
			line.append(first, make("td", "", row.calls.toLocaleString("en")));
			for (const [name] of columns.slice(2))
				line.append(make("td", "", duration(row[name])));
			body.append(line);
		}
		const top = make("thead");
		top.append(head);
		table.append(top, body);
		this.parent.replaceChildren(table);
	}
}

// Looks through all calls and marks, a piece at a time so that the page stays alive.
class Search {
	constructor(parent, status, onChoose) {
		this.parent = parent;
		this.status = status;
		this.onChoose = onChoose;
		this.list = [];
		this.turn = 0;
	}

	async run(trace, text) {
		const turn = ++this.turn;
		this.list = [];
		this.at = -1;
		this.hits = null;
		if (!text.trim()) {
			this.status.textContent = "";
			this.parent.replaceChildren(make("p", "none", "Type into the search field: hits are listed here."));
			return true;
		}
		const wanted = text.trim().toLowerCase();
		const hits = new Uint8Array(trace.calls.count);
		const names = trace.funcs.map((f) => f.name.toLowerCase().includes(wanted));
		const { func, has } = trace.calls;
		const valued = HAS.args | HAS.results;
		let pause = performance.now();
		for (const i of trace.order) {
			if (!trace.passes[i])
				continue;
			if (names[func[i]] || (has[i] & valued && trace.words(i).toLowerCase().includes(wanted)) ||
			    this.inMarks(trace, i, wanted)) {
				hits[i] = 1;
				this.list.push(i);
			}
			if (performance.now() - pause > 30) {
				await new Promise((done) => setTimeout(done));
				if (turn !== this.turn)
					return false;
				pause = performance.now();
			}
		}
		this.hits = hits;
		this.draw(trace);
		return true;
	}

	inMarks(trace, i, wanted) {
		const marks = trace.marksOf.get(i);
		return marks !== undefined && marks.some((m) => trace.mark(m).words.toLowerCase().includes(wanted));
	}

	draw(trace) {
		const count = this.list.length;
		this.status.textContent = `${count.toLocaleString("en")} ${count === 1 ? "hit" : "hits"}`;
		const list = make("ol", "hits");
		for (const [k, i] of this.list.slice(0, HITS).entries()) {
			const item = make("li"), button = make("button", "hit");
			const track = trace.tracks[trace.calls.track[i]];
			button.append(make("span", "time", trace.lasted(i)), make("span", "track", track ? track.name : ""),
				make("span", "words", trace.words(i)));
			for (const m of trace.marksOf.get(i) || [])
				if (trace.mark(m).words.toLowerCase().includes(document.getElementById("search").value.trim().toLowerCase()))
					button.append(make("span", "in", trace.mark(m).words));
			button.addEventListener("click", () => { this.at = k; this.onChoose(i); });
			item.append(button);
			list.append(item);
		}
		this.parent.replaceChildren(list);
		if (count > HITS)
			this.parent.append(make("p", "none", `The first ${HITS} are listed; n and p go through all of them.`));
		if (!count)
			this.parent.append(make("p", "none", "Nothing that passes the filters has this text."));
	}

	step(by) {
		if (!this.list.length)
			return;
		this.at = (this.at + by + this.list.length) % this.list.length;
		this.onChoose(this.list[this.at]);
	}
}
