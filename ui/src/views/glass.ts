// The looking glass: what the hub knows of a prefix, an address or a member's routes; what it refuses, why, and what would mend it; who
// hears it.

import { ask, query, type Route, type Routes } from '../api'
import { h, replace } from '../dom'
import { explainPanel } from '../explain'
import { count, duration, plural } from '../format'
import { List } from '../list'
import { current, fetchKind, watch } from '../live'
import { badge, choice, failure, notice } from '../parts'
import { keep, link, type Place } from '../route'
import { Ends, type View } from '../view'

type Show = 'all' | 'accepted' | 'filtered'
const PAGE = 500

export function openGlass(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	const given = place.set.get('show')
	let show: Show = given === 'accepted' || given === 'filtered' ? given : 'all'
	let turn = 0
	const result = h('div', { class: 'glass-result', 'aria-live': 'polite' })
	const names = h('datalist', { id: 'glass-members' })
	const field = h('input', { type: 'search', class: 'search large', list: 'glass-members', placeholder: 'Prefix, address, AS or member', 'aria-label': 'A prefix, an address, an AS number or a member', autocomplete: 'off', spellcheck: 'false', value: place.set.get('q') ?? '' })
	const reason = h('input', { type: 'search', class: 'search', placeholder: 'Reason: rpki, martian, 1101:13', 'aria-label': 'Only routes with this reason', autocomplete: 'off', spellcheck: 'false', value: place.set.get('reason') ?? '' })
	const rpki = h('select', { 'aria-label': 'Only routes of which the RPKI says', onchange: () => look() }, ...[['', 'RPKI: any'], ['valid', 'valid'], ['unknown', 'unknown'], ['invalid', 'invalid'], ['not-checked', 'not checked']].map(([value, text]) => h('option', { value, selected: value === (place.set.get('rpki') ?? '') }, text)))
	const chosen = place.set.has('not_to') ? 'not_to' : place.set.has('to') ? 'to' : ''
	const way = h('select', { 'aria-label': 'Only accepted routes that', onchange: () => look() }, ...[['', 'sent to anybody'], ['to', 'sent to'], ['not_to', 'kept from']].map(([value, text]) => h('option', { value, selected: value === chosen }, text)))
	const receiver = h('input', { type: 'search', class: 'search', list: 'glass-members', placeholder: 'AS or member', 'aria-label': 'The member that they are sent to or kept from', autocomplete: 'off', spellcheck: 'false', value: place.set.get('to') ?? place.set.get('not_to') ?? '' })
	const look = () => {
		const text = field.value.trim()
		const whom = way.value ? receiver.value.trim() : ''
		receiver.hidden = !way.value
		keep({ q: text, show: show === 'all' ? null : show, reason: reason.value.trim(), rpki: rpki.value, to: way.value === 'to' ? whom : null, not_to: way.value === 'not_to' ? whom : null })
		void answer(text, show, ++turn)
	}
	const form = h('form', { class: 'tools', role: 'search', onsubmit: (event: Event) => {
		event.preventDefault()
		look()
	} }, field, h('button', { type: 'submit', class: 'button' }, 'Look'), choice<Show>('Which routes', [['all', 'All'], ['accepted', 'Accepted'], ['filtered', 'Refused']], show, (value) => {
		show = value
		look()
	}), reason, rpki, way, receiver)
	replace(root, h('div', { class: 'column' }, h('div', { class: 'title' }, h('h1', {}, 'Looking glass'), h('p', { class: 'muted' }, 'Every route that came in is kept, the refused ones too, with all reasons at once.')), form, names, result))
	ends.add(watch('members', (value) => {
		if (names.childElementCount !== value.members.length) replace(names, ...value.members.map((m) => h('option', { value: `AS${m.asn}` }, m.name)))
	}))

	async function answer(text: string, what: Show, mine: number): Promise<void> {
		const fresh = () => mine === turn && !ends.abort.signal.aborted
		replace(result, notice('wait', 'Looking …'))
		try {
			if (!current('members')) await fetchKind('members')
			const question = understand(text)
			if (question.kind === 'unclear') return replace(result, notice('empty', question.text, 'Try 192.0.2.0/24, 2001:db8::1, AS64501, or the name of a member.'))
			if (question.kind === 'one') {
				const routes = await ask<Routes>(`route${query({ q: question.q })}`, ends.abort.signal)
				if (fresh()) replace(result, ...onePrefix(question.q, routes.routes.filter((r) => what === 'all' || r.state === what), ends.abort.signal))
				return
			}
			const whom = way.value && receiver.value.trim() ? understand(receiver.value.trim()) : null
			if (whom && (whom.kind !== 'many' || whom.asn === null)) return replace(result, notice('empty', whom.kind === 'unclear' ? whom.text : `"${receiver.value.trim()}" is no member`, 'Name the member that routes are sent to by its AS number or name.'))
			// Only what is accepted is sent to anybody, or kept from them.
			const pages = whom ? (['accepted'] as const) : what === 'all' ? (['filtered', 'accepted'] as const) : ([what] as const)
			const wanted = { member: question.asn, reason: reason.value.trim(), rpki: rpki.value, to: whom && way.value === 'to' ? whom.asn : null, not_to: whom && way.value === 'not_to' ? whom.asn : null }
			const name = whom ? `${question.name}, ${way.value === 'to' ? 'sent to' : 'kept from'} ${whom.name}` : question.name
			const nodes: Node[] = []
			for (const state of pages) nodes.push(await many(state, wanted, name, pages.length === 1, ends.abort.signal))
			if (fresh()) replace(result, ...nodes)
		} catch (reason) {
			if (fresh()) replace(result, failure(reason))
		}
	}
	look()
	if (!field.value && matchMedia('(min-width: 821px)').matches) field.focus()
	return { title: 'Looking glass', close: () => ends.close() }
}

type Question = { kind: 'one'; q: string } | { kind: 'many'; asn: number | null; name: string } | { kind: 'unclear'; text: string }
function understand(text: string): Question {
	if (!text) return { kind: 'many', asn: null, name: 'all members' }
	if (/^[0-9a-f:.]+(\/\d{1,3})?$/i.test(text) && /[.:]/.test(text)) return { kind: 'one', q: text }
	const members = current('members')?.members ?? []
	const asn = text.match(/^(?:as)?\s*(\d{1,10})$/i)?.[1]
	const low = text.toLowerCase()
	const found = asn ? members.find((m) => String(m.asn) === asn) : (members.find((m) => m.name.toLowerCase() === low) ?? only(members.filter((m) => m.name.toLowerCase().includes(low))))
	if (found) return { kind: 'many', asn: found.asn, name: found.name }
	return { kind: 'unclear', text: asn ? `No member has AS${asn}` : `"${text}" is neither a prefix nor an address, an AS number or the name of one member` }
}
const only = <T,>(list: T[]): T | undefined => (list.length === 1 ? list[0] : undefined)
const memberName = (asn: number): string => current('members')?.members.find((m) => m.asn === asn)?.name ?? `AS${asn}`

function onePrefix(q: string, routes: Route[], signal: AbortSignal): Node[] {
	if (!routes.length) return [notice('empty', `No route covers ${q}`, 'Neither accepted nor refused: no member announces it here.')]
	const prefixes = [...new Set(routes.map((r) => r.prefix))]
	return prefixes.map((prefix) => {
		const paths = routes.filter((r) => r.prefix === prefix).sort((a, b) => Number(b.best) - Number(a.best) || a.state.localeCompare(b.state))
		const good = paths.filter((r) => r.state === 'accepted').length
		return h('section', { class: 'block' }, h('h2', { class: 'prefix' }, h('span', { class: 'mono' }, prefix), ' ', h('span', { class: 'muted' }, `${plural(good, 'path')} accepted, ${paths.length - good} refused`)), ...paths.map(pathCard), why(prefix, paths, signal))
	})
}
// Every step of the decision, on demand.
function why(prefix: string, paths: Route[], signal: AbortSignal): HTMLElement {
	const box = h('div', {})
	const button = h('button', { type: 'button', class: 'button', onclick: () => {
		const members = [...new Set(paths.map((r) => r.member_asn))]
		button.hidden = true
		replace(box, explainPanel(prefix, members.length === 1 ? members[0]! : null, signal))
	} }, 'Why is it so, and what if?')
	return h('div', { class: 'why' }, button, box)
}
const names = (list: number[]): Node[] => list.flatMap((asn, i) => [document.createTextNode(i ? ', ' : ''), h('a', { href: link(['members', asn]) }, memberName(asn))])
const RPKI: Record<string, string> = { valid: 'good', unknown: '', 'invalid (origin)': 'bad', 'invalid (length)': 'bad' }
const rpkiBadge = (r: Route): Node | null => (r.rpki in RPKI ? badge(`rpki ${RPKI[r.rpki]}`, `RPKI ${r.rpki}`) : null)
const codes = (x: Route['reasons'][number]): Node => h('span', { class: 'chip mono', title: 'As communities tell it: RS:1101:n, 65520:n' }, [x.euro_ix, x.arouteserver].filter(Boolean).join(' · '))
// Who hears it as it came, and who hears it changed.
function hearers(r: Route): Node | string | null {
	if (r.heard_by === null || r.state === 'filtered') return null
	if (!r.heard_by.length) return 'nobody'
	const groups = r.sent?.length ? r.sent : [{ to: r.heard_by, changes: null }]
	return h('span', {}, ...groups.map((group) => h('span', { class: 'hearers' }, ...names(group.to), group.changes ? h('span', { class: 'muted' }, ` · ${group.changes}`) : null)))
}
function pathCard(r: Route): HTMLElement {
	const everybody = current('members')?.members ?? []
	const heard = r.heard_by
	const deaf = heard ? everybody.filter((m) => m.asn !== r.member_asn && !heard.includes(m.asn)) : []
	const facts: [string, Node | string | null][] = [
		['from', h('span', {}, h('a', { href: link(['members', r.member_asn]) }, r.member_name), ' ', h('span', { class: 'muted' }, `AS${r.member_asn}, session ${r.session}`))],
		['AS path', h('span', { class: 'mono' }, r.as_path || '(empty)', h('span', { class: 'muted' }, ` ${plural(r.as_path ? r.as_path.split(' ').length : 0, 'hop')}`))],
		['next hop', h('span', { class: 'mono' }, r.next_hop)],
		['origin', `${r.origin}${r.med === null ? '' : `, MED ${r.med}`}`],
		['communities', communities(r)],
		['age', duration(r.age_s)],
		['heard by', hearers(r)],
		['not heard by', r.state === 'accepted' && deaf.length ? deaf.map((m) => m.name).join(', ') : null],
	]
	return h('article', { class: `path ${r.state}` }, h('p', {}, badge(r.state, r.state === 'filtered' ? 'refused' : r.reasons.length ? 'accepted, tagged' : 'accepted'), ' ', r.best ? badge('best', 'best') : null, ' ', rpkiBadge(r), ' ', r.stale ? badge('t1', 'stale', 'Its session was lost; the route is kept for a while') : null),
		...r.reasons.map((reason) => h('div', { class: 'reason' }, h('strong', {}, reason.reason), ' ', codes(reason), h('p', {}, h('span', { class: 'muted' }, 'To mend it: '), reason.mend))),
		h('dl', { class: 'facts' }, ...facts.flatMap(([name, value]) => (value === null ? [] : [h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, value))]))))
}
// A path that runs away is cut; how long it is is the news.
const HOPS_SHOWN = 10
function asPath(r: Route): Node {
	const hops = r.as_path ? r.as_path.split(' ') : []
	if (hops.length <= HOPS_SHOWN + 2) return h('span', { class: 'mono' }, r.as_path || '(empty)')
	return h('span', { class: 'mono', title: r.as_path }, hops.slice(0, HOPS_SHOWN).join(' '), h('span', { class: 'muted' }, ` … ${hops.length} hops`))
}
function communities(r: Route): Node | null {
	const all = [...r.communities, ...r.large_communities, ...r.ext_communities]
	return all.length ? h('span', { class: 'chips' }, ...all.map((one) => h('span', { class: 'chip mono' }, one))) : null
}

// Routes of one member, or of all, in pages.
interface Wanted { member: number | null; reason: string; rpki: string; to: number | null; not_to: number | null }
async function many(state: 'accepted' | 'filtered', wanted: Wanted, name: string, alone: boolean, signal: AbortSignal): Promise<Node> {
	const path = state === 'accepted' ? 'routes' : 'filtered'
	const asn = wanted.member, narrowed = wanted.reason !== '' || wanted.rpki !== '' || wanted.to !== null || wanted.not_to !== null
	const first = await ask<Routes>(`${path}${query({ ...wanted, limit: PAGE })}`, signal)
	const rows = [...first.routes]
	// An answer that is cut counts only what it holds; the members know how many there are.
	const counted = (current('members')?.members ?? []).filter((m) => asn === null || m.asn === asn).reduce((n, m) => n + m[state], 0)
	const all = first.truncated && !narrowed ? Math.max(counted, first.total) : first.total
	const list = new List<Route>({
		label: state === 'accepted' ? 'Accepted routes' : 'Refused routes',
		key: (r) => `${r.prefix} ${r.session} ${r.as_path}`,
		text: (r) => `${r.prefix} ${r.as_path} ${r.member_name} AS${r.member_asn} ${r.next_hop} ${r.communities.join(' ')} ${r.large_communities.join(' ')} ${r.reasons.map((x) => x.reason).join(' ')}`,
		empty: state === 'accepted' ? 'No routes are accepted' : 'No routes are refused',
		columns: [
			{ title: 'Prefix', cell: (r) => h('a', { class: 'mono', href: link(['glass'], { q: r.prefix }) }, r.prefix), by: (r) => r.prefix },
			...(asn === null ? [{ title: 'Member', cell: (r: Route) => h('a', { href: link(['members', r.member_asn]) }, r.member_name), by: (r: Route) => r.member_name }] : []),
			...(state === 'filtered' ? [{ title: 'Reason, and what would mend it', wide: true, cell: (r: Route) => h('span', {}, ...r.reasons.map((x) => h('span', { class: 'reason-line' }, h('span', {}, h('strong', {}, x.reason), ' ', codes(x)), h('span', { class: 'muted' }, x.mend)))), by: (r: Route) => r.reasons[0]?.reason ?? null }] : []),
			{ title: 'AS path', cell: asPath, by: (r) => r.as_path.split(' ').length },
			{ title: 'Next hop', cell: (r) => h('span', { class: 'mono' }, r.next_hop), by: (r) => r.next_hop },
			...(state === 'accepted' ? [{ title: 'RPKI', cell: (r: Route) => rpkiBadge(r) ?? '', by: (r: Route) => r.rpki }, { title: 'Communities', cell: (r: Route) => communities(r) ?? '' }] : []),
			{ title: 'Age', cell: (r) => duration(r.age_s), by: (r) => r.age_s, right: true },
		],
	})
	list.set(rows)
	const find = h('input', { type: 'search', class: 'search', placeholder: 'Find in these', 'aria-label': `Find in ${state} routes`, autocomplete: 'off' })
	find.addEventListener('input', () => list.find(find.value.trim()))
	const more = h('p', {})
	let truncated = first.truncated
	const showMore = () => replace(more, truncated ? h('button', { type: 'button', class: 'button', onclick: async () => {
		const next = await ask<Routes>(`${path}${query({ ...wanted, limit: PAGE, after: rows[rows.length - 1]!.prefix })}`, signal)
		rows.push(...next.routes)
		truncated = next.truncated && next.routes.length > 0
		list.set(rows)
		showMore()
	} }, narrowed ? `Load more: ${count(rows.length)} so far` : `Load more: ${count(rows.length)} of ${count(all)}`) : null)
	showMore()
	const title = `${first.truncated && narrowed ? 'At least ' : ''}${count(all)} ${all === 1 ? 'route' : 'routes'} ${state === 'accepted' ? 'accepted' : 'refused'} from ${name}`
	if (!first.total && !alone && state === 'filtered') return h('p', { class: 'muted' }, `No route from ${name} is refused.`)
	return h('section', { class: 'block' }, h('div', { class: 'block-head' }, h('h2', {}, title), rows.length > 8 ? find : null), list.root, more)
}
