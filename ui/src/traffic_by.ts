// Traffic of the last bin by one thing at a time: service, member, port, network, country, segment. Pairs have their own map.

import { ask, query, type ByRow, type TrafficBy } from './api'
import { h, replace } from './dom'
import { count, country, duration, moment, octets, percent, rate, UNKNOWN } from './format'
import { List } from './list'
import { failure, notice } from './parts'
import { link } from './route'
import type { Ends } from './view'

export type What = 'service' | 'local' | 'member' | 'port' | 'as' | 'member-as' | 'next-as' | 'country' | 'segment' | 'family' | 'pair'
export const WHATS: [What, string][] = [
	['service', 'by service'], ['local', 'kept here or through transit'], ['member', 'by member'], ['port', 'by port'], ['as', 'by network (AS)'], ['member-as', 'by member and network'],
	['next-as', 'by first network of the path'], ['country', 'by country'], ['segment', 'by corridor segment'], ['family', 'by address family'],
]
const ROWS = 1000
const RENEW_MS = 30_000
const ONE_WAY: What[] = ['local', 'family', 'pair']
// What is of ports was counted as well as sampled: how the two fit stands beside it.
const COUNTED: What[] = ['member', 'port', 'service']
// Further from the counters than this something is wrong with the samples.
const BAND = 0.1

export const weight = (row: ByRow): number => (row.octets ?? 0) + (row.in_octets ?? 0) + (row.out_octets ?? 0)
const off = (row: ByRow): string => (row.error_percent === null ? UNKNOWN : `± ${row.error_percent.toFixed(1)} %`)
export const nameOf = (what: What, row: ByRow): string => (what === 'pair' ? `${row.from ?? ''} → ${row.to ?? ''}` : what === 'country' ? country(row.name ?? null) : what === 'member-as' ? `${row.member} · ${row.name}` : row.name ?? '')
function named(what: What, row: ByRow): Node | string {
	if (what === 'segment') return h('a', { href: link(['segments', row.name ?? '']) }, row.name)
	if (what === 'member-as' && row.member_asn) return h('span', {}, h('a', { href: link(['members', row.member_asn]) }, row.member), ` · ${row.name}`)
	return nameOf(what, row)
}
function fit(flow: number | undefined, counted: number | undefined): Node | string {
	if (!counted || flow === undefined) return UNKNOWN
	const ratio = flow / counted
	return h('span', { class: Math.abs(ratio - 1) > BAND ? 'bad nowrap' : 'nowrap' }, ratio.toFixed(3))
}
// `sum`: of all that there is, if all of it is in the list.
export function byTable(what: What, sum: () => number | null, rows: ByRow[]): List<ByRow> {
	const keys = keysOf(rows)
	const list = listOf(what, sum, (row) => keys.get(row) ?? row.name ?? '')
	list.set(rows)
	return list
}
// Two members may have one name; of each member there are many networks.
function keysOf(rows: ByRow[]): Map<ByRow, string> {
	const seen = new Map<string, number>(), keys = new Map<ByRow, string>()
	for (const row of rows) {
		const name = `${row.member_asn ?? ''} ${row.name ?? `${row.from} ${row.to}`}`
		const times = seen.get(name) ?? 0
		seen.set(name, times + 1)
		keys.set(row, `${name} ${times}`)
	}
	return keys
}
function listOf(what: What, sum: () => number | null, key: (row: ByRow) => string): List<ByRow> {
	const ways: [string, (row: ByRow) => number | null][] = ONE_WAY.includes(what)
		? [['Rate', (row) => row.bps ?? null]]
		: [[what === 'segment' ? 'A to B' : 'In', (row) => row.in_bps ?? null], [what === 'segment' ? 'B to A' : 'Out', (row) => row.out_bps ?? null]]
	const shareOf = (row: ByRow): string => {
		const all = sum()
		return percent(all ? weight(row) / all : null, 1)
	}
	return new List<ByRow>({
		label: 'Traffic', key, empty: 'Nothing in this bin', text: (row) => `${row.name ?? ''} ${nameOf(what, row)}`,
		columns: [
			{ title: 'Name', cell: (row) => named(what, row), by: (row) => nameOf(what, row) },
			...ways.map(([title, bps]) => ({ title, cell: (row: ByRow) => rate(bps(row)), by: bps, right: true })),
			{ title: 'Volume', cell: (row) => octets(weight(row)), by: weight, right: true },
			// What runs on two segments is on both of them: there is no whole that these are parts of.
			...(what === 'segment' ? [] : [{ title: 'Share', cell: (row: ByRow) => shareOf(row), by: weight, right: true }]),
			...(COUNTED.includes(what) ? [{ title: 'Samples / counters, in', cell: (row: ByRow) => fit(row.flow_in_octets, row.in_octets), right: true }, { title: 'out', cell: (row: ByRow) => fit(row.flow_out_octets, row.out_octets), right: true }] : []),
			{ title: 'May be off by', cell: off, by: (row) => row.error_percent, right: true },
		],
	})
}

export function trafficBy(ends: Ends): { root: HTMLElement; show(what: What, search: string): void } {
	const root = h('div', {})
	let shown: What | null = null
	let search = ''
	let list: List<ByRow> | null = null
	let sum: number | null = null
	let keys = new Map<ByRow, string>()
	const bin = h('span', {}), csv = h('a', {}, 'CSV')
	const note = h('p', { class: 'muted readout' }, bin, csv)
	function set(what: What, answer: TrafficBy): void {
		if (!answer.start) return replace(root, notice('empty', 'No bin has closed yet', 'The first appears when five minutes of traffic are complete.'))
		const whole = answer.count === answer.rows.length
		sum = whole ? answer.rows.reduce((all, row) => all + weight(row), 0) : null
		keys = keysOf(answer.rows)
		const fresh = list ?? listOf(what, () => sum, (row) => keys.get(row) ?? row.name ?? '')
		if (!list) fresh.find(search)
		fresh.set(answer.rows)
		const heard = `${answer.covered_s < answer.length_s ? `${duration(answer.covered_s)} of ` : ''}${duration(answer.length_s)}`
		bin.textContent = `Bin of ${moment(answer.start)}, ${heard}, normalised to what the ports counted${whole ? '' : `; the ${count(answer.rows.length)} largest of ${count(answer.count)}`}. `
		csv.href = `/api/v1/traffic/by${query({ what, format: 'csv' })}`
		csv.download = `traffic-by-${what}.csv`
		if (fresh.root.parentNode !== root) replace(root, note, fresh.root)
		list = fresh
	}
	async function load(what: What): Promise<void> {
		try {
			const answer = await ask<TrafficBy>(`traffic/by${query({ what, limit: ROWS })}`, ends.abort.signal)
			if (shown === what) set(what, answer)
		} catch (reason) {
			if (!ends.abort.signal.aborted && shown === what) replace(root, failure(reason))
		}
	}
	ends.every(RENEW_MS, () => {
		if (shown && root.isConnected) void load(shown)
	})
	return {
		root,
		show(what, words) {
			search = words
			list?.find(words)
			if (shown === what) return
			shown = what
			list = null
			replace(root, notice('wait', 'Asking the meter …'))
			void load(what)
		},
	}
}
