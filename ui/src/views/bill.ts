// One invoice: what is due and why, the curve with what is above the 95th, what each bin rests on, and, while the month runs, what it will come to.

import { ask, query, type Bill, type Curve, type Forecast, type Forecasts, type Issued, type IssuedList } from '../api'
import { less, some } from '../amount'
import { billLinks, documentLinks, PLAIN } from '../books/links'
import { askProofs, proofLinks, proofParts } from '../books/proof'
import { theirNumber } from '../books/documents'
import { CurveChart } from '../chart'
import { h, replace } from '../dom'
import { count, money, percent, rate } from '../format'
import { holderOf, isMember } from '../holder'
import { dueText, issuedOf, journalBlock, stateBadges } from '../journal'
import { me } from '../me'
import { monthName, thisMonth, isMonth } from '../month'
import { badge, bigNumber, bigRate, filled, notice, simulatedBadge } from '../parts'
import { link, type Place } from '../route'
import { Ends, type View } from '../view'

export function openBill(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	const holder = place.path[1] ?? ''
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
		const bill = await ask<Bill>(`bill/${encodeURIComponent(holder)}${query({ month, contract })}`, ends.abort.signal)
		const asn = isMember(holder) ? Number(holder) : null
		const issued = bill.purchase ? null : (await issuedOf(month, asn, ends.abort.signal)).get(bill.number) ?? null
		const came = bill.purchase ? await cameIn(holder, month, bill.contract.id, ends.abort.signal) : null
		const forecast = bill.final ? null : await forecastOf(asn, month, bill.contract.id, ends.abort.signal)
		if (bill.bins.expected) requestAnimationFrame(() => chart.set(curveOf(bill)))
		return parts(bill, { issued, came, forecast }, month, chart, ends.abort.signal)
	}, ends.abort.signal)
	return { title: `Invoice, ${isMember(holder) ? 'AS' : ''}${holder}`, close: () => ends.close() }
}
// What suppliers asked for by this contract; null where that cannot be had.
async function cameIn(holder: string, month: string, contract: string, signal: AbortSignal): Promise<Issued[] | null> {
	try {
		const answer = await ask<IssuedList>(`ledger/payables${query({ member: holder, month })}`, signal)
		return answer.invoices.filter((one) => one.contract === contract)
	} catch {
		return null
	}
}
// A forecast that cannot be had is one part less, and no failure of the invoice.
async function forecastOf(asn: number | null, month: string, contract: string, signal: AbortSignal): Promise<Forecast | null> {
	try {
		const answer = await ask<Forecasts>(`forecast${query({ member: asn, month })}`, signal)
		return answer.forecasts.find((one) => one.contract === contract) ?? null
	} catch {
		return null
	}
}
const curveOf = (bill: Bill): Curve => ({ asn: bill.member.asn ?? 0, name: bill.member.name, from: bill.from, to: bill.to, bin_s: bill.bin_s, points: bill.curve ?? [], p95_in_bps: bill.p95_in_bps, p95_out_bps: bill.p95_out_bps, commit_bps: bill.commit_bps, simulated: bill.simulated })

interface Beside { issued: Issued | null; came: Issued[] | null; forecast: Forecast | null }
// The proof as it was issued with the invoice; until then as it is now.
function wayBlock(bill: Bill, holder: string, month: string, signal: AbortSignal): HTMLElement {
	const content = bill.way ? h('div', {}, ...proofParts(bill.way)) : h('div', {}, notice('wait', 'Asking the ledger …'))
	if (!bill.way) filled(content, () => askProofs(holder, month, signal, bill.contract.id), signal)
	return h('section', { class: 'block', 'aria-label': 'The way of the traffic' }, h('div', { class: 'block-head' }, h('h2', {}, 'The way of the traffic'), proofLinks(holder, month)), content)
}
function parts(bill: Bill, beside: Beside, month: string, chart: CurveChart, signal: AbortSignal): Node[] {
	const holder = holderOf(bill.member), one = { holder, contract: bill.contract.id, number: bill.number }
	const word = bill.purchase ? (bill.final ? 'expected' : 'expected so far') : bill.final ? 'final' : 'so far'
	// What is about no port rests on no bins.
	const measured = bill.bins.expected > 0
	return [
		h('div', { class: 'title' }, h('h1', { dir: 'auto' }, bill.member.name), h('p', { class: 'muted' }, isMember(holder) ? h('a', { href: link(['members', holder], { month }) }, `AS${holder}`) : holder, ` · ${monthName(bill.month)} · ${bill.contract.id} · ${bill.time_zone}`)),
		h('div', { class: 'tools' }, h('span', { class: 'mono' }, bill.number), bill.purchase ? badge('bought', 'the hub pays', 'A contract with purchase: yes; this is what the hub expects to be asked for') : null, badge(bill.final ? 'final' : 'open', word), bill.simulated ? simulatedBadge() : null, billLinks(one, month)),
		h('div', { class: 'numbers four' }, ...figures(bill, measured), bigNumber(plain(bill.total), bill.total.currency, bill.purchase ? word : bill.final ? `total, due ${bill.due_date ?? ''}` : 'so far')),
		beside.issued ? journalBlock(beside.issued, bill.issued?.differs === true, bill.issued?.differences ?? []) : h('span', {}),
		bill.purchase && beside.came ? cameBlock(bill, beside.came) : h('span', {}),
		beside.forecast && beside.forecast.bins && measured ? forecastBlock(beside.forecast) : h('span', {}),
		measured ? h('section', { class: 'block' }, h('h2', {}, 'Traffic'), chart.root) : h('span', {}),
		h('section', { class: 'block' }, h('h2', {}, 'Charges'), chargeTable(bill)),
		...amortised(bill),
		measured ? h('section', { class: 'block' }, h('h2', {}, 'What it rests on'), stateBar(bill), ...restsOn(bill)) : h('span', {}),
		measured && isMember(holder) && !bill.purchase ? wayBlock(bill, holder, month, signal) : h('span', {}),
		h('section', { class: 'block' }, h('h2', {}, 'How it is computed'), h('ul', { class: 'rules' }, ...bill.rules.map((rule) => h('li', {}, rule)), bill.rank === null ? null : h('li', {}, `here n = ${count(bill.n)}: the ${count(bill.n - bill.rank)} highest (${((bill.n - bill.rank) * bill.bin_s / 3600).toFixed(1)} h) are not billed; rank ${count(bill.rank)} is`), ...(bill.ports ?? []).map((port) => h('li', {}, `port ${port.port}: ${rate(port.measured_bps)} (in ${rate(port.p95_in_bps)}, out ${rate(port.p95_out_bps)})`)))),
	]
}
const plain = (amount: Bill['total']): string => money({ ...amount, currency: '' }).trim()
// What the total comes of: rates, or where none was measured the net and its tax.
function figures(bill: Bill, measured: boolean): HTMLElement[] {
	if (!measured) return [bigNumber(plain(bill.net), bill.net.currency, 'net'), bigNumber(plain(bill.tax), bill.tax.currency, 'tax')]
	return [bigRate(bill.p95_in_bps, `${bill.measure} in`), bigRate(bill.p95_out_bps, `${bill.measure} out`), bill.billed_bps === null ? bigRate(bill.peak_bps, 'highest bin') : bigRate(bill.billed_bps, 'billed rate')]
}
// What was asked for beside what was to be expected.
function cameBlock(bill: Bill, came: Issued[]): HTMLElement {
	const row = (i: Issued) => {
		const more = i.currency === bill.total.currency ? less(i.total, bill.total.amount) : '0'
		return h('p', {}, stateBadges(i), ' ', h('span', { class: 'mono' }, i.id), h('span', { class: 'muted' }, ' their number '), h('span', { class: 'mono', dir: 'auto' }, theirNumber(i)), ' ', h('b', {}, money({ amount: i.total, currency: i.currency })),
			some(more) ? h('span', { class: more.startsWith('-') ? 'muted' : 'bad' }, ` ${money({ amount: more.replace('-', ''), currency: i.currency })} ${more.startsWith('-') ? 'less' : 'more'} than expected`) : h('span', { class: 'muted' }, ' as expected'), h('span', { class: 'muted' }, ` ${dueText(i)} `), documentLinks(i.id, PLAIN))
	}
	return h('section', { class: 'block', 'aria-label': 'What came in' }, h('h2', {}, 'What came in'), ...(came.length ? came.map(row) : [notice('empty', 'No invoice of theirs came in for this month', `What they ask is booked with: sarai ledger receive ${bill.contract.id} NUMBER AMOUNT`)]))
}
// What was paid at once and is used up month by month.
function amortised(bill: Bill): Node[] {
	if (!bill.amortisations?.length) return []
	return [h('section', { class: 'block' }, h('h2', {}, 'Used up month by month'), ...bill.amortisations.map((one) => h('p', {}, h('b', {}, one.item), h('span', { class: 'muted' }, ` ${money(one.this_month)} this month, month ${count(one.month)} of ${count(one.months)}: ${money(one.so_far)} of ${money(one.capital)} so far, ${money(one.left)} left`))))]
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
		h('p', {}, `${count(bins.expected)} bins of ${bill.bin_s} s${bill.final ? '' : ' so far'}: `, h('b', {}, count(bins.counter)), ' by the octet counters of the ports, ', h('b', {}, count(bins.estimated)), ' estimated from samples, ', h('b', {}, count(bins.missing)), ' missing', bins.other_party ? `, ${count(bins.other_party)} by the other party's records` : '', bins.adjusted ? h('b', {}, `, ${count(bins.adjusted)} put right by hand`) : null, '.'),
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
