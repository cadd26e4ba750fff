// The map of the corridor: land, segments, sites, names. Everything is projected once for a given size; moving and zooming only scales and
// shifts those points, so a frame costs little. Drawn as SVG: sharp on every screen, and styled by the page's own colours.

import { geoConicConformal, geoDistance, geoGraticule, geoNaturalEarth1, geoPath, type GeoProjection } from 'd3-geo'
import { feature } from 'topojson-client'
import type { Topology } from 'topojson-specification'
import type { Corridor, Segment, Site } from '../api'
import { framed, h, replace, s } from '../dom'
import { percent } from '../format'
import { carries, lineWidth, loadClass, stateOf, type State } from '../segment'
import { course, freeLane, type Course } from './course'
import { aside, middle, pathText, smooth, type Point } from './curve'
import { around, placeLabels, placeWords, type Box, type Label } from './labels'
import type { LonLat } from './sea'

export interface Picked { kind: 'segment' | 'site'; id: string }
// Site by site, over one segment each; `kind` is a class of the style sheet.
export interface Way { segments: string[]; sites: string[]; kind: string }
export interface MapEvents {
	pick(picked: Picked | null): void
	// What the pointer is over, and where, for a short note beside it.
	hover(picked: Picked | null, x: number, y: number): void
	// The reader has moved it.
	moved?(view: MapView): void
}
// Zoom and shift in pixels; two maps of the same size that have the same show the same.
export interface MapView { k: number; x: number; y: number }
// Words in the place of a site's name, and a class for its dot.
export interface SiteNote { text: string; kind: string }
// `core`: a line along its middle, where somebody told its course.
interface Line { segment: Segment; course: Course; core: SVGPathElement | null; base: Point[]; lane: number; screen: Point[]; visible: SVGPathElement; target: SVGPathElement; mark: SVGGElement | null; marked: State | null }
// Over a segment, one of several ways that share it.
interface Trace { line: Line; shift: number; path: SVGPathElement }
interface Dot { site: Site; base: Point; screen: Point; radius: number; rank: number; near: boolean; circle: SVGCircleElement; text: SVGTextElement; width: number; height: number }

// What stands in the middle of a segment that is not simply there: a cross, an arrow down, a bar.
const MARKS: Partial<Record<State, string>> = { cut: 'M-3,-3L3,3M-3,3L3,-3', drained: 'M0,-4V3.5M-3,0.5L0,3.5L3,0.5', work: 'M-3.500,0H3.500' }
const SMALLEST = 0.25, LARGEST = 30
const DRAG_PX = 4
// After so long without a move it rests.
const REST_MS = 120
// Half of a mark, with its edge.
const MARK_PX = 8.5
// Between ways that share a segment.
const WAY_APART_PX = 3.6
const NARROW_PX = 500

export class CorridorMap {
	readonly root: HTMLElement
	private svg = s('svg', { class: 'map', tabindex: 0, role: 'application', 'aria-label': 'Map of the corridor. Arrow keys move it, plus and minus zoom, 0 fits it. Every segment is also in the list beside it.' })
	private ground = s('g', { class: 'ground' })
	private over = s('g', { class: 'over' })
	private landPath = s('path', { class: 'land' })
	private gridPath = s('path', { class: 'graticule' })
	private linesLayer = s('g', {})
	private waysLayer = s('g', { class: 'ways' })
	private targetsLayer = s('g', { class: 'targets' })
	private marksLayer = s('g', {})
	private dotsLayer = s('g', {})
	private textLayer = s('g', { class: 'names', 'aria-hidden': 'true' })
	private shareLayer = s('g', { class: 'shares', 'aria-hidden': 'true' })
	private told: ReadonlyMap<string, LonLat[]> = new Map()
	private land: ReturnType<typeof feature> | null = null
	private corridor: Corridor | null = null
	private lines: Line[] = []
	private dots: Dot[] = []
	private ways: Way[] = []
	private traces: Trace[] = []
	private view: MapView = { k: 1, x: 0, y: 0 }
	private notes = new Map<string, SiteNote>()
	private sharesFrom = Infinity
	private touched = false
	// What the reader was last shown by fitTo, as long as nobody has moved the map since: fitted anew when its size changes.
	private fitted: string[] | null = null
	// What the projection is made for, once other numbers may come: two maps that are compared must not differ in it.
	private kept: LonLat[] | null = null
	private size: Point = [0, 0]
	private leap = Infinity
	private scale = 1
	private selected: Picked | null = null
	private observer: ResizeObserver
	// Where everything was drawn; while it is dragged all of that is only shifted, and drawn anew when it rests.
	private drawn: MapView | null = null
	private resting = 0
	private due = framed(() => (this.drawn ? this.slide(this.drawn) : this.frame()))

	constructor(private events: MapEvents, private hubPlace: () => string | null) {
		this.ground.append(this.gridPath, this.landPath)
		this.over.append(this.linesLayer, this.waysLayer, this.targetsLayer, this.shareLayer, this.marksLayer, this.dotsLayer, this.textLayer)
		this.svg.append(this.ground, this.over)
		const button = (label: string, text: string, act: () => void) => h('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text)
		this.root = h('div', { class: 'map-box' }, this.svg,
			h('div', { class: 'map-buttons' }, button('Zoom in', '+', () => this.zoomMiddle(1.6)), button('Zoom out', '−', () => this.zoomMiddle(1 / 1.6)), button('Fit the corridor', '⤢', () => this.fit())))
		this.listen()
		this.observer = new ResizeObserver(() => this.resize())
		this.observer.observe(this.root)
		void this.loadLand()
		// Names are measured again when their typeface is there.
		void document.fonts.ready.then(() => {
			for (const dot of this.dots) dot.width = 0
			this.project()
		})
	}
	close(): void {
		clearTimeout(this.resting)
		this.observer.disconnect()
	}
	private async loadLand(): Promise<void> {
		try {
			const topology = (await (await fetch(new URL('assets/land.json', document.baseURI))).json()) as Topology
			this.land = feature(topology, topology.objects['land']!)
		} catch {
			// Without the coast the segments still say all that is known.
			return
		}
		this.project()
	}

	// --- what is shown ---

	// New numbers change colours and widths; another set of segments that carry something is another picture, to be fitted anew unless the
	// reader has moved it.
	setCorridor(corridor: Corridor): void {
		const same = this.corridor && this.corridor.segments.length === corridor.segments.length && this.corridor.sites.length === corridor.sites.length
			&& corridor.segments.every((segment, i) => this.corridor!.segments[i]!.id === segment.id && carries(this.corridor!.segments[i]!) === carries(segment))
		this.corridor = corridor
		if (same) {
			const byId = new Map(corridor.segments.map((segment) => [segment.id, segment]))
			for (const line of this.lines) line.segment = byId.get(line.segment.id) ?? line.segment
			this.dress()
			this.draw()
			return
		}
		this.kept = null
		this.build(corridor)
		this.project()
	}
	// Courses that somebody told, by segment; all others are drawn as the map sees fit.
	setTold(told: ReadonlyMap<string, LonLat[]>): void {
		this.told = told
		if (!this.corridor) return
		this.build(this.corridor)
		this.project()
	}
	// Other numbers on the same segments, which stay where they are: nothing is fitted anew.
	setLoads(segments: Segment[]): void {
		const byId = new Map(segments.map((segment) => [segment.id, segment]))
		this.kept ??= this.focus()
		for (const line of this.lines) line.segment = byId.get(line.segment.id) ?? line.segment
		this.rankDots()
		this.dress()
		this.trace()
		this.draw()
	}
	// Writes beside each segment at least so full how full it is, where there is room.
	writeShares(from: number): void {
		this.sharesFrom = from
	}
	setNotes(notes: Map<string, SiteNote>): void {
		this.notes = notes
		this.rankDots()
		this.dress()
		this.project()
	}
	setView(view: MapView): void {
		const zoomed = view.k !== this.view.k
		this.view = { ...view }
		this.touched = true
		this.fitted = null
		this.redraw(zoomed)
	}
	select(picked: Picked | null): void {
		this.selected = picked
		this.dress()
		this.draw()
	}
	// Ways are drawn over all else; none: the load alone is shown.
	setWays(ways: Way[]): void {
		this.ways = ways
		this.trace()
		this.draw()
	}
	private trace(): void {
		replace(this.waysLayer)
		this.traces = []
		this.linesLayer.classList.toggle('behind', this.ways.length > 0)
		const at = new Map(this.lines.map((line) => [line.segment.id, line]))
		const over = new Map<string, { kind: string; from: string }[]>()
		for (const way of this.ways) way.segments.forEach((id, n) => over.set(id, [...(over.get(id) ?? []), { kind: way.kind, from: way.sites[n] ?? '' }]))
		for (const [id, some] of over) {
			const line = at.get(id)
			if (!line) continue
			some.forEach(({ kind, from }, i) => {
				const path = s('path', { class: `way ${kind}` })
				this.waysLayer.append(path)
				// Each keeps its side of the others, whichever way its points run.
				this.traces.push({ line, shift: (i - (some.length - 1) / 2) * WAY_APART_PX * (from === line.course.head ? 1 : -1), path })
			})
		}
	}
	// Moves and zooms so that these segments fill the map.
	fitTo(segments: string[]): void {
		this.fitted = segments
		const points = this.lines.filter((line) => segments.includes(line.segment.id)).flatMap((line) => line.base).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
		const [width, height] = this.size
		if (!points.length || !width) return
		const xs = points.map((p) => p[0]), ys = points.map((p) => p[1])
		const west = Math.min(...xs), east = Math.max(...xs), north = Math.min(...ys), south = Math.max(...ys)
		const margin = Math.min(90, width * 0.12)
		const k = Math.min(6, LARGEST, Math.max(SMALLEST, Math.min((width - 2 * margin) / Math.max(1, east - west), (height - 2 * margin) / Math.max(1, south - north))))
		this.view = { k, x: width / 2 - k * (west + east) / 2, y: height / 2 - k * (north + south) / 2 }
		this.touched = true
		this.draw()
	}
	// Moves so that the picked thing is in sight, if it is not.
	reveal(picked: Picked): void {
		const base = picked.kind === 'site' ? this.dots.filter((d) => d.site.id === picked.id).map((d) => d.base) : (this.lines.find((l) => l.segment.id === picked.id)?.base ?? [])
		const points = base.map((p) => this.put(p)).filter(([x]) => Number.isFinite(x))
		const [width, height] = this.size
		const inside = points.filter(([x, y]) => x > 20 && y > 20 && x < width - 20 && y < height - 20).length
		if (!points.length || !width || inside > points.length * 0.4) return
		const [x, y] = middle(points)
		this.pan(width / 2 - x, height / 2 - y)
	}
	private put(p: Point): Point {
		return [p[0] * this.view.k + this.view.x, p[1] * this.view.k + this.view.y]
	}

	private build(corridor: Corridor): void {
		const places = new Map(corridor.sites.map((site) => [site.id, site]))
		const at = (id: string): LonLat | null => {
			const site = places.get(id)
			return site && site.lon !== null && site.lat !== null ? [site.lon, site.lat] : null
		}
		replace(this.linesLayer)
		replace(this.targetsLayer)
		replace(this.marksLayer)
		replace(this.dotsLayer)
		replace(this.textLayer)
		this.lines = []
		const lanes = new Map<string, Set<number>>()
		// The loaded ones choose their lane first and lie on top.
		const weight = (segment: Segment) => (segment.utilisation ?? (carries(segment) ? 0 : -1)) + (segment.usable ? 10 : 0) + (stateOf(segment) === 'cut' ? 5 : 0)
		for (const segment of [...corridor.segments].sort((p, q) => weight(q) - weight(p))) {
			const a = at(segment.a), b = at(segment.b)
			if (!a || !b) continue
			const way = course(segment, a, b, this.told.get(segment.id))
			const core = this.told.has(segment.id) ? s('path', { class: 'core' }) : null
			const line: Line = { segment, course: way, core, base: [], lane: freeLane(lanes, way.shared), screen: [], visible: s('path', {}), target: s('path', { class: 'target' }), mark: null, marked: null }
			this.follow(line.target, { kind: 'segment', id: segment.id })
			this.lines.push(line)
		}
		for (const line of [...this.lines].reverse()) {
			this.linesLayer.append(line.visible)
			if (line.core) this.linesLayer.append(line.core)
			this.targetsLayer.append(line.target)
		}
		this.buildDots(corridor)
		this.dress()
		this.trace()
	}
	private buildDots(corridor: Corridor): void {
		const ended = new Set(this.lines.flatMap(({ segment }) => [segment.a, segment.b]))
		this.dots = []
		const taken = new Set<string>()
		for (const site of corridor.sites) {
			if (site.lat === null || site.lon === null) continue
			// An exchange in a city where there is a site already has the same coordinates: one dot is enough.
			const key = `${site.lat},${site.lon}`
			if (taken.has(key) || !ended.has(site.id)) continue
			taken.add(key)
			const hub = site.kind === 'hub'
			const circle = s('circle', { class: `site ${hub ? 'hub' : 'small'}` })
			this.follow(circle, { kind: 'site', id: site.id })
			const text = s('text', { class: hub ? 'hub' : 'small' })
			this.dotsLayer.append(circle)
			this.textLayer.append(text)
			this.dots.push({ site, base: [0, 0], screen: [0, 0], radius: hub ? 4 : 2.6, rank: 0, near: false, circle, text, width: 0, height: 0 })
		}
		this.rankDots()
	}
	// Which names come first, and which wait until the reader is near: where something runs, and what is noted, goes before the rest.
	private rankDots(): void {
		const degree = new Map<string, number>(), loaded = new Set<string>()
		for (const { segment } of this.lines)
			for (const id of [segment.a, segment.b]) {
				degree.set(id, (degree.get(id) ?? 0) + 1)
				if (carries(segment)) loaded.add(id)
			}
		for (const dot of this.dots) {
			const { id, kind, name } = dot.site, hub = kind === 'hub', note = this.notes.get(id), first = loaded.has(id) || note !== undefined
			dot.rank = (hub ? 100 : kind === 'border' ? 0 : 20) + (first ? 60 : 0) + (degree.get(id) ?? 0)
			dot.near = !hub && !first
			// Where there is little room, a note without the name is more than neither.
			const text = [note && !hub && this.size[0] < NARROW_PX ? '' : name.replace(/ (landing|border)$/, ''), note?.text].filter(Boolean).join(' ')
			if (dot.text.textContent !== text) {
				dot.text.textContent = text
				dot.width = 0
			}
		}
	}
	// Colours, widths, dashes and marks, from the newest numbers.
	private dress(): void {
		for (const line of this.lines) {
			const state = stateOf(line.segment)
			const chosen = this.selected?.kind === 'segment' && this.selected.id === line.segment.id
			const guess = state === 'usable' && line.segment.capacity_estimated ? ' guess' : ''
			const touching = this.selected?.kind === 'site' && (line.segment.a === this.selected.id || line.segment.b === this.selected.id)
			line.visible.setAttribute('class', `segment ${state} ${loadClass(line.segment)}${guess}${line.segment.fresh ? ' fresh' : ''}${chosen ? ' chosen' : touching ? ' touching' : ''}`)
			line.visible.setAttribute('stroke-width', String(state === 'usable' || state === 'drained' || state === 'work' ? carries(line.segment) ? Math.max(2, lineWidth(line.segment.capacity_bps)) : lineWidth(null) : state === 'cut' ? 2.2 : 1.1))
			const mark = MARKS[state] ? state : null
			if (line.marked !== mark) {
				line.mark?.remove()
				line.mark = mark && s('g', { class: `mark ${mark}-mark` }, s('circle', { r: 7.5 }), s('path', { d: MARKS[state]! }))
				line.marked = mark
				if (line.mark) {
					this.follow(line.mark, { kind: 'segment', id: line.segment.id })
					this.marksLayer.append(line.mark)
				}
			}
		}
		const home = this.hubPlace()
		for (const dot of this.dots) {
			dot.circle.setAttribute('class', `site ${dot.site.kind === 'hub' ? 'hub' : 'small'} ${this.notes.get(dot.site.id)?.kind ?? ''}`)
			dot.circle.classList.toggle('home', dot.site.name === home)
			dot.circle.classList.toggle('chosen', this.selected?.kind === 'site' && this.selected.id === dot.site.id)
		}
	}

	// --- from degrees to pixels ---

	private resize(): void {
		const { width, height } = this.root.getBoundingClientRect()
		if (!width || !height || (width === this.size[0] && height === this.size[1])) return
		this.size = [width, height]
		this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
		this.rankDots()
		this.project()
	}
	private project(): void {
		const [width, height] = this.size
		if (!width || !this.corridor) return
		const focus = this.kept ?? this.focus()
		const projection = projectionFor(focus)
		const margin = Math.min(70, width * 0.09)
		projection.fitExtent([[margin, margin * 0.8], [width - margin, height - margin * 0.8]], { type: 'MultiPoint', coordinates: focus })
		projection.precision(0.5)
		const path = geoPath(projection)
		this.landPath.setAttribute('d', (this.land && path(this.land)) ?? '')
		this.gridPath.setAttribute('d', path(geoGraticule().step([10, 10])()) ?? '')
		const to = ([lon, lat]: LonLat): Point => (projection([lon, lat]) as Point | null) ?? [NaN, NaN]
		for (const line of this.lines) line.base = line.course.exact ? line.course.way.map(to) : smooth(line.course.way.map(to))
		for (const dot of this.dots) {
			dot.base = to([dot.site.lon!, dot.site.lat!])
			if (!dot.width) {
				const box = dot.text.getBBox()
				dot.width = box.width
				dot.height = box.height
			}
		}
		this.scale = projection.scale()
		this.leap = this.scale * 0.9
		if (!this.touched) this.view = { k: 1, x: 0, y: 0 }
		if (this.fitted) this.fitTo(this.fitted)
		this.draw()
	}
	// What the first look is to hold: where traffic runs now; else what is in service, without the far ends of the world.
	private focus(): LonLat[] {
		const wanted = new Set<string>()
		for (const { segment } of this.lines) if (carries(segment) || stateOf(segment) === 'cut') wanted.add(segment.a).add(segment.b)
		const all = this.dots.map(({ site }) => site)
		let sites = all.filter((site) => wanted.has(site.id))
		if (sites.length < 3) sites = all.filter((site) => site.kind === 'hub' || site.kind === 'landing')
		if (sites.length < 3) sites = all
		const points = sites.map((site): LonLat => [site.lon!, site.lat!])
		for (const { segment, course: { way } } of this.lines) if (carries(segment)) points.push(...way)
		const home = all.find((site) => site.name === this.hubPlace())
		const centre: LonLat = home ? [home.lon!, home.lat!] : [median(points.map((p) => p[0])), median(points.map((p) => p[1]))]
		const near = points.filter((p) => geoDistance(p, centre) < 1.05)
		return near.length > 2 ? near : points.length > 1 ? points : [[20, 10], [100, 55]]
	}

	// --- each frame ---

	private draw(): void {
		this.drawn = null
		this.due()
	}
	private redraw(zoomed: boolean): void {
		if (zoomed) this.draw()
		else this.due()
	}
	private slide(drawn: MapView): void {
		this.frameGround()
		this.over.setAttribute('transform', `translate(${(this.view.x - drawn.x).toFixed(2)},${(this.view.y - drawn.y).toFixed(2)})`)
		clearTimeout(this.resting)
		this.resting = setTimeout(() => this.draw(), REST_MS)
	}
	private frameGround(): void {
		const { k, x, y } = this.view
		this.ground.setAttribute('transform', `translate(${x.toFixed(2)},${y.toFixed(2)}) scale(${k.toFixed(4)})`)
	}
	private frame(): void {
		const { k } = this.view
		const put = (p: Point) => this.put(p)
		clearTimeout(this.resting)
		this.drawn = { ...this.view }
		this.over.removeAttribute('transform')
		this.frameGround()
		const busy: Point[] = []
		// Cables of one way lie closer together when the whole sea is small.
		const apart = Math.min(4.5, Math.max(1.2, (this.scale * k) / 330))
		for (const line of this.lines) {
			line.screen = aside(line.base.map(put), line.lane * apart)
			const text = pathText(line.screen, this.leap * k)
			line.visible.setAttribute('d', text)
			line.target.setAttribute('d', text)
			line.core?.setAttribute('d', text)
			if (line.mark) {
				const [mx, my] = middle(line.screen)
				line.mark.setAttribute('transform', `translate(${mx.toFixed(1)},${my.toFixed(1)})`)
			}
			if (carries(line.segment)) for (let i = 1; i < line.screen.length; i++) sprinkle(busy, line.screen[i - 1]!, line.screen[i]!, this.size)
		}
		for (const { line, shift, path } of this.traces) {
			path.setAttribute('d', pathText(aside(line.base.map(put), line.lane * apart + shift), this.leap * k))
			for (let i = 1; i < line.screen.length; i++) sprinkle(busy, line.screen[i - 1]!, line.screen[i]!, this.size)
		}
		const marks = this.lines.filter((line) => line.mark).map((line) => around(...middle(line.screen), MARK_PX))
		const labels = this.frameDots(put)
		const taken = [...marks, ...this.covered()]
		this.frameNames(labels, busy, [...taken, ...this.frameShares(taken)])
	}
	// What of the page lies over the map.
	private covered(): Box[] {
		const { left, top } = this.root.getBoundingClientRect()
		return [...this.root.parentElement!.querySelectorAll('.map-title,.map-buttons')].map((one) => {
			const box = one.getBoundingClientRect()
			return { left: box.left - left, right: box.right - left, top: box.top - top, bottom: box.bottom - top }
		})
	}
	// The fullest choose first; one that would cover a dot, a mark or another waits until the reader comes nearer.
	private frameShares(taken: Box[]): Box[] {
		replace(this.shareLayer)
		const share = (line: Line) => line.segment.utilisation ?? 0
		const full = this.lines.filter((one) => stateOf(one.segment) === 'usable' && share(one) >= this.sharesFrom).sort((p, q) => share(q) - share(p))
		if (!full.length) return []
		const dots = this.dots.map((dot) => around(...dot.screen, Number(dot.circle.getAttribute('r')) + 1))
		const words = full.map((line) => ({ line: line.screen, half: percent(share(line)).length * (loadClass(line.segment) === 'u4' ? 4.1 : 3.6) + 1 }))
		return placeWords(words, [...dots, ...taken], ...this.size).flatMap((box, i) => {
			if (!box) return []
			const line = full[i]!
			this.shareLayer.append(s('text', { x: ((box.left + box.right) / 2).toFixed(1), y: ((box.top + box.bottom) / 2 + 4).toFixed(1), class: loadClass(line.segment) }, percent(share(line))))
			return [box]
		})
	}
	// Moves the dots; what is to be named, and how it would stand.
	private frameDots(put: (p: Point) => Point): { shown: Dot[]; labels: Label[] } {
		const k = this.view.k
		const labels: Label[] = []
		const shown: Dot[] = []
		for (const dot of this.dots) {
			dot.screen = put(dot.base)
			// Sites where nothing of ours runs wait until the reader comes nearer.
			const chosen = this.selected?.kind === 'site' && this.selected.id === dot.site.id
			const visible = chosen || !dot.near || k > (dot.rank >= 20 ? 1.5 : 2.6)
			dot.circle.setAttribute('cx', dot.screen[0].toFixed(1))
			dot.circle.setAttribute('cy', dot.screen[1].toFixed(1))
			dot.circle.setAttribute('r', String(chosen ? dot.radius + 2 : visible ? dot.radius : 1.3))
			if (!visible) {
				dot.text.setAttribute('visibility', 'hidden')
				continue
			}
			shown.push(dot)
			labels.push({ x: dot.screen[0], y: dot.screen[1], radius: dot.radius, width: dot.width, height: dot.height, priority: dot.rank + (chosen ? 1000 : 0) })
		}
		return { shown, labels }
	}
	private frameNames({ shown, labels }: { shown: Dot[]; labels: Label[] }, busy: Point[], words: Box[]): void {
		placeLabels(labels, busy, this.size[0], this.size[1], words).forEach((place, i) => {
			const text = shown[i]!.text
			text.setAttribute('visibility', place ? 'visible' : 'hidden')
			if (!place) return
			text.setAttribute('x', place.x.toFixed(1))
			text.setAttribute('y', place.y.toFixed(1))
		})
	}

	// --- the reader's hands ---

	private follow(node: SVGElement, picked: Picked): void {
		node.addEventListener('pointermove', (event) => {
			if (event.pointerType === 'mouse') this.events.hover(picked, event.clientX, event.clientY)
		})
		node.addEventListener('pointerleave', () => this.events.hover(null, 0, 0))
		node.addEventListener('click', (event) => {
			event.stopPropagation()
			this.events.pick(picked)
		})
	}
	private zoomAt(factor: number, px: number, py: number): void {
		const k = Math.min(LARGEST, Math.max(SMALLEST, this.view.k * factor))
		const by = k / this.view.k
		this.view = { k, x: px - (px - this.view.x) * by, y: py - (py - this.view.y) * by }
		this.moved(by !== 1)
	}
	private zoomMiddle(factor: number): void {
		this.zoomAt(factor, this.size[0] / 2, this.size[1] / 2)
	}
	private pan(dx: number, dy: number): void {
		this.view.x += dx
		this.view.y += dy
		this.moved(false)
	}
	private moved(zoomed: boolean): void {
		// Some of the corridor always stays in sight.
		const [width, height] = this.size
		const { k } = this.view
		this.view.x = Math.min(width * 0.85, Math.max(width * 0.15 - width * k, this.view.x))
		this.view.y = Math.min(height * 0.85, Math.max(height * 0.15 - height * k, this.view.y))
		this.touched = true
		this.fitted = null
		this.events.hover(null, 0, 0)
		this.events.moved?.(this.view)
		this.redraw(zoomed)
	}
	fit(): void {
		this.touched = false
		this.fitted = null
		this.project()
		this.events.moved?.(this.view)
	}
	private listen(): void {
		const svg = this.svg
		const fingers = new Map<number, Point>()
		let travelled = 0
		const local = (event: PointerEvent | WheelEvent): Point => {
			const box = svg.getBoundingClientRect()
			return [event.clientX - box.left, event.clientY - box.top]
		}
		svg.addEventListener('wheel', (event) => {
			event.preventDefault()
			const [x, y] = local(event)
			this.zoomAt(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), x, y)
		}, { passive: false })
		svg.addEventListener('pointerdown', (event) => {
			if (event.button !== 0) return
			fingers.set(event.pointerId, local(event))
			travelled = 0
		})
		svg.addEventListener('pointermove', (event) => {
			const before = fingers.get(event.pointerId)
			if (!before) return
			const at = local(event)
			const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1]
			travelled += Math.hypot(at[0] - before[0], at[1] - before[1])
			if (travelled < DRAG_PX) return
			if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId)
			fingers.set(event.pointerId, at)
			if (other) {
				const was = Math.hypot(before[0] - other[0], before[1] - other[1]), is = Math.hypot(at[0] - other[0], at[1] - other[1])
				if (was > 1) this.zoomAt(is / was, (at[0] + other[0]) / 2, (at[1] + other[1]) / 2)
				this.pan((at[0] - before[0]) / 2, (at[1] - before[1]) / 2)
			} else this.pan(at[0] - before[0], at[1] - before[1])
		})
		const lift = (event: PointerEvent) => fingers.delete(event.pointerId)
		svg.addEventListener('pointerup', lift)
		svg.addEventListener('pointercancel', lift)
		// A drag is not a click.
		svg.addEventListener('click', (event) => {
			if (travelled >= DRAG_PX) event.stopPropagation()
		}, true)
		svg.addEventListener('click', () => {
			if (travelled < DRAG_PX) this.events.pick(null)
		})
		svg.addEventListener('keydown', (event) => {
			const step = 60
			const act: Record<string, () => void> = {
				ArrowLeft: () => this.pan(step, 0), ArrowRight: () => this.pan(-step, 0), ArrowUp: () => this.pan(0, step), ArrowDown: () => this.pan(0, -step),
				'+': () => this.zoomMiddle(1.4), '=': () => this.zoomMiddle(1.4), '-': () => this.zoomMiddle(1 / 1.4), '0': () => this.fit(), Escape: () => this.events.pick(null),
			}
			const run = act[event.key]
			if (!run || event.ctrlKey || event.metaKey || event.altKey) return
			event.preventDefault()
			run()
		})
	}
}

function projectionFor(points: LonLat[]): GeoProjection {
	const lons = points.map((p) => p[0]), lats = points.map((p) => p[1])
	const west = Math.min(...lons), east = Math.max(...lons), south = Math.min(...lats), north = Math.max(...lats)
	const middleLon = (west + east) / 2
	if (east - west > 150 || south < -25) return geoNaturalEarth1().rotate([-middleLon, 0])
	return geoConicConformal().parallels([south + (north - south) * 0.2 + 0.1, north - (north - south) * 0.1]).rotate([-middleLon, 0])
}
function sprinkle(out: Point[], a: Point, b: Point, size: Point): void {
	if (Math.max(a[0], b[0]) < 0 || Math.max(a[1], b[1]) < 0 || Math.min(a[0], b[0]) > size[0] || Math.min(a[1], b[1]) > size[1]) return
	const steps = Math.min(200, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / 6))
	for (let i = 0; i <= steps; i++) out.push([a[0] + ((b[0] - a[0]) * i) / Math.max(1, steps), a[1] + ((b[1] - a[1]) * i) / Math.max(1, steps)])
}
function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b)
	return sorted[Math.floor(sorted.length / 2)] ?? 0
}
