// The course of a segment over the map: told by points; or at sea roughly as cables go, and else the great circle between its ends.

import { geoDistance, geoInterpolate } from 'd3-geo'
import { ask, type Segment } from '../api'
import { me } from '../me'
import { later } from '../parts'
import { seaOrder, seaPoint, seaWay, type LonLat } from './sea'

// Above so many points a line is as good as a curve.
const CURVED_MAX = 40
// `head`: the site at which its points begin. `shared`: stretches on which cables lie side by side. `exact`: not to be made smooth.
export interface Course { way: LonLat[]; head: string; shared: string[]; exact: boolean }

export function course(segment: Segment, a: LonLat, b: LonLat, told?: LonLat[]): Course {
	if (told) return toldCourse(segment, told)
	let names = segment.type === 'submarine' ? seaWay(a, b) : []
	if (!names.length) {
		const steps = Math.max(2, Math.ceil(geoDistance(a, b) / 0.05))
		const great = geoInterpolate(a, b)
		const way = Array.from({ length: steps + 1 }, (_, i) => great(i / steps) as LonLat)
		return { way: segment.a < segment.b ? way : way.reverse(), head: segment.a < segment.b ? segment.a : segment.b, shared: [[segment.a, segment.b].sort().join(' ')], exact: false }
	}
	let ends: [LonLat, LonLat] = [a, b], head = segment.a
	if (seaOrder(names[0]!) > seaOrder(names[names.length - 1]!)) {
		names = [...names].reverse()
		ends = [b, a]
		head = segment.b
	}
	return { way: [ends[0], ...names.map(seaPoint), ends[1]], head, shared: names, exact: false }
}
// All run from west to east, so that those which share points keep their sides.
function toldCourse(segment: Segment, told: LonLat[]): Course {
	const turned = told[0]![0] > told[told.length - 1]![0]
	const inner = told.slice(1, -1).map(([lon, lat]) => `${lon.toFixed(2)} ${lat.toFixed(2)}`)
	return { way: turned ? [...told].reverse() : told, head: turned ? segment.b : segment.a, shared: inner.length ? inner : [[segment.a, segment.b].sort().join(' ')], exact: told.length > CURVED_MAX }
}
// The free lane nearest to the middle: 0, 1, -1, 2, -2 ...
export function freeLane(lanes: Map<string, Set<number>>, shared: string[]): number {
	for (let n = 0; ; n++) {
		const lane = n % 2 ? (n + 1) / 2 : -n / 2
		if (shared.some((stretch) => lanes.get(stretch)?.has(lane))) continue
		for (const stretch of shared) lanes.set(stretch, (lanes.get(stretch) ?? new Set()).add(lane))
		return lane === 0 ? 0 : lane
	}
}

// --- courses that somebody told ---

interface Exported { features: { id: string; geometry: { type: string; coordinates: LonLat[] | LonLat[][] } | null; properties: { list: string; line?: string } }[] }
// More points than this are not seen, and would have to be moved with each frame.
const POINTS_MAX = 400
function thinned(points: LonLat[]): LonLat[] {
	const every = Math.ceil(points.length / POINTS_MAX)
	return points.filter((_, i) => i % every === 0 || i === points.length - 1)
}
// By segment, as the hub's GeoJSON has them. The operator alone is told where exactly cables lie; null: the reader is not.
async function toldCourses(signal: AbortSignal): Promise<Map<string, LonLat[]> | null> {
	if ((await me()).role !== 'operator') return null
	const { features } = await ask<Exported>('corridor/export', signal)
	const told = features.filter(({ geometry, properties }) => properties.list === 'segments' && properties.line === 'told' && geometry)
	// One that crosses the antimeridian comes in two pieces.
	const points = ({ geometry }: Exported['features'][number]): LonLat[] => (geometry!.type === 'MultiLineString' ? (geometry!.coordinates as LonLat[][]).flat() : (geometry!.coordinates as LonLat[]))
	return new Map(told.map((one): [string, LonLat[]] => [one.id, thinned(points(one))]).filter(([, way]) => way.length > 1))
}
// Has courses that are told drawn by `draw`, and says in `legend` what is drawn how.
export function followCourses(draw: (told: Map<string, LonLat[]>) => void, legend: HTMLElement, signal: AbortSignal): void {
	const rest = 'are great circles, at sea roughly as cables go'
	toldCourses(signal).then((told) => {
		if (told?.size) draw(told)
		legend.textContent = told?.size ? `A thin thread along the middle: the course is told, point by point; all others ${rest}.` : `Courses ${rest}${told ? ': none is told' : ''}.`
	}, (reason: unknown) => later(reason, () => followCourses(draw, legend, signal), signal))
}
