// What traffic is worth here: the price of transit at each site, the most that could be asked for passing through, the traffic that a target
// needs, and what to build next. All of it with its range, and to be taken away as CSV or JSON.

import { type Candidate, type Next, type Prices, type Target, type Worth } from '../api'
import { h } from '../dom'
import { count, country, percent, rate } from '../format'
import type { SiteNote } from '../map/map'
import { choice } from '../parts'
import { Answers } from './answers'
import { dollars, ms } from './demands'
import { EarnedPanel } from './earned'
import type { Supposed } from './suppose'

const SHOWN = 10, RANKED = 30
const price = (value: number): string => value.toFixed(value < 0.1 ? 3 : 2)
const year = (value: number | null): string => (value === null ? 'never' : value <= 0 ? 'now' : value > 99 ? 'beyond 99 years' : `${value.toFixed(0)} years`)

const gbps = (value: number): string => rate(value * 1e9)
type Gain = 'npv' | 'revenue' | 'traffic' | 'latency' | 'availability'
const GAINS: [Gain, string][] = [['npv', 'Net value'], ['revenue', 'Revenue'], ['traffic', 'Traffic'], ['latency', 'Delay'], ['availability', 'Outage']]
const GAIN_WORDS: Record<Gain, (value: number) => string> = { npv: dollars, revenue: (value) => `${dollars(value)} a year`, traffic: (value) => `${gbps(value)} more`, latency: (value) => `${ms(value)} less`, availability: (value) => `${value < 0.1 ? `${(value * 3600).toFixed(1)} s` : `${value.toFixed(1)} h`} a year less` }

export class WorthPanel {
	readonly root = h('div', { class: 'worth' })
	private prices = h('section', { 'aria-label': 'Price of transit' })
	private toll = h('section', { 'aria-label': 'Toll' })
	private target = h('div', { class: 'earned-rows' })
	private ranks = h('div', { class: 'earned-rows' })
	private rankNote = h('p', { class: 'muted', role: 'status' })
	private rankButton = h('button', { type: 'button', class: 'button', onclick: () => void this.rank() })
	private by: Gain = 'npv'
	private pairs = ''
	private ranked = false
	private supposed: Supposed | null = null
	private amount: string
	private answers: Answers
	private earned: EarnedPanel

	constructor(private note: (notes: Map<string, SiteNote>) => void, private names: (kind: string, id: string) => string, amount: string, private keep: (amount: string) => void, signal: AbortSignal) {
		this.answers = new Answers(signal)
		this.earned = new EarnedPanel(this.answers, names)
		this.amount = /^\d+(-\d+)?$/.test(amount) ? amount : '200-400'
		const field = h('input', { type: 'text', class: 'search', inputmode: 'numeric', 'aria-label': 'Million US dollars a year, from-to', value: this.amount, onchange: () => {
			this.amount = field.value.trim() || '200-400'
			this.keep(this.amount)
			this.loadTarget()
		} })
		const again = () => void (this.ranked && this.rank())
		this.root.append(this.prices, this.toll, this.earned.root, h('section', { 'aria-label': 'Target' }, h('h2', {}, 'What a target needs'), h('label', { class: 'target-field' }, 'million USD a year ', field), this.target),
			h('section', { 'aria-label': 'Where next' }, h('h2', {}, 'Where to build next, per dollar of its cost'), choice<Gain>('By', GAINS, this.by, (by) => {
				this.by = by
				again()
			}), choice('How many', [['', 'One at a time'], ['yes', 'Two at a time']], this.pairs, (pairs) => {
				this.pairs = pairs
				again()
			}), this.rankNote, this.rankButton, this.ranks))
	}
	set(supposed: Supposed): void {
		if (JSON.stringify(supposed) === JSON.stringify(this.supposed)) return
		this.supposed = supposed
		this.rankNote.textContent = this.ranked ? 'What is supposed has changed since these were ranked.' : 'Each candidate is built and all demands are laid anew, which takes some seconds.'
		this.rankButton.textContent = this.ranked ? 'Rank them again' : 'Rank the candidates'
		this.rankButton.hidden = false
		void this.answers.show(this.prices, 'prices', supposed, (answer: Prices) => this.pricesOf(answer))
		void this.answers.show(this.toll, 'worth', supposed, (answer: Worth) => this.tollOf(answer))
		this.loadTarget()
		this.earned.set(supposed)
	}
	private pricesOf(answer: Prices): Node[] {
		const known = answer.prices.filter((one) => one.usd?.value !== null && one.usd).sort((p, q) => q.usd!.value! - p.usd!.value!)
		const step = (value: number) => Math.min(4, Math.floor((known.filter((one) => one.usd!.value! < value).length / Math.max(1, known.length)) * 5))
		this.note(new Map(known.map((one) => [one.site, { text: `$${price(one.usd!.value!)}`, kind: `p${step(one.usd!.value!)}` }])))
		const row = (one: (typeof known)[number]) => h('tr', {}, h('th', { scope: 'row' }, one.name), h('td', { class: 'right' }, h('b', {}, price(one.usd!.value!)), h('small', {}, `${price(one.usd!.low!)} to ${price(one.usd!.high!)}`)), h('td', { class: 'muted' }, one.steps ? `from ${this.names('site', one.from ?? '')}` : 'told', one.usd!.estimated ? `, ${percent(one.usd!.estimated)} est.` : ''))
		const table = (rows: typeof known) => h('table', { class: 'sums-table' }, h('tbody', {}, ...rows.map(row)))
		return [h('h2', {}, 'Transit, USD per Mbit/s and month'), h('p', { class: 'muted' }, 'On the map beside each site, whose dot goes from blue, the cheapest fifth of them, to pink, the dearest. The dearest are:'), table(known.slice(0, SHOWN)), h('details', {}, h('summary', {}, `All ${count(known.length)} sites`), table(known.slice(SHOWN)))]
	}
	private tollOf(answer: Worth): Node[] {
		const rows = answer.worth.slice(0, SHOWN).map((one) => h('tr', {}, h('th', { scope: 'row' }, one.kind === 'country' ? country(one.id) : this.names(one.kind, one.id), h('small', {}, one.kind)), h('td', { class: 'right' }, h('b', {}, dollars(one.usd_a_year)), h('small', {}, `${dollars(one.usd_a_year_low)} to ${dollars(one.usd_a_year_high)}`)), h('td', { class: 'muted right' }, `${gbps(one.passing_gbps)} pass`, h('br'), `${percent(one.estimated)} est.`)))
		return [h('h2', {}, 'Toll ceiling, a year'), h('p', { class: 'muted' }, 'The most that could be asked before the next cheapest way around is taken.'), h('table', { class: 'sums-table' }, h('tbody', {}, ...rows)), h('p', { class: 'muted' }, answer.assumed)]
	}
	private loadTarget(): void {
		void this.answers.show(this.target, 'target', this.supposed, (answer: Target) => [h('p', { class: 'muted' }, `${gbps(answer.passing_gbps)} pass today (${percent(answer.estimated)} by estimate), growing by ${answer.growth_percent} % a year; there is room for ${gbps(answer.room_gbps)} (${gbps(answer.room_gbps_low)} to ${gbps(answer.room_gbps_high)}).`),
			h('table', { class: 'sums-table' }, h('tbody', {}, ...answer.prices.map((one) => h('tr', {}, h('th', { scope: 'row' }, `at ${one.price_usd.toFixed(2)} USD${one.ceiling ? ', the ceiling' : ''}`), h('td', { class: 'right' }, h('b', {}, `${gbps(one.gbps_low)} to ${gbps(one.gbps_high)}`), h('small', {}, `reached: ${year(one.years_low)} to ${year(one.years_high)}`),
				one.carried_gbps_high < one.gbps_high ? h('small', {}, `finds room: ${gbps(one.carried_gbps_low)} to ${gbps(one.carried_gbps_high)}`) : null))))), h('p', { class: 'muted' }, answer.assumed)], { amount: this.amount })
	}
	private async rank(): Promise<void> {
		const { by } = this
		this.ranked = true
		this.rankNote.textContent = 'Building each of them ...'
		this.rankButton.hidden = true
		await this.answers.show(this.ranks, 'next', this.supposed, (answer: Next) => {
			this.rankNote.textContent = ''
			const names = new Map(answer.next.map((one) => [one.candidates[0], one.name]))
			return [h('table', { class: 'sums-table', 'aria-label': 'Ranks' }, h('tbody', {}, ...(answer.pairs ?? answer.next).slice(0, RANKED).map((one) => this.rankOf(one, one.candidates.map((id) => names.get(id) ?? id).join(' + '), by))))]
		}, { by, pairs: this.pairs })
	}
	private rankOf(one: Candidate, name: string, by: Gain): HTMLElement {
		const words = GAIN_WORDS[by], span = (low: number | null, high: number | null) => (low === null || high === null || low === high ? null : h('small', {}, `${dollars(low)} to ${dollars(high)}`))
		const value = one.npv_usd === null ? '' : `; net value ${dollars(one.npv_usd)}`
		return h('tr', {}, h('th', { scope: 'row', dir: 'auto' }, name, h('small', {}, `costs ${dollars(one.cost_usd_low)} to ${dollars(one.cost_usd_high)}${by === 'npv' ? '' : value}`), h('small', {}, `${by === 'revenue' ? '' : `${dollars(one.usd_a_year)} a year, `}${percent(one.estimated)} on estimates`)),
			h('td', { class: 'right' }, h('b', {}, one.gain === null ? 'not known' : words(one.gain)), by === 'npv' ? span(one.npv_usd_low, one.npv_usd_high) : by === 'revenue' ? span(one.usd_a_year_low, one.usd_a_year_high) : null, one.gain_per_musd === null ? null : h('small', {}, `${words(one.gain_per_musd)} per M USD`), one.together ? h('small', {}, `${words(one.together)}${one.together > 0 ? ' beyond' : ' against'} each alone`) : null))
	}
}
