// Bins that were put right by hand: what they are now, why, by whom and when. The last word on a bin holds.

import { ask, type Adjustment, type Adjustments } from '../api'
import { h } from '../dom'
import { grouped, moment, plural, rate } from '../format'
import { List } from '../list'
import { current } from '../live'
import { badge } from '../parts'
import { link } from '../route'
import type { Ends } from '../view'
import type { Finder } from './finder'
import { documentLinks, PLAIN, tableLink } from './links'
import { command } from './words'

type Standing = 'in force' | 'replaced' | 'taken back'
interface Row extends Adjustment { standing: Standing }
const KINDS: Record<Standing, string> = { 'in force': 'part-paid', 'replaced': 'closed', 'taken back': 'closed' }

export async function adjusted(ends: Ends, finder: Finder): Promise<Node[]> {
	const { adjustments } = await ask<Adjustments>('ledger/adjustments', ends.abort.signal)
	const bin = (a: Adjustment): string => `${a.port} ${a.start}`
	const last = new Map(adjustments.map((a) => [bin(a), a.id]))
	const rows: Row[] = adjustments.map((a) => ({ ...a, standing: last.get(bin(a)) !== a.id ? 'replaced' : a.measured ? 'taken back' : 'in force' }))
	const list = new List<Row>({
		label: 'Adjusted bins', key: (a) => a.id, text: (a) => `${a.id} ${a.port} ${a.start} ${a.standing} ${a.by ?? ''} ${a.reason ?? ''} ${owner(a.port)?.member ?? ''}`, empty: 'No bin was put right by hand',
		columns: [
			{ title: 'Document', cell: (a) => h('span', { class: 'mono' }, a.id), by: (a) => a.id },
			{ title: 'Port', cell: (a) => portCell(a.port), by: (a) => a.port },
			{ title: 'Bin', cell: (a) => h('span', { class: 'nowrap' }, moment(a.start), h('span', { class: 'muted' }, `, ${a.length_s} s`)), by: (a) => Date.parse(a.start) },
			{ title: 'State', cell: (a) => badge(KINDS[a.standing], a.standing), by: (a) => a.standing },
			{ title: 'In', cell: (a) => side(a, a.in), by: (a) => Number(a.in ?? 0), right: true },
			{ title: 'Out', cell: (a) => side(a, a.out), by: (a) => Number(a.out ?? 0), right: true },
			{ title: 'By', cell: (a) => h('span', { dir: 'auto' }, a.by ?? '', h('span', { class: 'reason-line muted nowrap' }, moment(a.time))), by: (a) => a.time },
			{ title: 'Why', wide: true, cell: (a) => h('span', { dir: 'auto' }, a.reason ?? '') },
			{ title: 'Take', cell: (a) => documentLinks(a.id, PLAIN) },
		],
	})
	list.set(rows.reverse())
	finder((text) => list.find(text))
	const standing = rows.filter((a) => a.standing === 'in force').length
	return [rows.length ? h('p', { class: 'sums' }, `${plural(standing, 'bin')} that bills count as put right `, h('span', { class: 'bill-links' }, tableLink('/api/v1/ledger/adjustments?format=csv', 'Adjusted bins as CSV', 'adjustments.csv'))) : h('span', {}), list.root,
		h('p', { class: 'muted foot' }, 'What was measured is kept beside it. ', command('ledger adjust PORT TIME IN OUT "reason"'), ' ', command('ledger adjust PORT TIME measured "reason"'))]
}
const owner = (port: string) => current('traffic')?.ports.find((one) => one.port === port)
function portCell(port: string): Node {
	const one = owner(port)
	return h('span', {}, port, one ? h('span', { class: 'reason-line' }, h('a', { href: link(['members', one.asn]), dir: 'auto' }, one.member)) : null)
}
function side(a: Row, value: string | null): Node | string {
	if (value === null) return a.measured ? h('span', { class: 'muted' }, 'as measured') : ''
	return h('span', { class: 'nowrap' }, `${grouped(value)} B`, h('span', { class: 'reason-line muted' }, rate(Number(value) * 8 / Number(a.length_s))))
}
