// One segment: what is on it, what its numbers rest on, what takes over when it is cut, and what can be supposed or ordered of it.

import { ask, query, type Order, type Segment, type SegmentMore, type WaysFound } from '../api'
import { h, replace } from '../dom'
import { count, percent, rate, speed, UNKNOWN } from '../format'
import { badge, bar } from '../parts'
import { link } from '../route'
import { carries, stateOf } from '../segment'
import { orderButtons, type Begin } from './order'
import { kindOf, type Part, type Supposed } from './suppose'

export const STATE_WORDS: Record<string, string> = { usable: 'in service', out: 'out of use', work: 'planned work', drained: 'drained', cut: 'cut', planned: 'planned' }

// A command to be copied.
export function command(words: string): HTMLElement {
	const button = h('button', { type: 'button', class: 'plain-button', 'aria-label': `Copy ${words}`, onclick: () => {
		void navigator.clipboard.writeText(words).then(() => (button.textContent = 'copied'), () => undefined)
	} }, 'copy')
	return h('span', { class: 'command-line' }, h('code', { class: 'command' }, words), 'clipboard' in navigator ? button : null)
}
export function orderLine(order: Order, word: (name: string) => string, begin: Begin): HTMLElement {
	const name = `${order.kind}:${order.id}`
	return h('li', { class: `incident s${order.state === 'cut' ? 3 : 2}` }, h('strong', {}, `${word(name)}: ${STATE_WORDS[order.state] ?? order.state}${order.in_force ? '' : ', not yet'}`),
		h('span', {}, `since ${order.from.slice(0, 16).replace('T', ' ')} UTC${order.until ? `, until ${order.until.slice(0, 16).replace('T', ' ')} UTC` : ''}, by ${order.who}${order.why ? `: ${order.why}` : ''}`), command(`sarai corridor restore ${name}`), orderButtons(name, 'cut', begin))
}

export const loadWords = (then: Segment): HTMLElement[] => [
	...(then.utilisation === null ? [] : [h('div', { class: 'card-load' }, h('b', {}, percent(then.utilisation, 1)), bar(then.utilisation))]),
	h('p', { class: 'muted' }, carries(then) ? `${rate(then.load_bps)} of ${then.capacity_bps === null ? 'a capacity not known' : speed(then.capacity_bps)} the busier way${then.capacity_estimated ? ', of which the capacity is an estimate' : ''}` : 'carries nothing of these demands'),
]

export interface CardActions { close(): void; toggle(part: Part, name: string): void; order: Begin }

export function segmentCard(one: Segment, then: Segment, supposed: Supposed, word: (name: string) => string, actions: CardActions, signal: AbortSignal): HTMLElement {
	const name = `segment:${one.id}`, state = stateOf(then), more = h('div', { class: 'card-more' }), around = h('p', { class: 'muted' })
	const act = (part: Part, name: string, on: string, off: string) => h('button', { type: 'button', class: 'button', 'aria-pressed': String(supposed[part].includes(name)), onclick: () => actions.toggle(part, name) }, supposed[part].includes(name) ? off : on)
	const fact = (title: string, value: string | null) => (value ? h('div', { class: 'fact' }, h('dt', {}, title), h('dd', {}, value)) : null)
	const card = h('section', { class: 'card', 'aria-label': one.name }, h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: actions.close }, '×'), h('h2', {}, one.name),
		h('p', {}, badge(state, STATE_WORDS[state] ?? state), ' ', h('span', { class: 'muted' }, then.status === 'in service' ? one.status : then.status)),
		h('div', { class: 'card-now' }, ...loadWords(then)),
		h('div', { class: 'ways-choice' }, state === 'planned' || supposed.built.includes(name) ? act('built', name, 'As if it were built', 'Not built after all') : null, state === 'planned' ? null : act('cut', name, 'If it were cut', 'Mend it again'), h('a', { class: 'button', href: link(['segments', one.id]) }, 'All of it')), around, more)
	void ask<SegmentMore>(`corridor/segment${query({ id: one.id })}`, signal).then((all) => {
		const capacity = all.facts?.capacity_tbps, length = all.facts?.length_km, failures = all.facts?.failures_a_year
		const groups = [...all.srlgs.map((risk) => `risk:${risk}`), ...(all.cable ? [`cable:${all.cable}`] : []), ...all.countries.map((code) => `country:${code}`)]
		replace(more, h('dl', { class: 'facts' }, fact('capacity', capacity ? `${capacity.low} to ${capacity.high} Tbit/s, ${all.capacity_assumed ? 'assumed' : capacity.basis}` : null), fact('length', length ? `${count(Math.round(length.low))} to ${count(Math.round(length.high))} km, ${length.basis}` : UNKNOWN),
			fact('fails', failures ? `${failures.low.toPrecision(2)} to ${failures.high.toPrecision(2)} times a year, ${Math.round(all.repair_h ?? 0)} h each` : null), fact('owner', all.operators), fact('rests on', all.confidence), fact('source', all.source)),
		groups.length ? h('p', { class: 'muted' }, 'It goes with:') : null, h('p', { class: 'chips' }, ...groups.map((group) => h('button', { type: 'button', class: 'chip', title: `If all of it were cut (${kindOf(group) ?? ''})`, 'aria-pressed': String(supposed.cut.includes(group)), onclick: () => actions.toggle('cut', group) }, `cut ${word(group)}`))),
		h('details', {}, h('summary', {}, 'To order it in the hub'), orderButtons(name, stateOf(one), actions.order), command(`sarai corridor cut ${one.id} --preview`), command(`sarai corridor cut ${one.id} --reason TEXT`), command(`sarai corridor drain ${one.id}`)))
	}).catch(() => undefined)
	if (state === 'usable' || state === 'cut')
		void ask<WaysFound>(`corridor/path${query({ from: one.a, to: one.b, without: one.id, k: 1, date: supposed.year })}`, signal).then(({ paths: [way] }) => {
			around.textContent = way ? `Without it, from end to end: ${count(Math.round(way.length_km))} km, ${way.round_trip_ms.toFixed(1)} ms there and back${way.estimated_share ? ` (${percent(way.estimated_share)} estimated)` : ''}, over ${way.segments.map((id) => word(`segment:${id}`)).slice(0, 5).join(', ')}${way.segments.length > 5 ? ' ...' : ''}.` : 'Without it there is no way between its ends.'
		}).catch(() => undefined)
	return card
}
