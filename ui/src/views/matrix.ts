// Who sends to whom: a heat map of members, the networks at the far ends, and the countries as a flow.

import { sankey, sankeyLinkHorizontal, type SankeyGraph } from 'd3-sankey'
import { ask, type Matrix } from '../api'
import { h, replace, s } from '../dom'
import { clock, count, country, duration, moment, octets, percent, rate } from '../format'
import { List } from '../list'
import { Heat } from '../meter/heat'
import { choice, failure, notice, searchField } from '../parts'
import { keep, link, type Place } from '../route'
import { WHATS, trafficBy, type What } from '../traffic_by'
import { Ends, type View } from '../view'

type Family = 'all' | 'ipv4' | 'ipv6' | 'other'
type Tab = 'members' | 'networks' | 'countries' | 'by'
const SHOWN = 40
const RENEW_MS = 30_000
// Of more pairs than that the largest are looked at; sums are of all.
const PAIRS = 10_000

export function openMatrix(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	const oneOf = <T extends string>(value: string | null, options: T[]): T => (options.includes(value as T) ? (value as T) : options[0]!)
	let family = oneOf<Family>(place.set.get('family'), ['all', 'ipv4', 'ipv6', 'other'])
	let tab = oneOf<Tab>(place.set.get('show'), ['members', 'networks', 'countries', 'by'])
	let what = oneOf<What>(place.set.get('what'), WHATS.map(([value]) => value))
	let search = place.set.get('q') ?? ''
	let matrix: Matrix | null = null
	const summary = h('p', { class: 'muted', 'aria-live': 'polite' }, 'Asking the meter …')
	const content = h('div', {})
	const families = choice<Family>('Address family', [['all', 'All'], ['ipv4', 'IPv4'], ['ipv6', 'IPv6'], ['other', 'Other']], family, (value) => {
		family = value
		show()
	})
	const by = trafficBy(ends), heat = new Heat()
	const whats = h('select', { 'aria-label': 'By what' }, ...WHATS.map(([value, title]) => h('option', { value, selected: value === what }, title)))
	whats.addEventListener('change', () => {
		what = whats.value as What
		show()
	})
	const field = searchField('Find a member, network or country', search, (text) => {
		search = text
		show()
	})
	replace(root, h('div', { class: 'column' }, h('div', { class: 'title' }, h('h1', {}, 'Who sends to whom'), summary),
		h('div', { class: 'tools' }, choice<Tab>('View', [['members', 'Members'], ['networks', 'Networks'], ['countries', 'Countries'], ['by', 'By …']], tab, (value) => {
			tab = value
			show()
		}), families, whats, field), content))

	function show(): void {
		keep({ family: family === 'all' ? null : family, show: tab === 'members' ? null : tab, what: tab === 'by' ? what : null, q: search })
		families.hidden = tab !== 'members'
		whats.hidden = tab !== 'by'
		const sums = matrix ? sumsOf(matrix) : { total: 0, six: null }
		if (matrix) summary.textContent = matrix.start ? `Bin of ${moment(matrix.start)}, ${duration(matrix.length_s)}: ${rate(sums.total)} from member to member; ${percent(sums.six)} of it IPv6${(matrix.pair_count ?? 0) > matrix.pairs.length ? `; the ${count(matrix.pairs.length)} largest of ${count(matrix.pair_count)} pairs` : ''}` : 'No bin has closed yet'
		if (tab === 'by') {
			// It says itself of which bin it is.
			summary.textContent = ''
			by.show(what, search)
			if (by.root.parentNode !== content) replace(content, by.root)
			return
		}
		if (!matrix) {
			if (by.root.parentNode !== content) return
			replace(content)
			void load()
			return
		}
		if (!matrix.start || (!matrix.pairs.length && tab === 'members')) return replace(content, notice('empty', 'No bin has closed yet', 'The first appears when five minutes of traffic are complete.'))
		if (tab === 'members') {
			heat.set(matrix.pairs.filter((p) => family === 'all' || p.family === family), search)
			if (heat.root.parentNode !== content) replace(content, heat.root)
			return
		}
		replace(content, ...(tab === 'networks' ? networks(matrix, search) : countries(matrix, search)))
	}
	async function load(): Promise<void> {
		try {
			const fresh = await ask<Matrix>(`matrix?limit=${PAIRS}`, ends.abort.signal)
			const same = matrix?.start === fresh.start
			matrix = fresh
			if (!same) show()
		} catch (reason) {
			if (ends.abort.signal.aborted) return
			if (tab === 'by') return
			if (matrix) summary.textContent = `No newer bin: the meter does not answer (${clock(Date.now())} UTC)`
			else replace(content, failure(reason))
		}
	}
	ends.every(RENEW_MS, () => void load())
	show()
	void load()
	return { title: 'Matrix', close: () => ends.close() }
}
function sumsOf(matrix: Matrix): { total: number; six: number | null } {
	const all = matrix.octets, heard = matrix.covered_s || matrix.length_s
	if (all && heard) {
		const octets = all.ipv4 + all.ipv6 + all.other
		return { total: octets * 8 / heard, six: octets ? all.ipv6 / octets : null }
	}
	const total = matrix.pairs.reduce((n, p) => n + p.bps, 0)
	return { total, six: total ? matrix.pairs.filter((p) => p.family === 'ipv6').reduce((n, p) => n + p.bps, 0) / total : null }
}

// --- networks ---

function networks(matrix: Matrix, search: string): Node[] {
	const names = new Map(matrix.pairs.flatMap((p) => [[p.from_asn, p.from], [p.to_asn, p.to]] as [number, string][]))
	const list = new List<Matrix['networks'][number]>({
		label: 'Networks at the far ends',
		key: (n) => `${n.asn} ${n.country} ${n.direction} ${n.member_asn}`,
		text: (n) => `AS${n.asn} ${country(n.country)} ${n.country} ${names.get(n.member_asn) ?? ''} AS${n.member_asn} ${n.direction === 'in' ? 'from' : 'to'}`,
		empty: 'No networks in this bin',
		columns: [
			{ title: 'Network', cell: (n) => (n.asn ? `AS${n.asn}` : 'no route covers it'), by: (n) => n.asn },
			{ title: 'Country', cell: (n) => country(n.country), by: (n) => country(n.country) },
			{ title: 'Direction', cell: (n) => (n.direction === 'in' ? 'source of what entered by' : 'destination of what left by'), by: (n) => n.direction },
			{ title: 'Member', cell: (n) => h('a', { href: link(['members', n.member_asn]) }, names.get(n.member_asn) ?? `AS${n.member_asn}`), by: (n) => names.get(n.member_asn) ?? null },
			{ title: 'Volume', cell: (n) => octets(n.octets), by: (n) => n.octets, right: true },
			{ title: 'Mean rate', cell: (n) => rate(matrix.length_s ? (n.octets * 8) / matrix.length_s : null), by: (n) => n.octets, right: true },
		],
	})
	list.find(search)
	list.set([...matrix.networks].sort((a, b) => b.octets - a.octets))
	return [list.root]
}

// --- countries ---

interface Node_ { id: string; code: string; side: 'from' | 'to' }
interface Link_ { source: string; target: string; value: number }

function countries(matrix: Matrix, search: string): Node[] {
	const low = search.toLowerCase()
	const all = matrix.countries.filter((c) => c.octets > 0 && (!low || `${c.from} ${c.to} ${country(c.from)} ${country(c.to)}`.toLowerCase().includes(low))).sort((a, b) => b.octets - a.octets)
	const shown = all.slice(0, SHOWN)
	if (!shown.length) return [notice('empty', search ? `Nothing here matches "${search}"` : 'No countries in this bin')]
	const total = all.reduce((n, c) => n + c.octets, 0)
	const names = [...new Set(shown.map((c) => `from ${c.from}`)), ...new Set(shown.map((c) => `to ${c.to}`))]
	const narrow = matchMedia('(max-width: 820px)').matches
	const width = narrow ? 360 : 1100
	const height = Math.max(260, Math.max(new Set(shown.map((c) => c.from)).size, new Set(shown.map((c) => c.to)).size) * 50)
	const margin = narrow ? 84 : 215
	// A phone has room for codes; the list below has the names.
	const title = (code: string) => (narrow ? (code === '--' ? '?' : code) : country(code))
	const layout = sankey<Node_, Link_>().nodeId((n) => n.id).nodeWidth(12).nodePadding(20).extent([[margin, 10], [width - margin, height - 12]])
	const graph: SankeyGraph<Node_, Link_> = layout({ nodes: names.map((id) => ({ id, code: id.slice(-2), side: id.startsWith('from') ? 'from' : 'to' })), links: shown.map((c) => ({ source: `from ${c.from}`, target: `to ${c.to}`, value: c.octets })) })
	const path = sankeyLinkHorizontal<Node_, Link_>()
	const hue = new Map([...new Set(graph.nodes.filter((n) => n.side === 'from').sort((a, b) => (b.value ?? 0) - (a.value ?? 0)).map((n) => n.code))].map((code, i) => [code, code === '--' ? 'x' : String(i % 5)]))
	const text = (c: { from: string; to: string; octets: number }) => `${country(c.from)} to ${country(c.to)}: ${octets(c.octets)}, ${percent(c.octets / total, 1)}`
	const svg = s('svg', { class: 'sankey', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'Traffic by country of source (left) and destination (right); the list below says the same' },
		...graph.links.map((l) => {
			const from = (l.source as Node_).code, to = (l.target as Node_).code
			return s('path', { class: `flow f${hue.get(from)}`, d: path(l) ?? '', 'stroke-width': Math.max(1, l.width ?? 1) }, s('title', {}, text({ from, to, octets: l.value })))
		}),
		...graph.nodes.map((n) => {
			const left = n.side === 'from'
			const mid = ((n.y0 ?? 0) + (n.y1 ?? 0)) / 2
			const x = left ? (n.x0 ?? 0) - 8 : (n.x1 ?? 0) + 8
			const anchor = left ? 'end' : 'start'
			const amount = narrow ? octets(n.value ?? 0) : `${octets(n.value ?? 0)} · ${percent((n.value ?? 0) / total)}`
			const tall = (n.y1 ?? 0) - (n.y0 ?? 0) > 26
			const box = s('rect', { class: left ? `f${hue.get(n.code)}` : 'fx', x: n.x0 ?? 0, y: n.y0 ?? 0, width: 12, height: Math.max(1, (n.y1 ?? 0) - (n.y0 ?? 0)), rx: 2 })
			if (tall) return s('g', {}, box, s('text', { x, y: mid - 2, 'text-anchor': anchor }, title(n.code)), s('text', { class: 'small', x, y: mid + 13, 'text-anchor': anchor }, amount))
			return s('g', {}, box, s('text', { x, y: mid + 4, 'text-anchor': anchor }, title(n.code), s('tspan', { class: 'small', dx: 6 }, octets(n.value ?? 0))))
		}))
	const list = new List<Matrix['countries'][number]>({
		label: 'Countries', key: (c) => c.from + c.to, text: (c) => `${c.from} ${c.to}`, empty: 'No countries in this bin',
		columns: [
			{ title: 'From', cell: (c) => country(c.from), by: (c) => country(c.from) }, { title: 'To', cell: (c) => country(c.to), by: (c) => country(c.to) },
			{ title: 'Volume', cell: (c) => octets(c.octets), by: (c) => c.octets, right: true }, { title: 'Mean rate', cell: (c) => rate(matrix.length_s ? (c.octets * 8) / matrix.length_s : null), by: (c) => c.octets, right: true },
			{ title: 'Share', cell: (c) => percent(c.octets / total, 1), by: (c) => c.octets, right: true },
		],
	})
	list.set(all)
	return [h('div', { class: 'sankey-box' }, svg), list.root]
}
