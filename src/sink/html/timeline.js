// SPDX-License-Identifier: GPL-2.0-only
"use strict";
// timeline: goroutines below each other on a canvas, calls as boxes in rows by level. What is narrower than a pixel
// is drawn once for all that lies in that pixel, so that a picture costs what is seen and not what is there.

const ROW = 20, RULER = 22, GAP = 8, GUTTER = 170, STRIP = 4;
const ARROWS = 3000;

// A name without more and more of its beginning, which tells less than its end: example.com/store.(*DB).Get, store.(*DB).Get,
// (*DB).Get, Get. Brackets of a generic, which may have names in them, stay with it.
function shortenings(name) {
	const bracket = name.indexOf("[");
	const head = bracket > 0 ? name.slice(0, bracket) : name, tail = name.slice(head.length);
	const within = head.slice(head.lastIndexOf("/") + 1);
	const dot = within.indexOf(".");
	const known = dot > 0 ? within.slice(dot + 1) : within;
	const method = known.startsWith("(") && known.includes(").") ? known.slice(known.indexOf(").") + 2) : known;
	return [...new Set([name, within + tail, known + tail, method + tail, method])];
}

class Timeline {
	constructor(section, onChoose) {
		this.section = section;
		this.canvas = section.querySelector("canvas");
		this.scroller = section.querySelector("#scroll");
		this.tall = section.querySelector("#tall");
		this.empty = section.querySelector("#empty");
		this.onChoose = onChoose;
		this.chosen = NONE;
		this.hits = null;
		this.colors = new Map();
		this.drag = null;
		new ResizeObserver(() => this.resize()).observe(section);
		this.scroller.addEventListener("scroll", () => this.draw());
		this.listen();
	}

	show(trace) {
		this.trace = trace;
		this.layOut();
		this.fit();
	}

	// Where each lane stands, in pixels from the top.
	layOut() {
		let top = 0;
		for (const lane of this.trace.lanes) {
			lane.top = top;
			lane.height = Math.max(1, lane.levels.length) * ROW;
			top += lane.height + GAP;
		}
		this.laneOf = new Map(this.trace.lanes.map((lane) => [lane.track, lane]));
		this.tall.style.height = `${top}px`;
		this.empty.hidden = this.trace.lanes.length > 0;
		this.empty.textContent = this.trace.calls.count ? "No call passes the filters." : "There are no calls in this trace.";
		this.draw();
	}

	fit() {
		const { first, shownEnd } = this.trace;
		const margin = (shownEnd - first) * 0.01 || 1;
		this.setView(first - margin, shownEnd + margin);
	}

	setView(from, to) {
		const limit = (this.trace.last - this.trace.first) * 4 + 1000;
		const span = Math.min(Math.max(to - from, 10), limit);
		this.from = Math.min(Math.max((from + to - span) / 2, this.trace.first - limit), this.trace.last + limit);
		this.span = span;
		this.section.dataset.span = String(span);
		this.draw();
	}

	resize() {
		const { clientWidth, clientHeight } = this.section;
		const ratio = window.devicePixelRatio || 1;
		this.width = clientWidth;
		this.height = clientHeight;
		this.canvas.width = Math.max(1, Math.round(clientWidth * ratio));
		this.canvas.height = Math.max(1, Math.round(clientHeight * ratio));
		this.ratio = ratio;
		this.draw();
	}

	draw() {
		if (!this.trace || this.pending)
			return;
		this.pending = true;
		requestAnimationFrame(() => {
			this.pending = false;
			this.paint();
		});
	}

	xOf(time) {
		return GUTTER + (time - this.from) / this.span * (this.width - GUTTER);
	}

	timeOf(x) {
		return this.from + (x - GUTTER) / (this.width - GUTTER) * this.span;
	}

	color(func) {
		if (!this.colors.has(func)) {
			const name = this.trace.name(func);
			let hash = 7;
			for (let i = 0; i < name.length; i++)
				hash = (hash * 31 + name.charCodeAt(i)) % 100003;
			const light = this.style.dark ? 34 + hash % 9 : 76 + hash % 9;
			this.colors.set(func, `hsl(${(hash * 47) % 360} ${this.style.dark ? 38 : 52}% ${light}%)`);
		}
		return this.colors.get(func);
	}

	restyle() {
		this.style = null;
		this.colors.clear();
		this.draw();
	}

	readStyle() {
		const css = getComputedStyle(document.documentElement);
		const get = (name) => css.getPropertyValue(`--${name}`).trim();
		this.style = { dark: css.colorScheme === "dark" };
		for (const name of ["page", "text", "faint", "line", "gutter", "wait", "syscall", "alarm", "mark", "accent", "arrow"])
			this.style[name] = get(name);
	}

	paint() {
		if (!this.style)
			this.readStyle();
		const c = this.canvas.getContext("2d");
		const { style, width, height } = this;
		c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
		c.fillStyle = style.page;
		c.fillRect(0, 0, width, height);
		c.font = "12px system-ui, sans-serif";
		c.textBaseline = "middle";
		this.paintRuler(c);
		c.save();
		c.beginPath();
		c.rect(0, RULER, width, height - RULER);
		c.clip();
		const scroll = this.scroller.scrollTop;
		this.seen = this.trace.lanes.filter((lane) =>
			lane.top + lane.height >= scroll && lane.top <= scroll + height);
		for (const lane of this.seen)
			this.paintLane(c, lane, RULER + GAP / 2 + lane.top - scroll);
		this.paintArrows(c, scroll);
		this.paintChosen(c, scroll);
		for (const lane of this.seen)
			this.paintName(c, lane, RULER + GAP / 2 + lane.top - scroll);
		c.restore();
		this.paintDrag(c);
	}

	paintRuler(c) {
		const { style, width, height } = this;
		const step = this.stepOf(this.span / Math.max(1, (width - GUTTER) / 110));
		c.fillStyle = style.gutter;
		c.fillRect(0, 0, width, RULER);
		c.fillStyle = style.faint;
		c.fillText(`${duration(Math.round(this.span))} in view`, 8, RULER / 2);
		c.strokeStyle = style.line;
		c.beginPath();
		for (let time = Math.ceil(this.from / step) * step; time < this.from + this.span; time += step) {
			const x = Math.round(this.xOf(time)) + 0.5;
			if (x < GUTTER)
				continue;
			c.moveTo(x, RULER - 6);
			c.lineTo(x, height);
			c.fillText((time < 0 ? "-" : "+") + this.ruled(Math.abs(time), step), x + 4, RULER / 2);
		}
		c.stroke();
	}

	stepOf(rough) {
		const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
		return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) || 10 * power;
	}

	// A time with as many digits as tell it from the next one.
	ruled(time, step) {
		const [unit, size] = [["s", 1e9], ["ms", 1e6], ["us", 1e3], ["ns", 1]].find(([, n]) => time >= n) || ["ns", 1];
		const digits = Math.max(0, Math.ceil(Math.log10(size / step)));
		return `${(time / size).toFixed(digits)} ${unit}`;
	}

	paintLane(c, lane, y) {
		for (let level = 0; level < lane.levels.length; level++) {
			const top = y + level * ROW;
			if (top > this.height || top + ROW < RULER)
				continue;
			this.paintCalls(c, lane.levels[level], top);
		}
		this.paintMarks(c, lane, y);
		c.fillStyle = this.style.line;
		c.fillRect(0, Math.round(y + lane.height + GAP / 2) - 1, this.width, 1);
	}

	// Calls of one level, which follow each other.
	paintCalls(c, list, top) {
		const { start, func } = this.trace.calls;
		const { end } = this.trace;
		const until = this.from + this.span;
		let k = Math.max(0, lowerBound(list, start, this.from) - 1);
		for (; k < list.length && start[list[k]] < until; k++) {
			const i = list[k];
			const left = Math.max(this.xOf(start[i]), GUTTER), right = Math.min(this.xOf(end[i]), this.width);
			if (right < GUTTER)
				continue;
			c.fillStyle = this.color(func[i]);
			if (right - left < 1.5) {
				// All that begins in this pixel is one.
				const pixel = Math.floor(left);
				c.fillRect(pixel, top, 1, ROW - 1);
				const next = lowerBound(list, start, this.timeOf(pixel + 1));
				k = Math.max(k, next - 1);
				if (this.hits && this.hitBetween(list, k, i))
					this.paintHit(c, pixel, top, 1);
				continue;
			}
			c.fillRect(left, top, Math.max(1, right - left - 0.5), ROW - 1);
			if (this.hits && this.hits[i])
				this.paintHit(c, left, top, right - left);
			if (right - left > 26)
				this.paintText(c, this.trace.name(func[i]), left + 4, top + 8, right - left - 8);
		}
	}

	hitBetween(list, k, i) {
		for (let j = k; j >= 0 && j > k - 64 && list[j] >= i; j--)
			if (this.hits[list[j]])
				return true;
		return false;
	}

	paintHit(c, left, top, width) {
		c.fillStyle = this.style.accent;
		c.fillRect(left, top, Math.max(width, 2), 3);
	}

	paintText(c, text, x, y, room) {
		c.fillStyle = this.style.text;
		// No character is narrower than this.
		const most = Math.ceil(room / 2);
		const fits = (words) => words.length <= most && c.measureText(words).width <= room;
		let shown = shortenings(text).find(fits);
		if (shown === undefined) {
			shown = shortenings(text).pop().slice(0, most);
			while (shown.length > 1 && !fits(`${shown}\u2026`))
				shown = shown.slice(0, -1);
			if (shown.length < 2)
				return;
			shown += "\u2026";
		}
		c.fillText(shown, x, y);
	}

	levelOf(mark) {
		const owner = this.trace.marks.owner[mark];
		return owner === NONE ? 0 : this.trace.calls.level[owner];
	}

	paintMarks(c, lane, y) {
		const { start, duration: lasted, kind, open } = this.trace.marks;
		const last = [];
		for (let k = this.firstMark(lane); k < lane.marks.length; k++) {
			const i = lane.marks[k];
			if (start[i] > this.from + this.span)
				break;
			const flags = this.trace.kinds[kind[i]].flags;
			const level = this.levelOf(i);
			const left = Math.max(this.xOf(start[i]), GUTTER);
			const right = Math.min(open[i] ? this.xOf(this.trace.last) : this.xOf(start[i] + lasted[i]), this.width);
			if (right < GUTTER || (right - left < 1 && last[level] === Math.floor(left)))
				continue;
			last[level] = Math.floor(left);
			const top = y + level * ROW;
			c.fillStyle = flags & 4 ? this.style.alarm : flags & 2 ? this.style.wait :
				flags & 1 ? this.style.syscall : this.style.mark;
			if (flags & 1)
				c.fillRect(left, top + ROW - 1 - STRIP, Math.max(1, right - left), STRIP);
			else
				this.paintInstant(c, left, top);
		}
	}

	// Marks do not nest, but what lasts may have begun before the view.
	firstMark(lane) {
		return Math.max(0, lowerBound(lane.marks, this.trace.marks.start, this.from) - 64);
	}

	paintInstant(c, x, top) {
		c.beginPath();
		c.moveTo(x - 4, top);
		c.lineTo(x + 4, top);
		c.lineTo(x, top + 8);
		c.fill();
	}

	// From where a goroutine was woken to where it went on.
	paintArrows(c, scroll) {
		const { start, duration: lasted, waker, runnable } = this.trace.marks;
		c.strokeStyle = c.fillStyle = this.style.arrow;
		let drawn = 0;
		for (const lane of this.seen) {
			let lastX = -1;
			for (let k = this.firstMark(lane); k < lane.marks.length && drawn < ARROWS; k++) {
				const i = lane.marks[k];
				if (start[i] > this.from + this.span)
					break;
				const from = this.laneOf.get(waker[i]);
				const x = this.xOf(start[i] + lasted[i]);
				if (!waker[i] || !from || x < GUTTER || x > this.width || Math.floor(x / 4) === lastX)
					continue;
				lastX = Math.floor(x / 4);
				drawn++;
				const woken = Math.max(GUTTER, this.xOf(start[i] + lasted[i] - runnable[i]));
				const above = from.top < lane.top;
				this.paintArrow(c, woken, this.yOf(from.top, scroll) + (above ? from.height : 0),
					x, this.yOf(lane.top, scroll) + this.levelOf(i) * ROW + (above ? 0 : ROW));
			}
		}
	}

	yOf(top, scroll) {
		return RULER + GAP / 2 + top - scroll;
	}

	paintArrow(c, x0, y0, x1, y1) {
		const down = y1 > y0 ? 1 : -1;
		c.beginPath();
		c.moveTo(x0, y0);
		c.lineTo(x1, y1);
		c.stroke();
		c.beginPath();
		c.moveTo(x1, y1);
		c.lineTo(x1 - 3, y1 - 6 * down);
		c.lineTo(x1 + 3, y1 - 6 * down);
		c.fill();
	}

	paintChosen(c, scroll) {
		const i = this.chosen;
		const lane = i === NONE ? null : this.laneOf.get(this.trace.calls.track[i]);
		if (!lane || !this.trace.passes[i])
			return;
		const left = Math.max(this.xOf(this.trace.calls.start[i]), GUTTER - 2);
		const right = Math.min(this.xOf(this.trace.end[i]), this.width + 2);
		const top = this.yOf(lane.top, scroll) + this.trace.calls.level[i] * ROW;
		c.strokeStyle = this.style.accent;
		c.lineWidth = 2;
		c.strokeRect(left, top, Math.max(2, right - left), ROW - 1);
		c.lineWidth = 1;
	}

	paintName(c, lane, y) {
		c.fillStyle = this.style.gutter;
		c.fillRect(0, y - GAP / 2 + 1, GUTTER - 1, lane.height + GAP - 1);
		const track = this.trace.tracks[lane.track];
		this.paintText(c, track ? track.title : "", 8, Math.max(y, RULER) + ROW / 2, GUTTER - 16);
	}

	paintDrag(c) {
		if (!this.drag || !this.drag.select)
			return;
		c.fillStyle = this.style.accent;
		c.globalAlpha = 0.25;
		c.fillRect(Math.min(this.drag.x, this.drag.to), RULER, Math.abs(this.drag.to - this.drag.x), this.height);
		c.globalAlpha = 1;
	}

	// The call in a place of the canvas; NONE.
	callAt(x, y) {
		const inside = y - RULER - GAP / 2 + this.scroller.scrollTop;
		const lane = this.trace.lanes.find((l) => inside >= l.top && inside < l.top + l.height);
		if (!lane || x < GUTTER || y < RULER)
			return NONE;
		const list = lane.levels[Math.floor((inside - lane.top) / ROW)] || [];
		const { start } = this.trace.calls;
		const k = lowerBound(list, start, this.timeOf(x + 1)) - 1;
		if (k < 0)
			return NONE;
		return Math.max(this.xOf(this.trace.end[list[k]]), this.xOf(start[list[k]]) + 2) >= x - 1 ? list[k] : NONE;
	}

	zoom(factor, x = (GUTTER + this.width) / 2) {
		const at = this.timeOf(Math.max(x, GUTTER));
		const span = this.span * factor;
		const from = at - (at - this.from) * factor;
		this.setView(from, from + span);
	}

	pan(part) {
		this.setView(this.from + part * this.span, this.from + (1 + part) * this.span);
	}

	zoomTo(i) {
		const start = this.trace.calls.start[i], end = this.trace.end[i];
		const margin = Math.max((end - start) * 0.1, 20);
		this.setView(start - margin, end + margin);
	}

	// Chooses a call and moves until it is seen.
	choose(i) {
		this.chosen = i;
		const lane = i === NONE ? null : this.laneOf.get(this.trace.calls.track[i]);
		if (lane) {
			const start = this.trace.calls.start[i], end = this.trace.end[i];
			if (end < this.from || start > this.from + this.span)
				this.setView(start - this.span / 2, start + this.span / 2);
			const y = lane.top + this.trace.calls.level[i] * ROW;
			const shown = this.height - RULER - ROW - GAP;
			if (y < this.scroller.scrollTop || y > this.scroller.scrollTop + shown)
				this.scroller.scrollTop = Math.max(0, y - shown / 2);
		}
		this.draw();
	}

	listen() {
		const where = (event) => {
			const box = this.canvas.getBoundingClientRect();
			return [event.clientX - box.left, event.clientY - box.top];
		};
		this.canvas.addEventListener("wheel", (event) => {
			event.preventDefault();
			const [x] = where(event);
			const down = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
			if (x < GUTTER || event.shiftKey)
				this.scroller.scrollTop += down || event.deltaX;
			else if (Math.abs(event.deltaX) > Math.abs(down))
				this.pan(event.deltaX / this.width);
			else
				this.zoom(Math.exp(Math.max(-300, Math.min(300, down)) / 400), x);
		}, { passive: false });
		this.canvas.addEventListener("pointerdown", (event) => {
			const [x, y] = where(event);
			this.drag = { x, y, to: x, from: this.from, scroll: this.scroller.scrollTop, select: event.shiftKey, moved: false };
			this.canvas.setPointerCapture(event.pointerId);
		});
		this.canvas.addEventListener("pointermove", (event) => this.moved(...where(event)));
		this.canvas.addEventListener("pointerup", (event) => this.released(...where(event)));
		this.canvas.addEventListener("pointercancel", () => { this.drag = null; this.draw(); });
	}

	moved(x, y) {
		const drag = this.drag;
		if (!drag) {
			const i = this.trace ? this.callAt(x, y) : NONE;
			this.canvas.title = i === NONE ? "" : `${this.trace.name(this.trace.calls.func[i])}  ${this.trace.lasted(i)}`;
			return;
		}
		drag.moved ||= Math.abs(x - drag.x) + Math.abs(y - drag.y) > 4;
		drag.to = x;
		if (drag.moved && !drag.select) {
			const from = drag.from - (x - drag.x) / (this.width - GUTTER) * this.span;
			this.setView(from, from + this.span);
			this.scroller.scrollTop = drag.scroll - (y - drag.y);
		}
		this.draw();
	}

	released(x, y) {
		const drag = this.drag;
		this.drag = null;
		if (!drag)
			return;
		if (!drag.moved)
			this.onChoose(this.callAt(x, y));
		else if (drag.select)
			this.setView(this.timeOf(Math.min(x, drag.x)), this.timeOf(Math.max(x, drag.x)));
		this.draw();
	}
}
