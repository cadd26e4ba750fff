// One invoice: what is due and why, the curve with what is above the 95th, what each bin rests on, and, while the month runs, what it will come to.

import { ask, query, type Bill, type Curve, type Forecast, type Forecasts, type Issued } from '../api'
import { CurveChart } from '../chart'
import { h, replace } from '../dom'
import { count, money, percent, rate } from '../format'
import { issuedOf, journalBlock } from '../journal'
import { me } from '../me'
import { monthName, thisMonth, isMonth } from '../month'
import { badge, bigNumber, bigRate, filled, simulatedBadge } from '../parts'
import { link, type Place } from '../route'
import { Ends, type View } from '../view'

export function billLinks(one: { asn: number; contract: string; number: string }, month: string): HTMLElement {
	const to = (format: string) => `/api/v1/bill/${one.asn}${query({ month, contract: one.contract, format })}`
	return h('span', { class: 'bill-links nowrap' }, h('a', { href: to('pdf'), target: '_blank', rel: 'noopener', 'aria-label': `${one.number} as PDF` }, 'PDF'), h('a', { href: to('html'), target: '_blank', rel: 'noopener', 'aria-label': `${one.number} to print` }, 'Print'), h('a', { href: to('csv'), download: `${one.number}.csv`, 'aria-label': `${one.number} as CSV` }, 'CSV'), h('a', { href: to('json'), download: `${one.number}.json`, 'aria-label': `${one.number} as JSON` }, 'JSON'))
}

export function openBill(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	const asn = Number(place.path[1])
	const month = isMonth(place.set.get('month')) ? place.set.get('month')! : thisMonth()
	const contract = place.set.get('contract')
	const content = h('div', {})
	const chart = new CurveChart()
	ends.add(() => chart.close())
	const back = h('a', { href: link(['invoices'], { month: month === thisMonth() ? null : month }) }, '‹ Invoices')
	// A member has its invoices among its books.
	void me().then((who) => {
		if (who.role === 'operator') return
		back.href = link(['books'])
		replace(back, '‹ Books')
	})
	replace(root, h('div', { class: 'column' }, h('p', { class: 'back' }, back), content))
	filled(content, async () => {
		const bill = await ask<Bill>(`bill/${asn}${query({ month, contract })}`, ends.abort.signal)
		const issued = (await issuedOf(month, asn, ends.abort.signal)).get(bill.number) ?? null
		const forecast = bill.final ? null : await forecastOf(asn, month, bill.contract.id, ends.abort.signal)
		requestAnimationFrame(() => chart.set(curveOf(bill)))
		return parts(bill, issued, forecast, month, chart)
	}, ends.abort.signal)
	return { title: `Invoice, AS${asn}`, close: () => ends.close() }
}
// A forecast that cannot be had is one part less, and no failure of the invoice.
async function forecastOf(asn: number, month: string, contract: string, signal: AbortSignal): Promise<Forecast | null> {
	try {
		const answer = await ask<Forecasts>(`forecast${query({ member: asn, month })}`, signal)
		return answer.forecasts.find((one) => one.contract === contract) ?? null
	} catch {
		return null
	}
}
const curveOf = (bill: Bill): Curve => ({ asn: bill.member.asn, name: bill.member.name, from: bill.from, to: bill.to, bin_s: bill.bin_s, points: bill.curve, p95_in_bps: bill.p95_in_bps, p95_out_bps: bill.p95_out_bps, commit_bps: bill.commit_bps, simulated: bill.simulated })

function parts(bill: Bill, issued: Issued | null, forecast: Forecast | null, month: string, chart: CurveChart): Node[] {
	const one = { asn: bill.member.asn, contract: bill.contract.id, number: bill.number }
	return [
		h('div', { class: 'title' }, h('h1', { dir: 'auto' }, bill.member.name), h('p', { class: 'muted' }, h('a', { href: link(['members', bill.member.asn], { month }) }, `AS${bill.member.asn}`), ` · ${monthName(bill.month)} · ${bill.contract.id} · ${bill.time_zone}`)),
		h('div', { class: 'tools' }, h('span', { class: 'mono' }, bill.number), badge(bill.final ? 'final' : 'open', bill.final ? 'final' : 'so far'), bill.simulated ? simulatedBadge() : null, billLinks(one, month)),
		h('div', { class: 'numbers four' }, bigRate(bill.p95_in_bps, `${bill.measure} in`), bigRate(bill.p95_out_bps, `${bill.measure} out`), bill.billed_bps === null ? bigRate(bill.peak_bps, 'highest bin') : bigRate(bill.billed_bps, 'billed rate'), bigNumber(money({ ...bill.total, currency: '' }).trim(), bill.total.currency, bill.final ? `total, due ${bill.due_date ?? ''}` : 'so far')),
		issued ? journalBlock(issued, bill.issued?.differs === true) : h('span', {}),
		forecast ? forecastBlock(forecast) : h('span', {}),
		h('section', { class: 'block' }, h('h2', {}, 'Traffic'), chart.root),
		h('section', { class: 'block' }, h('h2', {}, 'Charges'), chargeTable(bill)),
		h('section', { class: 'block' }, h('h2', {}, 'What it rests on'), stateBar(bill), ...restsOn(bill)),
		h('section', { class: 'block' }, h('h2', {}, 'How it is computed'), h('ul', { class: 'rules' }, ...bill.rules.map((rule) => h('li', {}, rule)), bill.rank === null ? null : h('li', {}, `here n = ${count(bill.n)}: the ${count(bill.n - bill.rank)} highest (${((bill.n - bill.rank) * bill.bin_s / 3600).toFixed(1)} h) are not billed; rank ${count(bill.rank)} is`))),
	]
}
function chargeTable(bill: Bill): Node {
	const total = h('tr', { class: 'total' }, h('th', { scope: 'row', colspan: 4 }, bill.final ? 'Total' : 'Total so far'), h('td', { class: 'right', 'data-title': '' }, money(bill.total)))
	return h('div', { class: 'scroll-x' }, h('table', { class: 'list charges', 'aria-label': 'Charges' }, h('thead', {}, h('tr', {}, ...['Item', 'Quantity', 'Price', 'Days', `Amount, ${bill.total.currency}`].map((title, i) => h('th', { scope: 'col', class: i ? 'right' : null }, title)))),
		h('tbody', {}, ...bill.lines.map((line) => h('tr', {}, h('th', { scope: 'row', dir: 'auto' }, line.text), h('td', { class: 'right', 'data-title': 'Quantity' }, line.quantity === null ? '' : `${line.quantity} ${line.unit ?? ''}`), h('td', { class: 'right', 'data-title': 'Price' }, line.price ?? ''), h('td', { class: 'right', 'data-title': 'Days' }, line.days === line.days_in_month ? '' : `${line.days} of ${line.days_in_month}`), h('td', { class: 'right', 'data-title': 'Amount' }, money({ ...line.amount, currency: '' }).trim()))), total)))
}
function stateBar(bill: Bill): Node {
	const piece = (kind: string, value: number) => {
		const part = h('i', { class: kind })
		part.style.width = `${bill.bins.expected ? value / bill.bins.expected * 100 : 0}%`
		return part
	}
	return h('div', { class: 'state-bar', role: 'img', 'aria-label': `${percent(bill.bins.expected ? bill.bins.counter / bill.bins.expected : null, 1)} by counters` }, piece('counter', bill.bins.counter), piece('estimated', bill.bins.estimated), piece('missing', bill.bins.missing))
}
function restsOn(bill: Bill): Node[] {
	const { bins, loss } = bill
	return [
		h('p', {}, `${count(bins.expected)} bins of ${bill.bin_s} s${bill.final ? '' : ' so far'}: `, h('b', {}, count(bins.counter)), ' by the octet counters of the ports, ', h('b', {}, count(bins.estimated)), ' estimated from samples, ', h('b', {}, count(bins.missing)), ' missing', bins.other_party ? `, ${count(bins.other_party)} by the other party's records` : '', '.'),
		h('p', { class: loss.bins ? 'bad' : 'muted' }, loss.bins ? `In ${count(loss.bins)} bins records were lost on the way to the meter, at worst ${(loss.worst_ppm / 10000).toFixed(4)} % of one bin's; counters are not touched by that.` : 'No record was lost on its way to the meter.'),
	]
}
export function forecastBlock(f: Forecast): HTMLElement {
	const top = f.high?.p95_bps ?? f.low.p95_bps
	const at = (bps: number) => `${top ? bps / top * 100 : 0}%`
	const band = h('i', { class: 'band' }), mark = h('i', { class: 'mark' })
	band.style.left = at(f.low.p95_bps)
	band.style.right = '0'
	if (f.likely) mark.style.left = at(f.likely.p95_bps)
	const end = (name: string, o: Forecast['low'] | null, note: string) => h('div', { class: 'end' }, h('span', { class: 'muted' }, name), h('b', {}, o ? money(o.total) : '–'), h('span', {}, o ? rate(o.p95_bps) : ''), h('span', { class: 'muted' }, note))
	return h('section', { class: 'block forecast' }, h('h2', {}, 'What the month will come to'),
		h('div', { class: 'ends' }, end('at least', f.low, 'nothing more comes'), end('likely', f.likely, 'weeks go on as they do'), end('at most', f.high, 'ports full to the end')),
		h('div', { class: 'forecast-bar', 'aria-hidden': 'true' }, band, f.likely ? mark : null),
		h('p', { class: 'muted' }, `${count(f.left)} of ${count(f.bins)} bins are still to come${f.growth_ppm === null ? '' : `; the last week was ${(f.growth_ppm / 10000 - 100).toFixed(1)} % above the one before`}. The ends are bounds, what lies between is an estimate.`))
}
