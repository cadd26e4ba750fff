// Demands laid on the cables, as `corridor flow` answers, and what two such answers differ in. A number that rests on estimates comes with the
// range it may be in.

import type { Corridor, Fact, Segment } from '../api'

export interface LaidWay {
	role: 'working' | 'second' | 'spare'; bps: number; share: number; length_km: number | null; round_trip_ms: number | null; round_trip_ms_low: number | null; round_trip_ms_high: number | null
	length_estimated_share: number; price_usd_mbps_month: number | null; price_usd_mbps_month_low: number | null; price_usd_mbps_month_high: number | null; availability: number; segments: string[]; sites: string[]
}
export interface LaidDemand {
	id: string; name: string | null; from: string; to: string; priority: number; rate: string; asked_gbps: Fact | null; asked_bps: number; served_bps: number; served_least_bps: number; served_most_bps: number
	protect: string; ways: LaidWay[]
}
export interface LaidSegment { id: string; capacity_bps: number; capacity_tbps: Fact | null; capacity_assumed: boolean; load_ab_bps: number; load_ba_bps: number; reserved_ab_bps: number; reserved_ba_bps: number; utilisation: number }
interface Sum { asked_bps: number; served_bps: number; utilisation: number }
export interface Laid {
	total: Sum; at_ease: Sum; at_worst: Sum; estimated_share: number; demands_unknown: number
	demands: LaidDemand[]; segments: LaidSegment[]; idle: string[]; closed: string[]
}

export interface Range { value: number; low: number; high: number }
const sum = (parts: (Range | null)[]): Range | null => parts.reduce<Range | null>((all, one) => (all && one ? { value: all.value + one.value, low: all.low + one.low, high: all.high + one.high } : null), { value: 0, low: 0, high: 0 })
const working = (demand: LaidDemand): LaidWay[] => demand.ways.filter((way) => way.role === 'working' && way.bps > 0)

// Round trip of a bit of the demand, over the ways that it takes.
export function tripOf(demand: LaidDemand): Range | null {
	const ways = working(demand), all = ways.reduce((bps, way) => bps + way.bps, 0)
	return all ? sum(ways.map((way) => (way.round_trip_ms === null ? null : scaled({ value: way.round_trip_ms, low: way.round_trip_ms_low ?? way.round_trip_ms, high: way.round_trip_ms_high ?? way.round_trip_ms }, way.bps / all)))) : null
}
// US dollars a month for all that is served.
export function costOf(demand: LaidDemand): Range | null {
	return sum(working(demand).map((way) => (way.price_usd_mbps_month === null ? null : scaled({ value: way.price_usd_mbps_month, low: way.price_usd_mbps_month_low ?? way.price_usd_mbps_month, high: way.price_usd_mbps_month_high ?? way.price_usd_mbps_month }, way.bps / 1e6))))
}
// The share of the time in which the ways work that it takes now; another may take their place.
export function worksOf(demand: LaidDemand): number | null {
	const ways = working(demand), all = ways.reduce((bps, way) => bps + way.bps, 0)
	return all ? ways.reduce((share, way) => share + (way.availability * way.bps) / all, 0) : null
}
const scaled = (range: Range, by: number): Range => ({ value: range.value * by, low: range.low * by, high: range.high * by })

export interface Whole { trip: Range | null; cost: Range | null; parted: number; full: number; fullest: LaidSegment | null }
export function wholeOf(laid: Laid): Whole {
	const served = laid.demands.filter((one) => one.served_bps > 0), all = served.reduce((bps, one) => bps + one.served_bps, 0)
	const trips = served.map((one) => {
		const trip = tripOf(one)
		return trip && scaled(trip, one.served_bps / all)
	})
	return {
		trip: all ? sum(trips) : null, cost: sum(served.map(costOf)), parted: laid.demands.filter((one) => one.asked_bps > 0 && one.served_bps === 0).length,
		full: laid.segments.filter((one) => one.utilisation >= 0.85).length, fullest: [...laid.segments].sort((p, q) => q.utilisation - p.utilisation)[0] ?? null,
	}
}

export interface Change { base: LaidDemand; then: LaidDemand; lost: number; slower: number | null; moved: boolean }
// What two answers say of each demand, those that lose most first, then those that get slower.
export function changes(base: Laid, then: Laid): Change[] {
	const before = new Map(base.demands.map((one) => [one.id, one]))
	const way = (one: LaidDemand) => working(one).map((each) => each.segments.join()).sort().join(' ')
	const rows = then.demands.flatMap((one): Change[] => {
		const old = before.get(one.id)
		if (!old || !(one.asked_bps || old.asked_bps)) return []
		const was = tripOf(old), is = tripOf(one)
		return [{ base: old, then: one, lost: (one.asked_bps - one.served_bps) - (old.asked_bps - old.served_bps), slower: was && is ? is.value - was.value : null, moved: way(old) !== way(one) }]
	})
	return rows.sort((p, q) => q.lost - p.lost || (q.slower ?? 0) - (p.slower ?? 0) || q.then.asked_bps - p.then.asked_bps)
}

// The map's segments with what is laid on them: what is shut by the question is cut, what is there by then is usable.
export function onMap(corridor: Corridor, laid: Laid): Segment[] {
	const loads = new Map(laid.segments.map((one) => [one.id, one])), idle = new Set(laid.idle), closed = new Set(laid.closed)
	return corridor.segments.map((one) => {
		const load = loads.get(one.id), there = load !== undefined || idle.has(one.id)
		return {
			...one, usable: there, status: closed.has(one.id) ? 'cut, as supposed' : there ? 'in service' : one.usable ? 'out of use' : one.status,
			capacity_bps: load?.capacity_bps ?? one.capacity_bps, capacity_estimated: load ? load.capacity_assumed || load.capacity_tbps?.basis === 'estimated' : false,
			load_bps: load ? Math.max(load.load_ab_bps, load.load_ba_bps) : null, utilisation: load?.utilisation ?? null,
		}
	})
}
// What carries traffic or could, in one answer and not in the other.
export function thereIn(laid: Laid): Set<string> {
	return new Set([...laid.idle, ...laid.segments.map((one) => one.id)])
}
