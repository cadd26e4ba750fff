// How a segment of the corridor looks: colour by utilisation, width by capacity, dashes by state. Nothing is told by colour alone.

import type { Segment } from './api'

// Upper limits of the classes u0 ... u4.
export const LIMITS = [0.4, 0.6, 0.75, 0.85, Infinity]
// drained, work: carries on only where there is no other way.
export type State = 'usable' | 'planned' | 'cut' | 'drained' | 'work' | 'out'

export function utilisationClass(share: number | null): string {
	return share === null ? 'u-none' : `u${LIMITS.findIndex((limit) => share < limit)}`
}
// Carries traffic of ours; how full it is may still not be known, where no source gives a capacity.
export const carries = (segment: Pick<Segment, 'load_bps'>): boolean => segment.load_bps !== null && segment.load_bps > 0
export function loadClass(segment: Pick<Segment, 'load_bps' | 'utilisation'>): string {
	return segment.utilisation === null && carries(segment) ? 'u-load' : utilisationClass(segment.utilisation)
}
// Busiest first: what is known to be full, then what carries much, then the rest.
export function byUse(p: Pick<Segment, 'load_bps' | 'utilisation'>, q: Pick<Segment, 'load_bps' | 'utilisation'>): number {
	return (q.utilisation ?? -1) - (p.utilisation ?? -1) || (q.load_bps ?? -1) - (p.load_bps ?? -1)
}
// What was ordered goes before what the hub file says.
export function stateOf(segment: Pick<Segment, 'usable' | 'status' | 'live'>): State {
	if (segment.live && segment.live !== 'up') return segment.live
	if (segment.usable) return 'usable'
	if (/^(cut|down|broken|fault|failed)/i.test(segment.status)) return 'cut'
	if (/^(planned|studied|study|idea|proposed|agreed)/i.test(segment.status)) return 'planned'
	return 'out'
}
// Pixels: a tenfold capacity is 1.3 pixels more.
export function lineWidth(capacity_bps: number | null): number {
	if (!capacity_bps) return 1.5
	return Math.min(6.5, Math.max(1.6, 2.9 + 1.3 * Math.log10(capacity_bps / 1e12)))
}
// Light in glass, one way: length x 1.468 / c.
const MS_PER_KM = 1.468 / 299.792458
export const oneWayMs = (length_km: number): number => length_km * MS_PER_KM
