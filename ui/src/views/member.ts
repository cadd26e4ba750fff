// One member: what is wrong and what would mend it, its sessions, ports, curve and invoices.

import { ask, query, type Curve, type Forecasts, type Invoices, type IssuedList, type MemberPage, type Peering, type Policy, type PortTraffic, type Ports, type PortTrust, type SessionMore, type Traffic } from '../api'
import { billLinks } from '../books/links'
import { askProofs, proofLinks } from '../books/proof'
import { CurveChart } from '../chart'
import { append, h, renew, replace } from '../dom'
import { count, country, duration, money, moment, percent, plural, rate, speed, UNKNOWN, words } from '../format'
import { dueText, stateBadges } from '../journal'
import { watch } from '../live'
import { me } from '../me'
import { comparedCell, interfaceCell, source } from '../meter/trust'
import { isMonth, monthName, monthPicker, thisMonth } from '../month'
import { badge, choice, failure, filled, notice, simulatedBadge } from '../parts'
import { keep, link, type Place } from '../route'
import { utilisationClass } from '../segment'
import { Ends, type View } from '../view'
import { sessionRow } from './members'

type Span = '24' | '168' | 'month'

export function openMember(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	const asn = place.path[1] ?? ''
	const body = h('div', { class: 'column' }, notice('wait', 'Asking the exchange …'))
	replace(root, body)
	if (!/^\d{1,10}$/.test(asn)) {
		replace(body, notice('empty', `"${asn}" is not an AS number`), h('p', {}, h('a', { href: '#/members' }, 'All members')))
		return { title: 'Member', close: () => ends.close() }
	}
	const top = h('div', {}), rest = h('div', {}), more = h('div', {})
	const { curve, close } = curveSection(asn, place, ends)
	ends.add(close)
	replace(body, top, curve, waySection(asn, place, ends), rest, more)
	filled(more, async () => [peering(await ask<Peering>(`members/${asn}/peering`, ends.abort.signal)), policy(await ask<Policy>(`members/${asn}/policy`, ends.abort.signal))], ends.abort.signal)
	let member: MemberPage | null = null
	let ports: PortTraffic[] = [], trust: PortTrust[] = []
	const show = () => {
		if (!member) return
		renew(top, ...memberTop(member))
		renew(rest, sessions(member), reasons(member), portSection(member, ports, trust))
	}
	const load = async () => {
		try {
			member = await ask<MemberPage>(`members/${asn}`, ends.abort.signal)
			document.title = document.title.replace(/^.*? · /, `${member.name} · `)
			show()
		} catch (reason) {
			if (ends.abort.signal.aborted) return
			replace(top, failure(reason), h('p', {}, h('a', { href: '#/members' }, 'All members')))
			replace(more)
		}
	}
	ends.add(watch('traffic', (value: Traffic) => {
		ports = value.ports.filter((port) => String(port.asn) === asn)
		show()
	}))
	// What the counters of its ports rest on; only the operator is told.
	const lookAtTrust = async () => {
		const answer = (await me()).role === 'operator' ? await ask<Ports>('ports', ends.abort.signal).catch(() => null) : null
		if (!answer || ends.abort.signal.aborted) return
		trust = answer.ports.filter((port) => String(port.asn) === asn)
		show()
	}
	void lookAtTrust()
	ends.every(60_000, () => void lookAtTrust())
	// What the exchange says of this member changes with the list of members.
	let seen = ''
	ends.add(watch('members', (value) => {
		const now = JSON.stringify(value.members.find((m) => String(m.asn) === asn) ?? null)
		if (now !== seen && seen) void load()
		seen = now
	}))
	void load()
	return { title: `AS${asn}`, close: () => ends.close() }
}

function memberTop(m: MemberPage): Node[] {
	const contacts = m.contacts.map((c) => h('li', {}, h('span', { class: 'muted' }, c.role), ' ', c.email ? h('a', { href: `mailto:${encodeURIComponent(c.email).replace('%40', '@')}` }, c.email) : null, c.phone ? ` ${c.phone}` : null))
	return [
		h('p', { class: 'crumbs' }, h('a', { href: '#/members' }, 'Members'), ' / ', `AS${m.asn}`),
		h('div', { class: 'title' }, h('h1', {}, m.name, ' ', badge(`t${m.trouble}`, m.trouble_text ?? 'all well')),
			h('p', { class: 'muted' }, `AS${m.asn} · ${words(m.kind)} · ${country(m.country)} · ${speed(m.speed_bps)}`)),
		h('div', { class: 'numbers four' }, number(count(m.accepted), 'routes accepted', link(['glass'], { q: `AS${m.asn}` })), number(count(m.filtered), 'routes refused', link(['glass'], { q: `AS${m.asn}`, show: 'filtered' })),
			number(count(m.exported), 'routes sent to it', null), number(`${m.sessions.filter((s) => s.state === 'established').length}/${m.sessions.length}`, 'sessions up', null)),
		contacts.length ? h('ul', { class: 'contacts plain', 'aria-label': 'Contacts' }, ...contacts) : h('span', {}),
	]
}
function number(value: string, name: string, target: string | null): HTMLElement {
	return h('div', { class: 'number' }, h('b', {}, value), target ? h('a', { href: target }, name) : h('span', {}, name))
}
function section(title: string, ...nodes: (Node | null)[]): HTMLElement {
	const box = h('section', { class: 'block' }, h('h2', {}, title))
	append(box, nodes)
	return box
}
function table(label: string, titles: [string, boolean][], rows: (Node | string)[][]): HTMLElement {
	return h('div', { class: 'list-box' }, h('table', { class: 'list', 'aria-label': label }, h('thead', {}, h('tr', {}, ...titles.map(([title, right]) => h('th', { scope: 'col', class: right ? 'right' : null }, title)))),
		...rows.map((row) => h('tbody', {}, h('tr', {}, ...row.map((cell, i) => h(i ? 'td' : 'th', { scope: i ? null : 'row', class: titles[i]![1] ? 'right' : null, 'data-title': titles[i]![0] }, cell)))))))
}
function sessions(m: MemberPage): HTMLElement {
	const titles = ['Session', 'State', 'Since', 'Accepted', 'Refused', 'Exported', 'Updates', 'Last error']
	if (!m.sessions.length) return section('Sessions', notice('empty', 'This member has no sessions'))
	return section('Sessions', h('div', { class: 'list-box' }, h('table', { class: 'list', 'aria-label': 'Sessions' }, h('thead', {}, h('tr', {}, ...titles.map((title, i) => h('th', { scope: 'col', class: i > 2 && i < 7 ? 'right' : null }, title)))), h('tbody', {}, ...m.sessions.map(sessionRow)))),
		...m.sessions.map((s) => sessionFacts(s)))
}
// What both sides agreed on, what protects the session, its limits, and what was said last.
function sessionFacts(s: SessionMore): HTMLElement {
	const a = s.agreed
	const list = (...words: (string | false | null | undefined)[]) => words.filter(Boolean).join(', ')
	const way = (name: string, both: { receive: boolean; send: boolean } | undefined) => (both ? list(both.receive && `${name} from it`, both.send && `${name} to it`) : '')
	const stay = (name: string, one: { restart_s: number; stale_s: number } | null) => (one ? `${name} kept ${duration(one.restart_s)}${one.stale_s ? ` and ${duration(one.stale_s)} more as stale` : ''}` : '')
	const said = (one: { at: string | null; text: string } | null | undefined) => (one ? `${one.text}${one.at ? `, ${moment(one.at)}` : ''}` : '')
	const rows: [string, string][] = [
		['agreed', a ? list(a.as4 && '4-octet AS numbers', a.refresh && (a.enhanced_refresh ? 'enhanced refresh' : 'refresh'), a.extended_messages && 'extended messages', a.extended_next_hop && 'IPv4 by IPv6 next hops', `hold time ${a.hold_time_s} s`, `router id ${a.router_id}`) : ''],
		['ADD-PATH', a ? list(way('IPv4', a.add_path.ipv4), way('IPv6', a.add_path.ipv6)) : ''],
		['restart', a?.graceful_restart.agreed ? list(stay('IPv4', a.graceful_restart.ipv4), stay('IPv6', a.graceful_restart.ipv6)) || 'agreed, for no family' : ''],
		['role', a?.remote_role ?? ''],
		['guarded by', list(s.guard.tcp_ao && 'TCP-AO', s.guard.md5 && !s.guard.tcp_ao && 'MD5', s.guard.ttl_security !== null && `at most ${plural(s.guard.ttl_security, 'hop')} away`, s.guard.bfd && 'BFD')],
		...(s.limits ?? []).map((l): [string, string] => [`limit ${l.family.replace('ipv', 'IPv')}`, `${count(l.count)} of ${count(l.max)} prefixes (${percent(l.count / l.max)}), then ${l.action}${l.action === 'restart' ? ` after ${duration(l.restart_s)}` : ''}; from ${l.source === 'peeringdb' ? 'PeeringDB' : 'the hub file'}${l.warned ? '; warned' : ''}`]),
		['we said', said(s.last_sent)], ['they said', said(s.last_received)],
	]
	return h('details', { class: 'session-facts', open: a === null }, h('summary', {}, h('span', { class: 'mono' }, s.address), ' in full'), h('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => (value ? [h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, value))] : []))))
}
function reasons(m: MemberPage): HTMLElement {
	const rpki = m.rpki.valid + m.rpki.unknown + m.rpki.invalid ? h('p', { class: 'muted' }, `RPKI: ${count(m.rpki.valid)} valid, ${count(m.rpki.unknown)} unknown, ${count(m.rpki.invalid)} invalid${m.stale ? `. ${count(m.stale)} routes are stale` : ''}`) : null
	if (!m.reasons.length) return section('Refused routes', notice('empty', 'None of its routes is refused'), rpki)
	return section('Why routes are refused, and what would mend it', rpki, table('Reasons', [['Reason', false], ['Codes', false], ['Family', false], ['Routes', true], ['What would mend it', false]],
		m.reasons.map((r) => [r.reason, h('span', { class: 'mono' }, [r.euro_ix, r.arouteserver].filter(Boolean).join(' ')), r.family.replace('ipv', 'IPv'),
			h('span', {}, h('a', { href: link(['glass'], { q: `AS${m.asn}`, show: r.refused ? 'filtered' : 'accepted', reason: r.euro_ix }) }, count(r.count)), r.tagged ? h('span', { class: 'muted' }, ` ${count(r.tagged)} tagged only`) : null), r.mend])))
}
// Who hears it, and whom it hears; those kept from it first.
function peering(p: Peering): HTMLElement {
	const kept = (m: Peering['members'][number]) => (m.up && m.may_hear < p.accepted ? (m.may_hear ? 1 : 2) : 0)
	const rows = [...p.members].sort((a, b) => kept(b) - kept(a) || a.name.localeCompare(b.name))
	const table_ = table('Who hears whom', [['Member', false], ['May hear', true], ['Hears', true], ['Gives', true], ['Is heard', true], ['What keeps it from the rest', false]],
		rows.map((m) => [h('a', { href: link(['members', m.asn]) }, m.name), h('span', { class: kept(m) === 2 ? 'bad' : kept(m) ? 'warn' : '' }, count(m.may_hear)), m.hears ? h('a', { href: link(['glass'], { q: `AS${p.asn}`, to: `AS${m.asn}` }) }, count(m.hears)) : '0', count(m.may_be_heard), m.heard ? h('a', { href: link(['glass'], { q: `AS${m.asn}`, to: `AS${p.asn}` }) }, count(m.heard)) : '0',
			!m.up ? h('span', { class: 'muted' }, 'no session up') : m.why_not ? h('span', {}, m.why_not, ' · ', h('a', { href: link(['glass'], { q: `AS${p.asn}`, not_to: `AS${m.asn}` }) }, 'which routes')) : '']))
	const some = rows.filter(kept).length
	return section('Who hears it', h('details', { class: 'fold' }, h('summary', {}, `${plural(rows.filter((m) => m.may_hear > 0).length, 'member')} may hear its ${plural(p.accepted, 'route')}${some ? `; ${plural(some, 'member')} not all of them` : ''}`), table_))
}
function policy(p: Policy): HTMLElement {
	const wanted = p.wanted.filter((w) => w.applied && w.wanted), off = [...new Set(p.wanted.filter((w) => !w.applied).map((w) => w.check))]
	const text = (v: string | string[] | null) => (Array.isArray(v) ? v.join(', ') || 'none' : (v ?? UNKNOWN))
	const own = p.values.filter((v) => v.from === 'own')
	const rules = [...p.announce.map((r) => `its routes: ${r}`), ...p.receive.map((r) => `what it takes: ${r}`)]
	return section('What is checked for it',
		table('What its routes have to be', [['Check', false], ['Family', false], ['What is wanted', false]], wanted.map((w) => [w.check, w.family.replace('ipv', 'IPv'), w.wanted!])),
		off.length ? h('p', { class: 'muted' }, `Not checked here: ${off.join(', ')}.`) : null,
		table('AS-SETs', [['AS-SET', false], ['Family', false], ['Prefixes', true], ['Origins', true], ['Asked', false]], p.as_sets.map((s) => [h('span', { class: 'mono' }, s.name), s.family.replace('ipv', 'IPv'), s.prefixes === null ? UNKNOWN : count(s.prefixes), s.origins === null ? UNKNOWN : count(s.origins), s.fetched ? moment(s.fetched) + (s.state === 'fresh' ? '' : ` (${s.state})`) : 'nothing is known of it'])),
		rules.length ? h('p', {}, `Its own rules: ${rules.join('; ')}.`) : null,
		h('details', { class: 'fold' }, h('summary', {}, `All ${plural(p.values.length, 'value')} in force${own.length ? `, ${count(own.length)} of them its own` : ", all of them the hub's"}`),
			table('Values in force', [['Item', false], ['Value', false], ['From', false]], p.values.map((v) => [h('span', { class: 'mono', title: v.help }, v.item), h('span', { class: 'value' }, text(v.value)), v.from === 'own' ? badge('t1', 'own') : h('span', { class: 'muted' }, 'hub')]))))
}
// What they carry now is the operator's to see, and so is what their counters rest on.
function portSection(m: MemberPage, ports: PortTraffic[], trust: PortTrust[]): HTMLElement {
	const seen = ports.length > 0 || trust.length > 0
	const own: [string, boolean][] = [['Port', false], ['Site', false], ['Speed', true], ['VLAN', true], ['Addresses', false], ['MAC', false]]
	return section('Ports', table('Ports', seen ? [...own, ['Interface', false], ['In now', true], ['Out now', true], ['Use', true], ['Measured by', false]] : own,
		m.ports.map((p) => {
			const now = ports.find((one) => one.port === p.id), rests = trust.find((one) => one.port === p.id)
			const row = [p.id, p.site ?? UNKNOWN, speed(p.speed_bps), p.vlan === null || p.vlan === 0 ? 'untagged' : String(p.vlan), h('span', { class: 'mono' }, [p.ipv4, p.ipv6].filter(Boolean).join(' ')), h('span', { class: 'mono' }, p.macs.join(' ') || UNKNOWN)]
			return seen ? [...row, rests ? interfaceCell(rests) : UNKNOWN, rate(now?.in_bps), rate(now?.out_bps), h('span', { class: `use ${utilisationClass(now?.utilisation ?? null)}` }, percent(now?.utilisation)), measuredBy(now, rests)] : row
		})))
}
function measuredBy(now: PortTraffic | undefined, rests: PortTrust | undefined): Node | string {
	if (!now) return UNKNOWN
	return h('span', {}, badge(now.source, now.source), rests?.counters_by ? h('span', { class: 'reason-line muted' }, `counters by ${source(rests.counters_by)}`) : null, rests?.counters_compared ? h('span', { class: 'reason-line' }, comparedCell(rests)) : null)
}

function curveSection(asn: string, place: Place, ends: Ends): { curve: HTMLElement; close: () => void } {
	let month = isMonth(place.set.get('month')) ? place.set.get('month')! : thisMonth()
	let span: Span = isMonth(place.set.get('month')) ? 'month' : '24'
	const chart = new CurveChart()
	const under = h('div', { class: 'curve-facts' })
	const invoices = h('div', {})
	const bad = h('div', {})
	const picker = h('div', {})
	const load = async () => {
		picker.hidden = span !== 'month'
		keep({ month: span === 'month' ? month : null })
		try {
			const curve = await ask<Curve>(`members/${asn}/curve${query(span === 'month' ? { month } : { hours: span })}`, ends.abort.signal)
			replace(bad)
			chart.root.hidden = !curve.points.length
			if (curve.points.length) chart.set(curve)
			else replace(bad, notice('empty', 'No bin of this time is in the ledger yet', 'A bin is five minutes long and arrives within a minute and a half of its end.'))
			renew(under, ...facts(curve))
		} catch (reason) {
			if (ends.abort.signal.aborted) return
			chart.root.hidden = true
			replace(under)
			replace(bad, failure(reason))
		}
	}
	const loadInvoices = () => filled(invoices, async () => ((await me()).role === 'operator' ? allInvoices(asn, month, ends.abort.signal) : ownInvoices(asn, month, ends.abort.signal)), ends.abort.signal)
	picker.append(monthPicker(month, (chosen) => {
		month = chosen
		void load()
		loadInvoices()
	}))
	const curve = section('Traffic', h('div', { class: 'tools' }, choice<Span>('Span', [['24', '24 hours'], ['168', '7 days'], ['month', 'Month']], span, (value) => {
		span = value
		void load()
	}), picker), bad, chart.root, under, h('h3', {}, 'Invoice'), invoices)
	void load()
	loadInvoices()
	ends.every(60_000, () => void load())
	return { curve, close: () => chart.close() }
}
// Which countries and cables its traffic crossed: for the operator and for the member itself.
function waySection(asn: string, place: Place, ends: Ends): HTMLElement {
	const wanted = place.set.get('way')
	let month = isMonth(wanted) ? wanted : thisMonth()
	const content = h('div', { 'aria-live': 'polite' }), links = h('span', {})
	const load = () => {
		const chosen = month
		keep({ way: chosen === thisMonth() ? null : chosen })
		replace(links, proofLinks(asn, chosen))
		filled(content, async () => {
			const nodes = await askProofs(asn, chosen, ends.abort.signal)
			return chosen === month ? nodes : [...content.childNodes]
		}, ends.abort.signal)
	}
	const box = section('The way of its traffic', h('div', { class: 'tools' }, monthPicker(month, (chosen) => {
		month = chosen
		load()
	}), links), content)
	box.hidden = true
	void me().then((who) => {
		box.hidden = who.role !== 'operator' && String(who.asn) !== asn
		if (!box.hidden && !ends.abort.signal.aborted) load()
	})
	return box
}
async function allInvoices(asn: string, month: string, signal: AbortSignal): Promise<Node[]> {
	const answer = await ask<Invoices>(`invoices${query({ month })}`, signal)
	const own = answer.invoices.filter((one) => String(one.asn) === asn)
	return own.length ? own.map((one) => h('p', { class: 'invoice-line' }, h('b', {}, money(one.total)), ' ', h('span', { class: 'muted' }, `${monthName(answer.month)} · ${one.number} · ${one.kind}${one.purchase ? ' · the hub pays' : ''}${one.final ? '' : ' · not final'}`), ' ', one.simulated ? simulatedBadge() : null, ' ', billLinks({ ...one, holder: asn }, answer.month))) : [notice('empty', `No invoice for ${monthName(month)}`)]
}
// A member is told what was issued to it, and what the running month will come to.
async function ownInvoices(asn: string, month: string, signal: AbortSignal): Promise<Node[]> {
	const [{ invoices }, forecasts] = await Promise.all([ask<IssuedList>(`ledger/invoices${query({ member: asn, month })}`, signal), month === thisMonth() ? ask<Forecasts>(`forecast${query({ member: asn, month })}`, signal).catch(() => null) : null])
	const lines = [
		...invoices.map((one) => h('p', { class: 'invoice-line' }, h('b', {}, money({ amount: one.total, currency: one.currency })), stateBadges(one), h('span', { class: 'muted' }, `${monthName(month)} · ${one.number} ${dueText(one)}`), billLinks({ holder: asn, contract: one.contract, number: one.number }, month))),
		...(forecasts?.forecasts ?? []).filter((one) => !one.final).map((one) => h('p', { class: 'invoice-line' }, h('b', {}, one.likely ? money(one.likely.total) : money(one.low.total)), h('span', { class: 'muted' }, `${one.likely ? 'likely' : 'at least'} for ${monthName(month)} by `), h('a', { href: link(['invoices', asn], { month, contract: one.contract }) }, one.contract))),
	]
	return lines.length ? lines : [notice('empty', `No invoice for ${monthName(month)}`)]
}
function facts(c: Curve): Node[] {
	const states = [0, 0, 0]
	for (const point of c.points) states[point[3]]!++
	const fact = (name: string, value: string) => h('span', {}, h('span', { class: 'muted' }, name + ' '), value)
	return [
		fact('95th in', rate(c.p95_in_bps)), fact('95th out', rate(c.p95_out_bps)), fact('commit', c.commit_bps === null ? 'none' : rate(c.commit_bps)),
		fact('bins', `${count(c.points.length)} of ${duration(c.bin_s)}: ${count(states[1]!)} from counters, ${count(states[2]!)} estimated, ${count(states[0]!)} missing`),
		fact('from', `${moment(c.from)} to ${moment(c.to)}`), c.simulated ? simulatedBadge() : h('span', {}),
	]
}
