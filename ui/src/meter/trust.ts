// What each port's counters rest on: its interface and how that is known, who tells them, what another source says, and the samples beside them.

import type { Compared, PortTrust, Side } from '../api'
import { h } from '../dom'
import { count, percent, rate, UNKNOWN } from '../format'
import { List } from '../list'
import { current } from '../live'
import { badge } from '../parts'
import { link } from '../route'

// Samples are an estimate: further than this from the counters something is wrong with them.
const BAND = 0.1
const SOURCES: Record<string, string> = { sflow: 'sFlow', snmp: 'SNMP', push: 'a push' }
export const source = (by: string | null | undefined): string => (by ? SOURCES[by] ?? by : UNKNOWN)
// An alarm is what says that two sources are too far apart: the hub file has the limit.
const alarmed = (kind: string, port: string): boolean => current('alarms')?.alarms.some((a) => a.kind === kind && a.subject === port) ?? false

export function trustList(): List<PortTrust> {
	return new List<PortTrust>({
		label: 'Counters beside samples', key: (p) => p.port, empty: 'No ports',
		text: (p) => `${p.port} ${p.member} AS${p.asn} ${p.state} ${p.if_index ?? ''} ${p.if_index_by ?? ''} ${source(p.counters_by)} ${p.counters_compared ? 'compared' : ''} ${alarmed('counters-differ', p.port) ? 'differ' : ''}`,
		columns: [
			{ title: 'Port', cell: (p) => p.port, by: (p) => p.port },
			{ title: 'Member', cell: (p) => h('a', { href: link(['members', p.asn]) }, p.member), by: (p) => p.member },
			{ title: 'Interface', cell: interfaceCell, by: (p) => (p.if_index_by === 'clash' ? -1 : p.if_index ?? null) },
			{ title: 'Counters by', cell: (p) => source(p.counters_by), by: (p) => p.counters_by },
			{ title: 'Another source says', cell: (p) => comparedCell(p), by: (p) => (p.counters_compared ? -p.counters_compared.differ_percent : null) },
			{ title: 'Errors, discards', cell: (p) => faults(p), by: (p) => faultSum(p), right: true },
			{ title: 'Samples / counters, in', cell: (p) => ratio(p.in), by: (p) => p.in.ratio, right: true },
			{ title: 'out', cell: (p) => ratio(p.out), by: (p) => p.out.ratio, right: true },
			{ title: 'Lost', cell: (p) => (p.lost_ppm ? h('span', { class: 'bad' }, percent(p.lost_ppm / 1e6, 4)) : '0'), by: (p) => p.lost_ppm, right: true },
			{ title: 'Bin', cell: (p) => badge(p.state, p.state), by: (p) => p.state },
		],
	})
}
export function interfaceCell(p: PortTrust): Node | string {
	if (p.if_index_by === 'clash') return badge('alarm', 'clash', 'Another port claims the same number: neither has it, see the alarms')
	if (p.if_index === null || p.if_index === undefined) return UNKNOWN
	return h('span', {}, String(p.if_index), p.if_index_by === 'learned' ? ' ' : null, p.if_index_by === 'learned' ? badge('learned', 'learned', 'Not in the hub file: told by samples, by SNMP or with pushed counters') : null)
}
// Both figures, as they are of the way in which they differ more.
export function comparedCell(p: PortTrust): Node | string {
	const c: Compared | null | undefined = p.counters_compared
	if (!c) return UNKNOWN
	return h('span', { class: alarmed('counters-differ', p.port) ? 'bad' : null }, `${c.differ_percent} % apart, ${c.direction}`, h('span', { class: 'reason-line muted' }, `${rate(c.bps)} by ${source(c.by)}, counted ${rate(c.counted_bps)}`))
}
const faultSum = (p: PortTrust): number => (p.in.errors ?? 0) + (p.out.errors ?? 0) + (p.in.discards ?? 0) + (p.out.discards ?? 0)
function faults(p: PortTrust): Node | string {
	if (p.in.errors === undefined && p.out.errors === undefined) return UNKNOWN
	if (!faultSum(p)) return '0'
	const way = (name: string, side: Side) => (side.errors || side.discards ? h('span', { class: 'reason-line nowrap' }, `${name} ${count(side.errors ?? 0)}, ${count(side.discards ?? 0)}`) : null)
	return h('span', { class: 'bad', title: 'Packets of this bin' }, way('in', p.in), way('out', p.out))
}
// With the error that sampling has, of 95 in 100 times.
function ratio(side: Side): Node | string {
	if (side.ratio === null) return UNKNOWN
	const error = side.error_percent === null ? '' : ` ± ${side.error_percent.toFixed(1)} %`
	const off = Math.abs(side.ratio - 1) > Math.max(BAND, (side.error_percent ?? 0) / 100)
	return h('span', { class: off ? 'bad nowrap' : 'nowrap' }, side.ratio.toFixed(3), h('span', { class: 'muted' }, error))
}
