// The journal itself: a page of entries, the newest first, and a member's statement.

import { ask, query, type Entries, type Entry, type JournalHead } from '../api'
import { h } from '../dom'
import { count, duration, grouped, money, moment } from '../format'
import { holderWord } from '../holder'
import { List } from '../list'
import type { Me } from '../me'
import { notice } from '../parts'
import { link, type Place } from '../route'
import type { Ends } from '../view'
import type { Finder } from './finder'
import { documentLinks, DRAWN, PLAIN, tableLink } from './links'

const PAGE = 100
const KINDS: Record<string, string> = { credit: 'credit note', series: 'bins of the other party', received: 'received invoice', adjustment: 'adjusted bin' }
const DRAWABLE = ['invoice', 'credit']

// What an entry did, where its kind alone does not say it.
function action(e: Entry): string {
	if (e.kind !== 'adjustment' || !e.action) return e.action ?? ''
	const [what, length, inwards, outwards] = e.action.split(' ')
	const bin = `${moment(e.date)}, ${duration(Number(length))}`
	return what === 'set' ? `of ${bin}: ${grouped(inwards ?? '')} B in, ${grouped(outwards ?? '')} B out` : `of ${bin}: as measured again`
}
function entryList(who: Me, empty: string): List<Entry> {
	const amount = (e: Entry): string => (e.amount ? money(e.amount) : '')
	return new List<Entry>({
		label: 'Journal', key: (e) => String(e.entry), empty, text: (e) => `${e.entry} ${KINDS[e.kind] ?? e.kind} ${e.document ?? ''} ${e.subject ?? ''} ${holderWord(e.holder ?? '')} ${e.reason ?? ''} ${amount(e)}`,
		columns: [
			{ title: 'Entry', cell: (e) => count(e.entry), by: (e) => e.entry },
			{ title: 'Time', cell: (e) => h('span', { class: 'nowrap' }, moment(e.time)), by: (e) => e.entry },
			{ title: 'What', cell: (e) => h('span', {}, `${KINDS[e.kind] ?? e.kind} ${action(e)} `, h('span', { class: 'mono nowrap' }, e.document ?? '')), by: (e) => e.kind },
			{ title: 'About', cell: (e) => h('span', { class: 'mono' }, e.subject ?? ''), by: (e) => e.subject },
			{ title: 'Amount', cell: (e) => h('b', { class: 'nowrap' }, amount(e)), by: (e) => Number(e.amount?.amount ?? 0), right: true },
			{ title: 'Postings', wide: true, cell: (e) => h('span', {}, ...e.postings.map((p) => h('span', { class: 'posting' }, h('span', {}, p.account), h('span', { class: 'nowrap' }, money(p.amount))))) },
			{ title: who.role === 'operator' ? 'By' : 'Why', cell: (e) => h('span', { dir: 'auto' }, who.role === 'operator' ? e.by ?? '' : '', e.reason ? h('span', { class: 'reason-line muted' }, e.reason) : null) },
			{ title: 'Take', cell: (e) => (e.document ? documentLinks(e.document, DRAWABLE.includes(e.kind) ? DRAWN : PLAIN) : h('span', {})) },
		],
	})
}

// Bounded however long the journal is.
export async function journal(place: Place, ends: Ends, finder: Finder): Promise<Node[]> {
	const head = await ask<JournalHead>('ledger/head', ends.abort.signal)
	if (!head.entry) return [notice('empty', 'The journal is empty', 'Its first entry is the first invoice that is issued.')]
	const asked = Number(place.set.get('from'))
	const to = asked > 0 && asked < head.entry ? Math.floor(asked) : head.entry, from = Math.max(1, to - PAGE + 1)
	const { entries } = await ask<Entries>(`ledger/entries${query({ from, to })}`, ends.abort.signal)
	const list = entryList({ role: 'operator', asn: null }, 'No entries')
	list.set([...entries].reverse())
	finder((text) => list.find(text))
	const step = (text: string, at: number | null) => (at === null ? null : h('a', { href: link(['books'], { show: 'journal', from: at }) }, text))
	return [h('p', { class: 'sums' }, `Entries ${count(from)} to ${count(to)} of ${count(head.entry)} `, h('span', { class: 'bill-links' }, step('‹ newer', to < head.entry ? Math.min(head.entry, to + PAGE) : null), step('older ›', from > 1 ? from - 1 : null), tableLink(`/api/v1/ledger/entries${query({ from, to, format: 'csv' })}`, 'These entries as CSV', 'entries.csv'))), list.root]
}
export async function statement(who: Me, ends: Ends, finder: Finder): Promise<Node[]> {
	const answer = await ask<Entries>(`ledger/statement/${who.asn ?? 0}`, ends.abort.signal)
	const list = entryList(who, 'Nothing was billed or paid yet')
	list.set([...answer.entries].reverse())
	finder((text) => list.find(text))
	const open = answer.open ?? []
	return [h('p', { class: 'sums' }, open.length ? h('span', {}, h('b', {}, open.map((one) => money(one)).join(' + ')), ' open ') : 'Nothing is open ', h('span', { class: 'bill-links' }, tableLink(`/api/v1/ledger/statement/${who.asn ?? 0}${query({ format: 'csv' })}`, 'Statement as CSV', 'statement.csv'))), list.root]
}
