// What the meter warns of, what it proposes, and the blackholes of the operator. Here they are looked at; what is done about them is done
// in the shell, so the commands are told.

import { ask, type Alarm, type Alarms, type Blackhole, type Blackholes, type Proposal } from './api'
import { append, h, renew, replace } from './dom'
import { count, duration, moment, plural, rate, UNKNOWN } from './format'
import { List } from './list'
import { fetchKind, watch } from './live'
import { badge } from './parts'
import { link } from './route'
import type { Ends } from './view'

const LOOK_MS = 15_000
const OVER = 10
// Null: the room that would know it does not answer.
interface Known { alarms: Alarms | null; proposals: Proposal[] | null; blackholes: Blackhole[] | null }

const waits = (p: Proposal): boolean => p.state === 'proposed' || p.state === 'refused'
const matters = (p: Proposal): boolean => p.state !== 'dismissed' && p.state !== 'lapsed'
const words = (kind: string): string => kind.replace(/-/g, ' ')

function amount(value: number, unit: Alarm['unit']): string {
	if (unit === 'bit/s') return rate(value)
	return unit === 's' ? duration(value) : unit === 'ports' ? plural(value, 'port') : `${value} %`
}
const measured = (a: Alarm): string => `${amount(a.value, a.unit)} against ${amount(a.threshold, a.unit)}${a.by ? `, by ${a.by}` : ''}`
function memberLink(one: { asn: number | null; member: string | null }): Node | string {
	return one.asn === null ? UNKNOWN : h('a', { href: link(['members', one.asn]) }, one.member ?? `AS${one.asn}`)
}
const command = (text: string): HTMLElement => h('code', { class: 'command' }, `sarai ${text}`)
const decide = (p: Proposal): HTMLElement => h('span', {}, command(`propose confirm ${p.number}`), ' or ', command(`propose dismiss ${p.number}`))
const risen = (p: Proposal): string => `${rate(p.bps)}, usually ${rate(p.usual_bps)}, from ${plural(p.sources, 'source')}`

// One line where there is nothing to be seen, or nobody who knows.
function quiet(known: Known): HTMLElement {
	const meter = known.alarms && known.proposals
	const none = [meter ? 'No alarm, no proposal.' : 'Alarms and proposals are not known: the meter does not answer.', known.blackholes ? 'No blackhole of the operator.' : 'Blackholes are not known: the exchange does not answer.']
	return h('p', { class: 'muted' }, none.join(' '))
}
// What is not looked for, and why.
function limits(alarms: Alarms): HTMLElement[] {
	const notes: string[] = []
	if (alarms.unlisted) notes.push(`${count(alarms.unlisted)} more that there was no room for.`)
	if (alarms.learns_until && Date.parse(alarms.learns_until) > Date.now()) notes.push(`Sudden rises are looked for from ${moment(alarms.learns_until)} on.`)
	if (!alarms.sessions_known) notes.push('Silent members are not looked for: the exchange has not said which sessions are up.')
	return notes.map((note) => h('p', { class: 'muted' }, note))
}

function alarmList(): List<Alarm> {
	return new List<Alarm>({
		label: 'Alarms', key: (a) => String(a.id), empty: '', text: (a) => `${a.severity} ${a.kind} ${a.subject} ${a.member ?? ''} ${a.text}`,
		columns: [
			{ title: 'Alarm', cell: (a) => h('span', {}, badge(a.severity, a.severity), ' ', words(a.kind), a.acknowledged ? ' ' : null, a.acknowledged ? badge('acknowledged', 'acknowledged', moment(a.acknowledged)) : null), by: (a) => (a.acknowledged ? 'z' : '') + a.severity + a.kind },
			{ title: 'Of', cell: (a) => h('span', {}, a.subject, a.asn === null ? null : h('span', { class: 'muted' }, ' ', memberLink(a))), by: (a) => a.subject },
			{ title: 'Since', cell: (a) => h('span', { class: 'nowrap' }, moment(a.since)), by: (a) => -Date.parse(a.since) },
			{ title: 'Value against limit', cell: measured },
			{ title: 'What to do', wide: true, cell: (a) => h('span', {}, a.text, a.acknowledged || a.proposal !== null ? null : h('span', { class: 'reason-line' }, command(`alarm acknowledge ${a.id}`), h('span', { class: 'muted' }, ' when somebody sees to it'))) },
		],
	})
}
function proposalList(): List<Proposal> {
	return new List<Proposal>({
		label: 'Proposed blackholes', key: (p) => String(p.number), empty: '', text: (p) => `${p.number} ${p.state} ${p.member ?? ''} ${p.text}`,
		columns: [
			{ title: 'Proposal', cell: (p) => h('span', { class: 'nowrap' }, `${p.number} `, badge(waits(p) ? 'alarm' : p.state, p.state)), by: (p) => p.number },
			{ title: 'For', cell: memberLink, by: (p) => p.member },
			{ title: 'Since', cell: (p) => h('span', { class: 'nowrap' }, moment(p.since)), by: (p) => -Date.parse(p.since) },
			{ title: 'What was seen', cell: risen, by: (p) => p.bps },
			{ title: 'To decide', wide: true, cell: (p) => h('span', {}, waits(p) ? decide(p) : p.ends ? `until ${moment(p.ends)}` : UNKNOWN, p.text ? h('span', { class: 'reason-line muted' }, p.text) : null) },
		],
	})
}
function blackholeList(): List<Blackhole> {
	return new List<Blackhole>({
		label: 'Blackholes of the operator', key: (b) => b.prefix, empty: '', text: (b) => `${b.prefix} ${b.member ?? ''} AS${b.asn}`,
		columns: [
			{ title: 'Blackhole', cell: (b) => h('span', { class: 'mono' }, b.prefix), by: (b) => b.prefix },
			{ title: 'For', cell: memberLink, by: (b) => b.member },
			{ title: 'Since', cell: (b) => moment(b.since), by: (b) => (b.since ? -Date.parse(b.since) : null) },
			{ title: 'Until', cell: (b) => moment(b.ends), by: (b) => (b.ends ? Date.parse(b.ends) : null) },
			{ title: 'Sessions', cell: (b) => count(b.sessions), by: (b) => b.sessions, right: true },
			{ title: 'To end it', wide: true, cell: (b) => command(`blackhole remove ${b.prefix}`) },
		],
	})
}
function overFold(over: Alarm[]): HTMLElement {
	const some = over.slice(0, OVER)
	return h('details', { class: 'fold' }, h('summary', {}, over.length > OVER ? `The last ${OVER} of ${count(over.length)} alarms that are over` : plural(over.length, 'alarm that is over', 'alarms that are over')),
		...some.map((a) => h('p', { class: 'muted' }, `${moment(a.since)} to ${moment(a.until)}: ${words(a.kind)}, ${a.subject}, ${measured(a)}`)))
}
// For the meter's view: all of it as tables; a table that would be empty is not there.
export function alarmsInFull(ends: Ends): HTMLElement {
	const alarms = alarmList(), proposals = proposalList(), blackholes = blackholeList()
	const notes = h('div', {}, h('p', { class: 'muted' }, 'Asking the meter …')), over = h('div', {})
	const tables = [alarms.root, proposals.root, blackholes.root]
	for (const table of tables) table.hidden = true
	const root = h('section', { class: 'block alarms', 'aria-label': 'Alarms' }, h('h2', {}, 'Alarms and proposals'), ...tables, notes, over)
	watchThem(ends, (known) => {
		const rows = [known.alarms?.alarms ?? [], (known.proposals ?? []).filter(matters), known.blackholes ?? []] as const
		alarms.set(rows[0])
		proposals.set(rows[1])
		blackholes.set(rows[2])
		tables.forEach((table, i) => (table.hidden = !rows[i]!.length))
		replace(notes)
		if (!rows.some((list) => list.length)) append(notes, [quiet(known)])
		if (known.alarms) append(notes, limits(known.alarms))
		renew(over, known.alarms?.over.length ? overFold(known.alarms.over) : null)
	})
	return root
}
// Alarms and proposals come as they change; blackholes are asked for now and then.
function watchThem(ends: Ends, show: (known: Known) => void): void {
	const known: Known = { alarms: null, proposals: null, blackholes: null }
	const renew = async () => {
		const blackholes = await ask<Blackholes>('blackholes', ends.abort.signal).catch(() => null)
		if (ends.abort.signal.aborted) return
		known.blackholes = blackholes?.blackholes ?? null
		show(known)
	}
	ends.add(watch('alarms', (value) => {
		known.alarms = value
		show(known)
	}))
	ends.add(watch('proposals', (value) => {
		known.proposals = value.proposals
		show(known)
	}))
	// What a meter that does not answer would know is not known.
	for (const kind of ['alarms', 'proposals'] as const) if (known[kind] === null) fetchKind(kind).catch(() => show(known))
	ends.add(watch('overview', (value) => {
		if (value.rooms?.find((one) => one.room === 'meter')?.state !== 'down') return
		known.alarms = known.proposals = null
		show(known)
	}))
	void renew()
	ends.every(LOOK_MS, () => void renew())
}
