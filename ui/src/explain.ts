// Why a route is where it is, and what would be if: every check on the way in, the choice among the paths, the decisions on the way out; with a
// form for what is to be supposed (a ROA, a community, a withdrawal).

import { ask, query, type Explanation, type Step, type Way } from './api'
import { h, replace } from './dom'
import { plural } from './format'
import { current } from './live'
import { badge, failure, notice } from './parts'
import { link } from './route'

type Kind = 'roa' | 'route' | 'community' | 'without' | 'path' | 'withdrawn'
const KINDS: [Kind, string, string][] = [
	['roa', 'there were a ROA', '192.0.2.0/24-24 64501'],
	['route', 'there were a route object of origin', '64501'],
	['community', 'it came with the community', '64500:0:64502'],
	['without', 'it came without the community', '64500:0:64502'],
	['path', 'it were announced with the path', '64501 64502'],
	['withdrawn', 'it were withdrawn', ''],
]
type Supposed = { kind: Kind; value: string }

export function explainPanel(prefix: string, from: number | null, signal: AbortSignal): HTMLElement {
	const supposed: Supposed[] = []
	const result = h('div', { class: 'explain-result', 'aria-live': 'polite' })
	const chips = h('div', { class: 'chips' })
	const members = current('members')?.members ?? []
	const select = (label: string, chosen: number | null) => h('select', { 'aria-label': label }, h('option', { value: '' }, label === 'From' ? 'any member' : 'nobody in particular'), ...members.map((m) => h('option', { value: m.asn, selected: m.asn === chosen }, `${m.name} (AS${m.asn})`)))
	const fromField = select('From', from), toField = select('To', null)
	const kindField = h('select', { 'aria-label': 'What is supposed' }, ...KINDS.map(([kind, words]) => h('option', { value: kind }, words)))
	const valueField = h('input', { type: 'text', class: 'search', 'aria-label': 'Its value', autocomplete: 'off', spellcheck: 'false', placeholder: KINDS[0]![2] })
	let turn = 0
	const load = async () => {
		const mine = ++turn
		const of = (kind: Kind, between: string) => supposed.filter((one) => one.kind === kind).map((one) => one.value).join(between)
		replace(result, notice('wait', 'Asking the exchange …'))
		try {
			const answer = await ask<Explanation>(`explain${query({ q: prefix, from: fromField.value, to: toField.value, path: of('path', ' '), community: of('community', ','), without: of('without', ','), roa: of('roa', ','), route: of('route', ','), withdrawn: of('withdrawn', '') })}`, signal)
			if (mine === turn) replace(result, ...explained(answer))
		} catch (reason) {
			if (mine === turn && !signal.aborted) replace(result, failure(reason))
		}
	}
	const showChips = () => replace(chips, ...supposed.map((one, i) => h('button', { type: 'button', class: 'chip removable', title: 'Take it away', onclick: () => {
		supposed.splice(i, 1)
		showChips()
		void load()
	} }, `${KINDS.find(([kind]) => kind === one.kind)![1]} ${one.kind === 'withdrawn' ? '' : one.value} ×`)))
	kindField.addEventListener('change', () => {
		valueField.placeholder = KINDS.find(([kind]) => kind === kindField.value)![2]
		valueField.hidden = kindField.value === 'withdrawn'
	})
	fromField.addEventListener('change', () => void load())
	toField.addEventListener('change', () => void load())
	const form = h('form', { class: 'tools suppose', onsubmit: (event: Event) => {
		event.preventDefault()
		const kind = kindField.value as Kind, value = valueField.value.trim()
		if (!value && kind !== 'withdrawn') return valueField.focus()
		supposed.push({ kind, value: kind === 'withdrawn' ? 'yes' : value })
		valueField.value = ''
		showChips()
		void load()
	} }, h('span', { class: 'muted' }, 'What if'), kindField, valueField, h('button', { type: 'submit', class: 'button' }, 'See'))
	void load()
	return h('section', { class: 'explain', 'aria-label': `Why ${prefix} is where it is` }, h('div', { class: 'tools' }, h('label', {}, h('span', { class: 'muted' }, 'From '), fromField), h('label', {}, h('span', { class: 'muted' }, 'to '), toField)), form, chips, result)
}

function explained(e: Explanation): Node[] {
	const now = e.paths.length ? e.paths.map(wayCard) : [notice('empty', 'Nobody announces it so now')]
	if (!e.supposed) return now
	return [h('div', { class: 'worlds' }, h('div', {}, h('h3', {}, 'Now'), ...now), h('div', {}, h('h3', {}, `If so: ${e.supposed.words}`), ...changes(e), ...e.supposed.paths.map(wayCard)))]
}
const nameOf = (asn: number) => current('members')?.members.find((m) => m.asn === asn)?.name ?? `AS${asn}`
const who = (asn: number) => h('a', { href: link(['members', asn]) }, nameOf(asn))

// One line for each kind of difference, with those it is about.
function changes(e: Explanation): Node[] {
	const s = e.supposed!
	const kinds = new Map<string, typeof s.changes>()
	for (const one of s.changes) {
		const key = `${one.now} ${one.then} ${one.edited}`
		kinds.set(key, [...(kinds.get(key) ?? []), one])
	}
	const lines = [...kinds.values()].map((some) => {
		const { now, then, edited } = some[0]!
		const what = edited ? ['would hear the path of ', who(now!), ' changed'] : then === null ? ['would no longer hear ', who(now!)] : now === null ? ['would hear ', who(then), ', who hear nothing now'] : ['would hear ', who(then), ' instead of ', who(now)]
		return h('li', {}, `${plural(some.length, 'member')} `, ...what.map((x) => (typeof x === 'string' ? document.createTextNode(x) : x)), h('span', { class: 'muted' }, `: ${some.map((one) => one.name).join(', ')}`))
	})
	return [h('ul', { class: 'changes' }, ...lines, h('li', { class: 'muted' }, `${plural(s.unchanged, 'member')} would notice nothing`))]
}

const PARTS: [Step['part'], string][] = [['in', 'Way in'], ['choice', 'Choice among the paths'], ['out', 'Way out']]
function wayCard(w: Way): HTMLElement {
	return h('article', { class: `path ${w.state}` },
		h('p', {}, badge(w.state, w.state === 'accepted' ? (w.reasons.length ? 'accepted, tagged' : 'accepted') : 'refused'), ' ', h('a', { href: link(['members', w.member_asn]) }, w.member_name), ' ', h('span', { class: 'muted' }, `AS${w.member_asn} · `), h('span', { class: 'mono' }, w.as_path), h('span', { class: 'muted' }, ' · next hop '), h('span', { class: 'mono' }, w.next_hop)),
		...PARTS.flatMap(([part, title]) => {
			const steps = w.steps.filter((step) => step.part === part)
			return steps.length ? [h('h4', {}, title), stepList(steps)] : []
		}))
}
// What is not in order stands out; what is, can be unfolded.
function stepList(steps: Step[]): HTMLElement {
	const quiet = (s: Step) => s.part === 'in' && (s.outcome === 'passed' || s.outcome === 'not applied')
	const well = steps.filter((s) => quiet(s) && s.outcome === 'passed'), off = steps.filter((s) => quiet(s) && s.outcome === 'not applied')
	const fold = (title: string, some: Step[]) => (some.length ? h('details', {}, h('summary', {}, title), h('dl', { class: 'steps' }, ...some.flatMap(stepRow))) : null)
	return h('div', { class: 'step-list' }, h('dl', { class: 'steps' }, ...steps.filter((s) => !quiet(s) && s.outcome !== 'not applied').flatMap(stepRow)), fold(`${plural(well.length, 'check')} in order`, well), fold(`${plural(off.length, 'check')} not made here`, off))
}
const MARKS: Record<string, [string, string]> = { passed: ['ok', 'good'], failed: ['fails', 'bad'], tagged: ['tagged', 'warn'], 'not applied': ['off', 'muted'], said: ['', 'muted'] }
function stepRow(s: Step): Node[] {
	const [mark, kind] = MARKS[s.outcome] ?? ['', 'muted']
	const codes = s.reasons.map((r) => h('span', { class: 'chip mono', title: r.reason }, [r.euro_ix, r.arouteserver].filter(Boolean).join(' · ')))
	const more: [string, string | null][] = s.outcome === 'failed' || s.outcome === 'tagged' ? [['wanted', s.wanted], ['to mend it', s.mend]] : []
	return [h('dt', { class: kind }, mark ? h('span', { class: 'mark' }, mark) : null, s.step),
		h('dd', {}, ...s.reasons.map((r) => h('strong', {}, r.reason, ' ')), ...codes, s.found ? h('span', {}, (codes.length ? ' ' : '') + s.found) : null, ...more.flatMap(([label, text]) => (text ? [h('p', {}, h('span', { class: 'muted' }, `${label}: `), text)] : [])))]
}
