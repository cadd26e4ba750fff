// What is supposed against what is: the sums, each with its range, and in words what a cut does.

import type { Cut } from '../api'
import { h } from '../dom'
import { duration, percent, plural, rate } from '../format'
import { badge } from '../parts'
import { dollars, ms, pair, spread } from './demands'
import { wholeOf, type Laid } from './laid'

export function summary(base: Laid, then: Laid, before: string, after: string, name: (segment: string) => string): HTMLElement {
	const was = wholeOf(base), is = wholeOf(then)
	const row = (title: string, cell: Node | string) => h('tr', {}, h('th', { scope: 'row' }, title), h('td', {}, cell))
	const missing = (laid: Laid) => laid.total.asked_bps - laid.total.served_bps
	const of = (sum: Laid['total']) => `${rate(sum.served_bps)} of ${rate(sum.asked_bps)}`
	const fullest = (laid: typeof was) => (laid.fullest ? `${percent(laid.fullest.utilisation)} ${name(laid.fullest.id)}` : 'none')
	return h('table', { class: 'sums-table', 'aria-label': 'Sums' }, h('caption', {}, before === after ? after : h('span', {}, h('s', {}, before), ' → ', h('b', {}, after))),
		h('tbody', {}, row('served', pair(rate(base.total.served_bps), rate(then.total.served_bps), base.total.served_bps - then.total.served_bps, `of ${rate(then.total.asked_bps)}`)),
			row('not served', pair(rate(missing(base)), rate(missing(then)), missing(then) - missing(base))),
			row('demands low', h('span', { class: 'pair' }, of(then.at_ease))), row('demands high', pair(of(base.at_worst), of(then.at_worst), (base.at_worst.served_bps - then.at_worst.served_bps))),
			row('without a way', pair(plural(was.parted, 'demand'), plural(is.parted, 'demand'), is.parted - was.parted)),
			row('there and back', pair(ms(was.trip?.value ?? null), ms(is.trip?.value ?? null), (is.trip?.value ?? 0) - (was.trip?.value ?? 0), spread(is.trip, (value) => value.toFixed(0)))),
			row('cost a month', pair(was.cost ? dollars(was.cost.value) : 'not known', is.cost ? dollars(is.cost.value) : 'not known', (is.cost?.value ?? 0) - (was.cost?.value ?? 0), spread(is.cost, dollars))),
			row('fullest', pair(fullest(was), fullest(is), (is.fullest?.utilisation ?? 0) - (was.fullest?.utilisation ?? 0))),
			row('above 85 %', pair(plural(was.full, 'segment'), plural(is.full, 'segment'), is.full - was.full)),
			row('rests on', badge('estimated', `${percent(then.estimated_share)} estimates`, 'The part of what is asked for that is estimated; capacities and prices have ranges of their own'))))
}
const often = (share: number): string => duration(share * 365.25 * 86400)
// What a cut does, as a sentence for whoever has to decide.
export function cutWords(cut: Cut, names: string, demand: (id: string) => string, word: (id: string) => string, segment: (id: string) => string): HTMLElement {
	const does = cut.does, lost = does.lost_gbps
	const parts = [
		does.lost_bps ? `${rate(does.lost_bps)} are lost (${rate((lost.low ?? 0) * 1e9)} to ${rate((lost.high ?? 0) * 1e9)}, ${percent(lost.estimated)} by estimate)` : 'Nothing is lost',
		does.parted ? `${plural(does.parted, 'demand')} ${does.parted === 1 ? 'has' : 'have'} no way left` : '',
		does.slower ? `${plural(does.slower, 'demand')} ${does.slower === 1 ? 'gets' : 'get'} slower on the shortest way that is left, by ${ms(does.median_ms)} in the middle${does.worst ? ` and ${ms(does.worst_ms)} at worst (${demand(does.worst)})` : ''}` : 'nobody gets slower on the shortest way that is left',
		does.fullest ? `${segment(does.fullest)} is fullest then, ${percent(does.utilisation)}` : '',
	].filter(Boolean)
	const rare = does.down === null || does.hours === null ? 'How often that happens is not known.' : `It happens for ${often(does.down)} a year (${often(does.down_low ?? 0)} to ${often(does.down_high ?? 0)}), ${duration(does.hours * 3600)} each time.`
	return h('section', { class: 'card cut-words', 'aria-label': 'What the cut does' }, h('h2', {}, `If ${names} ${/ and |,/.test(names) ? 'are' : 'is'} cut: ${plural(does.segments, 'segment')}`), h('p', {}, parts.join('; ') + '.'), h('p', { class: 'muted' }, rare,
		cut.mend.length > 1 ? ` To be mended in this order: ${cut.mend.map(word).join(', then ')}.` : '', cut.unmeasured ? ` ${plural(cut.unmeasured, 'demand')} that nobody has measured ${cut.unmeasured === 1 ? 'is' : 'are'} left out.` : ''))
}
