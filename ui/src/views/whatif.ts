// What if: cables cut, countries avoided, lines built, years gone by. All demands are laid anew on what is left, and what that changes is seen
// on the map, in sums and demand by demand. Nothing of the hub changes by it. Everything that is supposed stands in the URL.

import { ask, type Corridor, type CorridorLive, type Cut, type Segment } from '../api'
import { h, renew, replace } from '../dom'
import { count, country, percent, plural, rate, speed } from '../format'
import { current, watch } from '../live'
import { followCourses } from '../map/course'
import type { Picked, Way } from '../map/map'
import { bar, choice, failure, later, notice } from '../parts'
import { loadWords, orderLine, segmentCard, STATE_WORDS } from '../plan/card'
import { WorstCuts } from '../plan/cuts'
import { DemandTable, wayLines } from '../plan/demands'
import { changes, onMap, thereIn, type Change, type Laid } from '../plan/laid'
import { Maps, SHARES_FROM } from '../plan/maps'
import { Names, planned } from '../plan/names'
import { orderAll, OrderPanel } from '../plan/order'
import { cutWords, summary } from '../plan/summary'
import { any, cutOf, flowOf, inWords, PARTS, plain, supposedIn, connectedOf, type Kind, type Part, type Supposed } from '../plan/suppose'
import { WorthPanel } from '../plan/worth'
import { keep, type Place } from '../route'
import { byUse, carries, stateOf } from '../segment'
import { svgFile } from '../map/file'
import type { Connected } from '../api'
import { Ends, type View } from '../view'

const YEARS = 10, LISTED = 40, KEPT = 24, NARROW = '(max-width: 820px)', SLIDE_MS = 30, MEASURED_EVERY_MS = 5000
type Show = 'map' | 'side' | 'worth'
const SHOWS: [Show, string][] = [['map', 'Map'], ['side', 'Side by side'], ['worth', 'Worth']]
const WORDS: Record<Part, string> = { cut: 'cut', built: 'built', avoid: 'avoided' }
const KINDS: Record<Part, Kind[]> = { cut: ['risk', 'cable', 'country', 'segment'], built: ['segment', 'cable'], avoid: ['country', 'cable', 'risk'] }

export function openWhatIf(root: HTMLElement, place: Place): View {
	const ends = new Ends(), { signal } = ends.abort
	const thisYear = new Date().getUTCFullYear()
	const wanted = place.set.get('show')
	let supposed: Supposed = supposedIn(place.set), show: Show = SHOWS.find(([value]) => value === wanted)?.[0] ?? 'map', picked: Picked | null = null, row: Change | null = null
	let corridor: Corridor | null = null, base: Laid | null = null, then: Laid | null = null, segments: Segment[] = [], fresh = new Set<string>(), turn = 0, live: CorridorLive | null = current('corridor') ?? null
	const names = new Names(), word = (name: string) => names.word(name), segmentName = (id: string) => word(`segment:${id}`)
	const answers = new Map<string, Promise<Laid>>()

	// --- the panel ---

	const options = h('datalist', { id: 'things' }), toAvoid = h('datalist', { id: 'avoidable' })
	const add = (part: Part, label: string, list: string) => h('input', { type: 'text', class: 'search', 'aria-label': label, placeholder: label, list, autocomplete: 'off', spellcheck: 'false', onchange: (event: Event) => {
		const field = event.target as HTMLInputElement, text = field.value.trim()
		field.value = ''
		if (text) toggle(part, names.find(text), true)
	} })
	const said = h('div', { class: 'chips' }), lines = h('details', { class: 'lines' }), orders = h('section', { 'aria-label': 'Ordered now', 'aria-live': 'polite' }), sums = h('div', { 'aria-live': 'polite' }), cutPlace = h('div', {}), orderPlace = h('div', {}), card = h('div', { class: 'card-place', 'aria-live': 'polite' })
	const yearText = h('b', {}), news = h('p', { class: 'muted year-news' })
	const year = h('input', { type: 'range', min: thisYear, max: thisYear + YEARS, step: 1, value: supposed.year || String(thisYear), 'aria-label': 'As of the end of the year', oninput: () => {
		supposed = { ...supposed, year: Number(year.value) === thisYear ? '' : year.value }
		changed()
	} })
	const listTitle = h('h2', {}), files = h('p', { class: 'bill-links' })
	const list = h('div', { class: 'busiest' })
	const worst = new WorstCuts((name) => toggle('cut', name), signal)
	const table = new DemandTable((one) => pickDemand(one))
	const maps = new Maps({ pick: (what) => pick(what), hover: (what, x, y) => showTip(what, x, y) })
	const worth = new WorthPanel((notes) => show === 'worth' && maps.main.setNotes(notes), (kind, id) => word(`${kind}:${id}`), place.set.get('target') ?? '', (amount) => keep({ target: amount }), signal)
	const ordering = new OrderPanel(word, signal)
	const trouble = h('div', { 'aria-live': 'polite' }), courses = h('span', {})
	const laidParts = h('div', { class: 'laid' }, card, cutPlace, orderPlace, sums, worst.root, listTitle, list, legend(courses), files)
	const panel = h('aside', { class: 'panel whatif-panel', 'aria-label': 'What if' }, h('h1', {}, 'What if'), choice('Show', SHOWS, show, (value) => {
		show = value
		keep({ show: value === 'map' ? null : value })
		arrange()
		paint()
	}), h('form', { class: 'ways-form', onsubmit: (event: Event) => event.preventDefault() }, add('cut', 'Cut a cable, sea, country or segment', 'things'), add('avoid', 'All avoid a country, cable or risk', 'avoidable'), h('label', { class: 'ways-year' }, year, yearText), news), said, lines, orders, ordering.root, trouble, laidParts, worth.root)
	const tip = h('div', { class: 'tip', hidden: true }), below = h('div', { class: 'below' })
	root.classList.add('overview')
	const section = h('section', { class: 'map-section whatif-maps', 'aria-label': 'Map' }, maps.root, below, tip)
	replace(root, panel, section)
	ends.add(() => maps.close())
	ends.add(() => root.classList.remove('overview'))
	const narrow = matchMedia(NARROW)
	const arrange = () => {
		section.classList.toggle('side', show === 'side')
		laidParts.hidden = show === 'worth'
		worth.root.hidden = show !== 'worth'
		if (narrow.matches) laidParts.insertBefore(table.root, worst.root)
		else below.append(table.root)
		table.root.hidden = narrow.matches ? show === 'worth' : show !== 'side'
		if (show !== 'worth') maps.main.setNotes(new Map())
		maps.main.writeShares(show === 'worth' ? Infinity : SHARES_FROM)
	}
	narrow.addEventListener('change', arrange)
	ends.add(() => narrow.removeEventListener('change', arrange))

	// --- what is supposed ---

	function toggle(part: Part, name: string, only = false): void {
		const has = supposed[part].includes(name)
		if (has && only) return
		supposed = { ...supposed, [part]: has ? supposed[part].filter((one) => one !== name) : [...supposed[part], name] }
		changed()
	}
	let sliding = 0
	function changed(): void {
		keep(inWords(supposed))
		showSaid()
		showYear()
		clearTimeout(sliding)
		sliding = setTimeout(() => void load(), SLIDE_MS)
	}
	function laid(what: Supposed): Promise<Laid> {
		const path = flowOf(what)
		let answer = answers.get(path)
		if (!answer) {
			answer = ask<Laid>(path, signal)
			answers.set(path, answer)
			answer.catch(() => answers.delete(path))
			if (answers.size > KEPT) answers.delete(answers.keys().next().value!)
		}
		return answer
	}
	const todayOf = (): Supposed => ({ ...plain(supposed), year: any(supposed) ? supposed.year : '' })
	async function load(): Promise<void> {
		const mine = ++turn
		if (!corridor) return
		try {
			const [before, after, cut] = await Promise.all([laid(todayOf()), laid(supposed), supposed.cut.length ? ask<Cut>(cutOf(supposed), signal) : null])
			if (mine !== turn) return
			base = before
			then = after
			fresh = new Set()
			if (supposed.year) {
				const now = thereIn(await laid({ ...plain(supposed), year: '' }))
				if (mine !== turn) return
				fresh = new Set([...thereIn(after)].filter((id) => !now.has(id)))
			}
			lookAhead()
			renew(cutPlace, cut ? cutWords(cut, supposed.cut.map(word).join(' and '), (id) => after.demands.find((one) => one.id === id)?.name ?? id, word, segmentName) : null)
			renew(orderPlace, cut ? orderAll(supposed.cut, word, ordering.begin) : null)
		} catch (reason) {
			if (mine !== turn || signal.aborted) return
			base = then = null
			const none = reason instanceof Error && /no demands/.test(reason.message)
			replace(cutPlace)
			replace(orderPlace)
			replace(sums, none ? notice('empty', 'The hub file has no demands', 'So what is seen is the measured load; what a cut would take over shows in the card of its segment.') : failure(reason))
			later(reason, () => void (mine === turn && load()), signal)
		}
		worst.set(supposed)
		if (show === 'worth') worth.set(supposed)
		const shown = row?.then.id
		row = (base && then && changes(base, then).find((one) => one.then.id === shown)) || null
		paint()
	}
	const labelOf = (s: Supposed): string => [s.year || 'today', ...PARTS.flatMap((part) => (s[part].length ? [`${s[part].map(word).join(', ')} ${WORDS[part]}`] : []))].join(': ')
	function paint(): void {
		if (!corridor) return
		const seen = supposed.year ? { ...corridor, segments: corridor.segments.map((one) => ({ ...one, live: 'up' as const })) } : corridor
		segments = then ? onMap(seen, then).map((one) => (fresh.has(one.id) ? { ...one, fresh: true } : one)) : seen.segments
		const before = base ? onMap(seen, base) : seen.segments, [was, is] = [labelOf(todayOf()), labelOf(supposed)]
		maps.show(show === 'side', was, show === 'side' || any(supposed) || supposed.year !== '' ? is : '')
		maps.setLoads(before, segments)
		showWays()
		showNews()
		if (show === 'worth') return worth.set(supposed)
		if (base && then) {
			renew(sums, summary(base, then, was, is, segmentName))
			table.set(changes(base, then))
		}
		showCard()
		showList()
		showFiles()
	}
	function showYear(): void {
		yearText.textContent = supposed.year ? `end of ${supposed.year}` : 'today'
		year.setAttribute('aria-valuetext', yearText.textContent)
	}
	// The years beside it are asked for ahead, so that the slider runs smoothly.
	function lookAhead(): void {
		const at = Number(supposed.year || thisYear)
		for (const next of [at + 1, at - 1]) if (supposed.year && next > thisYear && next <= thisYear + YEARS) void laid({ ...supposed, year: String(next) }).catch(() => undefined)
	}
	function showNews(): void {
		showYear()
		const day = answers.get(flowOf({ ...plain(supposed), year: '' }))
		if (!supposed.year || !then || !day) return replace(news)
		const after = then, more = [...fresh]
		void day.then((now) => {
			replace(news, `demands ${percent(after.total.asked_bps / Math.max(1, now.total.asked_bps))} of today's; `, more.length ? `${plural(more.length, 'segment')} more: ${more.slice(0, 5).map(segmentName).join(', ')}${more.length > 5 ? ` and ${plural(more.length - 5, 'other')}` : ''}` : 'no segment more')
		}, () => undefined)
	}
	function showSaid(): void {
		renew(said, ...PARTS.flatMap((part) => supposed[part].map((name) => h('button', { type: 'button', value: name, class: `chip removable ${part}`, title: 'Take it away', onclick: () => toggle(part, name) }, `${WORDS[part]}: ${word(name)} ×`))),
			any(supposed) || supposed.year ? h('button', { type: 'button', class: 'plain-button', onclick: () => {
				supposed = { ...plain(supposed), year: '' }
				year.value = String(thisYear)
				changed()
			} }, 'as it is') : null)
		for (const button of lines.querySelectorAll<HTMLButtonElement>('button')) button.setAttribute('aria-pressed', String(supposed.built.includes(button.dataset['name'] ?? '')))
	}
	function showLines(): void {
		const some = corridor ? planned(corridor) : []
		replace(lines, h('summary', {}, `Build one of ${plural(some.length, 'planned line')}`), h('p', { class: 'chips' }, ...some.map((one) => h('button', { type: 'button', class: 'chip', 'data-name': `segment:${one.id}`, 'aria-pressed': 'false', title: one.status, onclick: () => toggle('built', `segment:${one.id}`) }, one.name))))
		lines.hidden = !some.length
	}

	// --- what is picked ---

	function pick(what: Picked | null): void {
		picked = what?.kind === 'segment' ? what : null
		row = null
		maps.each((map) => map.select(what))
		showWays()
		showCard()
		showList()
		card.scrollIntoView({ block: 'nearest' })
	}
	function pickDemand(one: Change): void {
		row = one
		picked = null
		maps.each((map) => map.select(null))
		showWays()
		const all = [...one.base.ways, ...one.then.ways].flatMap((way) => way.segments)
		if (all.length) maps.each((map) => map.fitTo(all))
		showCard()
		card.scrollIntoView({ block: 'nearest' })
	}
	function showWays(): void {
		const of = (change: Change | null, side: 'base' | 'then'): Way[] => (change?.[side].ways ?? []).filter((way) => way.bps > 0).map((way, i) => ({ segments: way.segments, sites: way.sites, kind: way.role === 'working' ? `w${Math.min(i, 5)}` : 'free' }))
		maps.setWays(of(row, 'base'), show === 'map' && row && any(supposed) ? [...of(row, 'base').map((way) => ({ ...way, kind: 'free' })), ...of(row, 'then')] : of(row, 'then'))
	}
	let carded = ''
	function showCard(): void {
		const one = picked && corridor?.segments.find((each) => each.id === picked!.id), is = one && segments.find((each) => each.id === one.id)
		// What is cut elsewhere meanwhile, and how full it is now, is no reason to take away what somebody reads or is about to press.
		const key = JSON.stringify([one?.id, is && stateOf(is), row, { ...supposed, down: [] }]), now = card.querySelector('.card-now')
		if (key === carded) return is && now ? renew(now, ...loadWords(is)) : undefined
		carded = key
		if (one && is) return renew(card, segmentCard(one, is, supposed, word, { close: () => pick(null), toggle, order: ordering.begin }, signal))
		if (!row) return renew(card)
		const change = row, whole = h('p', { class: 'muted' }, 'How often the two are connected over any way ...')
		const countriesOf = (id: string) => corridor!.segments.find((each) => each.id === id)?.countries ?? []
		renew(card, h('section', { class: 'card', 'aria-label': change.then.name ?? change.then.id }, h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => pick(null) }, '×'), h('h2', { dir: 'auto' }, change.then.name ?? change.then.id), any(supposed) || supposed.year ? [h('h3', {}, labelOf(todayOf())), wayLines(change.base, segmentName, countriesOf), h('h3', {}, labelOf(supposed))].reduce((box, node) => (box.append(node), box), h('div', {})) : null, wayLines(change.then, segmentName, countriesOf), whole))
		void Promise.all([todayOf(), supposed].map((s) => ask<Connected>(connectedOf(s, change.then.from, change.then.to), signal))).then(([was, is]) => {
			const text = (answer: Connected) => `down ${answer.downtime_h_year < 0.1 ? `${(answer.downtime_h_year * 3600).toFixed(1)} s` : `${answer.downtime_h_year.toFixed(1)} h`} a year (${((1 - answer.availability_high) * 8766).toPrecision(2)} to ${((1 - answer.availability_low) * 8766).toPrecision(2)} h)`
			if (was && is) whole.textContent = `Over any way that is left: ${text(is)}${is.downtime_h_year === was.downtime_h_year ? '' : `; before, ${text(was)}`}. ${percent(is.estimated)} of that rests on estimates. Mostly to blame: ${is.blame.slice(0, 3).map((each) => word(`${each.kind}:${each.id}`)).join(', ')}.`
		}).catch(() => (whole.textContent = ''))
	}
	function showList(): void {
		const some = segments.filter(carries).sort(byUse)
		listTitle.textContent = `${plural(some.length, 'segment')} by load${then ? '' : ', measured'}`
		renew(list, ...some.slice(0, LISTED).map((one) => h('button', { type: 'button', value: one.id, class: `busy-row${picked?.id === one.id ? ' chosen' : ''}`, 'aria-pressed': String(picked?.id === one.id), onclick: () => {
			pick({ kind: 'segment', id: one.id })
			maps.main.reveal({ kind: 'segment', id: one.id })
		} }, h('span', { class: 'busy-name' }, one.name), h('b', { class: 'busy-share' }, one.utilisation === null ? rate(one.load_bps) : percent(one.utilisation)), h('span', { class: 'muted' }, `${rate(one.load_bps)} of ${one.capacity_bps === null ? 'not known' : speed(one.capacity_bps)}${one.capacity_estimated ? ' ~' : ''}`), bar(one.utilisation))))
	}
	function showFiles(): void {
		const link = (text: string, format: string) => h('a', { href: `/api/v1/${flowOf(supposed, { format })}`, download: `load.${format}` }, text)
		renew(files, ...(then ? [link('CSV', 'csv'), ' ', link('JSON', 'json'), ' '] : []), h('button', { type: 'button', class: 'plain-button', onclick: () => svgFile(maps.main.root.querySelector('svg')!, `corridor-${labelOf(supposed).replace(/[^\w]+/g, '-')}.svg`) }, 'Map as SVG'))
	}
	function showTip(what: Picked | null, x: number, y: number): void {
		const one = what?.kind === 'segment' ? segments.find((each) => each.id === what.id) : undefined, site = what?.kind === 'site' ? corridor?.sites.find((each) => each.id === what.id) : undefined
		tip.hidden = !one && !site
		if (one) replace(tip, h('strong', {}, one.name), h('span', {}, stateOf(one) === 'usable' ? (carries(one) ? `${one.utilisation === null ? '' : percent(one.utilisation) + ' · '}${rate(one.load_bps)} of ${one.capacity_bps === null ? 'not known' : speed(one.capacity_bps)}${one.capacity_estimated ? ' (estimated)' : ''}` : 'nothing on it') : `${STATE_WORDS[stateOf(one)]}: ${one.status}`), h('span', {}, one.operators ?? ''))
		else if (site) replace(tip, h('strong', {}, site.name), h('span', {}, `${site.kind}, ${country(site.country)}`))
		else return
		const box = section.getBoundingClientRect()
		tip.style.left = `${Math.max(4, Math.min(x - box.left + 14, box.width - tip.offsetWidth - 8))}px`
		tip.style.top = `${y - box.top + 18}px`
	}

	// --- what the hub tells ---

	// Not before names are there: who restores at once would be asked about an id.
	let named = false
	function showOrders(): void {
		if (!named) return
		renew(orders, live?.orders.length ? h('div', { class: 'incidents' }, h('h2', {}, `${count(live.orders.length)} ordered now`), h('ul', { class: 'plain incidents' }, ...live.orders.map((order) => orderLine(order, word, ordering.begin)))) : null)
	}
	// Without demands it is the measured load that is seen, and that changes.
	ends.every(MEASURED_EVERY_MS, () => {
		if (corridor && !then) void ask<Corridor>('corridor', signal).then((fresh) => {
			corridor = fresh
			paint()
		}, () => undefined)
	})
	ends.add(watch('corridor', (value) => {
		live = value
		answers.clear()
		supposed = { ...supposed, down: value.segments.filter((one) => one.live === 'cut').map((one) => `segment:${one.id}`) }
		if (corridor) {
			const states = new Map(value.segments.map((one) => [one.id, one.live]))
			corridor = { ...corridor, segments: corridor.segments.map((one) => ({ ...one, live: states.get(one.id) ?? 'up' })) }
			void load()
		}
		showOrders()
	}))
	followCourses((told) => maps.each((map) => map.setTold(told)), courses, signal)
	const start = () => void ask<Corridor>('corridor', signal).then(async (fresh) => {
		replace(trouble)
		corridor = fresh
		names.takeCorridor(fresh)
		maps.setCorridor(fresh)
		showLines()
		await names.takeGroups(plain(supposed), signal).catch(() => undefined)
		named = true
		const option = ([text, kind]: [string, string]) => h('option', { value: text }, kind)
		replace(options, ...names.list(KINDS.cut).map(option))
		replace(toAvoid, ...names.list(KINDS.avoid).map(option))
		panel.append(options, toAvoid)
		// Names that were typed into the URL without their kind.
		for (const part of PARTS) supposed = { ...supposed, [part]: supposed[part].map((name) => names.find(name)) }
		void laid({ ...plain(supposed), year: '' }).catch(() => undefined)
		showSaid()
		showOrders()
		arrange()
		await load()
		// The first look is where traffic runs today, whatever is supposed.
		const on = (await laid({ ...plain(supposed), year: '' }).then((today) => today.segments.map((one) => one.id), () => segments.filter(carries).map((one) => one.id)))
		if (on.length) maps.each((map) => map.fitTo(on))
	}).catch((reason: unknown) => {
		if (signal.aborted) return
		replace(trouble, failure(reason))
		later(reason, start, signal)
	})
	start()
	arrange()
	return { title: 'What if', close: () => ends.close() }
}

function legend(courses: HTMLElement): HTMLElement {
	const steps: [string, string][] = [['u0', '0'], ['u1', '40'], ['u2', '60'], ['u3', '75'], ['u4', '85']]
	return h('section', { class: 'legend', 'aria-label': 'Legend' }, h('h2', {}, 'How full, %'), h('div', { class: 'scale' }, ...steps.map(([kind, from]) => h('span', { class: kind }, h('small', {}, from))), h('small', { class: 'end' }, '100')),
		h('p', { class: 'muted' }, 'Width is capacity; long dashes: the capacity is an estimate. Fine dashes are planned, a glow is built by the year that is looked at; a cross is cut, an arrow drained, a bar planned work. Above 40 % the share stands beside the segment. ', courses))
}
