// SPDX-License-Identifier: GPL-2.0-only
"use strict";
// page: what the parts say to each other, and the keys.

class Page {
	constructor() {
		const get = (id) => document.getElementById(id);
		this.get = get;
		this.timeline = new Timeline(get("timeline"), (i) => this.choose(i));
		this.tree = new Tree(get("tree"), (i) => this.choose(i));
		this.table = new Table(get("table"), (name) => { get("by-func").value = name; this.filter(); this.openTab("tree"); });
		this.search = new Search(get("hits"), get("found"), (i) => this.choose(i));
		this.chosen = NONE;
		this.listen();
		this.setTheme(matchMedia("(prefers-color-scheme: dark)").matches);
	}

	async load() {
		const about = this.get("about");
		about.textContent = "Reading the trace\u2026";
		const { bytes, whole } = await unpack(this.get("data"));
		const trace = this.trace = new Trace(readRecords(bytes), whole);
		trace.place = new Uint32Array(trace.order.length);
		for (let k = 0; k < trace.order.length; k++)
			trace.place[trace.order[k]] = k;
		const process = [...trace.processes.values()][0];
		const exe = process ? process.exe.slice(process.exe.lastIndexOf("/") + 1) : "";
		document.title = exe ? `${exe} \u2013 ftrace` : "ftrace";
		this.get("title").textContent = exe || "ftrace";
		about.textContent = this.aboutWords();
		this.legend();
		this.showAll();
		this.timeline.show(trace);
		this.choose(NONE);
		await this.search.run(trace, this.get("search").value);
		if (trace.head.only)
			this.openTab("table");
		document.documentElement.dataset.ready = "true";
	}

	aboutWords() {
		const { calls, tracks, head, summary, whole } = this.trace;
		const many = (n, one) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;
		const words = [many(head.only && summary ? summary.counted : calls.count, "call"), many(new Set(calls.track).size || tracks.length - 1, "goroutine")];
		if (summary)
			words.push(duration(summary.duration));
		if (summary && summary.lost)
			words.push(`${many(summary.lost, "record")} lost`);
		if (summary && summary.missed)
			words.push(`${many(summary.missed, "hit")} missed`);
		if (head.start)
			words.push(dateWords(BigInt(head.start)));
		if (head.tool)
			words.push(head.tool);
		if (!whole)
			words.push("the page is cut off: the rest of the trace is missing");
		return words.join(" \u00b7 ");
	}

	legend() {
		const items = [["call", "call, by function"], ["wait", "wait"], ["syscall", "system call"], ["arrow", "wakes, starts"],
			["mark", "signal, event"], ["alarm", "loss"]];
		const flags = this.trace.kinds.map((kind) => kind.flags);
		const present = { wait: flags.some((f) => f & 2), syscall: flags.some((f) => (f & 3) === 1), alarm: flags.some((f) => f & 4),
			mark: flags.some((f) => !(f & 5)), call: true, arrow: this.trace.marks.waker.some((w) => w) };
		this.get("legend").replaceChildren(...items.filter(([kind]) => present[kind]).map(([kind, text]) => {
			const item = make("li");
			item.append(make("span", `swatch of-${kind}`, "", { "aria-hidden": "true" }), text);
			return item;
		}));
	}

	showAll() {
		this.tree.show(this.trace);
		this.table.show(this.trace);
	}

	filter() {
		const time = this.get("by-time");
		const least = time.value.trim() ? parseDuration(time.value) : 0;
		time.setAttribute("aria-invalid", least === null);
		this.trace.filter({ func: this.get("by-func").value, track: this.get("by-track").value, time: least || 0 });
		this.timeline.layOut();
		this.showAll();
		this.find();
	}

	async find() {
		const text = this.get("search").value;
		if (!await this.search.run(this.trace, text))
			return;
		this.timeline.hits = this.search.hits;
		this.timeline.draw();
		if (text.trim())
			this.openTab("hits");
	}

	choose(i) {
		this.chosen = i;
		this.timeline.choose(i);
		this.tree.choose(i);
		showDetails(this.get("details"), this.trace, i, (other) => this.choose(other));
	}

	// The call beside the chosen one: 0 and 1 the one before and behind it in its row, 2 its caller, 3 what it called first.
	walk(way) {
		const { trace } = this;
		const { calls, caller, passes } = trace;
		let i = this.chosen;
		if (i === NONE || !passes[i]) {
			i = trace.order.find((k) => passes[k]);
			if (i !== undefined)
				this.choose(i);
			return;
		}
		const levels = this.timeline.laneOf.get(calls.track[i]).levels;
		let next;
		if (way < 2) {
			const list = levels[calls.level[i]];
			let at = lowerBound(list, calls.start, calls.start[i]);
			while (list[at] !== i)
				at++;
			next = list[at + (way ? 1 : -1)];
		} else if (way === 2) {
			next = caller[i] === NONE ? undefined : caller[i];
		} else {
			const below = levels[calls.level[i] + 1] || [];
			next = below[lowerBound(below, calls.start, calls.start[i])];
			next = next !== undefined && caller[next] === i ? next : undefined;
		}
		if (next !== undefined && passes[next])
			this.choose(next);
	}

	openTab(name) {
		for (const tab of document.querySelectorAll("[role=tab]")) {
			const open = tab.getAttribute("aria-controls") === name;
			tab.setAttribute("aria-selected", open);
			tab.tabIndex = open ? 0 : -1;
			this.get(tab.getAttribute("aria-controls")).hidden = !open;
		}
		this.tree.list.update(false);
	}

	setTheme(dark) {
		this.dark = dark;
		document.documentElement.dataset.theme = dark ? "dark" : "light";
		this.get("theme").textContent = dark ? "Light" : "Dark";
		this.timeline.restyle();
	}

	listen() {
		const on = (id, kind, action) => this.get(id).addEventListener(kind, action);
		on("controls", "submit", (event) => event.preventDefault());
		let timer = 0;
		on("search", "input", () => { clearTimeout(timer); timer = setTimeout(() => this.find(), 150); });
		on("search", "keydown", (event) => { if (event.key === "Enter") this.search.step(event.shiftKey ? -1 : 1); });
		for (const id of ["by-func", "by-track", "by-time"])
			on(id, "input", () => { clearTimeout(this.waiting); this.waiting = setTimeout(() => this.filter(), 200); });
		on("zoom-in", "click", () => this.timeline.zoom(0.5));
		on("zoom-out", "click", () => this.timeline.zoom(2));
		on("fit", "click", () => this.timeline.fit());
		on("theme", "click", () => this.setTheme(!this.dark));
		on("help-button", "click", () => this.help());
		for (const tab of document.querySelectorAll("[role=tab]")) {
			tab.addEventListener("click", () => this.openTab(tab.getAttribute("aria-controls")));
			tab.addEventListener("keydown", (event) => this.tabKey(event));
		}
		matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => this.setTheme(event.matches));
		document.addEventListener("keydown", (event) => this.key(event));
	}

	help() {
		const help = this.get("help");
		help.hidden = !help.hidden;
		this.get("help-button").setAttribute("aria-expanded", !help.hidden);
	}

	tabKey(event) {
		const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		if (!by)
			return;
		const tabs = [...document.querySelectorAll("[role=tab]")];
		const next = tabs[(tabs.indexOf(event.target) + by + tabs.length) % tabs.length];
		event.stopPropagation();
		event.preventDefault();
		this.openTab(next.getAttribute("aria-controls"));
		next.focus();
	}

	key(event) {
		if (!this.trace || event.ctrlKey || event.altKey || event.metaKey)
			return;
		if (event.target.matches("input")) {
			if (event.key === "Escape")
				this.get("timeline").focus();
			return;
		}
		const actions = {
			"+": () => this.timeline.zoom(0.5), "=": () => this.timeline.zoom(0.5), "-": () => this.timeline.zoom(2),
			"0": () => this.timeline.fit(), a: () => this.timeline.pan(-0.2), d: () => this.timeline.pan(0.2),
			z: () => { if (this.chosen !== NONE) this.timeline.zoomTo(this.chosen); },
			"/": () => this.get("search").focus(), n: () => this.search.step(1), p: () => this.search.step(-1),
			t: () => this.setTheme(!this.dark), "?": () => this.help(),
			ArrowLeft: () => this.walk(0), ArrowRight: () => this.walk(1),
			ArrowUp: () => this.walk(2), ArrowDown: () => this.walk(3),
			Escape: () => this.choose(NONE),
		};
		if (!actions[event.key])
			return;
		event.preventDefault();
		actions[event.key]();
	}
}

document.addEventListener("DOMContentLoaded", () => {
	const page = new Page();
	page.load().catch((error) => {
		document.getElementById("about").textContent = `This page cannot show its trace: ${error.message}`;
		throw error;
	});
});
