// The journal for finance: what is open and how old, documents, disputes, settlements, and the entries themselves. A member sees its own;
// what changes anything is done in the shell, so the commands are told.

import { ask, query, type Forecast, type Forecasts, type JournalHead, type StoreState } from '../api'
import { adjusted } from '../books/adjusted'
import { disputes } from '../books/disputes'
import { documents, received } from '../books/documents'
import { journal, statement } from '../books/entries'
import type { Finder } from '../books/finder'
import { openItems } from '../books/open'
import { settlements } from '../books/settlements'
import { command } from '../books/words'
import { h, replace } from '../dom'
import { money, plural, rate, UNKNOWN } from '../format'
import { List } from '../list'
import { me, type Me } from '../me'
import { isMonth, monthPicker, stepMonth, thisMonth } from '../month'
import { badge, choice, filled, notice, searchField } from '../parts'
import { keep, link, type Place } from '../route'
import { Ends, type View } from '../view'

type Tab = 'open' | 'month' | 'documents' | 'received' | 'disputes' | 'adjusted' | 'settlements' | 'journal'
const OPERATOR_TABS: [Tab, string][] = [['open', 'Open items'], ['documents', 'Invoices'], ['received', 'Received'], ['disputes', 'Disputes'], ['adjusted', 'Adjusted bins'], ['settlements', 'Settlements'], ['journal', 'Journal']]
const MEMBER_TABS: [Tab, string][] = [['documents', 'Invoices'], ['month', 'This month'], ['disputes', 'Disputes'], ['journal', 'Statement']]
const DATED: Tab[] = ['documents', 'received', 'settlements']

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
		received: () => received(month, ends, (to) => (find = to)),
		adjusted: () => adjusted(ends, (to) => (find = to)),
		disputes: () => disputes(ends, (to) => (find = to), who),
		settlements: () => settlements(month, ends, (to) => (find = to)),
		journal: () => (who.role === 'operator' ? journal(place, ends, (to) => (find = to)) : statement(who, ends, (to) => (find = to))),
	}
	const dated = () => DATED.includes(tab)
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

async function thisMonthOf(who: Me, ends: Ends, finder: Finder): Promise<Node[]> {
	const { forecasts } = await ask<Forecasts>(`forecast${query({ member: who.asn })}`, ends.abort.signal)
	const list = new List<Forecast>({
		label: 'Contracts of this month', key: (f) => f.contract, text: (f) => f.contract, empty: 'No contract is in force',
		columns: [
			{ title: 'Contract', cell: (f) => h('a', { href: link(['invoices', f.asn ?? ''], { contract: f.contract }) }, f.contract), by: (f) => f.contract },
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
