// Ways between two sites on the map: under conditions, beside the way that would be taken without them. What is cut, avoided or counted as
// built is only supposed: nothing of the hub changes.

import { ask, query, type Corridor, type Segment, type SegmentMore, type Site, type WayFound, type WaysFound } from '../api'
import { h, replace } from '../dom'
import { count, country, percent, plural, rate, speed } from '../format'
import { followCourses } from '../map/course'
import { CorridorMap, type Picked } from '../map/map'
import { badge, failure, later, notice } from '../parts'
import { keep, link, type Place } from '../route'
import { carries, stateOf } from '../segment'
import { Ends, type View } from '../view'

type Term = 'from' | 'to' | 'avoid' | 'require' | 'without' | 'with' | 'by' | 'k' | 'date'
type Terms = Record<Term, string>
const TERMS: Term[] = ['from', 'to', 'avoid', 'require', 'without', 'with', 'by', 'k', 'date']
const MEASURES: [string, string][] = [['', 'shortest'], ['price', 'cheapest'], ['availability', 'most available'], ['hops', 'fewest segments']]
const YEARS = 10, SHOWN = 6, HOURS_A_YEAR = 8766

export function openWays(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	const thisYear = new Date().getUTCFullYear()
	const terms = Object.fromEntries(TERMS.map((term) => [term, place.set.get(term) ?? ''])) as Terms
	let corridor: Corridor | null = null, found: WaysFound | null = null, free: WayFound | null = null, bright: number | null = null, turn = 0
	const result = h('div', { class: 'ways-found', 'aria-live': 'polite' }), card = h('div', { class: 'card-place', 'aria-live': 'polite' }), said = h('div', { class: 'chips' })
	const sites = h('datalist', { id: 'sites' })
	const field = (term: Term, label: string, placeholder: string, list: string | null = null) => h('input', { type: 'text', class: 'search', 'aria-label': label, placeholder, list, value: terms[term], autocomplete: 'off', spellcheck: 'false', onchange: (event: Event) => set(term, (event.target as HTMLInputElement).value.trim()) })
	const fields = { from: field('from', 'From', 'From: Karachi', 'sites'), to: field('to', 'To', 'To: Frankfurt', 'sites'), avoid: field('avoid', 'Avoid', 'Avoid: RU, IR, an operator, cable or risk'), require: field('require', 'Require', 'Over: a country, cable or site') }
	const select = (term: Term, label: string, options: [string, string][]) => h('select', { 'aria-label': label, onchange: (event: Event) => set(term, (event.target as HTMLSelectElement).value) }, ...options.map(([value, text]) => h('option', { value, selected: value === terms[term] }, text)))
	const yearText = h('b', {})
	const year = h('input', { type: 'range', min: thisYear, max: thisYear + YEARS, step: 1, value: terms.date || String(thisYear), 'aria-label': 'As of the end of the year', oninput: () => showYear(), onchange: () => set('date', Number(year.value) === thisYear ? '' : year.value) })
	const showYear = () => (yearText.textContent = Number(year.value) === thisYear ? 'as it is today' : `with what is planned by the end of ${year.value}`)
	showYear()
	const courses = h('p', { class: 'muted' })
	const panel = h('aside', { class: 'panel', 'aria-label': 'Ways' }, h('h1', {}, 'Ways through the corridor'), sites,
		h('form', { class: 'ways-form', onsubmit: (event: Event) => event.preventDefault() }, fields.from, fields.to, fields.avoid, fields.require,
			h('div', { class: 'ways-choice' }, select('by', 'By', MEASURES), select('k', 'How many', Array.from({ length: SHOWN }, (_, i): [string, string] => [i === 2 ? '' : String(i + 1), plural(i + 1, 'way')]))),
			h('label', { class: 'ways-year' }, year, yearText)), said, card, result, courses)
	const tip = h('div', { class: 'tip', hidden: true })
	const map = new CorridorMap({ pick: (what) => showCard(what), hover: (what, x, y) => showTip(what, x, y) }, () => null)
	root.classList.add('overview')
	replace(root, panel, h('section', { class: 'map-section', 'aria-label': 'Map' }, map.root, tip))
	ends.add(() => map.close())
	ends.add(() => root.classList.remove('overview'))

	const segment = (id: string): Segment | undefined => corridor?.segments.find((one) => one.id === id)
	const site = (id: string): Site | undefined => corridor?.sites.find((one) => one.id === id)
	const siteName = (id: string): string => site(id)?.name ?? id
	const listed = (term: Term): string[] => terms[term].split(',').map((one) => one.trim()).filter(Boolean)

	function set(term: Term, value: string): void {
		terms[term] = value
		if (term in fields) fields[term as keyof typeof fields].value = value
		keep(terms)
		void load()
	}
	function toggle(term: Term, name: string): void {
		const before = listed(term)
		set(term, (before.includes(name) ? before.filter((one) => one !== name) : [...before, name]).join(','))
	}
	async function load(): Promise<void> {
		const mine = ++turn
		showSaid()
		if (!terms.from || !terms.to) {
			found = free = null
			map.setWays([])
			return replace(result, notice('empty', 'From where to where?', 'Name two sites, or pick them on the map.'))
		}
		try {
			const asked = (more: Partial<Terms>) => ask<WaysFound>(`corridor/path${query({ from: terms.from, to: terms.to, by: terms.by, date: terms.date, ...more })}`, ends.abort.signal)
			const hindered = ['avoid', 'require', 'without', 'with'].some((term) => terms[term as Term])
			const [ways, without] = await Promise.all([asked({ avoid: terms.avoid, require: terms.require, without: terms.without, with: terms.with, k: terms.k || '3' }), hindered ? asked({ k: '1' }) : null])
			if (mine !== turn) return
			found = ways
			free = without?.paths[0] ?? null
			bright = null
			showWays()
			const all = [...new Set([...found.paths.flatMap((way) => way.segments), ...(free?.segments ?? [])])]
			if (all.length) map.fitTo(all)
		} catch (reason) {
			if (mine !== turn || ends.abort.signal.aborted) return
			map.setWays([])
			replace(result, failure(reason))
			later(reason, () => void (mine === turn && load()), ends.abort.signal)
		}
	}
	function paint(): void {
		const ways = found?.paths ?? []
		map.setWays([...(free ? [{ ...free, kind: 'free' }] : []), ...ways.map((way, i) => ({ ...way, kind: `w${i}${bright === i ? ' bright' : bright === null ? '' : ' dim'}` })).reverse()])
	}
	function showSaid(): void {
		const chip = (term: Term, words: string) => listed(term).map((name) => h('button', { type: 'button', class: 'chip removable', title: 'Take it away', onclick: () => toggle(term, name) }, `${words} ${segment(name)?.name ?? name} ×`))
		replace(said, ...chip('without', 'cut:'), ...chip('with', 'as built:'))
	}
	function showWays(): void {
		paint()
		if (!found) return
		if (!found.paths.length) return replace(result, notice('empty', 'There is no such way', free ? `Without these conditions it would be ${count(Math.round(free.length_km))} km.` : undefined))
		const first = free ?? found.paths[0]!
		replace(result, h('p', { class: 'muted' }, `${found.from_name} to ${found.to_name}`), free ? h('p', { class: 'way-free' }, h('i', { class: 'swatch free' }), free.segments.join() === found.paths[0]!.segments.join() ? 'without these conditions the best way is the same' : `without these conditions ${count(Math.round(free.length_km))} km, ${free.round_trip_ms.toFixed(1)} ms there and back`) : null,
			...found.paths.map((way, i) => wayRow(way, i, first)))
	}
	function wayRow(way: WayFound, i: number, first: WayFound): HTMLElement {
		const more = way.length_km - first.length_km, slower = way.round_trip_ms - first.round_trip_ms
		const sign = (value: number, text: string) => `${value < 0 ? '−' : '+'}${text}`
		const over = (on: number | null) => () => {
			bright = on
			paint()
		}
		return h('details', { class: 'way-row', onmouseenter: over(i), onmouseleave: over(null), ontoggle: (event: Event) => {
			if ((event.target as HTMLDetailsElement).open) map.fitTo(way.segments)
		} }, h('summary', {}, h('i', { class: `swatch w${i}` }), h('b', {}, `${count(Math.round(way.length_km))} km`), ` ${way.round_trip_ms.toFixed(1)} ms`, way.round_trip_ms_low !== undefined && way.round_trip_ms_high !== undefined ? h('span', { class: 'muted' }, ` (${way.round_trip_ms_low.toFixed(0)} to ${way.round_trip_ms_high.toFixed(0)})`) : null, Math.abs(more) >= 0.5 && way !== first ? h('span', { class: 'muted' }, ` ${sign(more, `${count(Math.round(Math.abs(more)))} km`)}, ${sign(slower, `${Math.abs(slower).toFixed(1)} ms`)}`) : null,
			way.estimated_share > 0 ? h('span', {}, ' ', badge('estimated', `${percent(way.estimated_share)} estimated`, `${way.estimated_lengths} of ${plural(way.segment_count, 'length')} are estimates`)) : null),
		h('p', { class: 'chips' }, ...way.countries.map((code) => h('button', { type: 'button', class: 'chip removable', title: `Avoid ${country(code)}`, onclick: () => toggle('avoid', code) }, country(code)))),
		factsOf(way), h('ol', { class: 'steps-of-way' }, ...way.segments.map((id, n) => stepOf(id, way.sites[n]!, way.sites[n + 1]!))))
	}
	// Each number with the bounds it may be in. Prices are told to the operator alone.
	function factsOf(way: WayFound): HTMLElement {
		const fact = (title: string, value: number | null | undefined, low: number | null | undefined, high: number | null | undefined, text: (value: number) => string, unit: string, more = '') => (value === null || value === undefined ? null : h('div', { class: 'fact' }, h('dt', {}, title), h('dd', {}, `${text(value)} ${unit}${typeof low === 'number' && typeof high === 'number' ? ` (${text(low)} to ${text(high)})` : ''}${more}`)))
		const fixed = (digits: number) => (value: number) => value.toFixed(digits), hours = (share: number) => ((1 - share) * HOURS_A_YEAR).toPrecision(3), narrow = way.narrowest ? `, ${segment(way.narrowest)?.name ?? way.narrowest}${way.capacity_assumed ? ', assumed' : ''}` : ''
		return h('dl', { class: 'facts' }, fact('length', way.length_km, way.length_km_low, way.length_km_high, (value) => count(Math.round(value)), 'km', way.estimated_share ? `, ${percent(way.estimated_share)} on estimates` : ''), fact('there and back', way.round_trip_ms, way.round_trip_ms_low, way.round_trip_ms_high, fixed(1), 'ms'),
			fact('works', way.availability === undefined ? null : way.availability * 100, way.availability_low === undefined ? null : way.availability_low * 100, way.availability_high === undefined ? null : way.availability_high * 100, fixed(2), '%', way.availability === undefined ? '' : `, down ${hours(way.availability)} h a year`),
			fact('price', way.price_usd, way.price_usd_low, way.price_usd_high, fixed(3), 'USD per Mbit/s and month', way.price_estimated_share ? `, ${percent(way.price_estimated_share)} on estimates` : ''), fact('narrowest', way.capacity_tbps, way.capacity_tbps_low, way.capacity_tbps_high, fixed(2), 'Tbit/s', narrow))
	}
	function stepOf(id: string, from: string, to: string): HTMLElement {
		const one = segment(id)
		return h('li', {}, h('button', { type: 'button', class: 'plain-button', onclick: () => {
			showCard({ kind: 'segment', id })
			map.reveal({ kind: 'segment', id })
		} }, one?.name ?? id), h('span', { class: 'muted' }, ` ${siteName(from)} to ${siteName(to)}${one?.length_km ? `, ${count(Math.round(one.length_km))} km${one.length_estimated ? ' ~' : ''}` : ''}${one?.utilisation ? `, ${percent(one.utilisation)} full` : ''}`))
	}

	// --- what is picked on the map, or in a way ---

	function showCard(what: Picked | null): void {
		map.select(what)
		const close = h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => showCard(null) }, '×')
		const act = (text: string, run: () => void) => h('button', { type: 'button', class: 'button', onclick: () => {
			run()
			showCard(null)
		} }, text)
		if (what?.kind === 'site') {
			const one = site(what.id)
			return replace(card, one ? h('section', { class: 'card', 'aria-label': one.name }, close, h('h2', {}, one.name), h('p', { class: 'muted' }, `${one.kind}, ${country(one.country)}`), h('div', { class: 'ways-choice' }, act('From here', () => set('from', one.id)), act('To here', () => set('to', one.id)))) : null)
		}
		const one = what ? segment(what.id) : undefined
		if (!one) return replace(card)
		const cut = listed('without').includes(one.id), built = listed('with').includes(one.id), state = stateOf(one)
		const rests = h('p', { class: 'muted' })
		replace(card, h('section', { class: 'card', 'aria-label': one.name }, close, h('h2', {}, one.name), h('p', {}, badge(state, state === 'usable' ? one.type : state), ' ', h('span', { class: 'muted' }, one.status)),
			h('p', { class: 'muted' }, [one.length_km ? `${count(Math.round(one.length_km))} km${one.length_estimated ? ' (estimated)' : ''}` : '', carries(one) ? `${rate(one.load_bps)} of ${one.capacity_bps === null ? 'a capacity not known' : speed(one.capacity_bps)}` : '', one.operators ?? ''].filter(Boolean).join(' · ')), rests,
			h('div', { class: 'ways-choice' }, act(cut ? 'Mend it again' : 'If it were cut', () => toggle('without', one.id)), state === 'usable' ? null : act(built ? 'Not built after all' : 'As if it were built', () => toggle('with', one.id)), h('a', { class: 'button', href: link(['segments', one.id]) }, 'All of it'))))
		void restsOn(one.id, rests)
	}
	// Where its numbers come from; the operator alone is told.
	async function restsOn(id: string, line: HTMLElement): Promise<void> {
		const more = await ask<SegmentMore>(`corridor/segment${query({ id })}`, ends.abort.signal).catch(() => null)
		line.textContent = more?.confidence ? `rests on: ${more.confidence}` : ''
	}
	function showTip(what: Picked | null, x: number, y: number): void {
		const name = what && (what.kind === 'segment' ? segment(what.id)?.name : site(what.id)?.name)
		tip.hidden = !name
		if (!name) return
		replace(tip, h('strong', {}, name))
		const box = map.root.getBoundingClientRect()
		tip.style.left = `${Math.min(x - box.left + 14, box.width - tip.offsetWidth - 8)}px`
		tip.style.top = `${y - box.top + 18}px`
	}
	followCourses((told) => map.setTold(told), courses, ends.abort.signal)
	const start = () => void ask<Corridor>('corridor', ends.abort.signal).then((fresh) => {
		corridor = fresh
		const ended = new Set(fresh.segments.flatMap((one) => [one.a, one.b]))
		replace(sites, ...fresh.sites.filter((one) => ended.has(one.id)).map((one) => h('option', { value: one.id }, `${one.name}, ${country(one.country)}`)))
		map.setCorridor(fresh)
		return load()
	}).catch((reason: unknown) => {
		if (ends.abort.signal.aborted) return
		replace(result, failure(reason))
		later(reason, start, ends.abort.signal)
	})
	start()
	return { title: 'Ways', close: () => ends.close() }
}
