// Reach: which towers and towns to put on fibre in which year, on a map, against money, and how far from the least possible cost.

import { ask, query, type Money, type Reach, type ReachYear } from '../api'
import { h, replace } from '../dom'
import { count, money, percent, plural } from '../format'
import { failure, later, notice } from '../parts'
import { keep, type Place } from '../route'
import { Ends, type View } from '../view'

type Term = 'target' | 'years' | 'budget'
const TERMS: Term[] = ['target', 'years', 'budget']
const FORMATS = ['csv', 'json', 'geojson']
const share = (value: number): string => percent(value / 100, 1)
const more = (cost: Money, least: Money): string => (Number(least.amount) > 0 ? `${((Number(cost.amount) / Number(least.amount) - 1) * 100).toFixed(1)} % above the least possible` : 'the least possible')

export function openReach(root: HTMLElement, place: Place): View {
	const ends = new Ends(), { signal } = ends.abort
	const terms = Object.fromEntries(TERMS.map((term) => [term, place.set.get(term) ?? ''])) as Record<Term, string>
	let turn = 0
	const result = h('div', { class: 'reach', 'aria-live': 'polite' })
	const field = (term: Term, label: string, hint: string) => h('label', { class: 'order-field' }, h('span', {}, label), h('input', { type: 'text', class: 'search', inputmode: 'numeric', placeholder: hint, value: terms[term], autocomplete: 'off', onchange: (event: Event) => {
		terms[term] = (event.target as HTMLInputElement).value.trim()
	} }))
	const form = h('form', { class: 'tools', onsubmit: (event: Event) => {
		event.preventDefault()
		keep(terms)
		void load()
	} }, field('target', 'Target, % of towers', 'as the hub file'), field('years', 'Years', 'as the hub file'), field('budget', 'Budget, of each year', 'none; 50M'), h('button', { type: 'submit', class: 'button' }, 'Plan'))
	replace(root, h('div', { class: 'column' }, h('h1', {}, 'Reach'), h('p', { class: 'muted' }, 'Towers and towns to be put on fibre at the least cost.'), form, result))

	async function load(): Promise<void> {
		const mine = ++turn, path = `corridor/reach${query(terms)}`
		replace(result, notice('wait', 'Planning …', 'Many towers take a while; nothing else of the hub waits for it.'))
		try {
			const answer = await ask<Reach>(path, signal)
			if (mine === turn) replace(result, ...shown(answer, path))
		} catch (reason) {
			if (mine !== turn || signal.aborted) return
			replace(result, failure(reason))
			later(reason, () => void (mine === turn && load()), signal)
		}
	}
	void load()
	return { title: 'Reach', close: () => ends.close() }
}

function shown(answer: Reach, path: string): Node[] {
	const url = (format: string) => `/api/v1/${path}${path.includes('?') ? '&' : '?'}format=${format}`, last = answer.years[answer.years.length - 1]
	const drawn = (format: string, alt: string) => h('img', { class: 'figure', src: url(format), alt, loading: 'lazy' })
	const row = (one: ReachYear) => h('tr', {}, h('th', { scope: 'row' }, one.year), h('td', { class: 'right' }, h('b', { class: one.target_met ? '' : 'bad' }, share(one.share_percent)), h('small', {}, `${one.target_met_before ? 'met before anything is built:' : one.target_met ? 'of' : 'misses'} ${share(one.target_percent)}`)), h('td', { class: 'right' }, count(one.towers)), h('td', { class: 'right' }, count(one.towns)), h('td', { class: 'right' }, `${count(Math.round(one.km))} km`),
		h('td', { class: 'right' }, money(one.cost)), h('td', { class: 'right' }, money(one.cost_so_far), h('small', {}, `at least ${money(one.at_least)}`)))
	const head = ['Year', 'On fibre', 'Towers', 'Towns', 'Fibre', 'Cost', 'So far'].map((title, i) => h('th', { scope: 'col', class: i ? 'right' : '' }, title))
	return [
		h('p', {}, h('b', {}, `${share(answer.share_percent)} → ${last ? share(last.share_percent) : share(answer.share_percent)}`), ` of ${plural(answer.towers, 'tower')}: ${count(answer.towers_built)} towers by ${count(Math.round(answer.km))} km of fibre for `, h('b', {}, money(answer.cost)), `, ${more(answer.cost, answer.at_least)} (${money(answer.at_least)}). At most ${share(answer.share_most_percent)} can be reached.`),
		h('div', { class: 'table-box' }, h('table', { class: 'sums-table', 'aria-label': 'Years' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...answer.years.map(row)))),
		h('div', { class: 'figures' }, drawn('map', `Map of the plan: what is on fibre, and what is built in which of ${plural(answer.years.length, 'year')}`), drawn('curve', 'Share of towers on fibre against money')),
		answer.sensitivity.length ? h('section', { 'aria-label': 'What the cost hangs on' }, h('h2', {}, 'What the cost hangs on'), h('table', { class: 'sums-table reach-bounds' }, h('tbody', {}, ...answer.sensitivity.map((one) => h('tr', {}, h('th', { scope: 'row' }, one.figure), h('td', { class: 'right' }, `${money(one.low)} to ${money(one.high)}`)))))) : h('span', {}),
		h('p', { class: 'bill-links' }, ...FORMATS.flatMap((format) => [h('a', { href: url(format), download: `reach.${format}` }, format.toUpperCase()), ' '])),
	]
}
