// What the hub earns: by member, country, segment of the corridor or service, against its plan.

import { ask, query, type Blend, type Blends, type Money, type Revenue, type RevenueRow, type RevenueTotal } from '../api'
import { some } from '../amount'
import { h, replace, s } from '../dom'
import { country, money, percent, plural, rate } from '../format'
import { holderLink } from '../holder'
import { List } from '../list'
import { isMonth, monthName, monthPicker, thisMonth } from '../month'
import { choice, filled, searchField, simulatedBadge, useCell } from '../parts'
import { keep, link, type Place } from '../route'
import { Ends, type View } from '../view'

type By = 'member' | 'country' | 'segment' | 'service'
const BYS: [By, string][] = [['member', 'Members'], ['country', 'Countries'], ['segment', 'Segments'], ['service', 'Services']]
const isBy = (text: string | null): text is By => BYS.some(([by]) => by === text)

export function openRevenue(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	let by: By = isBy(place.set.get('by')) ? (place.set.get('by') as By) : 'member'
	let month = isMonth(place.set.get('month')) ? place.set.get('month') : null
	let answer: Revenue | null = null
	const summary = h('p', { class: 'muted', 'aria-live': 'polite' }), made = h('span', {})
	const content = h('div', {}), blends = h('div', {}), totals = h('div', { class: 'plans' })
	const whole = (row: RevenueRow) => answer?.totals.find((t) => t.currency === row.sum.currency)
	const list = new List<RevenueRow>({
		label: 'Revenue', key: (r) => `${r.key} ${r.sum.currency}`, text: (r) => `${r.key} ${r.name} ${r.sum.currency}`, empty: 'No contract was in force',
		columns: [
			{ title: 'What', cell: (r) => name(r, by, month), by: (r) => r.name },
			{ title: 'Months', cell: (r) => spark(r.months, month) },
			{ title: 'Share', cell: (r) => share(r, whole(r)), by: (r) => Number(r.sum.amount), right: true },
			{ title: 'Bought', cell: (r) => part(r.cost), by: (r) => Number(r.cost.amount), right: true },
			{ title: 'To owners', cell: (r) => part(r.shared), by: (r) => Number(r.shared.amount), right: true },
			{ title: 'Kept', cell: (r) => h('span', { class: Number(r.kept.amount) < 0 ? 'bad' : null }, money(r.kept)), by: (r) => Number(r.kept.amount), right: true },
			{ title: 'Revenue, net', cell: (r) => h('b', {}, money(r.sum)), by: (r) => Number(r.sum.amount), right: true },
		],
	})
	const csv = h('a', { download: 'revenue.csv' }, 'CSV')
	const load = () => {
		keep({ by: by === 'member' ? null : by, month })
		const year = thisMonth().slice(0, 4)
		const asked = { by, month, year: month ? null : year }
		csv.href = `/api/v1/revenue${query({ ...asked, format: 'csv' })}`
		filled(content, async () => {
			answer = await ask<Revenue>(`revenue${query(asked)}`, ends.abort.signal)
			summary.textContent = `${month ? monthName(month) : year}, net of tax${answer.running ? ', so far' : ''}`
			replace(totals, ...answer.totals.map((t) => plan(t)), month ? null : monthTable(answer))
			replace(made, answer.simulated ? simulatedBadge() : null)
			list.set(answer.rows)
			void showBlends(blends, month ?? thisMonth(), ends.abort.signal)
			return [totals, list.root, blends]
		}, ends.abort.signal)
	}
	const picker = h('div', {})
	const showPicker = () => replace(picker, month ? monthPicker(month, (chosen) => {
		month = chosen
		load()
	}) : null)
	replace(root, h('div', { class: 'column' }, h('div', { class: 'title' }, h('h1', {}, 'Revenue'), summary, made),
		h('div', { class: 'tools' }, choice('By', BYS, by, (value) => {
			by = value
			load()
		}), choice('Of', [['year', 'Year'], ['month', 'Month']], month ? 'month' : 'year', (value) => {
			month = value === 'month' ? thisMonth() : null
			showPicker()
			load()
		}), picker, searchField('Find', '', (text) => list.find(text)), csv), content,
		h('p', { class: 'muted foot' }, 'To owners: what owners of cables got of it by settlements. Kept: revenue without that and without what was bought. A contract with segments of the corridor is spread over them by their length, to the last unit. Currencies are never added.')))
	showPicker()
	load()
	return { title: 'Revenue', close: () => ends.close() }
}
function name(r: RevenueRow, by: By, month: string | null): Node | string {
	if (by === 'member') return holderLink(r.key, r.name, month)
	if (by === 'country') return r.key ? country(r.key) : r.name
	if (by === 'segment') return r.key ? h('span', {}, h('a', { href: link(['segments', r.key]) }, r.key), ' ', h('span', { class: 'muted' }, r.name)) : r.name
	return r.name
}
// Upstreams beside what was sold of them; nothing where the hub file has no blend.
async function showBlends(place: HTMLElement, month: string, signal: AbortSignal): Promise<void> {
	const answer = await ask<Blends>(`blends${query({ month })}`, signal).catch(() => null)
	if (signal.aborted) return
	if (!answer?.blends.length) return replace(place)
	const blend = new List<Blend>({
		label: 'Transit bought and sold', key: (b) => `${b.blend} ${b.cost.currency}`, text: (b) => b.blend, empty: '',
		columns: [
			{ title: 'Blend', cell: (b) => h('span', {}, b.blend, b.mixed_currencies ? h('span', { class: 'reason-line muted' }, 'without invoices in other currencies') : null), by: (b) => b.blend },
			{ title: 'Bought', cell: (b) => `${rate(b.bought_bps)} by ${plural(b.purchases, 'contract')}`, by: (b) => b.bought_bps, right: true },
			{ title: 'Cost', cell: (b) => money(b.cost), by: (b) => Number(b.cost.amount), right: true },
			{ title: 'A Mbit/s costs', cell: (b) => `${b.cost_of_mbit} ${b.cost.currency}`, by: (b) => Number(b.cost_of_mbit), right: true },
			{ title: 'Sold', cell: (b) => `${rate(b.sold_bps)} by ${plural(b.sales, 'contract')}`, by: (b) => b.sold_bps, right: true },
			{ title: 'Of what was bought', cell: (b) => `${b.sold_percent} %`, by: (b) => Number(b.sold_percent), right: true },
			{ title: 'Income', cell: (b) => money(b.income), by: (b) => Number(b.income.amount), right: true },
			{ title: 'Margin', cell: (b) => h('b', { class: Number(b.margin.amount) < 0 ? 'bad' : null }, money(b.margin)), by: (b) => Number(b.margin.amount), right: true },
		],
	})
	blend.set(answer.blends)
	replace(place, h('section', { class: 'block' }, h('h2', {}, `Transit bought and sold, ${monthName(month)}`), blend.root))
}
// The months of the year as small columns, each as high as its part of the highest.
function spark(months: string[] | undefined, month: string | null): Node {
	if (!months || month) return h('span', {})
	const values = months.map(Number), top = Math.max(...values, 1)
	return s('svg', { class: 'spark', viewBox: '0 0 96 20', 'aria-hidden': 'true' }, ...values.map((value, i) => {
		const tall = Math.max(value > 0 ? 1 : 0, value / top * 20)
		return s('rect', { x: i * 8 + 1, y: 20 - tall, width: 6, height: tall })
	}))
}
function share(r: RevenueRow, total: RevenueTotal | undefined): Node {
	const part = total && Number(total.sum.amount) > 0 ? Number(r.sum.amount) / Number(total.sum.amount) : null
	return useCell(part, 1, 'u0')
}
const part = (amount: Money): Node | string => (some(amount.amount) ? money(amount) : '')
// Where it goes: to the owners of cables, to suppliers, and what is left; and how much of it no invoice was issued for.
function where(t: RevenueTotal): HTMLElement | null {
	if (![t.shared, t.cost, t.computed].some((one) => some(one.amount))) return null
	const share = (name: string, amount: Money, kind: string) => {
		const fill = h('i', { class: kind }), all = Number(t.sum.amount)
		fill.style.width = `${all > 0 ? Math.max(0, Math.min(100, Number(amount.amount) / all * 100)) : 0}%`
		return { fill, word: h('span', { class: 'key' }, h('i', { class: kind }), `${name} ${money(amount)}`) }
	}
	const parts = [share('kept', t.kept, 'kept'), share('to owners of cables', t.shared, 'shared'), share('bought', t.cost, 'cost')]
	return h('div', { class: 'where' }, h('div', { class: 'state-bar', 'aria-hidden': 'true' }, ...parts.map((one) => one.fill)), h('p', { class: 'keys' }, ...parts.map((one) => one.word)),
		some(t.computed.amount) ? h('p', { class: 'muted' }, `${money(t.computed)} of it is computed from what was measured: no invoice was issued for it yet.`) : null)
}
function plan(t: RevenueTotal): HTMLElement {
	const p = t.plan
	const block = h('section', { class: 'block plan' }, h('h2', {}, `In ${t.currency}`), h('p', { class: 'large' }, money(t.sum)), where(t))
	if (!p) return block
	const top = Number(p.to.amount), at = (value: number) => `${Math.min(100, top ? value / top * 100 : 0)}%`
	const done = h('i', { class: 'done' }), goal = h('i', { class: 'goal' }), today = h('i', { class: 'today', title: 'the least, by the part of the year that is over' })
	done.style.width = at(Number(t.sum.amount))
	goal.style.left = at(Number(p.from.amount))
	goal.style.right = '0'
	today.style.left = at(Number(p.from.amount) * p.percent_of_year_x100 / 10000)
	block.append(h('div', { class: 'plan-bar', role: 'img', 'aria-label': `${percent(p.percent_of_from_x100 / 10000, 2)} of the least that is planned` }, goal, done, today),
		h('p', { class: 'muted' }, `${percent(p.percent_of_to_x100 / 10000, 2)} to ${percent(p.percent_of_from_x100 / 10000, 2)} of the plan (${money(p.from)} to ${money(p.to)}) after ${percent(p.percent_of_year_x100 / 10000, 1)} of the year; at the rate of the last whole month ${money(p.run_rate)} a year.`))
	return block
}

// Month by month, against the twelfth of the plan that each should bring.
function monthTable(answer: Revenue): HTMLElement | null {
	const planned = answer.totals.find((t) => t.plan && t.months)
	if (!planned?.months) return null
	const least = Number(planned.plan!.from.amount) / 12, most = Number(planned.plan!.to.amount) / 12
	const year = answer.span, last = planned.months.reduce((at, value, i) => (Number(value) ? i : at), -1)
	const top = Math.max(least, ...planned.months.map(Number), 1)
	const row = (value: string, i: number) => {
		const done = h('i', { class: 'done' }), goal = h('i', { class: 'today', title: 'a twelfth of the least that is planned' })
		done.style.width = `${Math.min(100, Number(value) / top * 100)}%`
		goal.style.left = `${least / top * 100}%`
		return h('tr', {}, h('th', { scope: 'row' }, monthName(`${year}-${String(i + 1).padStart(2, '0')}`)), h('td', { class: 'bar-cell' }, h('span', { class: 'plan-bar', 'aria-hidden': 'true' }, done, goal)), h('td', { class: 'right', 'data-title': 'Revenue' }, money({ amount: value, currency: planned.currency })), h('td', { class: 'right', 'data-title': 'Of the plan' }, `${percent(Number(value) / most, 2)} to ${percent(Number(value) / least, 2)}`))
	}
	return h('details', { class: 'fold months-fold' }, h('summary', {}, `Month by month against the plan, in ${planned.currency}`), h('div', { class: 'scroll-x' }, h('table', { class: 'list', 'aria-label': 'Months against the plan' }, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Month'), h('th', { scope: 'col' }, 'against a twelfth'), h('th', { scope: 'col', class: 'right' }, 'Revenue, net'), h('th', { scope: 'col', class: 'right' }, 'Of the plan'))), h('tbody', {}, ...planned.months.slice(0, last + 1).map(row)))))
}
