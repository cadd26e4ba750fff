// Demand by demand: what each gets, how long its way is and what it costs, before and after, what changes in bold.

import { country, count, percent, rate, UNKNOWN } from '../format'
import { h } from '../dom'
import { List } from '../list'
import { badge } from '../parts'
import { costOf, tripOf, worksOf, type Change, type LaidDemand, type Range } from './laid'

export const ms = (value: number | null): string => (value === null ? UNKNOWN : `${value.toFixed(1)} ms`)
export const spread = (range: Range | null, text: (value: number) => string): string => (range ? `${text(range.low)} to ${text(range.high)}` : '')
export const dollars = (value: number): string => {
	const [step, letter] = Math.abs(value) >= 999500 ? [1e6, 'M'] : Math.abs(value) >= 9995 ? [1e3, 'k'] : [1, '']
	const whole = Math.abs(value) / step
	return `${value < 0 ? '−' : ''}${whole >= 100 || (step === 1 && Number.isInteger(whole)) ? whole.toFixed(0) : whole.toFixed(2)}${letter ? ' ' + letter : ''} USD`
}
const title = (one: LaidDemand): string => one.name ?? one.id

// Before and after; what is worse is said with an arrow, not by colour alone.
export function pair(before: string, after: string, worse: number, range = ''): HTMLElement {
	const same = before === after
	return h('span', { class: `pair${same ? '' : worse > 0 ? ' worse' : worse < 0 ? ' better' : ' other'}`, title: range || null }, same ? after : h('span', {}, h('s', { 'aria-label': 'before' }, before), ' ', h('b', { 'aria-label': 'after' }, `${worse > 0 ? '▼ ' : worse < 0 ? '▲ ' : ''}${after}`)), range ? h('small', {}, range) : null)
}
const works = (share: number | null): string => (share === null ? UNKNOWN : `${(share * 100).toFixed(share > 0.999 ? 4 : 2)} %`)
const range = (value: Range | null, digits = 0): string => (value ? `${value.low.toFixed(digits)} to ${value.high.toFixed(digits)}` : '')

export class DemandTable {
	readonly root: HTMLElement
	private list: List<Change>
	private rows: Change[] = []
	private all = false
	private button = h('button', { type: 'button', class: 'plain-button', onclick: () => {
		this.all = !this.all
		this.show()
	} })
	private heading = h('h2', {}, 'Demands')

	constructor(pick: (row: Change) => void) {
		this.list = new List<Change>({
			label: 'Demands before and after', empty: 'No demand changes.', key: (row) => row.then.id, text: (row) => `${title(row.then)} ${row.then.from} ${row.then.to}`,
			columns: [
				{ title: 'Demand', by: (row) => title(row.then), cell: (row) => h('button', { type: 'button', class: 'plain-button', dir: 'auto', title: 'Show its ways', onclick: () => pick(row) }, title(row.then)) },
				{ title: 'Asks for', right: true, by: (row) => row.then.asked_bps, cell: (row) => h('span', { class: 'pair' }, rate(row.then.asked_bps), row.then.asked_gbps ? h('small', {}, `${rate(row.then.asked_gbps.low * 1e9)} to ${rate(row.then.asked_gbps.high * 1e9)}`) : null) },
				{ title: 'Gets', right: true, by: (row) => row.lost, cell: (row) => pair(rate(row.base.served_bps), rate(row.then.served_bps), row.lost || row.base.served_bps - row.then.served_bps, `${rate(row.then.served_least_bps)} to ${rate(row.then.served_most_bps)}`) },
				{ title: 'There and back', right: true, by: (row) => row.slower, cell: (row) => this.trip(row) },
				{ title: 'Its ways work', right: true, by: (row) => worksOf(row.then), cell: (row) => pair(works(worksOf(row.base)), works(worksOf(row.then)), (worksOf(row.base) ?? 0) - (worksOf(row.then) ?? 0)) },
				{ title: 'Costs a month', right: true, by: (row) => costOf(row.then)?.value ?? null, cell: (row) => this.cost(row) },
			],
		})
		this.root = h('section', { class: 'demands', 'aria-label': 'Demands' }, h('div', { class: 'demands-head' }, this.heading, this.button), this.list.root)
	}
	set(rows: Change[]): void {
		this.rows = rows
		this.show()
	}
	private show(): void {
		const changed = this.rows.filter((row) => row.moved || Math.abs(row.lost) > 0 || Math.abs(row.slower ?? 0) >= 0.05 || row.base.served_bps !== row.then.served_bps)
		const some = !this.all && changed.length > 0
		this.heading.textContent = changed.length ? `${count(changed.length)} of ${count(this.rows.length)} demands change` : `${count(this.rows.length)} demands, none changes`
		this.button.textContent = some ? 'Show all' : 'Only those that change'
		this.button.hidden = !changed.length || changed.length === this.rows.length
		this.list.set(some ? changed : this.rows)
	}
	private trip(row: Change): HTMLElement {
		const was = tripOf(row.base), is = tripOf(row.then)
		return pair(ms(was?.value ?? null), is ? ms(is.value) : 'no way', is ? (row.slower ?? 0) : was ? 1 : 0, range(is))
	}
	private cost(row: Change): HTMLElement {
		const was = costOf(row.base), is = costOf(row.then)
		return pair(was ? dollars(was.value) : UNKNOWN, is ? dollars(is.value) : UNKNOWN, (is?.value ?? 0) - (was?.value ?? 0), spread(is, dollars))
	}
}
// What stands in a card of one demand: its ways now and then.
export function wayLines(one: LaidDemand, names: (segment: string) => string, countriesOf: (segment: string) => string[]): HTMLElement {
	const ways = one.ways.filter((way) => way.bps > 0)
	if (!ways.length) return h('p', { class: 'bad' }, 'no way is left')
	return h('ul', { class: 'plain laid-ways' }, ...ways.slice(0, 4).map((way) => h('li', {}, h('b', {}, `${percent(way.share)} `), `${ms(way.round_trip_ms)} `, way.role === 'working' ? null : badge('estimated', `${way.role} way`), way.length_estimated_share > 0 ? badge('estimated', `${percent(way.length_estimated_share)} estimated`) : null,
		h('span', { class: 'muted' }, ` over ${[...new Set(way.segments.flatMap(countriesOf))].map(country).join(', ')}`), h('small', {}, way.segments.map(names).join(' · ')))), ways.length > 4 ? h('li', { class: 'muted' }, `and ${ways.length - 4} more ways`) : null)
}
