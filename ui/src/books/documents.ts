// Invoices that were issued, and those that came in.

import { ask, query, type Invoice, type Invoices, type Issued, type IssuedList } from '../api'
import { less, some, sumText } from '../amount'
import { h } from '../dom'
import { money, plural, UNKNOWN } from '../format'
import { holderLink, holderOf, holderWord } from '../holder'
import { dueText, stateBadges } from '../journal'
import { List, type Column } from '../list'
import type { Me } from '../me'
import { monthName } from '../month'
import { link } from '../route'
import type { Ends } from '../view'
import type { Finder } from './finder'
import { billLinks, documentLinks, PLAIN, tableLink } from './links'
import { command } from './words'

const cash = (i: Issued, amount: string): string => money({ amount, currency: i.currency })
const text = (i: Issued): string => `${i.id} ${i.number} ${i.name ?? ''} ${holderWord(i.holder ?? '')} ${i.state} ${i.month} ${i.total}`
const columns: Record<'month' | 'issued' | 'state' | 'open' | 'total', Column<Issued>> = {
	month: { title: 'Month', cell: (i) => i.month, by: (i) => i.month },
	issued: { title: 'Issued', cell: (i) => h('span', { class: 'nowrap' }, i.issued ?? UNKNOWN), by: (i) => i.issued },
	state: { title: 'State', cell: (i) => h('span', {}, stateBadges(i), h('span', { class: 'muted' }, ` ${dueText(i)}`)), by: (i) => i.state },
	open: { title: 'Open', cell: (i) => h('span', { class: 'nowrap' }, some(i.open) ? cash(i, i.open) : ''), by: (i) => Number(i.open), right: true },
	total: { title: 'Total', cell: (i) => h('b', { class: 'nowrap' }, cash(i, i.total)), by: (i) => Number(i.total), right: true },
}
const billOf = (i: Issued): string => link(['invoices', i.holder ?? ''], { month: i.month, contract: i.contract })

export async function documents(month: string | null, ends: Ends, finder: Finder, who: Me): Promise<Node[]> {
	const { invoices } = await ask<IssuedList>(`ledger/invoices${query({ month })}`, ends.abort.signal)
	const list = new List<Issued>({
		label: 'Issued invoices', key: (i) => i.id, text, empty: month ? `Nothing was issued for ${monthName(month)}` : 'Nothing was issued yet',
		columns: [
			{ title: 'Document', cell: (i) => h('a', { class: 'mono', href: billOf(i) }, i.id), by: (i) => i.id },
			...(who.role === 'operator' ? [{ title: 'Member', cell: (i: Issued) => holderLink(i.holder ?? null, i.name ?? null), by: (i: Issued) => i.name ?? '' }] : []),
			columns.month, columns.issued, columns.state, columns.open, columns.total,
			{ title: 'Take', wide: true, cell: (i) => billLinks({ holder: i.holder ?? '', contract: i.contract, number: i.id }, i.month) },
		],
	})
	list.set([...invoices].reverse())
	finder((words) => list.find(words))
	return [list.root, h('p', { class: 'muted foot' }, 'An issued invoice stays as it was; what is wrong is put right by a credit note.', who.role === 'operator' ? h('span', {}, ' ', command('ledger issue --month YYYY-MM'), ' ', command('ledger credit ID AMOUNT "reason"'), ' ', command('ledger pay ID AMOUNT')) : null)]
}

// What suppliers asked for; of one month beside what their contracts say, and what has not come in yet.
export async function received(month: string | null, ends: Ends, finder: Finder): Promise<Node[]> {
	const [{ invoices }, expected] = await Promise.all([ask<IssuedList>(`ledger/payables${query({ month })}`, ends.abort.signal), month ? expectedOf(month, ends.abort.signal) : []])
	const wanted = (i: Issued): Invoice | undefined => expected.find((one) => holderOf(one) === i.holder && one.contract === i.contract)
	const list = new List<Issued>({
		label: 'Received invoices', key: (i) => i.id, text, empty: month ? `Nothing came in for ${monthName(month)}` : 'No invoice came in yet',
		columns: [
			{ title: 'Document', cell: (i) => h('a', { class: 'mono', href: billOf(i) }, i.id), by: (i) => i.id },
			{ title: 'From', cell: (i) => holderLink(i.holder ?? null, i.name ?? null), by: (i) => i.name ?? '' },
			{ title: 'Their number', cell: (i) => h('span', { class: 'mono', dir: 'auto' }, theirNumber(i)), by: theirNumber },
			columns.month, { ...columns.issued, title: 'Received' }, columns.state, columns.open,
			...(month ? [{ title: 'Expected', cell: (i: Issued) => expectation(i, wanted(i)), by: (i: Issued) => Number(wanted(i)?.total.amount ?? 0), right: true }] : []),
			{ ...columns.total, title: 'Asked for' },
			{ title: 'Take', cell: (i) => documentLinks(i.id, PLAIN) },
		],
	})
	list.set([...invoices].reverse())
	finder((words) => list.find(words))
	const missing = expected.filter((one) => one.final && !invoices.some((i) => i.holder === holderOf(one) && i.contract === one.contract))
	return [sumLine(invoices, `/api/v1/ledger/payables${query({ month, format: 'csv' })}`), list.root, ...stillToCome(missing, month),
		h('p', { class: 'muted foot' }, 'What a contract with purchase: yes expects is on its bill. ', command('ledger receive CONTRACT NUMBER AMOUNT|expected'), ' ', command('ledger pay ID AMOUNT'), ' ', command('ledger dispute open ID AMOUNT "reason"'))]
}
async function expectedOf(month: string, signal: AbortSignal): Promise<Invoice[]> {
	const { invoices } = await ask<Invoices>(`invoices${query({ month })}`, signal)
	return invoices.filter((one) => one.purchase)
}
export const theirNumber = (i: Issued): string => (i.holder && i.number.startsWith(i.holder + ' ') ? i.number.slice(i.holder.length + 1) : i.number)
function expectation(i: Issued, one: Invoice | undefined): Node | string {
	if (!one) return UNKNOWN
	if (one.total.currency !== i.currency) return money(one.total)
	const more = less(i.total, one.total.amount)
	return h('span', { class: 'nowrap' }, money(one.total), some(more) ? h('span', { class: more.startsWith('-') ? 'reason-line muted' : 'reason-line bad' }, `${more.startsWith('-') ? '' : '+'}${cash(i, more)}`) : null)
}
function sumLine(invoices: Issued[], csv: string): HTMLElement {
	const of = (list: Issued[]) => sumText(list.filter((i) => some(i.open) && i.state !== 'overpaid').map((i) => ({ amount: i.open, currency: i.currency })))
	const all = of(invoices), late = of(invoices.filter((i) => i.state === 'overdue'))
	return h('p', { class: 'sums' }, all ? h('span', {}, h('b', {}, all), ' to pay; ', late ? h('b', { class: 'bad' }, late) : 'nothing', ' overdue ') : invoices.length ? 'Nothing is to be paid ' : null, invoices.length ? h('span', { class: 'bill-links' }, tableLink(csv, 'Received invoices as CSV', 'received.csv')) : null)
}
function stillToCome(missing: Invoice[], month: string | null): Node[] {
	if (!missing.length || !month) return []
	return [h('section', { class: 'block' }, h('h2', {}, `Still to come: ${plural(missing.length, 'invoice')} of ${monthName(month)}`), h('ul', { class: 'transfers plain' }, ...missing.map((one) => h('li', {}, h('span', {}, holderLink(holderOf(one), one.member), ', ', h('a', { href: link(['invoices', holderOf(one)], { month, contract: one.contract }) }, one.contract)), h('b', { class: 'nowrap' }, money(one.total))))))]
}
