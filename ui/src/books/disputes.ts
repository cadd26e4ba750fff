// Disputes: those that wait are first, those that wait too long before them.

import { ask, type Dispute, type Disputes } from '../api'
import { some } from '../amount'
import { h } from '../dom'
import { money, UNKNOWN } from '../format'
import { holderLink, holderWord } from '../holder'
import { List } from '../list'
import type { Me } from '../me'
import { badge } from '../parts'
import type { Ends } from '../view'
import type { Finder } from './finder'
import { command } from './words'

const CLOSED = ['accepted', 'settled', 'rejected', 'withdrawn']
const closed = (d: Dispute): boolean => CLOSED.includes(d.state)
// What is disputed of an invoice that came in, the hub disputes itself.
const ours = (d: Dispute): boolean => /-R\d+$/.test(d.invoice)

export async function disputes(ends: Ends, finder: Finder, who: Me): Promise<Node[]> {
	const answer = await ask<Disputes>('ledger/disputes', ends.abort.signal)
	const cash = (d: Dispute, amount: string): string => money({ amount, currency: d.currency })
	const list = new List<Dispute>({
		label: 'Disputes', key: (d) => d.id, text: (d) => `${d.id} ${d.invoice} ${d.name ?? ''} ${holderWord(d.holder)} ${d.state} ${d.late ? 'late' : ''} ${d.reason ?? ''}`, empty: 'There was no dispute',
		columns: [
			{ title: 'Dispute', cell: (d) => h('span', { class: 'mono' }, d.id), by: (d) => d.id },
			...(who.role === 'operator' ? [{ title: 'Member', cell: (d: Dispute) => holderLink(d.holder, d.name), by: (d: Dispute) => d.name ?? d.holder }] : []),
			{ title: 'Of', cell: (d) => h('span', {}, h('span', { class: 'mono' }, d.invoice), ours(d) ? h('span', { class: 'reason-line muted' }, 'came in; the hub disputes it') : null), by: (d) => d.invoice },
			{ title: 'State', cell: (d) => h('span', {}, badge(d.late ? 'overdue' : closed(d) ? 'closed' : 'part-paid', d.state), d.late ? h('span', { class: 'bad' }, ' late') : null, d.deadline && !closed(d) ? h('span', { class: 'muted' }, ` answer by ${d.deadline}`) : null), by: (d) => d.state },
			{ title: 'Opened', cell: (d) => h('span', { class: 'nowrap' }, d.opened ?? UNKNOWN), by: (d) => d.opened },
			{ title: 'Disputed', cell: (d) => h('b', { class: 'nowrap' }, cash(d, d.amount)), by: (d) => Number(d.amount), right: true },
			{ title: 'Granted', cell: (d) => h('span', { class: 'nowrap' }, some(d.granted) ? cash(d, d.granted) : ''), by: (d) => Number(d.granted), right: true },
			{ title: 'Why', wide: true, cell: (d) => h('span', { dir: 'auto' }, d.reason ?? '', d.answer ? h('span', { class: 'reason-line muted' }, `answered: ${d.answer}`) : null) },
		],
	})
	list.set([...answer.disputes].sort((a, b) => Number(closed(a)) - Number(closed(b)) || Number(b.late) - Number(a.late) || b.id.localeCompare(a.id)))
	finder((text) => list.find(text))
	return [list.root, who.role === 'operator' ? h('p', { class: 'muted foot' }, command('ledger dispute answer ID "text"'), ' ', command('ledger dispute settle ID AMOUNT'), ' ', command('ledger dispute accept ID'), ' ', command('ledger dispute reject ID')) : h('span', {})]
}
