// What the owners of the cables get: a month's statements, which add up to zero, and who pays whom.

import { ask, query, type Settlement, type SettlementList } from '../api'
import { sumText } from '../amount'
import { h } from '../dom'
import { money, moment } from '../format'
import { List } from '../list'
import { monthName } from '../month'
import { notice } from '../parts'
import { link } from '../route'
import type { Ends } from '../view'
import type { Finder } from './finder'
import { documentLinks, DRAWN, PLAIN } from './links'

type Row = Settlement['statements'][number]

export async function settlements(month: string | null, ends: Ends, finder: Finder): Promise<Node[]> {
	const { settlements: all } = await ask<SettlementList>('ledger/settlement', ends.abort.signal)
	if (!all.length) return [notice('empty', 'Nothing was settled yet', 'A month that is over is settled with: sarai ledger settle --month YYYY-MM')]
	const months = [...new Set(all.map((one) => one.month))].sort().reverse()
	const chosen = month ?? months[0]!
	const one = months.includes(chosen) ? await ask<Settlement>(`ledger/settlement${query({ month: chosen })}`, ends.abort.signal) : null
	const others = h('p', { class: 'months' }, ...months.slice(0, 36).map((name) => h('a', { href: link(['books'], { show: 'settlements', month: name }), 'aria-current': name === chosen ? 'true' : null }, monthName(name))))
	if (!one) return [others, notice('empty', `${monthName(chosen)} was not settled`)]
	const name = (id: string) => one.parties.find((party) => party.id === id)?.name ?? id
	const sum = (title: string, of: (r: Row) => string, strong = false) => ({ title, cell: (r: Row) => h(strong ? 'b' : 'span', { class: 'nowrap' }, money({ amount: of(r), currency: r.currency })), by: (r: Row) => Number(of(r)), right: true })
	const list = new List<Row>({
		label: 'Statements of the parties', key: (r) => `${r.party} ${r.currency}`, text: (r) => `${r.party} ${name(r.party)} ${r.currency}`, empty: 'No party has anything to get',
		columns: [
			{ title: 'Party', cell: (r) => h('span', { dir: 'auto' }, name(r.party), ' ', h('span', { class: 'muted' }, r.party)), by: (r) => name(r.party) },
			sum('Collected', (r) => r.collected), sum('Share', (r) => r.share), sum('Dues in', (r) => r.dues_in), sum('Dues out', (r) => r.dues_out), sum('Net', (r) => r.net, true),
			{ title: 'Take', wide: true, cell: (r) => (r.party === 'hub' ? documentLinks(one.id, PLAIN) : documentLinks(one.id, DRAWN, r.party)) },
		],
	})
	list.set(one.statements)
	finder((text) => list.find(text))
	return [others, h('p', { class: 'sums' }, h('span', { class: 'mono' }, one.id), ` · ${monthName(chosen)} · ${moment(one.time)} · over all parties ${sumText(one.statements.map((r) => ({ amount: r.net, currency: r.currency })))}`), list.root,
		h('section', { class: 'block' }, h('h2', {}, 'Who pays whom'), one.transfers.length ? h('ul', { class: 'transfers plain' }, ...one.transfers.map((t) => h('li', {}, h('span', { dir: 'auto' }, `${name(t.from)} to ${name(t.to)}`), h('b', { class: 'nowrap' }, money(t.amount))))) : notice('empty', 'Nothing is to be paid'))]
}
