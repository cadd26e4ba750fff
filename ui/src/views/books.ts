// The journal for finance: what is open and how old, documents, disputes, settlements, and the entries themselves. A member sees its own;
// what changes anything is done in the shell, so the commands are told.

import { ask, query, type AgedList, type Dispute, type Disputes, type Entries, type Entry, type Forecast, type Forecasts, type Issued, type IssuedList, type JournalHead, type Money, type Settlement, type SettlementList, type StoreState } from '../api'
import { h, replace } from '../dom'
import { count, money, moment, plural, rate, UNKNOWN } from '../format'
import { dueText, stateBadges } from '../journal'
import { List } from '../list'
import { me, type Me } from '../me'
import { isMonth, monthName, monthPicker, stepMonth, thisMonth } from '../month'
import { badge, choice, filled, notice, searchField } from '../parts'
import { keep, link, type Place } from '../route'
import { totals } from './invoices'
import { Ends, type View } from '../view'

type Tab = 'open' | 'month' | 'documents' | 'disputes' | 'settlements' | 'journal'
const OPERATOR_TABS: [Tab, string][] = [['open', 'Open items'], ['documents', 'Invoices'], ['disputes', 'Disputes'], ['settlements', 'Settlements'], ['journal', 'Journal']]
const MEMBER_TABS: [Tab, string][] = [['documents', 'Invoices'], ['month', 'This month'], ['disputes', 'Disputes'], ['journal', 'Statement']]
const PAGE = 100

const some = (amount: string): boolean => /[1-9]/.test(amount)
const cash = (amount: string, currency: string): string => money({ amount, currency })
const command = (text: string): HTMLElement => h('code', { class: 'command' }, `sarai ${text}`)
function file(href: string, text: string, label: string, name?: string): HTMLElement {
	return name ? h('a', { href, download: name, 'aria-label': label }, text) : h('a', { href, target: '_blank', rel: 'noopener', 'aria-label': label }, text)
}
function documentLinks(id: string, forms: string[], party: string | null = null): HTMLElement {
	const to = (format: string) => `/api/v1/ledger/document${query({ id, party, format })}`
	const what = party ? `${id}, ${party}` : id
	return h('span', { class: 'bill-links nowrap' }, ...forms.map((form) => (form === 'pdf' ? file(to('pdf'), 'PDF', `${what} as PDF`) : form === 'html' ? file(to('html'), 'Print', `${what} to print`) : file(to(form), form.toUpperCase(), `${what} as ${form.toUpperCase()}`, `${id}${party ? `-${party}` : ''}.${form}`))))
}
const holderLink = (holder: string | null, name: string | null): Node | string => (holder ? (/^\d+$/.test(holder) ? h('span', {}, h('a', { href: link(['members', holder]), dir: 'auto' }, name ?? `AS${holder}`), ' ', h('span', { class: 'muted' }, `AS${holder}`)) : holder) : UNKNOWN)

export function openBooks(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	replace(root, notice('wait', 'Asking the ledger …'))
	void me().then((who) => {
		if (!ends.abort.signal.aborted) show(root, place, who, ends)
	})
	return { title: 'Books', close: () => ends.close() }
}

function show(root: HTMLElement, place: Place, who: Me, ends: Ends): void {
	const tabs = who.role === 'operator' ? OPERATOR_TABS : MEMBER_TABS
	let tab: Tab = tabs.find(([one]) => one === place.set.get('show'))?.[0] ?? tabs[0]![0]
	let month = isMonth(place.set.get('month')) ? place.set.get('month')! : null
	let search = place.set.get('q') ?? ''
	let find: ((text: string) => void) | null = null
	const content = h('div', {}), state = h('div', {}), picker = h('span', {})
	const loads: Record<Tab, () => Promise<Node[]>> = {
		open: () => openItems(ends, (to) => (find = to)),
		month: () => thisMonthOf(who, ends, (to) => (find = to)),
		documents: () => documents(month, ends, (to) => (find = to), who),
		disputes: () => disputes(ends, (to) => (find = to), who),
		settlements: () => settlements(month, ends, (to) => (find = to)),
		journal: () => (who.role === 'operator' ? journal(place, ends, (to) => (find = to)) : statement(who, ends, (to) => (find = to))),
	}
	const dated = () => tab === 'documents' || tab === 'settlements'
	const load = () => {
		keep({ show: tab === tabs[0]![0] ? null : tab, month: dated() ? month : null, q: search || null, from: tab === 'journal' ? place.set.get('from') : null })
		replace(picker, dated() ? choice<'all' | 'month'>('Of', [['all', 'All'], ['month', 'Month']], month ? 'month' : 'all', (value) => {
			month = value === 'month' ? stepMonth(thisMonth(), -1) : null
			load()
		}) : null, dated() && month ? monthPicker(month, (chosen) => {
			month = chosen
			load()
		}) : null)
		const wanted = `${tab} ${month}`
		find = null
		replace(content, notice('wait', 'Asking the ledger …'))
		filled(content, async () => {
			const nodes = await loads[tab]()
			if (wanted !== `${tab} ${month}`) return [...content.childNodes]
			if (search) find?.(search)
			return nodes
		}, ends.abort.signal)
	}
	const field = searchField('Find a member, document or amount', search, (text) => {
		search = text
		keep({ q: text })
		find?.(text)
	})
	replace(root, h('div', { class: 'column' }, h('div', { class: 'title' }, h('h1', {}, who.role === 'operator' ? 'Books' : `Books of AS${who.asn ?? ''}`), state),
		h('div', { class: 'tools' }, choice('View', tabs, tab, (value) => {
			tab = value
			load()
		}), picker, field), content))
	if (who.role === 'operator') void soundness(state, ends)
	if (who.role === 'visitor') return replace(root, h('div', { class: 'column' }, notice('empty', 'Accounts are for members and the operator'), h('p', {}, h('a', { href: '/login' }, 'Sign in'))))
	load()
}

// Whether the journal stands, and the digest by which that can be shown later.
async function soundness(state: HTMLElement, ends: Ends): Promise<void> {
	try {
		const [ledger, head] = await Promise.all([ask<StoreState>('ledger', ends.abort.signal), ask<JournalHead>('ledger/head', ends.abort.signal)])
		const trouble = ledger.journal.trouble
		replace(state, trouble ? h('p', { class: 'bad', role: 'alert' }, badge('down', 'not sound'), ` ${trouble}`) : h('p', { class: 'muted' }, badge('up', 'sound'), ` ${plural(ledger.journal.entries, 'entry', 'entries')}, checked when the ledger started: chain, documents and balances. `, head.hash ? h('span', { class: 'mono digest', title: `Digest of entry ${head.entry}; note it elsewhere, and prove by it later that nothing was cut off` }, head.hash) : null, ' ', command('ledger verify')))
	} catch {
		replace(state)
	}
}

async function openItems(ends: Ends, finder: (find: (text: string) => void) => void): Promise<Node[]> {
	const { aged } = await ask<AgedList>('ledger/aged', ends.abort.signal)
	type Row = AgedList['aged'][number]
	const late = (r: Row) => some(r.days_30) || some(r.days_60) || some(r.days_90) || some(r.older)
	const cell = (title: string, of: (r: Row) => string, bad: boolean) => ({ title, cell: (r: Row) => (some(of(r)) ? h('span', { class: bad ? 'bad nowrap' : 'nowrap' }, cash(of(r), r.currency)) : ''), by: (r: Row) => Number(of(r)), right: true })
	const list = new List<Row>({
		label: 'Open items by age', key: (r) => `${r.holder} ${r.currency}`, text: (r) => `${r.holder} AS${r.holder} ${r.name ?? ''} ${r.currency} ${late(r) ? 'overdue' : ''} ${r.open}`, empty: 'Nothing is open',
		columns: [
			{ title: 'Member', cell: (r) => holderLink(r.holder, r.name), by: (r) => r.name ?? r.holder },
			cell('Not due', (r) => r.not_due, false), cell('up to 30 days', (r) => r.days_30, true), cell('to 60', (r) => r.days_60, true), cell('to 90', (r) => r.days_90, true), cell('older', (r) => r.older, true),
			{ title: 'Disputed', cell: (r) => (some(r.disputed) ? badge('disputed', cash(r.disputed, r.currency)) : ''), by: (r) => Number(r.disputed), right: true },
			{ title: 'Open', cell: (r) => h('b', { class: 'nowrap' }, cash(r.open, r.currency)), by: (r) => Number(r.open), right: true },
		],
	})
	list.set(aged)
	finder((text) => list.find(text))
	const all = totals(aged.map((r) => ({ total: { amount: r.open, currency: r.currency } })))
	const bad = totals(aged.flatMap((r) => [r.days_30, r.days_60, r.days_90, r.older].map((amount) => ({ total: { amount, currency: r.currency } })))).filter((sum) => some(sum.replace(/[^\d.]/g, '')))
	return [h('p', { class: 'sums' }, aged.length ? h('span', {}, h('b', {}, all.join(' + ')), ' open; ', bad.length ? h('b', { class: 'bad' }, bad.join(' + ')) : 'nothing', ' overdue') : null), list.root]
}

async function documents(month: string | null, ends: Ends, finder: (find: (text: string) => void) => void, who: Me): Promise<Node[]> {
	const { invoices } = await ask<IssuedList>(`ledger/invoices${query({ month })}`, ends.abort.signal)
	const list = new List<Issued>({
		label: 'Issued invoices', key: (i) => i.id, text: (i) => `${i.id} ${i.number} ${i.name ?? ''} AS${i.holder ?? ''} ${i.state} ${i.month} ${i.total}`, empty: month ? `Nothing was issued for ${monthName(month)}` : 'Nothing was issued yet',
		columns: [
			{ title: 'Document', cell: (i) => h('a', { class: 'mono', href: link(['invoices', i.holder ?? ''], { month: i.month, contract: i.contract }) }, i.id), by: (i) => i.id },
			...(who.role === 'operator' ? [{ title: 'Member', cell: (i: Issued) => holderLink(i.holder ?? null, i.name ?? null), by: (i: Issued) => i.name ?? '' }] : []),
			{ title: 'Month', cell: (i) => i.month, by: (i) => i.month },
			{ title: 'Issued', cell: (i) => h('span', { class: 'nowrap' }, i.issued ?? UNKNOWN), by: (i) => i.issued },
			{ title: 'State', cell: (i) => h('span', {}, stateBadges(i), h('span', { class: 'muted' }, ` ${dueText(i)}`)), by: (i) => i.state },
			{ title: 'Open', cell: (i) => h('span', { class: 'nowrap' }, some(i.open) ? cash(i.open, i.currency) : ''), by: (i) => Number(i.open), right: true },
			{ title: 'Total', cell: (i) => h('b', { class: 'nowrap' }, cash(i.total, i.currency)), by: (i) => Number(i.total), right: true },
			{ title: 'Take', wide: true, cell: (i) => h('span', {}, documentLinks(i.id, ['pdf', 'json']), ' ', h('span', { class: 'bill-links nowrap' }, file(`/api/v1/bill/${i.holder ?? ''}${query({ month: i.month, contract: i.contract, format: 'html' })}`, 'Print', `${i.id} to print`), file(`/api/v1/bill/${i.holder ?? ''}${query({ month: i.month, contract: i.contract, format: 'csv' })}`, 'CSV', `${i.id} as CSV`, `${i.id}.csv`))) },
		],
	})
	list.set([...invoices].reverse())
	finder((text) => list.find(text))
	return [list.root, h('p', { class: 'muted foot' }, 'An issued invoice stays as it was; what is wrong is put right by a credit note.', who.role === 'operator' ? h('span', {}, ' ', command('ledger issue --month YYYY-MM'), ' ', command('ledger credit ID AMOUNT "reason"'), ' ', command('ledger pay ID AMOUNT')) : null)]
}

async function thisMonthOf(who: Me, ends: Ends, finder: (find: (text: string) => void) => void): Promise<Node[]> {
	const { forecasts } = await ask<Forecasts>(`forecast${query({ member: who.asn })}`, ends.abort.signal)
	const list = new List<Forecast>({
		label: 'Contracts of this month', key: (f) => f.contract, text: (f) => f.contract, empty: 'No contract is in force',
		columns: [
			{ title: 'Contract', cell: (f) => h('a', { href: link(['invoices', f.asn], { contract: f.contract }) }, f.contract), by: (f) => f.contract },
			{ title: '95th, at least', cell: (f) => rate(f.low.p95_bps), right: true },
			{ title: 'At least', cell: (f) => money(f.low.total), right: true },
			{ title: 'Likely', cell: (f) => h('b', {}, f.likely ? money(f.likely.total) : UNKNOWN), right: true },
			{ title: 'At most', cell: (f) => (f.high ? money(f.high.total) : UNKNOWN), right: true },
		],
	})
	list.set(forecasts)
	finder((text) => list.find(text))
	return [list.root]
}

const CLOSED = ['accepted', 'settled', 'rejected', 'withdrawn']
async function disputes(ends: Ends, finder: (find: (text: string) => void) => void, who: Me): Promise<Node[]> {
	const answer = await ask<Disputes>('ledger/disputes', ends.abort.signal)
	const list = new List<Dispute>({
		label: 'Disputes', key: (d) => d.id, text: (d) => `${d.id} ${d.invoice} ${d.name ?? ''} AS${d.holder} ${d.state} ${d.late ? 'late' : ''} ${d.reason ?? ''}`, empty: 'There was no dispute',
		columns: [
			{ title: 'Dispute', cell: (d) => h('span', { class: 'mono' }, d.id), by: (d) => d.id },
			...(who.role === 'operator' ? [{ title: 'Member', cell: (d: Dispute) => holderLink(d.holder, d.name), by: (d: Dispute) => d.name ?? d.holder }] : []),
			{ title: 'Of', cell: (d) => h('span', { class: 'mono' }, d.invoice), by: (d) => d.invoice },
			{ title: 'State', cell: (d) => h('span', {}, badge(d.late ? 'overdue' : CLOSED.includes(d.state) ? 'closed' : 'part-paid', d.state), d.late ? h('span', { class: 'bad' }, ' late') : null, d.deadline && !CLOSED.includes(d.state) ? h('span', { class: 'muted' }, ` answer by ${d.deadline}`) : null), by: (d) => d.state },
			{ title: 'Opened', cell: (d) => h('span', { class: 'nowrap' }, d.opened ?? UNKNOWN), by: (d) => d.opened },
			{ title: 'Disputed', cell: (d) => h('b', { class: 'nowrap' }, cash(d.amount, d.currency)), by: (d) => Number(d.amount), right: true },
			{ title: 'Granted', cell: (d) => h('span', { class: 'nowrap' }, some(d.granted) ? cash(d.granted, d.currency) : ''), by: (d) => Number(d.granted), right: true },
			{ title: 'Why', wide: true, cell: (d) => h('span', { dir: 'auto' }, d.reason ?? '', d.answer ? h('span', { class: 'reason-line muted' }, `answered: ${d.answer}`) : null) },
		],
	})
	// Those that wait are first, those that wait too long before them.
	list.set([...answer.disputes].sort((a, b) => Number(CLOSED.includes(a.state)) - Number(CLOSED.includes(b.state)) || Number(b.late) - Number(a.late) || b.id.localeCompare(a.id)))
	finder((text) => list.find(text))
	return [list.root, who.role === 'operator' ? h('p', { class: 'muted foot' }, command('ledger dispute answer ID "text"'), ' ', command('ledger dispute settle ID AMOUNT'), ' ', command('ledger dispute accept ID'), ' ', command('ledger dispute reject ID')) : h('span', {})]
}

async function settlements(month: string | null, ends: Ends, finder: (find: (text: string) => void) => void): Promise<Node[]> {
	const { settlements: all } = await ask<SettlementList>('ledger/settlement', ends.abort.signal)
	if (!all.length) return [notice('empty', 'Nothing was settled yet', 'A month that is over is settled with: sarai ledger settle --month YYYY-MM')]
	const months = [...new Set(all.map((one) => one.month))].sort().reverse()
	const chosen = month ?? months[0]!
	const one = months.includes(chosen) ? await ask<Settlement>(`ledger/settlement${query({ month: chosen })}`, ends.abort.signal) : null
	const others = h('p', { class: 'months' }, ...months.slice(0, 36).map((name) => h('a', { href: link(['books'], { show: 'settlements', month: name }), 'aria-current': name === chosen ? 'true' : null }, monthName(name))))
	if (!one) return [others, notice('empty', `${monthName(chosen)} was not settled`)]
	type Row = Settlement['statements'][number]
	const name = (id: string) => one.parties.find((party) => party.id === id)?.name ?? id
	const forms = (r: Row) => (r.party === 'hub' ? h('span', {}) : h('span', {}, documentLinks(one.id, ['pdf', 'json'], r.party), ' ', h('span', { class: 'bill-links' }, file(`/api/v1/ledger/settlement${query({ month: chosen, party: r.party, format: 'csv' })}`, 'CSV', `${one.id}, ${r.party} as CSV`, `${one.id}-${r.party}.csv`))))
	const list = new List<Row>({
		label: 'Statements of the parties', key: (r) => `${r.party} ${r.currency}`, text: (r) => `${r.party} ${name(r.party)} ${r.currency}`, empty: 'No party has anything to get',
		columns: [
			{ title: 'Party', cell: (r) => h('span', { dir: 'auto' }, name(r.party), ' ', h('span', { class: 'muted' }, r.party)), by: (r) => name(r.party) },
			{ title: 'Collected', cell: (r) => h('span', { class: 'nowrap' }, cash(r.collected, r.currency)), by: (r) => Number(r.collected), right: true },
			{ title: 'Share', cell: (r) => h('span', { class: 'nowrap' }, cash(r.share, r.currency)), by: (r) => Number(r.share), right: true },
			{ title: 'Dues in', cell: (r) => h('span', { class: 'nowrap' }, cash(r.dues_in, r.currency)), by: (r) => Number(r.dues_in), right: true },
			{ title: 'Dues out', cell: (r) => h('span', { class: 'nowrap' }, cash(r.dues_out, r.currency)), by: (r) => Number(r.dues_out), right: true },
			{ title: 'Net', cell: (r) => h('b', { class: 'nowrap' }, cash(r.net, r.currency)), by: (r) => Number(r.net), right: true },
			{ title: 'Take', wide: true, cell: forms },
		],
	})
	list.set(one.statements)
	finder((text) => list.find(text))
	const zero = totals(one.statements.map((r) => ({ total: { amount: r.net, currency: r.currency } })))
	return [others, h('p', { class: 'sums' }, h('span', { class: 'mono' }, one.id), ` · ${monthName(chosen)} · ${moment(one.time)} · over all parties ${zero.join(' + ')}`), list.root,
		h('section', { class: 'block' }, h('h2', {}, 'Who pays whom'), one.transfers.length ? h('ul', { class: 'transfers plain' }, ...one.transfers.map((t) => h('li', {}, h('span', { dir: 'auto' }, `${name(t.from)} to ${name(t.to)}`), h('b', { class: 'nowrap' }, money(t.amount))))) : notice('empty', 'Nothing is to be paid'))]
}

const KINDS: Record<string, string> = { credit: 'credit note', series: 'bins of the other party' }
function entryList(who: Me, empty: string): List<Entry> {
	const amount = (e: Entry): string => (e.amount ? money(e.amount) : '')
	return new List<Entry>({
		label: 'Journal', key: (e) => String(e.entry), empty, text: (e) => `${e.entry} ${e.kind} ${e.document ?? ''} ${e.subject ?? ''} AS${e.holder ?? ''} ${e.reason ?? ''} ${amount(e)}`,
		columns: [
			{ title: 'Entry', cell: (e) => count(e.entry), by: (e) => e.entry },
			{ title: 'Time', cell: (e) => h('span', { class: 'nowrap' }, moment(e.time)), by: (e) => e.entry },
			{ title: 'What', cell: (e) => h('span', {}, KINDS[e.kind] ?? e.kind, e.action ? ` ${e.action}` : '', ' ', h('span', { class: 'mono' }, e.document ?? '')), by: (e) => e.kind },
			{ title: 'About', cell: (e) => h('span', { class: 'mono' }, e.subject ?? ''), by: (e) => e.subject },
			{ title: 'Amount', cell: (e) => h('b', { class: 'nowrap' }, amount(e)), by: (e) => Number(e.amount?.amount ?? 0), right: true },
			{ title: 'Postings', wide: true, cell: (e) => h('span', {}, ...e.postings.map((p) => h('span', { class: 'posting' }, h('span', {}, p.account), h('span', { class: 'nowrap' }, money(p.amount))))) },
			{ title: 'By', cell: (e) => h('span', { dir: 'auto' }, who.role === 'operator' ? e.by ?? '' : '', e.reason ? h('span', { class: 'reason-line muted' }, e.reason) : null) },
			{ title: 'Take', cell: (e) => (e.document && ['invoice', 'credit'].includes(e.kind) ? documentLinks(e.document, ['pdf', 'json']) : e.document && e.kind !== 'transfer' ? documentLinks(e.document, ['json']) : h('span', {})) },
		],
	})
}
// A page of entries, the newest first; bounded however long the journal is.
async function journal(place: Place, ends: Ends, finder: (find: (text: string) => void) => void): Promise<Node[]> {
	const head = await ask<JournalHead>('ledger/head', ends.abort.signal)
	if (!head.entry) return [notice('empty', 'The journal is empty', 'Its first entry is the first invoice that is issued.')]
	const asked = Number(place.set.get('from'))
	const to = asked > 0 && asked < head.entry ? Math.floor(asked) : head.entry, from = Math.max(1, to - PAGE + 1)
	const { entries } = await ask<Entries>(`ledger/entries${query({ from, to })}`, ends.abort.signal)
	const list = entryList({ role: 'operator', asn: null }, 'No entries')
	list.set([...entries].reverse())
	finder((text) => list.find(text))
	const step = (text: string, at: number | null) => (at === null ? null : h('a', { href: link(['books'], { show: 'journal', from: at }) }, text))
	return [h('p', { class: 'sums' }, `Entries ${count(from)} to ${count(to)} of ${count(head.entry)} `, h('span', { class: 'bill-links' }, step('‹ newer', to < head.entry ? Math.min(head.entry, to + PAGE) : null), step('older ›', from > 1 ? from - 1 : null), file(`/api/v1/ledger/entries${query({ from, to, format: 'csv' })}`, 'CSV', 'These entries as CSV', 'entries.csv'))), list.root]
}
async function statement(who: Me, ends: Ends, finder: (find: (text: string) => void) => void): Promise<Node[]> {
	const answer = await ask<Entries>(`ledger/statement/${who.asn ?? 0}`, ends.abort.signal)
	const list = entryList(who, 'Nothing was billed or paid yet')
	list.set([...answer.entries].reverse())
	finder((text) => list.find(text))
	const open: Money[] = answer.open ?? []
	return [h('p', { class: 'sums' }, open.length ? h('span', {}, h('b', {}, open.map((one) => money(one)).join(' + ')), ' open ') : 'Nothing is open ', h('span', { class: 'bill-links' }, file(`/api/v1/ledger/statement/${who.asn ?? 0}${query({ format: 'csv' })}`, 'CSV', 'Statement as CSV', 'statement.csv'))), list.root]
}
