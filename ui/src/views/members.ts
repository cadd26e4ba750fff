// Members and their sessions, those in trouble first.

import type { Member, Members, PortTraffic, Session, Traffic } from '../api'
import { h, replace } from '../dom'
import { count, country, moment, plural, rate, since, speed, words } from '../format'
import { current, fetchKind, watch } from '../live'
import { List } from '../list'
import { badge, bar, choice, failure, searchField } from '../parts'
import { keep, link, type Place } from '../route'
import { Ends, type View } from '../view'

const TROUBLE = ['well', 'remark', 'partly down', 'down']
type Show = 'all' | 'trouble'

export function openMembers(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	let show: Show = place.set.get('show') === 'trouble' ? 'trouble' : 'all'
	let members: Members | null = null
	let ports = new Map<number, PortTraffic[]>()
	const summary = h('p', { class: 'muted', 'aria-live': 'polite' }, 'Asking the exchange …')
	const bad = h('div', {})
	const list = new List<Member>({
		label: 'Members and their sessions',
		key: (m) => String(m.asn),
		text: (m) => [m.name, `AS${m.asn}`, words(m.kind), m.country, country(m.country), m.trouble_text, TROUBLE[m.trouble], ...m.sessions.flatMap((s) => [s.address, s.id, s.state, s.last_error])].join(' '),
		empty: 'The hub file has no members',
		kind: (m) => `member t${m.trouble}`,
		more: (m) => m.sessions.map(sessionRow),
		columns: [
			{ title: 'Member', cell: memberCell, by: (m) => m.name },
			{ title: 'State', cell: (m) => badge(`t${m.trouble}`, TROUBLE[m.trouble] ?? 'unknown'), by: (m) => -m.trouble },
			{ title: 'Since', cell: () => '' },
			{ title: 'Accepted', cell: (m) => count(m.accepted), by: (m) => m.accepted, right: true },
			{ title: 'Refused', cell: (m) => refused(m.asn, m.filtered), by: (m) => m.filtered, right: true },
			{ title: 'Exported', cell: (m) => count(m.exported), by: (m) => m.exported, right: true },
			{ title: 'Traffic now', cell: (m) => trafficCell(m, ports.get(m.asn)), by: (m) => busiest(ports.get(m.asn)), right: true },
			{ title: 'What is wrong', cell: (m) => m.trouble_text ?? '', wide: true },
		],
	})
	const update = () => {
		if (!members) return
		const all = members.members
		const sessions = all.flatMap((m) => m.sessions)
		const up = sessions.filter((s) => s.state === 'established').length
		summary.textContent = `${plural(all.length, 'member')}, ${up} of ${plural(sessions.length, 'session')} up, ${count(all.reduce((n, m) => n + m.accepted, 0))} routes accepted, ${count(all.reduce((n, m) => n + m.filtered, 0))} refused`
		list.set(show === 'trouble' ? all.filter((m) => m.trouble > 0) : all)
	}
	const field = searchField('Find a member, AS, address, country or state', place.set.get('q') ?? '', (text) => {
		keep({ q: text })
		list.find(text)
	})
	list.find(place.set.get('q') ?? '')
	replace(root, h('div', { class: 'column' },
		h('div', { class: 'title' }, h('h1', {}, 'Members and sessions'), summary),
		h('div', { class: 'tools' }, field, choice<Show>('Which members', [['all', 'All'], ['trouble', 'In trouble']], show, (value) => {
			show = value
			keep({ show: value === 'all' ? null : value })
			update()
		})), bad, list.root))
	ends.add(watch('members', (value) => {
		members = value
		replace(bad)
		update()
	}))
	ends.add(watch('traffic', (value: Traffic) => {
		ports = new Map()
		for (const port of value.ports) ports.set(port.asn, [...(ports.get(port.asn) ?? []), port])
		update()
	}))
	ends.add(watch('overview', (value) => {
		const room = value.rooms?.find((one) => one.room === 'exchange')
		if (room?.state === 'down') replace(bad, h('div', { class: 'notice bad', role: 'alert' }, h('strong', {}, 'The exchange is not running'), h('p', {}, members ? 'What is shown is the last that was known.' : 'This list is filled as soon as it answers.')))
	}))
	if (!current('members'))
		fetchKind('members').catch((reason: unknown) => {
			if (!members) {
				summary.textContent = ''
				replace(bad, failure(reason))
			}
		})
	if (!current('traffic')) fetchKind('traffic').catch(() => undefined)
	return { title: 'Members', close: () => ends.close() }
}

function memberCell(m: Member): Node {
	return h('span', { class: 'member-name' }, h('a', { href: link(['members', m.asn]) }, m.name), ' ', h('span', { class: 'muted' }, `AS${m.asn} · ${words(m.kind)}${m.country ? ` · ${m.country}` : ''} · ${speed(m.speed_bps)}`))
}
function refused(asn: number, n: number): Node | string {
	return n ? h('a', { href: link(['glass'], { q: `AS${asn}`, show: 'filtered' }), class: 'bad' }, count(n)) : '0'
}
function busiest(ports: PortTraffic[] | undefined): number | null {
	const known = (ports ?? []).flatMap((p) => (p.utilisation === null ? [] : [p.utilisation]))
	return known.length ? Math.max(...known) : null
}
function trafficCell(m: Member, ports: PortTraffic[] | undefined): Node {
	const sum = (of: (p: PortTraffic) => number | null) => {
		const known = (ports ?? []).map(of).filter((n): n is number => n !== null)
		return known.length ? known.reduce((a, b) => a + b, 0) : null
	}
	return h('span', { class: 'two-rates', title: `In and out of the port; ${speed(m.speed_bps)}` }, h('span', {}, `↓ ${rate(sum((p) => p.in_bps))}`), h('span', {}, `↑ ${rate(sum((p) => p.out_bps))}`), bar(busiest(ports), undefined, ' small'))
}
export function sessionRow(s: Session): HTMLTableRowElement {
	const down = s.state !== 'established'
	const cell = (title: string, content: Node | string, kind: string | null = null) => h('td', { 'data-title': title, class: kind }, content)
	return h('tr', { class: `session${down ? ' is-down' : ''}` },
		h('th', { scope: 'row', 'data-title': 'Session' }, h('span', { class: 'mono' }, s.address), ' ', h('span', { class: 'muted' }, s.families.map((f) => f.replace('ipv', 'IPv')).join(' + '))),
		cell('State', badge(s.state, s.state)), cell('Since', h('span', { title: s.since ? moment(s.since) : '' }, since(s.since)), 'nowrap'),
		cell('Accepted', count(s.accepted), 'right'), cell('Refused', s.filtered ? h('span', { class: 'bad' }, count(s.filtered)) : '0', 'right'), cell('Exported', count(s.exported), 'right'),
		cell('Updates', h('span', { class: 'muted', title: 'Updates received and sent' }, `${count(s.received_updates)} / ${count(s.sent_updates)} upd.`), 'right'),
		cell('Last error', h('span', { class: down ? '' : 'muted' }, [s.held ? 'taken down by the operator' : '', s.stuck_since ? `takes nothing for ${since(s.stuck_since)}` : '', s.bfd && s.bfd !== 'up' ? `BFD ${s.bfd}` : '', s.stale ? plural(s.stale, 'stale route') : '', s.last_error ?? '', s.flaps ? plural(s.flaps, 'flap') : ''].filter(Boolean).join(' · ')), 'wide'))
}
