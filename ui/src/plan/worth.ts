// What traffic is worth here: the price of transit at each site, the most that could be asked for passing through, the traffic that a target
// needs, and what to build next. All of it with its range, and to be taken away as CSV or JSON.

import { type Next, type Prices, type Target, type Worth } from '../api'
import { h, replace } from '../dom'
import { count, country, percent } from '../format'
import type { SiteNote } from '../map/map'
import { Answers } from './answers'
import { dollars } from './demands'
import { EarnedPanel } from './earned'
import type { Supposed } from './suppose'

const SHOWN = 10
const price = (value: number): string => value.toFixed(value < 0.1 ? 3 : 2)
const year = (value: number | null): string => (value === null ? 'never' : value <= 0 ? 'now' : value > 99 ? 'beyond 99 years' : `${value.toFixed(0)} years`)

export class WorthPanel {
	readonly root = h('div', { class: 'worth' })
	private prices = h('section', { 'aria-label': 'Price of transit' })
	private toll = h('section', { 'aria-label': 'Toll' })
	private target = h('section', { 'aria-label': 'Target' })
	private next = h('section', { 'aria-label': 'Where next' })
	private supposed: Supposed | null = null
	private amount: string
	private answers: Answers
	private earned: EarnedPanel

	constructor(private note: (notes: Map<string, SiteNote>) => void, private names: (kind: string, id: string) => string, amount: string, private keep: (amount: string) => void, signal: AbortSignal) {
		this.answers = new Answers(signal)
		this.earned = new EarnedPanel(this.answers, names)
		this.amount = /^\d+(-\d+)?$/.test(amount) ? amount : '200-400'
		this.root.append(this.prices, this.toll, this.earned.root, this.target, this.next)
	}
	set(supposed: Supposed): void {
		if (JSON.stringify(supposed) === JSON.stringify(this.supposed)) return
		this.supposed = supposed
		replace(this.next, h('h2', {}, 'Where to build next'), h('p', { class: 'muted' }, 'Each candidate is built and all demands are laid anew, which takes some seconds.'), h('button', { type: 'button', class: 'button', onclick: () => void this.loadNext() }, 'Rank the candidates'))
		void this.answers.show(this.prices, 'prices', supposed, (answer: Prices) => this.pricesOf(answer))
		void this.answers.show(this.toll, 'worth', supposed, (answer: Worth) => this.tollOf(answer))
		void this.loadTarget()
		this.earned.set(supposed)
	}
	private pricesOf(answer: Prices): Node[] {
		const known = answer.prices.filter((one) => one.usd?.value !== null && one.usd).sort((p, q) => q.usd!.value! - p.usd!.value!)
		const step = (value: number) => Math.min(4, Math.floor((known.filter((one) => one.usd!.value! < value).length / Math.max(1, known.length)) * 5))
		this.note(new Map(known.map((one) => [one.site, { text: `$${price(one.usd!.value!)}`, kind: `p${step(one.usd!.value!)}` }])))
		const row = (one: (typeof known)[number]) => h('tr', {}, h('th', { scope: 'row' }, one.name), h('td', { class: 'right' }, h('b', {}, price(one.usd!.value!)), h('small', {}, `${price(one.usd!.low!)} to ${price(one.usd!.high!)}`)), h('td', { class: 'muted' }, one.steps ? `from ${one.from ?? ''}` : 'told', one.usd!.estimated ? `, ${percent(one.usd!.estimated)} est.` : ''))
		const table = (rows: typeof known) => h('table', { class: 'sums-table' }, h('tbody', {}, ...rows.map(row)))
		return [h('h2', {}, 'Transit, USD per Mbit/s and month'), h('p', { class: 'muted' }, 'On the map beside each site, whose dot goes from blue, the cheapest fifth of them, to pink, the dearest. The dearest are:'), table(known.slice(0, SHOWN)), h('details', {}, h('summary', {}, `All ${count(known.length)} sites`), table(known.slice(SHOWN)))]
	}
	private tollOf(answer: Worth): Node[] {
		const rows = answer.worth.slice(0, SHOWN).map((one) => h('tr', {}, h('th', { scope: 'row' }, one.kind === 'country' ? country(one.id) : this.names(one.kind, one.id), h('small', {}, one.kind)), h('td', { class: 'right' }, h('b', {}, dollars(one.usd_a_year)), h('small', {}, `${dollars(one.usd_a_year_low)} to ${dollars(one.usd_a_year_high)}`)), h('td', { class: 'muted right' }, `${count(Math.round(one.passing_gbps))} Gbit/s pass`, h('br'), `${percent(one.estimated)} est.`)))
		return [h('h2', {}, 'Toll ceiling, a year'), h('p', { class: 'muted' }, 'The most that could be asked before the next cheapest way around is taken.'), h('table', { class: 'sums-table' }, h('tbody', {}, ...rows)), h('p', { class: 'muted' }, answer.assumed)]
	}
	private async loadTarget(): Promise<void> {
		const field = h('input', { type: 'text', class: 'search', inputmode: 'numeric', 'aria-label': 'Million US dollars a year, from-to', value: this.amount, onchange: (event: Event) => {
			const text = (event.target as HTMLInputElement).value.trim()
			this.amount = text || '200-400'
			this.keep(this.amount)
			void this.loadTarget()
		} })
		await this.answers.show(this.target, 'target', this.supposed, (answer: Target) => [h('h2', {}, 'What a target needs'), h('label', { class: 'target-field' }, 'million USD a year ', field), h('p', { class: 'muted' }, `${count(Math.round(answer.passing_gbps))} Gbit/s pass today (${percent(answer.estimated)} by estimate), growing by ${answer.growth_percent} % a year.`),
			h('table', { class: 'sums-table' }, h('tbody', {}, ...answer.prices.map((one) => h('tr', {}, h('th', { scope: 'row' }, `at ${one.price_usd.toFixed(2)} USD${one.ceiling ? ', the ceiling' : ''}`), h('td', { class: 'right' }, `${count(Math.round(one.gbps_low))} to ${count(Math.round(one.gbps_high))} Gbit/s`, h('small', {}, `reached: ${year(one.years_low)} to ${year(one.years_high)}`)))))), h('p', { class: 'muted' }, answer.assumed)], { amount: this.amount })
	}
	private async loadNext(): Promise<void> {
		replace(this.next, h('h2', {}, 'Where to build next'), h('p', { class: 'muted', role: 'status' }, 'Building each of them ...'))
		await this.answers.show(this.next, 'next', this.supposed, (answer: Next) => [h('h2', {}, 'Where to build next, by net present value'), h('table', { class: 'sums-table' }, h('tbody', {}, ...answer.next.map((one) => h('tr', {}, h('th', { scope: 'row' }, one.name, h('small', {}, `costs ${dollars(one.cost_usd_low)} to ${dollars(one.cost_usd_high)}`)),
			h('td', { class: 'right' }, h('b', {}, `${one.npv_usd === null ? 'not known' : dollars(one.npv_usd)}`), h('small', {}, one.npv_usd_low === null || one.npv_usd_high === null ? '' : `${dollars(one.npv_usd_low)} to ${dollars(one.npv_usd_high)}`)), h('td', { class: 'right muted' }, `${dollars(one.usd_a_year)} a year`, h('br'), `${percent(one.estimated)} est.`)))))])
	}
}
