// A member's curve: in and out, the 95th of each, the commit, and under it what each bin rests on.

import uPlot from 'uplot'
import type { Curve } from './api'
import { h, replace } from './dom'
import { moment, rate, rateParts } from './format'
import { colour, onTheme } from './theme'

const STATES = ['missing', 'from counters', 'estimated']
const STRIP = 5

export class CurveChart {
	readonly root: HTMLElement
	private place = h('div', { class: 'chart-place' })
	private readout = h('p', { class: 'chart-readout', 'aria-live': 'off' })
	private plot: uPlot | null = null
	private curve: Curve | null = null
	private observer: ResizeObserver
	private endTheme: () => void

	constructor() {
		this.root = h('div', { class: 'chart' }, this.readout, this.place)
		this.observer = new ResizeObserver(() => this.plot?.setSize(this.size()))
		this.observer.observe(this.place)
		this.endTheme = onTheme(() => this.draw())
		void document.fonts.ready.then(() => this.draw())
	}
	close(): void {
		this.observer.disconnect()
		this.endTheme()
		this.plot?.destroy()
	}
	set(curve: Curve): void {
		this.curve = curve
		this.place.setAttribute('role', 'img')
		this.place.setAttribute('aria-label', `Traffic of ${curve.name} from ${moment(curve.from)} to ${moment(curve.to)}: 95th percentile in ${rate(curve.p95_in_bps)}, out ${rate(curve.p95_out_bps)}`)
		this.draw()
	}
	private size(): { width: number; height: number } {
		const width = Math.max(260, this.place.clientWidth)
		return { width, height: width < 520 ? 220 : 300 }
	}
	private draw(): void {
		const curve = this.curve
		if (!curve) return
		this.plot?.destroy()
		replace(this.place)
		this.read(null)
		const points = curve.points
		const data: uPlot.AlignedData = [points.map((p) => p[0]), points.map((p) => (p[3] ? p[1] : null)), points.map((p) => (p[3] ? p[2] : null))]
		const axis = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false }, font: '11px Inter, system-ui, sans-serif' }
		this.plot = new uPlot({
			...this.size(),
			tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
			padding: [12, 8, 0, 0],
			legend: { show: false },
			cursor: { y: false, points: { size: 7 } },
			scales: { x: { time: true }, y: { range: (_u, _low, high) => [0, Math.max(high, curve.commit_bps ?? 0, curve.p95_in_bps ?? 0, curve.p95_out_bps ?? 0, 1) * 1.08] } },
			axes: [{ ...axis, space: 70, size: 30, values: DATES }, { ...axis, size: 78, values: (_u, values) => values.map((value) => (value === 0 ? '0' : rateParts(value).map((part, i) => (i ? part : String(Number(part)))).join(' '))) }],
			series: [{}, { label: 'in', stroke: colour('u1'), fill: colour('u1') + '2e', width: 1.4, spanGaps: false, points: { show: false } }, { label: 'out', stroke: colour('u0'), width: 1.4, spanGaps: false, points: { show: false } }],
			hooks: { draw: [(u) => this.lines(u, curve)], setCursor: [(u) => this.read(u.cursor.idx ?? null)] },
		}, data, this.place)
	}
	// The dashed lines, and the strip of states along the bottom.
	private lines(u: uPlot, curve: Curve): void {
		const { ctx } = u
		const ratio = devicePixelRatio
		const { left, top, width, height } = u.bbox
		ctx.save()
		const line = (value: number | null, text: string, stroke: string, dash: number[], above: boolean) => {
			if (value === null || value <= 0) return
			const y = Math.round(u.valToPos(value, 'y', true)) + 0.5
			ctx.strokeStyle = ctx.fillStyle = stroke
			ctx.lineWidth = 1.3 * ratio
			ctx.setLineDash(dash.map((n) => n * ratio))
			ctx.beginPath()
			ctx.moveTo(left, y)
			ctx.lineTo(left + width, y)
			ctx.stroke()
			ctx.font = `600 ${11 * ratio}px Inter, system-ui, sans-serif`
			ctx.textAlign = 'right'
			ctx.textBaseline = above ? 'bottom' : 'top'
			ctx.lineWidth = 3.5 * ratio
			ctx.setLineDash([])
			ctx.strokeStyle = colour('raised')
			ctx.lineJoin = 'round'
			const at: [number, number] = [left + width - 6 * ratio, y + (above ? -3 : 3) * ratio]
			ctx.strokeText(text, ...at)
			ctx.fillText(text, ...at)
		}
		const larger = (curve.p95_in_bps ?? 0) >= (curve.p95_out_bps ?? 0)
		line(curve.p95_in_bps, `95th in ${rate(curve.p95_in_bps)}`, colour('u1'), [7, 4], larger)
		line(curve.p95_out_bps, `95th out ${rate(curve.p95_out_bps)}`, colour('u0'), [7, 4], !larger)
		line(curve.commit_bps, `commit ${rate(curve.commit_bps)}`, colour('u3'), [2, 4], (curve.commit_bps ?? 0) >= Math.max(curve.p95_in_bps ?? 0, curve.p95_out_bps ?? 0))
		// What is above the 95th is not billed.
		const width95 = (second: number): [number, number] => {
			const x = u.valToPos(second, 'x', true)
			return [Math.max(left, x), Math.max(ratio, u.valToPos(second + curve.bin_s, 'x', true) - x)]
		}
		ctx.fillStyle = colour('u3')
		for (const [second, into, out] of curve.points)
			for (const [value, limit] of [[into, curve.p95_in_bps], [out, curve.p95_out_bps]] as const) {
				if (value === null || limit === null || value <= limit) continue
				const y = u.valToPos(value, 'y', true)
				const [x, wide] = width95(second)
				ctx.fillRect(x, y, wide, u.valToPos(limit, 'y', true) - y)
			}
		this.hatch(u, curve)
		for (const [second, , , state] of curve.points) {
			if (state === 1) continue
			const x = u.valToPos(second, 'x', true), end = u.valToPos(second + curve.bin_s, 'x', true)
			ctx.fillStyle = colour(state ? 'warn' : 'bad')
			ctx.fillRect(Math.max(left, x), top + height - STRIP * ratio, Math.max(ratio, end - x), STRIP * ratio)
		}
		ctx.restore()
	}
	// What was not heard is hatched over the whole height, so that a gap is no zero.
	private hatch(u: uPlot, curve: Curve): void {
		const { ctx } = u, { left, top, width, height } = u.bbox
		const end = (i: number) => u.valToPos(curve.points[i]![0] + curve.bin_s, 'x', true)
		for (let i = 0; i < curve.points.length; i++) {
			if (curve.points[i]![3] !== 0) continue
			const from = Math.max(left, u.valToPos(curve.points[i]![0], 'x', true))
			while (i + 1 < curve.points.length && curve.points[i + 1]![3] === 0) i++
			const to = Math.min(left + width, Math.max(from + devicePixelRatio, end(i)))
			ctx.save()
			ctx.beginPath()
			ctx.rect(from, top, to - from, height)
			ctx.clip()
			ctx.strokeStyle = colour('bad')
			ctx.globalAlpha = 0.55
			ctx.lineWidth = devicePixelRatio
			ctx.beginPath()
			for (let x = from - height; x < to; x += 8 * devicePixelRatio) {
				ctx.moveTo(x, top + height)
				ctx.lineTo(x + height, top)
			}
			ctx.stroke()
			ctx.restore()
		}
	}
	private read(index: number | null): void {
		const point = index === null ? undefined : this.curve?.points[index]
		const key = (kind: string, text: string) => h('span', { class: `key ${kind}` }, h('i', { 'aria-hidden': 'true' }), text)
		if (!point) return replace(this.readout, key('in', 'in'), key('out', 'out'), key('above', 'above the 95th, not billed'), key('estimated', 'estimated bin'), key('missing', 'missing bin'))
		replace(this.readout, h('b', {}, moment(point[0])), key('in', `in ${rate(point[1])}`), key('out', `out ${rate(point[2])}`), h('span', { class: 'muted' }, STATES[point[3]] ?? ''))
	}
}

// Hours when little is shown, days when much is.
const DATES: uPlot.Axis.Values = (_u, splits, _axis, _space, step) => splits.map((second) => {
	const text = new Date(second * 1000).toISOString()
	return step >= 86400 || text.slice(11, 16) === '00:00' ? `${Number(text.slice(8, 10))} ${MONTHS[Number(text.slice(5, 7)) - 1]}` : text.slice(11, 16)
})
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
