// The invoices of a month: what the hub sends, and beneath it what it expects to be asked for.

import { ask, query, type Forecast, type Forecasts, type Invoice, type Invoices, type Issued, type IssuedList } from '../api'
import { sumText } from '../amount'
import { billLinks } from '../books/links'
import { h, replace } from '../dom'
import { money, plural, rate, UNKNOWN } from '../format'
import { holderLink, holderOf, holderWord } from '../holder'
import { dueText, issuedOf, stateBadges } from '../journal'
import { List } from '../list'
import { isMonth, monthName, monthPicker, thisMonth } from '../month'
import { badge, filled, searchField, simulatedBadge } from '../parts'
import { keep, link, type Place } from '../route'
import { Ends, type View } from '../view'

export function openInvoices(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	let month = isMonth(place.set.get('month')) ? place.set.get('month')! : thisMonth()
	const summary = h('p', { class: 'muted', 'aria-live': 'polite' })
	const content = h('div', {})
	const forecasts = new Map<string, Forecast>()
	let issued = new Map<string, Issued>()
	let came: Issued[] = []
	// By the journal where it was issued or came in; else whether the month is over.
	const state = (i: Invoice): Node => {
		const one = i.purchase ? came.find((r) => r.holder === holderOf(i) && r.contract === i.contract) : issued.get(i.number)
		if (i.purchase && !one) return badge('open', i.final ? 'not come in yet' : 'so far')
		return one ? h('span', {}, stateBadges(one), h('span', { class: 'muted' }, ` ${dueText(one)}`)) : badge(i.final ? 'final' : 'open', i.final ? 'final' : 'so far')
	}
	// What it will come to, with the bounds in the title; known a moment later than the list.
	const likely = (i: Invoice): Node | string => {
		const f = forecasts.get(i.contract)
		if (i.final || !f?.likely) return UNKNOWN
		return h('span', { title: `from ${money(f.low.total)} to ${f.high ? money(f.high.total) : '?'}` }, money(f.likely.total))
	}
	const list = new List<Invoice>({
		label: 'Invoices',
		key: (i) => i.number,
		text: (i) => `${i.number} ${i.member} ${holderWord(holderOf(i))} ${i.purchase ? 'bought' : ''} ${i.kind} ${i.contract} ${issued.get(i.number)?.state ?? (i.final ? 'final' : 'so far')} ${i.simulated ? 'simulated' : ''}`,
		empty: 'No invoices for this month',
		columns: [
			{ title: 'Member', cell: (i) => h('span', {}, holderLink(holderOf(i), i.member, month), i.purchase ? ' ' : null, i.purchase ? badge('bought', 'bought', 'The hub pays: what it expects to be asked for') : null), by: (i) => i.member },
			{ title: 'Invoice', cell: (i) => h('a', { class: 'mono', href: link(['invoices', holderOf(i)], { month, contract: i.contract }) }, i.number), by: (i) => i.number },
			{ title: 'Contract', cell: (i) => `${i.kind === 'commit' ? 'commit + overage' : i.kind === 'items' ? 'by items' : i.kind}`, by: (i) => i.kind },
			{ title: '95th', cell: (i) => rate(i.p95_bps), by: (i) => i.p95_bps, right: true },
			{ title: 'Commit', cell: (i) => (i.commit_bps === null ? UNKNOWN : rate(i.commit_bps)), by: (i) => i.commit_bps, right: true },
			{ title: 'Billed', cell: (i) => (i.billed_bps === null ? UNKNOWN : rate(i.billed_bps)), by: (i) => i.billed_bps, right: true },
			{ title: 'Total', cell: (i) => h('b', {}, money(i.total)), by: (i) => Number(i.total.amount), right: true },
			{ title: 'Likely', cell: (i) => likely(i), by: (i) => Number(forecasts.get(i.contract)?.likely?.total.amount ?? 0), right: true },
			{ title: 'State', cell: (i) => h('span', { class: 'nowrap' }, state(i), ' ', i.simulated ? simulatedBadge() : null), by: (i) => issued.get(i.number)?.state ?? (i.final ? 'final' : 'so far') },
			{ title: 'Take', wide: true, cell: (i) => billLinks({ ...i, holder: holderOf(i) }, month) },
		],
	})
	const look = async (invoices: Invoice[]) => {
		try {
			const answer = await ask<Forecasts>(`forecast${query({ month })}`, ends.abort.signal)
			forecasts.clear()
			for (const one of answer.forecasts) forecasts.set(one.contract, one)
			list.set(invoices)
		} catch {
			// The list stands without it.
		}
	}
	const load = () => {
		keep({ month: month === thisMonth() ? null : month })
		filled(content, async () => {
			const asked = month
			const [answer, known, payables] = await Promise.all([ask<Invoices>(`invoices${query({ month })}`, ends.abort.signal), issuedOf(month, null, ends.abort.signal), ask<IssuedList>(`ledger/payables${query({ month })}`, ends.abort.signal).catch(() => null)])
			// Another month was chosen meanwhile.
			if (asked !== month) return [list.root]
			issued = known
			came = payables?.invoices ?? []
			const sold = answer.invoices.filter((one) => !one.purchase), bought = answer.invoices.filter((one) => one.purchase)
			list.set([...sold, ...bought])
			if (answer.invoices.some((one) => !one.final)) void look([...sold, ...bought])
			const sum = (some: Invoice[]) => sumText(some.map((one) => one.total))
			summary.textContent = answer.invoices.length ? `${monthName(answer.month)}: ${plural(sold.length, 'invoice')}, ${sum(sold)}${late(known)}${bought.length ? `; bought: ${sum(bought)}, as expected by ${plural(bought.length, 'contract')}` : ''}` : monthName(answer.month)
			return [list.root]
		}, ends.abort.signal)
	}
	const late = (known: Map<string, Issued>): string => {
		const overdue = [...known.values()].filter((one) => one.state === 'overdue').length
		return overdue ? `; ${plural(overdue, 'invoice')} overdue` : ''
	}
	const field = searchField('Find a member, AS or invoice', place.set.get('q') ?? '', (text) => {
		keep({ q: text })
		list.find(text)
	})
	list.find(place.set.get('q') ?? '')
	replace(root, h('div', { class: 'column' }, h('div', { class: 'title' }, h('h1', {}, 'Invoices'), summary),
		h('div', { class: 'tools' }, monthPicker(month, (chosen) => {
			month = chosen
			load()
		}), field), content, h('p', { class: 'muted foot' }, 'The 95th percentile is taken of the five-minute bins of the month in each direction, rank n − ⌊n/20⌋; the larger direction is billed. An invoice is final once its month is over and its last bins are in.')))
	load()
	return { title: 'Invoices', close: () => ends.close() }
}
