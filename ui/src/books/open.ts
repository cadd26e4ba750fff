// What is open and how old: what others owe the hub, and what it owes.

import { ask, type AgedList } from '../api'
import { some, sumText } from '../amount'
import { h } from '../dom'
import { money } from '../format'
import { holderLink, holderWord } from '../holder'
import { List } from '../list'
import { badge } from '../parts'
import { link } from '../route'
import type { Ends } from '../view'
import type { Finder } from './finder'

type Row = AgedList['aged'][number]
const late = (r: Row): boolean => some(r.days_30) || some(r.days_60) || some(r.days_90) || some(r.older)
const lateParts = (r: Row) => [r.days_30, r.days_60, r.days_90, r.older].filter(some).map((amount) => ({ amount, currency: r.currency }))

const all = (rows: Row[]): string => sumText(rows.map((r) => ({ amount: r.open, currency: r.currency })))
const overdue = (rows: Row[]): Node | string => {
	const text = sumText(rows.flatMap(lateParts))
	return text ? h('b', { class: 'bad' }, text) : 'nothing'
}

export async function openItems(ends: Ends, finder: Finder): Promise<Node[]> {
	const [{ aged }, payables] = await Promise.all([ask<AgedList>('ledger/aged', ends.abort.signal), ask<AgedList>('ledger/aged?payables=yes', ends.abort.signal).catch(() => null)])
	const cell = (title: string, of: (r: Row) => string, bad: boolean) => ({ title, cell: (r: Row) => (some(of(r)) ? h('span', { class: bad ? 'bad nowrap' : 'nowrap' }, money({ amount: of(r), currency: r.currency })) : ''), by: (r: Row) => Number(of(r)), right: true })
	const list = new List<Row>({
		label: 'Open items by age', key: (r) => `${r.holder} ${r.currency}`, text: (r) => `${r.holder} ${holderWord(r.holder)} ${r.name ?? ''} ${r.currency} ${late(r) ? 'overdue' : ''} ${r.open}`, empty: 'Nothing is open',
		columns: [
			{ title: 'Member', cell: (r) => holderLink(r.holder, r.name), by: (r) => r.name ?? r.holder },
			cell('Not due', (r) => r.not_due, false), cell('up to 30 days', (r) => r.days_30, true), cell('to 60', (r) => r.days_60, true), cell('to 90', (r) => r.days_90, true), cell('older', (r) => r.older, true),
			{ title: 'Disputed', cell: (r) => (some(r.disputed) ? badge('disputed', money({ amount: r.disputed, currency: r.currency })) : ''), by: (r) => Number(r.disputed), right: true },
			{ title: 'Open', cell: (r) => h('b', { class: 'nowrap' }, money({ amount: r.open, currency: r.currency })), by: (r) => Number(r.open), right: true },
		],
	})
	list.set(aged)
	finder((text) => list.find(text))
	return [h('p', { class: 'sums' }, aged.length ? h('span', {}, h('b', {}, all(aged)), ' open; ', overdue(aged), ' overdue') : null), list.root, owed(payables?.aged ?? [])]
}

// One line of what the hub owes: by invoices that came in, and to owners of cables by settlements.
function owed(rows: Row[]): HTMLElement {
	if (!rows.some((r) => some(r.open))) return h('span', {})
	return h('p', { class: 'muted foot' }, 'The hub owes ', h('b', {}, all(rows)), ' by ', h('a', { href: link(['books'], { show: 'received' }) }, 'invoices that came in'), ' and ', h('a', { href: link(['books'], { show: 'settlements' }) }, 'settlements'), '; ', overdue(rows), ' of it overdue.')
}
