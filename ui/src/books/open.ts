// What is open and how old: what others owe the hub, and what it owes.

import { ask, type AgedList, type IssuedList } from '../api'
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

export async function openItems(ends: Ends, finder: Finder): Promise<Node[]> {
	const [{ aged }, payables] = await Promise.all([ask<AgedList>('ledger/aged', ends.abort.signal), ask<IssuedList>('ledger/payables', ends.abort.signal).catch(() => null)])
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
	const all = sumText(aged.map((r) => ({ amount: r.open, currency: r.currency }))), overdue = sumText(aged.flatMap(lateParts))
	return [h('p', { class: 'sums' }, aged.length ? h('span', {}, h('b', {}, all), ' open; ', overdue ? h('b', { class: 'bad' }, overdue) : 'nothing', ' overdue') : null), list.root, owed(payables)]
}

// One line of what the hub owes by invoices that came in.
function owed(payables: IssuedList | null): HTMLElement {
	const open = (payables?.invoices ?? []).filter((one) => some(one.open) && one.state !== 'overpaid')
	if (!open.length) return h('span', {})
	const overdue = open.filter((one) => one.state === 'overdue')
	const text = (list: typeof open) => sumText(list.map((one) => ({ amount: one.open, currency: one.currency })))
	return h('p', { class: 'muted foot' }, 'The hub owes ', h('a', { href: link(['books'], { show: 'received' }) }, text(open)), ' by invoices that came in; ', overdue.length ? h('b', { class: 'bad' }, text(overdue)) : 'nothing', ' of it overdue.')
}
