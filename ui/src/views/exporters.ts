// How well the meter hears: loss, what was refused, what could not be attributed, and what each port's numbers rest on.

import { alarmsInFull } from '../alarms'
import { ask, type Domain, type Exporter, type Exporters, type PortTraffic, type Ports, type PortTrust, type Side, type Traffic } from '../api'
import { h, replace } from '../dom'
import { count, duration, moment, octets, percent, rate, since, speed, UNKNOWN } from '../format'
import { List } from '../list'
import { current, fetchKind, watch } from '../live'
import { badge, bigNumber, failure, notice, searchField } from '../parts'
import { keep, link, type Place } from '../route'
import { utilisationClass } from '../segment'
import { Ends, type View } from '../view'

const SILENT_AFTER_S = 60
const LOOK_MS = 15000
// Samples are an estimate: further than this from the counters something is wrong with them.
const BAND = 0.1

type Space = Domain & { exporter: string }

export function openExporters(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	const summary = h('p', { class: 'muted', 'aria-live': 'polite' }, 'Asking the meter …')
	const numbers = h('div', { class: 'numbers four' })
	const unattributed = h('div', {})
	const bad = h('div', {})
	const exporters = new List<Exporter>({
		label: 'Exporters', key: (e) => e.address, empty: 'No exporter is in the hub file, and none was heard',
		text: (e) => `${e.exporter} ${e.address} ${e.protocols.join(' ')} ${e.known ? '' : 'unknown'} ${e.refused.map((r) => r.cause).join(' ')}`,
		columns: [
			{ title: 'Exporter', cell: (e) => h('span', {}, e.exporter, ' ', e.known ? null : badge('down', 'not in the hub file'), e.exporter === e.address ? null : h('span', { class: 'muted mono' }, ` ${e.address}`)), by: (e) => e.exporter },
			{ title: 'Protocols', cell: (e) => e.protocols.join(', ') || UNKNOWN, by: (e) => e.protocols.join() },
			{ title: 'Heard', cell: heard, by: (e) => (e.last_heard ? -Date.parse(e.last_heard) : null) },
			{ title: 'Datagrams', cell: (e) => count(e.datagrams), by: (e) => e.datagrams, right: true },
			{ title: 'Records', cell: (e) => count(e.records), by: (e) => e.records, right: true },
			{ title: 'Lost', cell: (e) => (e.lost_records ? h('span', { class: 'bad' }, `${count(e.lost_records)} (${percent(e.lost_records / (e.records + e.lost_records), 3)})`) : '0'), by: (e) => e.lost_records, right: true },
			{ title: 'Refused, by cause', wide: true, cell: (e) => (e.refused.length ? h('span', {}, ...e.refused.map((r) => h('span', { class: 'reason-line' }, `${count(r.count)} × ${r.cause}`))) : h('span', { class: 'muted' }, 'none')), by: (e) => e.refused.reduce((n, r) => n + r.count, 0) },
		],
	})
	const ports = new List<PortTraffic>({
		label: 'Ports', key: (p) => p.port, empty: 'No ports', text: (p) => `${p.port} ${p.member} AS${p.asn} ${p.source}`,
		columns: [
			{ title: 'Port', cell: (p) => p.port, by: (p) => p.port },
			{ title: 'Member', cell: (p) => h('a', { href: link(['members', p.asn]) }, p.member), by: (p) => p.member },
			{ title: 'Speed', cell: (p) => speed(p.speed_bps), by: (p) => p.speed_bps, right: true },
			{ title: 'In', cell: (p) => rate(p.in_bps), by: (p) => p.in_bps, right: true },
			{ title: 'Out', cell: (p) => rate(p.out_bps), by: (p) => p.out_bps, right: true },
			{ title: 'Use', cell: (p) => useBar(p.utilisation), by: (p) => p.utilisation, right: true },
			{ title: 'Rests on', cell: (p) => badge(p.source, p.source), by: (p) => p.source },
		],
	})
	const spaces = new List<Space>({
		label: 'Loss by sequence', key: (d) => `${d.exporter} ${d.protocol} ${d.number}`, empty: 'No sequence was followed yet', text: (d) => `${d.exporter} ${d.protocol} ${d.number}`,
		columns: [
			{ title: 'Exporter', cell: (d) => d.exporter, by: (d) => d.exporter },
			{ title: 'Sequence of', cell: (d) => `${d.protocol} ${d.number}`, by: (d) => `${d.protocol} ${d.number}` },
			{ title: 'Received', cell: (d) => count(d.received), by: (d) => d.received, right: true },
			{ title: 'Lost', cell: (d) => (d.lost ? h('span', { class: 'bad' }, `${count(d.lost)} (${percent(d.lost / (d.received + d.lost), 3)})`) : '0'), by: (d) => d.lost, right: true },
			{ title: 'of it here', cell: (d) => count(d.lost_here), by: (d) => d.lost_here, right: true },
			{ title: 'Restarts', cell: (d) => count(d.restarts), by: (d) => d.restarts, right: true },
			{ title: 'Repeated', cell: (d) => count(d.repeated), by: (d) => d.repeated, right: true },
		],
	})
	const trust = new List<PortTrust>({
		label: 'Counters beside samples', key: (p) => p.port, empty: 'No ports', text: (p) => `${p.port} ${p.member} AS${p.asn} ${p.state}`,
		columns: [
			{ title: 'Port', cell: (p) => p.port, by: (p) => p.port },
			{ title: 'Member', cell: (p) => h('a', { href: link(['members', p.asn]) }, p.member), by: (p) => p.member },
			{ title: 'Counters by', cell: (p) => p.counters_by ?? UNKNOWN, by: (p) => p.counters_by },
			{ title: 'Samples / counters, in', cell: (p) => ratio(p.in), by: (p) => p.in.ratio, right: true },
			{ title: 'out', cell: (p) => ratio(p.out), by: (p) => p.out.ratio, right: true },
			{ title: 'Lost', cell: (p) => (p.lost_ppm ? h('span', { class: 'bad' }, percent(p.lost_ppm / 1e6, 4)) : '0'), by: (p) => p.lost_ppm, right: true },
			{ title: 'Bin', cell: (p) => badge(p.state, p.state), by: (p) => p.state },
		],
	})
	const find = (text: string) => {
		spaces.find(text)
		trust.find(text)
		exporters.find(text)
		ports.find(text)
	}
	const field = searchField('Find an exporter, port, member or cause', place.set.get('q') ?? '', (text) => {
		keep({ q: text })
		find(text)
	})
	find(place.set.get('q') ?? '')
	replace(root, h('div', { class: 'column' }, h('div', { class: 'title' }, h('h1', {}, 'Meter'), summary), h('div', { class: 'tools' }, field), bad, numbers, alarmsInFull(ends),
		h('section', { class: 'block' }, h('h2', {}, 'Exporters'), exporters.root), h('section', { class: 'block' }, h('h2', {}, 'Loss, by sequence'), spaces.root), h('section', { class: 'block' }, h('h2', {}, 'Not attributed to ports'), unattributed), h('section', { class: 'block' }, h('h2', {}, 'Counters beside samples, last bin'), trust.root), h('section', { class: 'block' }, h('h2', {}, 'Ports now'), ports.root)))
	const look = async () => {
		try {
			const [heardFrom, ratios] = await Promise.all([ask<Exporters>('exporters', ends.abort.signal), ask<Ports>('ports', ends.abort.signal)])
			spaces.set(heardFrom.exporters.flatMap((e) => (e.domains ?? []).map((d) => ({ ...d, exporter: e.exporter }))))
			trust.set(ratios.ports)
		} catch {
			// That the meter is away is said above.
		}
	}
	void look()
	ends.every(LOOK_MS, () => void look())
	ends.add(watch('traffic', (t: Traffic) => {
		replace(bad)
		const records = t.exporters.reduce((n, e) => n + e.records, 0), lost = t.exporters.reduce((n, e) => n + e.lost_records, 0), refused = t.exporters.reduce((n, e) => n + e.refused.reduce((m, r) => m + r.count, 0), 0)
		const missing = t.unattributed.reduce((n, u) => n + u.octets, 0)
		summary.textContent = t.now.start ? `Open bin since ${moment(t.now.start)}, ${duration(t.now.covered_s)} of it heard: ${rate(t.now.in_bps)} in, ${rate(t.now.out_bps)} out` : 'Nothing was heard yet'
		replace(numbers, bigNumber(records + lost ? percent(lost / (records + lost), lost ? 3 : 0) : UNKNOWN, '', `records lost on the way, ${count(lost)}`), bigNumber(count(t.kernel_drops), '', 'datagrams dropped by the kernel'), bigNumber(count(refused), '', 'datagrams refused'), bigNumber(percent(t.kept_local_share, 1), '', 'of octets between two ports'))
		replace(unattributed, t.unattributed.some((u) => u.octets || u.samples) ? h('ol', { class: 'ranks' }, ...t.unattributed.filter((u) => u.octets || u.samples).sort((a, b) => b.octets - a.octets).map((u) => {
			const fill = h('i', { class: 'u2' })
			fill.style.width = `${missing ? (u.octets / missing) * 100 : 0}%`
			return h('li', {}, h('span', {}, u.cause), h('b', {}, `${octets(u.octets)} `, h('span', { class: 'muted' }, `${count(u.samples)} samples`)), h('span', { class: 'bar', 'aria-hidden': 'true' }, fill))
		})) : notice('empty', 'Every octet was attributed'))
		exporters.set(t.exporters)
		ports.set(t.ports)
	}))
	ends.add(watch('overview', (value) => {
		if (value.rooms?.find((one) => one.room === 'meter')?.state === 'down') replace(bad, h('div', { class: 'notice bad', role: 'alert' }, h('strong', {}, 'The meter is not running'), h('p', {}, 'What is shown is the last that was known; what was not heard is not counted.')))
	}))
	if (!current('traffic'))
		fetchKind('traffic').catch((reason: unknown) => {
			summary.textContent = ''
			replace(bad, failure(reason))
		})
	return { title: 'Meter', close: () => ends.close() }
}
function heard(e: Exporter): Node | string {
	if (!e.last_heard) return badge('down', 'never')
	const silent = (Date.now() - Date.parse(e.last_heard)) / 1000 > SILENT_AFTER_S
	return h('span', { class: silent ? 'bad nowrap' : 'nowrap' }, silent ? `${since(e.last_heard)} ago` : 'now')
}
// With the error that sampling has, of 95 in 100 times.
function ratio(side: Side): Node | string {
	if (side.ratio === null) return UNKNOWN
	const error = side.error_percent === null ? '' : ` ± ${side.error_percent.toFixed(1)} %`
	const off = Math.abs(side.ratio - 1) > Math.max(BAND, (side.error_percent ?? 0) / 100)
	return h('span', { class: off ? 'bad nowrap' : 'nowrap' }, side.ratio.toFixed(3), h('span', { class: 'muted' }, error))
}
function useBar(share: number | null): Node {
	const fill = h('i', { class: utilisationClass(share) })
	fill.style.width = `${Math.min(100, (share ?? 0) * 100)}%`
	return h('span', { class: 'use-cell' }, percent(share), h('span', { class: 'bar small', 'aria-hidden': 'true' }, fill))
}
