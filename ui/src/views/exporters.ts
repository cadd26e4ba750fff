// How well the meter hears: loss, what was refused, what could not be attributed, and what each port's numbers rest on.

import { alarmsInFull } from '../alarms'
import { ask, type Domain, type Exporters, type Memory, type Polls, type PortTraffic, type Ports, type Traffic } from '../api'
import { h, replace } from '../dom'
import { count, duration, moment, octets, percent, rate, speed, UNKNOWN } from '../format'
import { List } from '../list'
import { current, fetchKind, watch } from '../live'
import { memoryLine, memoryList } from '../meter/memory'
import { exporterList, pollList, readingsLine, strangerList } from '../meter/sources'
import { trustList } from '../meter/trust'
import { badge, bar, bigNumber, failure, notice, searchField, useCell } from '../parts'
import { keep, link, type Place } from '../route'
import { Ends, type View } from '../view'

const LOOK_MS = 15000

type Space = Domain & { exporter: string }

export function openExporters(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	const summary = h('p', { class: 'muted', 'aria-live': 'polite' }, 'Asking the meter …')
	const numbers = h('div', { class: 'numbers four' })
	const unattributed = h('div', {})
	const bad = h('div', {})
	const exporters = exporterList(), strangers = strangerList(), polls = pollList(), memory = memoryList(), trust = trustList()
	const ports = new List<PortTraffic>({
		label: 'Ports', key: (p) => p.port, empty: 'No ports', text: (p) => `${p.port} ${p.member} AS${p.asn} ${p.source}`,
		columns: [
			{ title: 'Port', cell: (p) => p.port, by: (p) => p.port },
			{ title: 'Member', cell: (p) => h('a', { href: link(['members', p.asn]) }, p.member), by: (p) => p.member },
			{ title: 'Speed', cell: (p) => speed(p.speed_bps), by: (p) => p.speed_bps, right: true },
			{ title: 'In', cell: (p) => rate(p.in_bps), by: (p) => p.in_bps, right: true },
			{ title: 'Out', cell: (p) => rate(p.out_bps), by: (p) => p.out_bps, right: true },
			{ title: 'Use', cell: (p) => useCell(p.utilisation), by: (p) => p.utilisation, right: true },
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
	const find = (text: string) => {
		for (const list of [exporters, strangers, polls, spaces, trust, ports, memory]) list.find(text)
	}
	const field = searchField('Find an exporter, port, member or cause', place.set.get('q') ?? '', (text) => {
		keep({ q: text })
		find(text)
	})
	find(place.set.get('q') ?? '')
	const block = (title: string, ...nodes: (Node | string)[]) => h('section', { class: 'block', 'aria-label': title }, h('h2', {}, title), ...nodes)
	const held = h('p', { class: 'muted' }), readings = h('p', { class: 'muted' })
	const polled = block('Polls by SNMP', polls.root, readings)
	polled.hidden = strangers.root.hidden = true
	replace(root, h('div', { class: 'column' }, h('div', { class: 'title' }, h('h1', {}, 'Meter'), summary), h('div', { class: 'tools' }, field), bad, numbers, alarmsInFull(ends),
		block('Exporters', exporters.root), polled, block('Loss, by sequence', spaces.root), block('Not attributed to ports', unattributed, strangers.root), block('Counters beside samples, last bin', trust.root), block('Ports now', ports.root), block('Memory', held, memory.root)))
	// Each stands without the others: that the meter is away is said above.
	const look = async () => {
		const get = <T>(path: string) => ask<T>(path, ends.abort.signal).catch(() => null)
		const [heardFrom, ratios, room, asked] = await Promise.all([get<Exporters>('exporters'), get<Ports>('ports'), get<Memory>('memory'), get<Polls>('polls')])
		if (ends.abort.signal.aborted) return
		if (heardFrom) spaces.set(heardFrom.exporters.flatMap((e) => (e.domains ?? []).map((d) => ({ ...d, exporter: e.exporter }))))
		if (ratios) trust.set(ratios.ports)
		if (room) {
			memory.set(room.parts)
			held.textContent = memoryLine(room)
		}
		if (asked) {
			polled.hidden = !asked.polls.length
			polls.set(asked.polls)
			readings.textContent = readingsLine(asked.readings)
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
		replace(unattributed, t.unattributed.some((u) => u.octets || u.samples) ? h('ol', { class: 'ranks' }, ...t.unattributed.filter((u) => u.octets || u.samples).sort((a, b) => b.octets - a.octets).map((u) => h('li', {}, h('span', {}, u.cause), h('b', {}, `${octets(u.octets)} `, h('span', { class: 'muted' }, `${count(u.samples)} samples`)), bar(missing ? u.octets / missing : 0, 'u2')))) : notice('empty', 'Every octet was attributed'))
		strangers.root.hidden = !t.unknown_macs?.length
		strangers.set(t.unknown_macs ?? [])
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
