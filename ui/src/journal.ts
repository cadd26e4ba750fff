// What became of an invoice after it was issued, by the journal. An invoice that is not in it, or a journal that cannot be asked, is no
// failure: then there is only less to say.

import { ask, query, type Issued, type IssuedList } from './api'
import { some } from './amount'
import { h } from './dom'
import { money } from './format'
import { badge } from './parts'

// By number. Where one number was issued again after a credit note, it is the one that stands.
export async function issuedOf(month: string, asn: number | null, signal: AbortSignal): Promise<Map<string, Issued>> {
	const known = new Map<string, Issued>()
	try {
		const answer = await ask<IssuedList>(`ledger/invoices${query({ month, member: asn })}`, signal)
		for (const one of answer.invoices) {
			const before = known.get(one.number)
			if (!before || one.state !== 'credited' || before.state === 'credited') known.set(one.number, one)
		}
	} catch {
		return known
	}
	return known
}
const STATES: Record<string, string> = { 'overdue': 'overdue', 'part paid': 'part-paid', 'paid': 'paid', 'overpaid': 'paid', 'credited': 'credited' }

export function stateBadges(one: Issued): HTMLElement {
	return h('span', {}, badge(STATES[one.state] ?? 'unpaid', one.state, `Issued as ${one.id}`), some(one.disputed) ? ' ' : null, some(one.disputed) ? badge('disputed', 'disputed', `${money({ amount: one.disputed, currency: one.currency })} of it`) : null)
}
export const dueText = (one: Issued): string => (one.due && some(one.open) && one.state !== 'overpaid' ? `due ${one.due}` : '')

// For the invoice itself: all that the journal has of it.
export function journalBlock(one: Issued, differs: boolean, differences: string[]): HTMLElement {
	const sum = (name: string, amount: string): string | null => (some(amount) ? `${name} ${money({ amount, currency: one.currency })}` : null)
	const parts = [one.issued ? `issued ${one.issued}` : null, one.due ? `due ${one.due}` : null, `total ${money({ amount: one.total, currency: one.currency })}`, sum('paid', one.paid), sum('credited', one.credited), sum('open', one.open), sum('disputed', one.disputed)]
	return h('section', { class: 'block', 'aria-label': 'In the journal' }, h('h2', {}, 'In the journal'), h('p', {}, stateBadges(one), ' ', h('span', { class: 'mono' }, one.id), h('span', { class: 'muted' }, ` · ${parts.filter((part) => part !== null).join(' · ')}`)),
		differs ? h('p', { class: 'bad', role: 'alert' }, 'A computation of this month from the bins as they are now gives something else. What was issued stands until it is credited.') : null,
		differs && differences.length ? h('ul', { class: 'rules' }, ...differences.map((text) => h('li', {}, text))) : null)
}
