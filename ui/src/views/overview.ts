// The first look: what is wrong, four numbers, the busiest cables, and the map they are on.

import { ask, query, type Corridor, type Fact, type Incident, type MonthSoFar, type Overview, type Segment, type SegmentMore, type Site } from '../api'
import { h, renew, replace } from '../dom'
import { count, country, money, percent, plural, rate, speed, UNKNOWN } from '../format'
import { current, fetchKind, watch } from '../live'
import { followCourses } from '../map/course'
import { CorridorMap, type Picked } from '../map/map'
import { orderButtons, OrderPanel } from '../plan/order'
import { badge, bar, bigNumber, bigRate, failure, matches, notice, searchField } from '../parts'
import { inside, keep, link, type Place } from '../route'
import { byUse, carries, oneWayMs, stateOf } from '../segment'
import { Ends, type View } from '../view'

const CORRIDOR_EVERY_MS = 10_000
const LISTED = 40
const SHOWN = 6

export function openOverview(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	let corridor: Corridor | null = null
	let overview: Overview | null = current('overview') ?? null
	let failed: unknown = null
	let more: SegmentMore | null = null
	let picked: Picked | null = (place.path[0] === 'segments' || place.path[0] === 'corridor') && place.path[1] ? { kind: 'segment', id: place.path[1] } : place.path[0] === 'sites' && place.path[1] ? { kind: 'site', id: place.path[1] } : null
	let search = place.set.get('q') ?? ''

	const incidents = h('section', { 'aria-label': 'Incidents', 'aria-live': 'polite' })
	const incidentList = h('div', { class: 'incidents' })
	let whole = false
	incidents.append(incidentList)
	const numbers = h('div', { class: 'numbers' })
	const month = h('p', { class: 'month-so-far muted' })
	const card = h('div', { class: 'card-place', 'aria-live': 'polite' })
	const list = h('div', { class: 'busiest' })
	const listTitle = h('h2', {}, 'Busiest segments')
	const ordering = new OrderPanel((name) => segment(name.replace(/^segment:/, ''))?.name ?? name, ends.abort.signal)
	const field = searchField('Find a segment, site or country', search, (text) => {
		search = text
		keep({ q: text })
		showList()
	})
	const courses = h('span', {})
	const panel = h('aside', { class: 'panel', 'aria-label': 'Corridor overview' }, h('h1', {}, 'Corridor overview'), incidents, numbers, month, card, ordering.root, listTitle, field, list, legend(courses))
	const tip = h('div', { class: 'tip', hidden: true })
	const map = new CorridorMap({ pick: (what) => choose(what), hover: (what, x, y) => showTip(what, x, y) }, () => current('overview')?.hub?.city ?? null)
	root.classList.add('overview')
	replace(root, panel, h('section', { class: 'map-section', 'aria-label': 'Map' }, map.root, tip))
	ends.add(() => map.close())
	ends.add(() => root.classList.remove('overview'))

	// A link to a segment or a site is shown on this map, without opening the view anew.
	card.addEventListener('click', (event) => {
		const target = (event.target as Element).closest('a')?.getAttribute('href')?.match(/^#\/(segment|site)s\/([^?]+)/)
		if (!target) return
		event.preventDefault()
		const what: Picked = { kind: target[1] as Picked['kind'], id: decodeURIComponent(target[2]!) }
		choose(what)
		map.reveal(what)
	})

	const narrow = matchMedia('(max-width: 820px)')
	const segment = (id: string) => corridor?.segments.find((one) => one.id === id)
	const site = (id: string) => corridor?.sites.find((one) => one.id === id)

	function choose(what: Picked | null): void {
		picked = what
		history.replaceState(null, '', what ? link([what.kind === 'segment' ? 'segments' : 'sites', what.id], { q: search }) : link([], { q: search }))
		map.select(what)
		if (what && narrow.matches) panel.scrollTop = 0
		showCard()
		showList()
	}
	function showTip(what: Picked | null, x: number, y: number): void {
		const nodes = what && (what.kind === 'segment' ? segmentTip(segment(what.id)) : siteTip(site(what.id)))
		tip.hidden = !nodes
		if (!nodes) return
		replace(tip, ...nodes)
		const box = map.root.getBoundingClientRect()
		tip.style.left = `${Math.min(x - box.left + 14, box.width - tip.offsetWidth - 8)}px`
		tip.style.top = `${y - box.top + 18 + tip.offsetHeight > box.height ? y - box.top - tip.offsetHeight - 12 : y - box.top + 18}px`
	}
	function showCard(): void {
		if (!picked || !corridor) return renew(card)
		const close = h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => choose(null) }, '×')
		if (picked.kind === 'segment') {
			const one = segment(picked.id)
			if (!one) return renew(card, notice('empty', `There is no segment ${picked.id}`))
			renew(card, segmentCard(one, site(one.a), site(one.b), more, close, orderButtons(`segment:${one.id}`, stateOf(one), ordering.begin)))
			if (more?.id !== one.id) void loadMore(one.id)
			return
		}
		const one = site(picked.id)
		renew(card, one ? siteCard(one, corridor.segments.filter((s) => s.a === one.id || s.b === one.id), close) : notice('empty', `There is no site ${picked.id}`))
	}
	function showList(): void {
		if (!corridor && !overview?.busiest) return renew(list, failed ? failure(failed) : notice('wait', 'Asking the corridor …'))
		if (!search) {
			listTitle.textContent = 'Busiest segments'
			const rows = overview?.busiest?.length ? overview.busiest : busiest(corridor)
			if (!rows.length) return renew(list, failed ? failure(failed) : notice('empty', 'No traffic is laid on the cables yet', 'Load appears as soon as the meter closes its first bin and a contract names segments.'))
			return renew(list, ...rows.slice(0, 8).map((row) => segmentRow(row.segment, row.name, row.utilisation, row.utilisation === null ? rate(row.load_bps) : percent(row.utilisation), null)))
		}
		const found = corridor?.segments.filter((one) => matches([one.id, one.name, site(one.a)?.name, site(one.b)?.name, one.type, one.operators, one.status, ...one.countries.map(country), ...one.countries].join(' '), search)) ?? []
		found.sort(byUse)
		listTitle.textContent = `${count(found.length)} of ${count(corridor?.segments.length ?? 0)} segments`
		renew(list, ...found.slice(0, LISTED).map((one) => segmentRow(one.id, one.name, one.utilisation, one.utilisation === null ? stateWord(one) : percent(one.utilisation), one)),
			found.length > LISTED ? h('p', { class: 'muted' }, `and ${found.length - LISTED} more; add a word`) : null)
	}
	function segmentRow(id: string, name: string, utilisation: number | null, text: string, one: Segment | null): HTMLElement {
		const state = one ? stateOf(one) : 'usable'
		return h('button', { type: 'button', value: id, class: `busy-row${picked?.kind === 'segment' && picked.id === id ? ' chosen' : ''}`, onclick: () => {
			choose({ kind: 'segment', id })
			map.reveal({ kind: 'segment', id })
		} }, h('span', { class: 'busy-name' }, name), h('span', { class: `busy-share${state === 'cut' ? ' bad' : ''}` }, text), utilisation === null ? null : bar(utilisation))
	}
	function showNumbers(): void {
		const n = overview?.numbers
		const pair = (up: number | null | undefined, all: number | null | undefined) => (up === null || up === undefined ? UNKNOWN : `${count(up)}/${count(all)}`)
		renew(numbers, bigRate(n?.now_bps ?? null, 'now, into the hub'), bigRate(n?.p95_month_bps ?? null, '95th, month'),
			bigNumber(pair(n?.members_up, n?.members), '', n?.sessions_up === null || n?.sessions_up === undefined ? 'members up' : `members · ${pair(n.sessions_up, n.sessions)} sessions`),
			bigNumber(n?.segments_over_85 === null || n?.segments_over_85 === undefined ? UNKNOWN : count(n.segments_over_85), '', 'segments > 85 %'))
		showIncidents()
	}
	function showIncidents(): void {
		const all = overview?.incidents ?? [], more = (overview?.incident_count ?? all.length) - SHOWN
		const cards = (whole ? all : all.slice(0, SHOWN)).map(incidentCard)
		const rest = whole && all.length < (overview?.incident_count ?? 0) ? h('p', { class: 'muted' }, `and ${count(overview!.incident_count! - all.length)} more`) : null
		const button = more > 0 ? h('button', { type: 'button', class: 'plain-button', 'aria-expanded': String(whole), onclick: () => {
			whole = !whole
			showIncidents()
		} }, whole ? 'Show fewer' : `and ${count(more)} more`) : null
		const well = overview?.incidents && !all.length ? h('div', { class: 'incident s0' }, h('strong', {}, 'All is well'), h('span', {}, 'No session is down, no cable is cut, no alarm is on, every room runs.')) : null
		renew(incidentList, ...cards, well, rest, button)
	}
	function showMonth(value: MonthSoFar): void {
		if (!value.totals?.length) return renew(month)
		const sums = value.totals.map((total) => (total.amount === null ? UNKNOWN : money({ amount: total.amount, currency: total.currency })))
		renew(month, h('a', { href: link(['invoices']) }, sums.join(' + ')), ` so far this month, in ${plural(value.invoices ?? 0, 'invoice')}`)
	}
	// Where its numbers come from, and whose contracts run on it; the card is whole without it.
	async function loadMore(id: string): Promise<void> {
		try {
			const answer = await ask<SegmentMore>(`corridor/segment${query({ id })}`, ends.abort.signal)
			if (picked?.id !== id) return
			more = answer
			showCard()
		} catch {
			return
		}
	}
	async function loadCorridor(): Promise<void> {
		try {
			const fresh = await ask<Corridor>('corridor', ends.abort.signal)
			const first = corridor === null
			corridor = fresh
			failed = null
			map.setCorridor(fresh)
			if (first && picked) {
				map.select(picked)
				map.reveal(picked)
			}
		} catch (reason) {
			if (ends.abort.signal.aborted) return
			failed = reason
		}
		showCard()
		showList()
	}
	ends.add(watch('overview', (value) => {
		overview = value
		map.select(picked)
		showNumbers()
		showList()
	}))
	ends.add(watch('month', showMonth))
	ends.add(watch('corridor', () => void loadCorridor()))
	ends.every(CORRIDOR_EVERY_MS, () => void loadCorridor())
	showNumbers()
	showList()
	void loadCorridor()
	followCourses((told) => map.setTold(told), courses, ends.abort.signal)
	if (!overview) fetchKind('overview').catch((reason: unknown) => renew(incidentList, failure(reason)))
	return { title: 'Overview', close: () => ends.close() }
}

// What an operator has to decide, and what one sees to already, is said in a word.
function incidentCard(incident: Incident): HTMLElement {
	const target = inside(incident.link)
	const inner = [h('strong', {}, incident.text), incident.detail ? h('span', {}, incident.detail) : null, incident.state ? h('span', {}, badge(incident.state, incident.state)) : null]
	const kind = `incident s${Math.max(1, Math.min(3, incident.severity))}${incident.state === 'acknowledged' ? ' known' : ''}`
	return target ? h('a', { class: kind, href: target }, ...inner) : h('div', { class: kind }, ...inner)
}
function busiest(corridor: Corridor | null) {
	return (corridor?.segments ?? []).filter(carries).sort(byUse).map((one) => ({ segment: one.id, name: one.name, utilisation: one.utilisation, load_bps: one.load_bps }))
}
function stateWord(one: Segment): string {
	const state = stateOf(one)
	return state === 'usable' ? (carries(one) ? rate(one.load_bps) : 'no load') : state === 'out' ? 'out of use' : state
}
function segmentTip(one: Segment | undefined): Node[] | null {
	if (!one) return null
	const load = one.utilisation === null ? (carries(one) ? `${rate(one.load_bps)}, capacity not known` : stateWord(one)) : `${percent(one.utilisation)} · ${rate(one.load_bps)} of ${speed(one.capacity_bps)}`
	return [h('strong', {}, one.name), h('span', {}, load)]
}
function siteTip(one: Site | undefined): Node[] | null {
	return one ? [h('strong', {}, one.name), h('span', {}, `${one.kind}, ${country(one.country)}`)] : null
}
function fact(name: string, value: string | Node | null): HTMLElement | null {
	return value === null || value === '' ? null : h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, value))
}
function segmentCard(one: Segment, a: Site | undefined, b: Site | undefined, all: SegmentMore | null, close: HTMLElement, orders: HTMLElement): HTMLElement {
	const more = all?.id === one.id ? all : null
	const runs = more?.contracts.filter((contract) => contract.in_force) ?? []
	const state = stateOf(one)
	const bounds = (fact: Fact | null | undefined, text: (value: number) => string) => (fact && fact.low !== fact.high ? `, ${text(fact.low)} to ${text(fact.high)}` : '')
	const capacity = more?.facts?.capacity_tbps, length = more?.facts?.length_km
	const end = (site: Site | undefined, id: string) => h('a', { href: link(['sites', id]) }, site?.name ?? id)
	return h('section', { class: 'card', 'aria-label': one.name }, close, h('h2', {}, one.name),
		h('p', {}, badge(state, state === 'out' ? 'out of use' : state === 'usable' ? one.type : state), ' ', h('span', { class: 'muted' }, one.status)),
		one.utilisation === null ? null : h('div', { class: 'card-load' }, h('b', {}, percent(one.utilisation, 1)), bar(one.utilisation)),
		h('dl', { class: 'facts' }, fact('between', h('span', {}, end(a, one.a), ' and ', end(b, one.b))), fact('load', rate(one.load_bps)), fact('capacity', `${one.capacity_bps === null ? 'not known' : speed(one.capacity_bps)}${bounds(capacity, (value) => value.toString())}${capacity && capacity.low !== capacity.high ? ` Tbit/s, ${more?.capacity_assumed ? 'assumed' : capacity.basis}` : ''}`),
			fact('length', one.length_km === null ? UNKNOWN : `${count(Math.round(one.length_km))} km${one.length_estimated ? ' (estimated)' : ''}${bounds(length, (value) => count(Math.round(value)))}`),
			fact('light, one way', one.length_km === null ? null : `${oneWayMs(one.length_km).toFixed(1)} ms${bounds(length, (value) => oneWayMs(value).toFixed(1))}`), fact('crosses', one.countries.map(country).join(', ')), fact('operators', one.operators), fact('in service', more?.in_service ?? null), fact('fibre pairs', more?.fibre_pairs ? count(more.fibre_pairs) : null), fact('design', more?.design_tbps ? `${more.design_tbps} Tbit/s` : null),
			fact('runs on it', runs.length ? h('span', {}, ...runs.map((contract, i) => h('span', {}, i ? ', ' : '', h('a', { href: link(['members', contract.asn]) }, contract.member)))) : null), fact('rests on', more?.confidence ?? null), fact('check', more?.check ?? null)), orders)
}
function siteCard(one: Site, segments: Segment[], close: HTMLElement): HTMLElement {
	return h('section', { class: 'card', 'aria-label': one.name }, close, h('h2', {}, one.name), h('p', { class: 'muted' }, `${one.kind}, ${country(one.country)}`),
		h('ul', { class: 'plain' }, ...segments.sort(byUse).map((segment) =>
			h('li', {}, h('a', { href: link(['segments', segment.id]) }, segment.name), h('span', {}, segment.utilisation === null ? stateWord(segment) : percent(segment.utilisation))))))
}
function legend(courses: HTMLElement): HTMLElement {
	const steps: [string, string][] = [['u0', '0'], ['u1', '40'], ['u2', '60'], ['u3', '75'], ['u4', '85']]
	return h('section', { class: 'legend', 'aria-label': 'Legend' }, h('h2', {}, 'Utilisation, %'),
		h('div', { class: 'scale' }, ...steps.map(([kind, from]) => h('span', { class: kind }, h('small', {}, from))), h('small', { class: 'end' }, '100')),
		h('p', { class: 'muted' }, 'Width is capacity. Pale carries ours, capacity not known; grey carries nothing of ours. Fine dashes are planned, red dashes cut. ', courses))
}
