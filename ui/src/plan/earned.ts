// What the demands bring in, by whom or over what, what that sum hangs on, and what caches near the users would take off the corridor.

import type { Content, RevenueOf, Sensitivity } from '../api'
import { h } from '../dom'
import { country, percent, rate } from '../format'
import { choice } from '../parts'
import type { Answers } from './answers'
import { dollars } from './demands'
import type { Supposed } from './suppose'

type By = 'operator' | 'country' | 'cable' | 'party'
const BYS: [By, string][] = [['operator', 'Operators'], ['country', 'Countries'], ['cable', 'Cables'], ['party', 'Parties']]
const SHOWN = 10
const gbps = (value: number): string => rate(value * 1e9)
const sum = (value: number, low: number, high: number, text: (value: number) => string): HTMLElement[] => [h('b', {}, text(value)), h('small', {}, `${text(low)} to ${text(high)}`)]

export class EarnedPanel {
	readonly root = h('div', { class: 'earned' })
	private rows = h('div', { class: 'earned-rows' })
	private near = h('section', { 'aria-label': 'Content' })
	private tornado = h('div', { class: 'earned-rows' })
	private hangs: HTMLDetailsElement
	private by: By = 'country'
	private supposed: Supposed | null = null

	constructor(private answers: Answers, private names: (kind: string, id: string) => string) {
		this.hangs = h('details', { ontoggle: () => this.showTornado() }, h('summary', {}, 'What that sum hangs on'), this.tornado)
		this.root.append(h('section', { 'aria-label': 'Revenue' }, h('h2', {}, 'What the demands bring in, a year'), choice('By', BYS, this.by, (by) => {
			this.by = by
			this.loadRevenue()
		}), this.rows, this.hangs), this.near)
	}
	set(supposed: Supposed): void {
		this.supposed = supposed
		this.loadRevenue()
		this.showTornado()
		void this.answers.show(this.near, 'content', supposed, (answer: Content) => this.contentOf(answer))
	}
	private loadRevenue(): void {
		void this.answers.show(this.rows, 'revenue', this.supposed, (answer: RevenueOf) => this.revenueOf(answer), { of: this.by })
	}
	private revenueOf(answer: RevenueOf): Node[] {
		const name = (id: string) => (answer.of === 'country' ? country(id) : this.names(answer.of, id))
		const rows = [...answer.revenue].sort((p, q) => q.usd_a_year - p.usd_a_year).map((one) => h('tr', {}, h('th', { scope: 'row', dir: 'auto' }, one.name ?? name(one.id)), h('td', { class: 'right' }, ...sum(one.usd_a_year, one.usd_a_year_low, one.usd_a_year_high, dollars))))
		return [
			h('p', {}, h('b', {}, dollars(answer.usd_a_year)), ` in all (${dollars(answer.usd_a_year_low)} to ${dollars(answer.usd_a_year_high)}), ${percent(answer.estimated)} on estimates; ${gbps(answer.served_gbps)} of ${gbps(answer.asked_gbps)} served.`),
			h('table', { class: 'sums-table', 'aria-label': 'Revenue' }, h('tbody', {}, ...rows.slice(0, SHOWN))), rows.length > SHOWN ? h('details', {}, h('summary', {}, `and ${rows.length - SHOWN} more`), h('table', { class: 'sums-table' }, h('tbody', {}, ...rows.slice(SHOWN)))) : h('span', {}),
		]
	}
	private showTornado(): void {
		if (!this.hangs.open || !this.supposed) return
		void this.answers.show(this.tornado, 'sensitivity', this.supposed, (answer: Sensitivity) => this.swingsOf(answer), { subject: 'revenue' })
	}
	// A bar from where the sum would be with the assumption low to where it would be with it high, round what is told.
	private swingsOf({ unit, told, p10, p50, p90, swings }: Sensitivity): Node[] {
		const ends = swings.flatMap((one) => [one.at_low, one.at_high]), least = Math.min(told, ...ends), wide = Math.max(told, ...ends) - least || 1
		const bar = (at: number, kind: string) => {
			const part = h('i', { class: kind })
			part.style.left = `${((Math.min(at, told) - least) / wide) * 100}%`
			part.style.width = `${(Math.abs(at - told) / wide) * 100}%`
			return part
		}
		const shown = (value: number) => String(Number(value.toPrecision(4)))
		const rows = swings.map((one) => h('tr', {}, h('th', { scope: 'row' }, one.assumption, h('small', {}, `${shown(one.assumed.low)} to ${shown(one.assumed.high)}, ${one.assumed.basis}`)),
			h('td', { class: 'right' }, `${shown(one.at_low)} to ${shown(one.at_high)}`, h('span', { class: 'swing', 'aria-hidden': 'true' }, bar(one.at_low, 'u3'), bar(one.at_high, 'u0')))))
		return [
			h('p', { class: 'muted' }, `${shown(told)} ${unit} as told, with each assumption low (orange) and high (blue) by itself. All at once, by chance: one in ten below ${shown(p10)}, half below ${shown(p50)}, one in ten above ${shown(p90)}.`),
			h('table', { class: 'sums-table', 'aria-label': 'Swings' }, h('tbody', {}, ...rows)),
		]
	}
	private contentOf(answer: Content): Node[] {
		const rows = answer.content.map((one) => h('tr', {}, h('th', { scope: 'row', dir: 'auto' }, one.name ?? one.id, h('small', {}, `${one.from_name} to ${one.to_name}`), h('small', {}, `${percent(one.hits)} hits (${percent(one.hits_low)} to ${percent(one.hits_high)})${one.modelled ? ', reckoned' : ''}${one.estimated ? ', estimates' : ''}`)),
			h('td', { class: 'right' }, ...sum(one.usd_a_year, one.usd_a_year_low, one.usd_a_year_high, dollars), ...sum(one.off_gbps, one.off_gbps_low, one.off_gbps_high, gbps))))
		const parts = answer.content.filter((one) => one.estimated), share = parts.reduce((sum, one) => sum + one.off_gbps, 0) / Math.max(1e-9, answer.off_gbps)
		return [h('h2', {}, 'Content near its readers'), h('p', { class: 'muted' }, `Caches and on-ramps would take ${gbps(answer.off_gbps)} (${gbps(answer.off_gbps_low)} to ${gbps(answer.off_gbps_high)}) of ${gbps(answer.gbps)} off the corridor and save ${dollars(answer.usd_a_year)} a year (${dollars(answer.usd_a_year_low)} to ${dollars(answer.usd_a_year_high)}), ${percent(Math.min(1, share))} on estimates; served near: ${percent(answer.local_before)} before, ${percent(answer.local_after)} after.`),
			h('table', { class: 'sums-table', 'aria-label': 'Content' }, h('tbody', {}, ...rows))]
	}
}
