// Columns of a history, stacked: the largest in their own colours, the rest in grey. Where a step was not heard, or not all of it, it is
// hatched; where records were lost on their way to the meter there is a mark beneath. Arrow keys walk over the steps.

import type { History, HistoryStep } from './api'
import { h, replace, s } from './dom'
import { count, duration, moment, octets, percent, rate, rateParts } from './format'

const HEIGHT = 260, HEIGHT_NARROW = 200
const LEFT = 64, RIGHT = 8, TOP = 10, AXIS = 22, STRIP = 5
// A bin is known some minutes after it ended: the newest step is not yet whole by itself.
const LATE_S = 900
const LINES = 4
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

interface Shown { step: HistoryStep; whole: number; bps: number[]; total: number; missing: number }

export class StackChart {
	readonly root: HTMLElement
	private place = h('div', { class: 'stack-place', tabindex: 0, role: 'img' })
	private readout = h('p', { class: 'chart-readout', role: 'status' })
	private key = h('ul', { class: 'stack-key' })
	private observer: ResizeObserver
	private shown: Shown[] = []
	private names: string[] = []
	private each = 3600
	private at: number | null = null
	private cursor = s('rect', { class: 'stack-cursor', hidden: true })
	private width = 0

	constructor() {
		this.root = h('div', { class: 'chart stack' }, this.readout, this.place, this.key)
		this.observer = new ResizeObserver(() => {
			if (this.place.clientWidth !== this.width) this.draw()
		})
		this.observer.observe(this.place)
		this.place.addEventListener('pointermove', (event) => this.point(event.clientX))
		this.place.addEventListener('pointerleave', () => this.read(null))
		this.place.addEventListener('blur', () => this.read(null))
		this.place.addEventListener('keydown', (event) => {
			const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
			const to = event.key === 'Home' ? 0 : event.key === 'End' ? this.shown.length - 1 : by ? Math.max(0, Math.min(this.shown.length - 1, (this.at ?? (by > 0 ? -1 : this.shown.length)) + by)) : null
			if (to === null || !this.shown.length) return
			event.preventDefault()
			this.read(to)
		})
	}
	close(): void {
		this.observer.disconnect()
	}
	set(history: History, names: string[]): void {
		const from = Date.parse(history.from) / 1000, to = Math.min(Date.parse(history.to), Date.now()) / 1000
		this.each = history.each_s ?? 3600
		this.names = names
		this.shown = (history.steps ?? []).map((step) => shownOf(step, this.each, from, to))
		// Before the first that was heard there is nothing that could be missing.
		const first = this.shown.findIndex((one) => one.step[1] > 0)
		this.shown.forEach((one, i) => {
			if (first < 0 || i < first) one.missing = 0
		})
		const gaps = this.shown.filter((one) => one.missing > 0).length, lossy = this.shown.filter((one) => one.step[2] > 0).length
		this.place.setAttribute('aria-label', `${this.shown.length} steps of ${duration(this.each)}, highest ${rate(Math.max(0, ...this.shown.map((one) => one.total)))}; ${gaps} not wholly heard, ${lossy} with lost records. The table below has the sums; arrow keys read the steps.`)
		this.draw()
	}
	private draw(): void {
		if (!this.shown.length) return replace(this.place)
		this.width = this.place.clientWidth
		const width = Math.max(240, this.width), height = width < 520 ? HEIGHT_NARROW : HEIGHT
		const inner = width - LEFT - RIGHT, tall = height - TOP - AXIS - STRIP
		const top = niceTop(Math.max(1, ...this.shown.map((one) => one.total)))
		const wide = inner / this.shown.length, gap = wide > 6 ? 1 : 0
		const y = (bps: number) => TOP + tall - bps / top * tall
		const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' }, hatch())
		for (let i = 0; i <= LINES; i++) {
			const bps = top * i / LINES
			svg.append(s('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y(bps), y2: y(bps) }), s('text', { x: LEFT - 8, y: y(bps) + 4, class: 'tick end' }, bps ? rateParts(bps).map((part, n) => (n ? part : String(Number(part)))).join(' ') : '0'))
		}
		this.shown.forEach((one, i) => {
			const x = LEFT + i * wide
			let below = 0
			one.bps.forEach((bps, k) => {
				if (bps <= 0) return
				svg.append(s('rect', { class: k === this.names.length ? 'c-rest' : `c${k}`, x: x + gap / 2, width: Math.max(0.5, wide - gap), y: y(below + bps), height: Math.max(0, y(below) - y(below + bps)) }))
				below += bps
			})
			if (one.missing > 0) svg.append(s('rect', { class: 'hatched', fill: 'url(#hatch)', x, width: wide, y: TOP, height: tall }))
			if (one.step[2] > 0) svg.append(s('rect', { class: 'lossy', x: x + gap / 2, width: Math.max(1.5, wide - gap), y: TOP + tall + 1, height: STRIP }))
		})
		for (const [i, text] of this.dates(inner)) svg.append(s('text', { x: LEFT + i * wide, y: height - 6, class: 'tick' }, text))
		this.cursor = s('rect', { class: 'stack-cursor', y: TOP, height: tall + STRIP, width: Math.max(1, wide), visibility: 'hidden' })
		svg.append(this.cursor)
		replace(this.place, svg)
		this.read(this.at !== null && this.at < this.shown.length ? this.at : null)
		replace(this.key, ...this.names.map((name, k) => h('li', {}, h('i', { class: `c${k}`, 'aria-hidden': 'true' }), h('span', { dir: 'auto' }, name))), h('li', {}, h('i', { class: 'c-rest', 'aria-hidden': 'true' }), 'all others'),
			h('li', {}, h('i', { class: 'hatched', 'aria-hidden': 'true' }), 'not, or not all of it, heard'), h('li', {}, h('i', { class: 'lossy', 'aria-hidden': 'true' }), 'records lost'))
	}
	// Where a day, or for long times a month, begins; as many as there is room for.
	private dates(inner: number): [number, string][] {
		const list: [number, string][] = []
		const room = Math.max(1, Math.floor(inner / 62))
		const days = this.shown.length * this.each / 86400
		const isMark = (second: number) => {
			const date = new Date(second * 1000)
			if (days > 62) return date.getUTCDate() === 1
			return this.each < 86400 ? (days > 2 ? date.getUTCHours() === 0 : date.getUTCHours() % 4 === 0) : true
		}
		const marks = this.shown.map((one, i) => [i, one.step[0]] as const).filter(([, second]) => isMark(second))
		const every = Math.ceil(marks.length / room)
		marks.filter((_, n) => n % every === 0).forEach(([i, second]) => {
			const date = new Date(second * 1000), day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
			list.push([i, days > 62 ? MONTHS[date.getUTCMonth()]! : this.each < 86400 && days <= 2 && date.getUTCHours() ? date.toISOString().slice(11, 16) : day])
		})
		return list
	}
	private point(clientX: number): void {
		const box = this.place.getBoundingClientRect()
		const inner = Math.max(240, this.width) - LEFT - RIGHT
		const i = Math.floor((clientX - box.left - LEFT) / inner * this.shown.length)
		this.read(i >= 0 && i < this.shown.length ? i : null)
	}
	private read(at: number | null): void {
		this.at = at
		const one = at === null ? undefined : this.shown[at]
		this.cursor.setAttribute('visibility', one ? 'visible' : 'hidden')
		if (!one || at === null) return replace(this.readout, h('span', { class: 'muted' }, 'Point at a column, or walk with the arrow keys.'))
		const inner = Math.max(240, this.width) - LEFT - RIGHT
		this.cursor.setAttribute('x', String(LEFT + at * inner / this.shown.length))
		const largest = one.bps.map((bps, k) => [bps, this.names[k] ?? 'all others'] as const).filter(([bps]) => bps > 0).sort((a, b) => b[0] - a[0]).slice(0, 3)
		replace(this.readout, h('b', {}, moment(one.step[0])), h('span', {}, `${rate(one.total)} · ${octets(one.step[3].reduce((all, n) => all + n, one.step[4]))}`),
			...largest.map(([bps, name]) => h('span', { class: 'muted', dir: 'auto' }, `${name} ${rate(bps)}`)),
			one.missing > 0 ? h('span', { class: 'bad' }, one.step[1] ? `${percent(one.missing, 0)} not heard` : 'not heard') : null, one.step[2] ? h('span', { class: 'bad' }, `${count(one.step[2])} records lost`) : null)
	}
}
function shownOf(step: HistoryStep, each: number, from: number, to: number): Shown {
	const [start, covered, , largest, rest] = step
	const whole = Math.max(1, Math.min(start + each, to) - Math.max(start, from))
	const bps = [...largest, rest].map((n) => (covered ? n * 8 / covered : 0))
	const last = start + each > to - LATE_S
	const lacking = whole - covered - (last ? LATE_S : 0)
	return { step, whole, bps, total: bps.reduce((all, n) => all + n, 0), missing: lacking > whole / 100 ? Math.min(1, lacking / whole) : 0 }
}
// The next above that quarters of are plain numbers, too.
function niceTop(value: number): number {
	const power = 10 ** Math.floor(Math.log10(value))
	for (const step of [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8]) if (value <= step * power) return step * power
	return 10 * power
}
function hatch(): SVGElement {
	return s('defs', {}, s('pattern', { id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, s('line', { x1: 0, x2: 0, y1: 0, y2: 6, class: 'hatch-line' })))
}
