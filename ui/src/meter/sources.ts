// Who is heard: exporters with their sampling rates and what their switches say of themselves, polls by SNMP, and MACs that are nobody's.

import type { ExporterMore, Polls, SamplingRate, Stranger } from '../api'
import { h } from '../dom'
import { count, moment, octets, percent, plural, since, UNKNOWN } from '../format'
import { List } from '../list'
import { badge } from '../parts'

const SILENT_AFTER_S = 60

export function exporterList(): List<ExporterMore> {
	return new List<ExporterMore>({
		label: 'Exporters', key: (e) => e.address, empty: 'No exporter is in the hub file, and none was heard',
		text: (e) => `${e.exporter} ${e.address} ${e.protocols.join(' ')} ${e.known ? '' : 'unknown'} ${e.refused.map((r) => r.cause).join(' ')}`,
		columns: [
			{ title: 'Exporter', cell: (e) => h('span', {}, e.exporter, ' ', e.known ? null : badge('down', 'not in the hub file'), e.exporter === e.address ? null : h('span', { class: 'muted mono' }, ` ${e.address}`)), by: (e) => e.exporter },
			{ title: 'Protocols', cell: (e) => e.protocols.join(', ') || UNKNOWN, by: (e) => e.protocols.join() },
			{ title: 'Heard', cell: heard, by: (e) => (e.last_heard ? -Date.parse(e.last_heard) : null) },
			{ title: 'Sampling', cell: sampling, by: (e) => ratesOf(e)[0]?.one ?? null },
			{ title: 'Datagrams', cell: (e) => count(e.datagrams), by: (e) => e.datagrams, right: true },
			{ title: 'Records', cell: (e) => count(e.records), by: (e) => e.records, right: true },
			{ title: 'Lost', cell: (e) => (e.lost_records ? h('span', { class: 'bad' }, `${count(e.lost_records)} (${percent(e.lost_records / (e.records + e.lost_records), 3)})`) : '0'), by: (e) => e.lost_records, right: true },
			{ title: 'Refused, by cause', wide: true, cell: (e) => (e.refused.length ? h('span', {}, ...e.refused.map((r) => h('span', { class: 'reason-line' }, `${count(r.count)} × ${r.cause}`))) : h('span', { class: 'muted' }, 'none')), by: (e) => e.refused.reduce((n, r) => n + r.count, 0) },
			{ title: 'The switch says', wide: true, cell: ofItself },
		],
	})
}
function heard(e: ExporterMore): Node | string {
	if (!e.last_heard) return badge('down', 'never')
	const silent = (Date.now() - Date.parse(e.last_heard)) / 1000 > SILENT_AFTER_S
	return h('span', { class: silent ? 'bad nowrap' : 'nowrap' }, silent ? `${since(e.last_heard)} ago` : 'now')
}
// The rates that are used, the most frequent first; one that is not known is none.
const used = (r: SamplingRate): number | null => (r.used === 'unknown' ? null : ((r.used === 'effective' ? r.effective : r.announced) ?? null))
function ratesOf(e: ExporterMore): { one: number | null; sources: number; effective: number; drops: number }[] {
	const of = new Map<number | null, { one: number | null; sources: number; effective: number; drops: number }>()
	for (const r of e.rates ?? []) {
		const one = of.get(used(r)) ?? { one: used(r), sources: 0, effective: 0, drops: 0 }
		one.sources++
		one.effective += r.used === 'effective' ? 1 : 0
		one.drops += r.drops
		of.set(one.one, one)
	}
	return [...of.values()].sort((a, b) => b.sources - a.sources)
}
function sampling(e: ExporterMore): Node | string {
	if (e.sampling_override) return h('span', { class: 'nowrap' }, `1 in ${count(e.sampling_override)}`, h('span', { class: 'reason-line muted' }, 'by the hub file'))
	const rates = ratesOf(e)
	if (!rates.length) return UNKNOWN
	return h('span', {}, ...rates.map((r) => h('span', { class: r.one === null ? 'reason-line bad' : 'reason-line' }, r.one === null ? `not known, ${plural(r.sources, 'source')}` : h('span', { class: 'nowrap' }, `1 in ${count(r.one)}`), r.one !== null && (rates.length > 1 || r.effective) ? h('span', { class: 'muted' }, [rates.length > 1 ? plural(r.sources, 'source') : '', r.effective ? `${count(r.effective)} by count, not as announced` : ''].filter(Boolean).join(', ')) : null, r.drops ? h('span', { class: 'muted' }, `${plural(r.drops, 'sample')} dropped by the switch`) : null)))
}
// Its processor and memory, packets it threw away and why, and what of its records is passed over.
function ofItself(e: ExporterMore): Node | string {
	const p = e.processor
	const free = p?.memory_octets && p.free_octets !== null ? ` ${percent(p.free_octets / p.memory_octets)} of ${octets(p.memory_octets)} free` : ''
	const lines = [p && p.load_1m_percent !== null ? h('span', { class: p.load_1m_percent >= 90 ? 'reason-line bad' : 'reason-line' }, `processor ${p.load_1m_percent} % busy${free ? ',' : ''}${free}`) : null,
		...(e.discards ?? []).map((d) => h('span', { class: 'reason-line' }, `${plural(d.packets, 'packet')} discarded: ${d.reason}`)),
		e.not_read?.length ? h('span', { class: 'reason-line muted' }, `passed over: ${e.not_read.map((n) => `${count(n.count)} × ${n.what ?? `${n.kind} ${n.enterprise}:${n.format}`}`).join(', ')}`) : null].filter((line) => line !== null)
	return lines.length ? h('span', {}, ...lines) : ''
}

export function pollList(): List<Polls['polls'][number]> {
	return new List<Polls['polls'][number]>({
		label: 'Polls by SNMP', key: (p) => p.exporter, text: (p) => `${p.exporter} ${p.address} ${p.trouble ?? ''}`, empty: 'No exporter is asked by SNMP',
		columns: [
			{ title: 'Exporter', cell: (p) => h('span', {}, p.exporter, h('span', { class: 'muted mono' }, ` ${p.address}`)), by: (p) => p.exporter },
			{ title: 'Ports found', cell: (p) => h('span', { class: p.found < p.ports ? 'bad' : null }, `${count(p.found)} of ${count(p.ports)}`), by: (p) => p.found - p.ports },
			{ title: 'Last whole walk', cell: (p) => (p.last_good ? h('span', { class: 'nowrap' }, `${since(p.last_good)} ago`) : badge('down', 'never')), by: (p) => (p.last_good ? -Date.parse(p.last_good) : null) },
			{ title: 'It takes', cell: (p) => `${count(p.walk_ms)} ms`, by: (p) => p.walk_ms, right: true },
			{ title: 'Walks', cell: (p) => count(p.walks), by: (p) => p.walks, right: true },
			{ title: 'Failed', cell: (p) => (p.failures ? h('span', { class: 'bad' }, count(p.failures)) : '0'), by: (p) => p.failures, right: true },
			{ title: 'Timeouts', cell: (p) => count(p.timeouts), by: (p) => p.timeouts, right: true },
			{ title: 'What is the matter', wide: true, cell: (p) => (p.trouble ? h('span', { class: 'bad' }, p.trouble) : '') },
		],
	})
}
export function readingsLine(r: Polls['readings']): string {
	return `Of the readings ${count(r.taken)} were taken, ${count(r.waiting)} wait, ${count(r.refused)} were refused, ${count(r.forgotten)} gave way to newer ones.`
}

// The busiest MACs that no port has: whose they are is found by where they stand.
export function strangerList(): List<Stranger> {
	return new List<Stranger>({
		label: 'Unknown MACs', key: (m) => `${m.exporter} ${m.vlan} ${m.mac}`, text: (m) => `${m.mac} ${m.exporter} ${m.vlan ?? ''} ${m.if_index ?? ''}`, empty: '',
		columns: [
			{ title: 'MAC', cell: (m) => h('span', { class: 'mono' }, m.mac), by: (m) => m.mac },
			{ title: 'Seen at', cell: (m) => `${m.exporter}${m.if_index === null ? '' : `, interface ${m.if_index}`}${m.vlan === null ? '' : `, VLAN ${m.vlan}`}`, by: (m) => m.exporter },
			{ title: 'Sent', cell: (m) => h('span', { class: 'nowrap' }, octets(m.octets_sent), h('span', { class: 'muted' }, ` ${plural(m.samples_sent, 'sample')}`)), by: (m) => m.octets_sent, right: true },
			{ title: 'Received', cell: (m) => h('span', { class: 'nowrap' }, octets(m.octets_received), h('span', { class: 'muted' }, ` ${plural(m.samples_received, 'sample')}`)), by: (m) => m.octets_received, right: true },
			{ title: 'First seen', cell: (m) => h('span', { class: 'nowrap' }, moment(m.first_seen)), by: (m) => Date.parse(m.first_seen) },
			{ title: 'Last seen', cell: (m) => h('span', { class: 'nowrap' }, moment(m.last_seen)), by: (m) => -Date.parse(m.last_seen) },
		],
	})
}
