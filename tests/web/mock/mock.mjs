// A hub that is not there: serves the page and the answers of docs/api.md with invented members, so that the page can be looked at and
// tested without the program. node mock.mjs [--port 8081] [--page DIR] [--down exchange,ledger] [--still] [--hostile] [--young] [--empty]
// [--huge] [--as AS number | visitor]
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { history, journal } from './more.mjs'
import { adjustments, blends, partyBill, partyInvoices, payables } from './parties.mjs'
import { plan, reach, segmentsOf } from './plan.mjs'
import { billWay, preview, proofs, TOKEN } from './proof.mjs'
import { ways } from './ways.mjs'
import { interfaceOf, memory, ofItself, polls, strangers } from './sources.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const option = (name, fallback) => {
	const at = process.argv.indexOf('--' + name)
	return at < 0 ? fallback : (process.argv[at + 1] ?? '')
}
const port = Number(option('port', '8081'))
const page = option('page', join(here, '../../../ui/dist'))
const down = new Set(option('down', '').split(',').filter(Boolean))
const still = process.argv.includes('--still')
const hostile = process.argv.includes('--hostile')
const empty = process.argv.includes('--empty'), huge = process.argv.includes('--huge')
const as = option('as', '')
const young = process.argv.includes('--young') ? Date.now() : 0
// With --young nothing is laid on the cables in the first seconds.
const unladen = () => empty || (young > 0 && Date.now() - young < 6000)

// A small generator with a seed: every run shows the same hub.
let seed = 20261121
const random = () => {
	seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
	return seed / 2 ** 32
}
const G = 1e9
const utc = (epoch) => new Date(epoch * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
const now = () => Math.floor(Date.now() / 1000)
const started = now() - 9 * 86400 - 5400

const hub = { name: 'Karachi Transit Hub', short_name: 'KTH', asn: 64500, city: 'Karachi', country: 'PK' }

const members = [
	[64501, 'Indus Broadband', 'access', 'PK', 200, 0.62, 'in'],
	[64502, 'Kirthar Networks', 'access', 'PK', 100, 0.47, 'in'],
	[64503, 'Makran Wireless', 'access', 'PK', 100, 0.71, 'in'],
	[64504, 'Karakoram Carrier', 'carrier', 'CN', 400, 0.38, 'out'],
	[64505, 'Tianshan Transit', 'carrier', 'CN', 200, 0.55, 'out'],
	[64506, 'Steppe Telecom', 'carrier', 'KZ', 200, 0.66, 'out'],
	[64507, 'Amu Darya Net', 'transit_customer', 'UZ', 100, 0.31, 'in'],
	[64508, 'Lapis Networks', 'transit_customer', 'AF', 10, 0.83, 'in'],
	[64509, 'Monsoon CDN', 'content', 'AE', 400, 0.52, 'out'],
	[64510, 'Falcon Stream', 'content', 'AE', 200, 0.58, 'out'],
	[64511, 'Bulut Cloud', 'cloud', 'TR', 100, 0.22, 'out'],
	[64512, hostile ? '<img src=x onerror=alert(1)>' : 'Delta Cloud', 'cloud', 'SG', 100, 0.29, 'out'],
].concat(huge ? Array.from({ length: 2988 }, (_, i) => [70000 + i, `Member number ${i}`, 'access', 'PK', 10, 0.1 + (i % 80) / 100, 'in']) : []).slice(0, empty ? 0 : undefined).map(([asn, name, kind, country, speed, load, lean], i) => ({ asn, name, kind, country, speed_bps: speed * G, load, lean, i }))

const REASONS = {
	long: ['prefix is longer than /24', 'announce IPv4 prefixes of /24 or shorter'],
	martian: ['prefix is in private or reserved space', 'announce only prefixes that were assigned to you'],
	first: ['first AS of the path is not yours', 'let your router put its own AS number first in the path'],
	bogon: ['AS path holds a reserved AS number (64999)', 'remove private AS numbers from the path before announcing'],
	hop: ['next hop is not your address on the peering LAN', 'set next-hop-self towards the route server'],
	path: ['AS path has 71 hops, more than 64', 'check for prepending that runs away'],
}
// Numbers as communities tell reasons: RS:1101:n, 65520:n.
const CODES = { long: ['1101:1', '65520:13'], martian: ['1101:3', '65520:2'], first: ['1101:7', '65520:6'], bogon: ['1101:4', '65520:7'], hop: ['1101:8', '65520:5'], path: ['1101:5', '65520:1'] }
const coded = (key) => ({ reason: REASONS[key][0], euro_ix: CODES[key][0], arouteserver: CODES[key][1] })
const accepted = { 64501: 214, 64502: 58, 64503: 37, 64504: 1820, 64505: 940, 64506: 611, 64507: 88, 64508: 29, 64509: 46, 64510: 31, 64511: 152, 64512: 203 }
const refused = { 64501: { long: 12, martian: 1 }, 64503: { first: 4 }, 64506: { bogon: 3, hop: 2 }, 64508: { path: 1 } }
const downSessions = { '64508-v4': ['idle', 'hold timer expired, nothing heard for 90 s', 1260, 7], '64508-v6': ['connect', 'connection refused', 1260, 7], '64506-v6': ['active', 'NOTIFICATION from the peer: cease, administrative shutdown "fibre work until 14:00 UTC"', 5400, 2] }

const sum = (list, of) => list.reduce((total, x) => total + of(x), 0)
const total = (asn) => accepted[asn] ?? 0
const refusedTotal = (asn) => sum(Object.values(refused[asn] ?? {}), (n) => n)

function sessionsOf(m) {
	return ['v4', 'v6'].map((family, f) => {
		const id = `${m.asn}-${family}`
		const trouble = downSessions[id]
		const share = f === 0 ? 0.72 : 0.28
		return {
			id, address: f === 0 ? `203.0.113.${11 + m.i}` : `2001:db8:0:1::${(11 + m.i).toString(16)}`,
			state: trouble ? trouble[0] : 'established', since: utc(trouble ? now() - trouble[2] : started + 40 + m.i * 13),
			families: [f === 0 ? 'ipv4' : 'ipv6'],
			accepted: trouble ? 0 : Math.round(total(m.asn) * share), filtered: trouble ? 0 : f === 0 ? refusedTotal(m.asn) : 0,
			exported: trouble ? 0 : Math.round((4229 - total(m.asn)) * share), received_updates: trouble ? 0 : 900 + m.i * 312, sent_updates: trouble ? 0 : 8800 + m.i * 120,
			last_error: trouble ? trouble[1] : null, flaps: trouble ? trouble[3] : m.i % 5 === 0 ? 1 : 0,
			held: false, bfd: m.asn === 64501 ? 'up' : null, stale: m.asn === 64508 ? 12 : 0, stale_until: m.asn === 64508 ? utc(now() + 60) : null,
			unsent_octets: m.asn === 64503 ? 1980000 : 0, unsent_prefixes: 0, stuck_since: m.asn === 64503 ? utc(now() - 42) : null,
		}
	})
}
function memberOf(m) {
	const sessions = sessionsOf(m)
	const up = sessions.filter((s) => s.state === 'established').length
	const trouble = up === 0 ? 3 : up < sessions.length ? 2 : refusedTotal(m.asn) ? 1 : 0
	const text = [null, `${refusedTotal(m.asn)} routes refused`, `${sessions.length - up} of ${sessions.length} sessions down`, 'all sessions down'][trouble]
	return { asn: m.asn, name: m.name, kind: m.kind, country: m.country, trouble, trouble_text: text, speed_bps: m.speed_bps, sessions,
		accepted: sum(sessions, (s) => s.accepted), filtered: sum(sessions, (s) => s.filtered), exported: sum(sessions, (s) => s.exported) }
}
const memberList = () => ({ hub: { name: hub.name, short_name: hub.short_name, asn: hub.asn },
	members: members.map(memberOf).sort((a, b) => b.trouble - a.trouble || a.name.localeCompare(b.name)) })

const daily = (epoch) => 0.58 + 0.42 * Math.sin(((epoch % 86400) / 86400) * 2 * Math.PI - 2.2)
const wobble = (epoch, m, salt) => 1 + 0.06 * Math.sin(epoch / 610 + m.i * 1.7 + salt) + 0.05 * Math.sin(epoch / 97 + m.i * 0.9 + salt * 3)
const speedOf = (m, epoch, direction) => {
	const peak = m.speed_bps * m.load
	const lean = m.lean === direction ? 0.34 : 1
	return Math.round(peak * lean * (0.35 + 0.65 * daily(epoch)) * wobble(epoch, m, direction === 'in' ? 0 : 2))
}

function memberPage(m) {
	return { ...memberOf(m),
		contacts: [{ role: 'noc', email: `noc@as${m.asn}.example`, phone: '+92 21 5550 1' + String(m.i).padStart(2, '0') }, { role: 'peering', email: `peering@as${m.asn}.example`, phone: null }],
		ports: [{ id: `${m.asn}-1`, site: 'Karachi', speed_bps: m.speed_bps, vlan: 100, ipv4: `203.0.113.${11 + m.i}`, ipv6: `2001:db8:0:1::${(11 + m.i).toString(16)}`, macs: [`00:00:5e:00:53:${(16 + m.i).toString(16)}`] }],
		reasons: Object.entries(refused[m.asn] ?? {}).map(([key, count]) => ({ ...coded(key), family: 'ipv4', count, refused: count, tagged: 0, mend: REASONS[key][1] })),
		tagged: 0, stale: 0, rpki: { valid: total(m.asn) - 3, unknown: 2, invalid: 1, not_checked: 0 }, next_hops: [{ address: `203.0.113.${11 + m.i}`, routes: total(m.asn) }],
		sessions: memberOf(m).sessions.map((s) => ({ ...s, guard: { md5: true, tcp_ao: false, ttl_security: 1, bfd: false }, rtt_ms: 4,
			agreed: s.state !== 'established' ? null : { router_id: s.address, hold_time_s: 90, ipv4: true, ipv6: false, as4: true, refresh: true, enhanced_refresh: true, extended_messages: true, extended_next_hop: false, add_path: { ipv4: { receive: false, send: true }, ipv6: { receive: false, send: false } },
				graceful_restart: { agreed: true, notification: true, ipv4: { restart_s: 120, stale_s: 3600 }, ipv6: null }, remote_role: 'rs-client', remote_host: null, unknown_capabilities: 0 },
			limits: [{ family: 'ipv4', max: 1000, count: s.accepted + s.filtered, warn_at: 800, warned: false, action: 'restart', restart_s: 900, count_refused: true, source: 'peeringdb' }],
			last_sent: null, last_received: s.last_error ? { at: utc(started - 5400), text: s.last_error, code: 6, subcode: 2, hard: false } : null })) }
}

function makeRoutes() {
	const list = []
	for (const m of members) {
		const count = Math.min(14, total(m.asn))
		for (let n = 0; n < count; n++) {
			const six = n % 4 === 3
			const origin = 65000 + ((m.i * 17 + n * 5) % 500)
			list.push({
				prefix: six ? `2001:db8:${(m.i * 16 + n + 16).toString(16)}::/48` : `198.${18 + (m.i > 5 ? 1 : 0)}.${(m.i % 6) * 40 + n * 2}.0/${n % 3 === 0 ? 23 : 24}`,
				member_asn: m.asn, member_name: m.name, session: `${m.asn}-${six ? 'v6' : 'v4'}`, best: true, state: 'accepted',
				as_path: n % 3 === 0 ? `${m.asn}` : `${m.asn} ${origin}`, origin: n % 7 === 6 ? 'incomplete' : 'igp',
				next_hop: six ? `2001:db8:0:1::${(11 + m.i).toString(16)}` : `203.0.113.${11 + m.i}`, med: n % 5 === 0 ? 100 : null,
				communities: n % 4 === 0 ? ['64500:64500'] : [], large_communities: n % 6 === 1 ? ['64500:0:64508'] : [], ext_communities: [],
				age_s: 3600 + n * 7210, stale: false, rpki: n % 5 === 4 ? 'unknown' : 'valid', irr: null, reasons: [], heard_by: null,
			})
		}
		for (const [key, count] of Object.entries(refused[m.asn] ?? {}))
			for (let n = 0; n < count; n++)
				list.push({
					prefix: key === 'martian' ? '10.64.0.0/16' : key === 'long' ? `198.18.${(m.i % 6) * 40}.${n * 16}/28` : `198.51.100.${n * 32}/27`.replace(/\/27/, key === 'path' ? '/24' : '/27').replace(/\.\d+\/24/, '.0/24'),
					member_asn: m.asn, member_name: m.name, session: `${m.asn}-v4`, best: false, state: 'filtered', as_path: key === 'first' ? `64999 ${m.asn}` : key === 'bogon' ? `${m.asn} 64999` : `${m.asn}`,
					origin: 'igp', next_hop: key === 'hop' ? '203.0.113.250' : `203.0.113.${11 + m.i}`, med: null, communities: [], large_communities: [], ext_communities: [],
					age_s: 900 + n * 60, stale: false, rpki: key === 'first' ? 'invalid (origin)' : 'unknown', irr: null, reasons: [{ ...coded(key), mend: REASONS[key][1] }], heard_by: null,
				})
	}
	// One prefix comes by two members: the second path stays hidden from nobody.
	const twice = list.find((r) => r.member_asn === 64504)
	list.push({ ...twice, member_asn: 64505, member_name: 'Tianshan Transit', session: '64505-v4', best: false, as_path: `64505 64504 ${65100}`, next_hop: '203.0.113.15' })
	return list
}
const routes = makeRoutes()
const alive = (r) => !downSessions[r.session]
const bits = (text) => {
	if (text.includes(':')) {
		const [head, tail] = text.split('::')
		const h = head ? head.split(':') : [], t = tail ? tail.split(':') : []
		const groups = text.includes('::') ? [...h, ...Array(Math.max(0, 8 - h.length - t.length)).fill('0'), ...t] : h
		return groups.map((g) => parseInt(g || '0', 16).toString(2).padStart(16, '0')).join('')
	}
	return text.split('.').map((o) => Number(o).toString(2).padStart(8, '0')).join('')
}
const covers = (prefix, address) => {
	const [base, length] = prefix.split('/')
	return base.includes(':') === address.includes(':') && bits(base).slice(0, Number(length)) === bits(address).slice(0, Number(length))
}
const routeList = (query, state) => {
	const asn = query.get('member')
	const reason = query.get('reason'), rpki = query.get('rpki')
	const all = routes.filter((r) => r.state === state && alive(r) && (!asn || String(r.member_asn) === asn) && (!reason || r.reasons.some((x) => x.reason.includes(reason) || x.euro_ix === reason)) && (!rpki || r.rpki.startsWith(rpki)))
	const limit = Number(query.get('limit') ?? 1000)
	return { routes: all.slice(0, limit), total: all.length, truncated: all.length > limit }
}
function routeAnswer(query) {
	const q = query.get('q') ?? ''
	if (!/^[0-9a-f.:]+(\/\d+)?$/i.test(q)) return error(400, `"${q}" is neither a prefix nor an address`)
	let found = routes.filter((r) => alive(r) && r.prefix === q)
	if (!found.length) {
		const matches = routes.filter((r) => alive(r) && covers(r.prefix, q.split('/')[0]) && Number(r.prefix.split('/')[1]) <= Number(q.split('/')[1] ?? 128))
		const longest = Math.max(...matches.map((r) => Number(r.prefix.split('/')[1])))
		found = matches.filter((r) => Number(r.prefix.split('/')[1]) === longest)
	}
	const listeners = members.filter((m) => m.asn !== 64508)
	const heardBy = (r) => (r.state === 'accepted' ? listeners.filter((m) => m.asn !== r.member_asn && (r.best || m.asn === 64504)).map((m) => m.asn) : [])
	const sent = (r) => {
		const to = heardBy(r)
		return to.length ? [{ to: to.slice(1), as_path: r.as_path, next_hop: r.next_hop, changes: r.communities.length ? `without ${r.communities[0]}` : null }, { to: to.slice(0, 1), as_path: `${r.member_asn} ${r.as_path}`, next_hop: r.next_hop, changes: `path ${r.member_asn} ${r.as_path}` }].filter((group) => group.to.length) : []
	}
	return { routes: found.map((r) => ({ ...r, sent: sent(r), heard_by: r.state === 'accepted' ? listeners.filter((m) => m.asn !== r.member_asn && (r.best || m.asn === 64504)).map((m) => m.asn) : [] })), total: found.length, truncated: false }
}

function explanation(query) {
	const answer = routeAnswer(query)
	if (!answer.routes) return answer
	const from = query.get('from'), roa = query.get('roa'), community = query.get('community')
	const step = (part, name, outcome, found, more = {}) => ({ part, step: name, outcome, passed: outcome === 'passed' ? true : outcome === 'failed' ? false : null, text: found, found, wanted: null, mend: null, reasons: [], ...more })
	const way = (r, i, heard) => ({ member_asn: r.member_asn, member_name: r.member_name, session: r.session, state: r.state, place: i + 1, as_path: r.as_path, next_hop: r.next_hop, communities: r.communities, large_communities: [], ext_communities: [], reasons: r.reasons,
		steps: [step('in', 'AS_SET', 'passed', 'sequences only'), step('in', 'next hop', 'passed', r.next_hop), step('in', 'ASPA', 'not applied', 'not checked'), step('in', 'RPKI origin', 'passed', 'valid'),
			...r.reasons.map((x) => step('in', 'prefix length', 'failed', r.prefix.replace(/.*\//, '/'), { wanted: '/8 to /24', mend: x.mend, reasons: [x] })),
			...(r.state === 'accepted' ? [step('choice', 'place', 'said', `number ${i + 1} of ${answer.routes.length} accepted paths`)] : []),
			...(query.get('to') ? [step('out', 'communities', heard ? 'passed' : 'failed', heard ? 'say nothing against it' : `${community}: not to AS${query.get('to')}`), step('out', 'result', 'said', heard ? 'hears this path' : 'hears no path of this prefix')] : [])] })
	const some = answer.routes.filter((r) => !from || String(r.member_asn) === from)
	return { query: query.get('q'), prefix: answer.routes[0]?.prefix, exact: true, total: answer.total, paths: some.map((r, i) => way(r, i, true)),
		supposed: roa || community ? { words: roa ? `a ROA ${roa}` : `community ${community}`, paths: some.map((r, i) => way(r, i, !community)), changes: [{ asn: 64502, name: members[1].name, now: 64501, then: null, edited: false }], unchanged: 10 } : null }
}
function peering(m) {
	return { asn: m.asn, name: m.name, accepted: total(m.asn), members: members.filter((x) => x !== m).map((x) => ({ asn: x.asn, name: x.name, up: x.asn !== 64508, may_hear: x.asn === 64504 ? 0 : total(m.asn), hears: x.asn === 64504 ? 0 : total(m.asn) - 2, may_be_heard: total(x.asn), heard: total(x.asn), why_not: x.asn === 64504 ? 'communities: 0:64504: not to AS64504' : null })) }
}
function policyOf(m) {
	return { member: m ? { asn: m.asn, name: m.name } : null, wanted: ['ipv4', 'ipv6'].flatMap((family) => [{ family, check: 'prefix length', applied: true, wanted: family === 'ipv4' ? '/8 to /24' : '/12 to /48' }, { family, check: 'first AS', applied: true, wanted: `AS${m?.asn}` }, { family, check: 'ASPA', applied: false, wanted: 'valid or unknown' }]),
		values: [{ item: 'next_hop', value: 'strict', from: 'hub', help: 'the address of the session' }, { item: 'as_path_max', value: '20', from: 'own', help: 'most hops' }, { item: 'martians', value: ['0.0.0.0/0', '10.0.0.0/8+', '127.0.0.0/8+', '192.168.0.0/16+'], from: 'hub', help: 'never accepted' }],
		as_sets: [{ name: `AS${m?.asn}:AS-ALL`, family: 'ipv4', state: 'fresh', prefixes: 412, origins: 31, fetched: utc(started) }, { name: `AS${m?.asn}:AS-ALL`, family: 'ipv6', state: null, prefixes: null, origins: null, fetched: null }], announce: ['deny, AS64504'], receive: [] }
}

function traffic() {
	const at = now()
	const ports = members.map((m) => {
		const gone = m.asn === 64508
		const [i, o] = gone ? [0, 0] : [speedOf(m, at, 'in'), speedOf(m, at, 'out')]
		return { port: `${m.asn}-1`, asn: m.asn, member: m.name, speed_bps: m.speed_bps, in_bps: gone ? null : i, out_bps: gone ? null : o, utilisation: gone ? null : Math.max(i, o) / m.speed_bps, source: gone ? 'missing' : m.i === 6 ? 'estimated' : 'counter' }
	})
	const totals = { in_bps: sum(ports, (p) => p.in_bps ?? 0), out_bps: sum(ports, (p) => p.out_bps ?? 0) }
	const start = at - (at % 300)
	return { now: { start: utc(start), covered_s: at % 300, ...totals }, last: { start: utc(start - 300), ...totals }, ports, kernel_drops: 0, kept_local_share: 0.934,
		unattributed: [{ cause: 'unknown source MAC', octets: 18_220_113_000, samples: 812 }, { cause: 'unknown destination MAC', octets: 2_114_000_000, samples: 93 }, { cause: 'no sampling rate', octets: 0, samples: 0 }],
		exporters: exporters().exporters, unknown_macs: empty ? [] : strangers(utc, at) }
}
function portTrust() {
	const side = (ratio) => ({ counter_octets: 1e12, errors: ratio > 1.2 ? 17 : 0, discards: 0, flow_octets: 1e12 * ratio, samples: 4000, ratio, error_percent: 3.1 })
	return { start: utc(now()), length_s: 300, covered_s: 300, simulated: false, ports: members.map((m) => ({ port: `${m.asn}-1`, asn: m.asn, member: m.name, service: 'peering', speed_bps: m.speed_bps, utilisation: 0.4, state: m.i === 6 ? 'estimated' : 'counter', counters_by: m.i === 6 ? null : 'sflow', counters_covered_s: 300, ...interfaceOf(m.i), lost_ppm: m.i === 3 ? 1530 : 0, in: m.i === 6 ? { ...side(1), ratio: null } : side(0.981), out: m.i === 2 ? side(1.412) : side(1.007) })) }
}
function exporters() {
	const run = now() - started
	return { exporters: [
		{ exporter: 'khi-sw1', address: '192.0.2.11', known: true, protocols: ['sflow'], datagrams: run * 310, records: run * 1840, lost_records: 0, refused: [], last_heard: utc(now()) },
		{ exporter: 'khi-sw2', address: '192.0.2.12', known: true, protocols: ['sflow'], datagrams: run * 287, records: run * 1702, lost_records: 4211, domains: [{ protocol: 'sflow', number: 0, received: run * 1702, lost: 4211, lost_here: 211, estimated: 0, restarts: 1, repeated: 3 }], refused: [{ cause: 'sample runs past the datagram', count: 3 }], last_heard: utc(now() - 1) },
		{ exporter: 'isb-r1', address: '192.0.2.21', known: true, protocols: ['ipfix', 'netflow v9'], datagrams: run * 41, records: run * 902, lost_records: 118, refused: [{ cause: 'template not yet known', count: 27 }, { cause: 'length field is wrong', count: 1 }], last_heard: utc(now() - 4) },
		{ exporter: '198.51.100.77', address: '198.51.100.77', known: false, protocols: [], datagrams: 1822, records: 0, lost_records: 0, refused: [{ cause: 'sender is not in the hub file', count: 1822 }], last_heard: utc(now() - 340) },
	].map((e) => ({ ...e, ...ofItself[e.exporter] })) }
}
const evil = '<img src=x onerror=alert(1)>'
function alarms() {
	if (unladen()) return { alarms: [], over: [], unlisted: 0, learns_until: utc(now() + 3600), sessions_known: false, memory: 1 }
	const alarm = (id, kind, severity, subject, m, more) => ({ id, kind, severity, acknowledged: id >= 10 ? '2026-11-21T08:06:00Z' : null, subject: hostile ? evil : subject, asn: m?.asn ?? null, member: m?.name ?? null, target: null, since: '2026-11-21T08:05:00Z', until: null, by: null, proposal: null, ...more, text: hostile ? evil : more.text })
	return { unlisted: 0, learns_until: null, sessions_known: true, memory: 91000,
		alarms: [
			alarm(7, 'port-full', 'warning', '64503-1', members[2], { value: 71.4, threshold: 60, unit: 'percent', by: 'counters', text: 'port 64503-1 of Makran Wireless: 71 % of 100.0 Gbit/s in use on the way in, by its counters: have the member order more before it is full' }),
			alarm(8, 'sudden-rise', 'alarm', 'to a member', members[11], { value: 38.2 * G, threshold: 4 * G, unit: 'bit/s', proposal: 3, text: 'what goes to one address rose tenfold in a minute, from many sources: see proposal 3' }),
			alarm(9, 'exporter-silent', 'alarm', 'isb-r2', null, { value: 744, threshold: 120, unit: 's', text: 'exporter isb-r2 was heard and is silent now: see whether it runs' }),
			alarm(10, 'flow-counter-ratio', 'warning', '64503-1', null, { value: 141.2, threshold: 110, unit: 'percent', text: 'samples say more than the counters of the port: see the sampling rate' }),
			alarm(11, 'counters-differ', 'alarm', '64505-1', null, { value: 11.96, threshold: 5, unit: 'percent', by: 'counters', text: "port 64505-1: its counters are 92.0 Gbit/s by sFlow, which bills rest on, and 81.0 Gbit/s by SNMP, on the way out: one of them is another interface's, or wrong" }),
			alarm(12, 'interface-clash', 'alarm', '64508-1', null, { value: 2, threshold: 1, unit: 'ports', text: 'port 64508-1: another port claims interface 8 of khi-sw2 too, so neither has it' }),
		],
		over: [alarm(6, 'loss', 'warning', 'khi-sw2', null, { until: '2026-11-21T07:10:00Z', value: 0.21, threshold: 0.1, unit: 'percent', text: 'records were lost' })] }
}
function proposals() {
	const one = (number, state, ends, text) => ({ number, state, target: null, asn: 64512, member: members[11].name, alarm: 8, since: '2026-11-21T08:05:00Z', changed: '2026-11-21T08:05:00Z', ends, bps: 38.2 * G, pps: 4.1e6, usual_bps: 0.9 * G, sources: 4120, text: hostile ? evil : text })
	return { proposals: unladen() ? [] : [one(1, 'dismissed', null, ''), one(2, 'installed', '2026-11-21T10:00:00Z', 'on 2 sessions'), one(3, 'proposed', null, '')] }
}
const blackholes = () => ({ blackholes: unladen() ? [] : [{ prefix: '198.51.100.7/32', asn: 64512, member: members[11].name, since: '2026-11-21T07:30:00Z', ends: '2026-11-21T10:00:00Z', sessions: 2 }] })
function trafficBy(query) {
	const what = query.get('what')
	const names = { service: ['peering', 'cache', 'cloud', 'transit'], local: ['between members here', 'to and from transit', 'unknown source MAC'], member: members.map((m) => m.name), as: ['AS64501 Indus Broadband', '(no route)'], country: ['PK', 'CN', '--'], segment: ['M07', 'F05'], family: ['ipv4', 'ipv6', 'other'], pair: members.slice(0, 6).map((m) => m.name), port: members.map((m) => `${m.asn}-1`), 'next-as': ['AS64501 Indus Broadband'], 'member-as': ['AS64501 Indus Broadband', 'AS15169', '(smaller networks)'] }[what]
	if (!names) return error(400, `traffic is not known by ${what}`)
	const rows = (empty ? [] : names).map((name, n) => {
		const bps = Math.round(4e11 / (n + 1)), octets = bps * 37.5
		const ways = ['local', 'family', 'pair'].includes(what) ? { flow_octets: octets, octets, bps } : { flow_in_octets: octets * (n === 1 ? 1.31 : 0.994), in_octets: octets, in_bps: bps, flow_out_octets: octets / 2, out_octets: octets / 2, out_bps: bps / 2 }
		const ends = what === 'pair' ? { from: name, to: members[(n + 6) % members.length].name } : what === 'member-as' ? { member: members[n].name, member_asn: members[n].asn, name } : { name }
		return { ...ends, ...(what === 'as' ? { asn: n ? null : 64501 } : {}), ...ways, samples: n === 2 ? 0 : 4000 / (n + 1), error_percent: n === 2 ? null : 3.1 * (n + 1) }
	})
	const start = now() - (now() % 300) - 300
	return { by: what, start: utc(start), length_s: 300, covered_s: 300, simulated: true, count: rows.length, rows }
}
const byAsn = new Map(members.map((m) => [m.asn, m]))
let hugeMatrix = null
function matrix() {
	if (hugeMatrix) return hugeMatrix
	const at = now(), start = at - (at % 300) - 300
	const weight = { access: 1, transit_customer: 0.5, carrier: 0.9, content: 1.6, cloud: 0.7 }
	const pairs = []
	for (const a of members)
		for (const b of huge && a.i >= 12 ? members.slice(a.i % 2900, a.i % 2900 + 68) : members.slice(0, 3000)) {
			if (a === b || a.asn === 64508 || b.asn === 64508) continue
			const eyeballs = (m) => (m.kind === 'access' || m.kind === 'transit_customer' ? 1 : 0.25)
			const bps = a.speed_bps * a.load * weight[a.kind] * eyeballs(b) * b.speed_bps * b.load / 9e11 * (0.6 + 0.8 * ((a.i * 31 + b.i * 17) % 23) / 23)
			if ((a.i * 7 + b.i * 3) % 11 === 0) continue
			for (const [family, share] of [['ipv4', 0.68], ['ipv6', 0.31], ['other', 0.0004]])
				if (family !== 'other' || (a.i + b.i) % 9 === 0) pairs.push({ from_asn: a.asn, from: a.name, to_asn: b.asn, to: b.name, family, octets: Math.round(bps * share * 300 / 8), bps: Math.round(bps * share) })
		}
	const countries = new Map()
	for (const p of pairs) {
		const from = byAsn.get(p.from_asn).country, to = byAsn.get(p.to_asn).country
		for (const [f, t, share] of [[from, to, 0.8], [from === 'AE' ? 'US' : from, to, 0.12], [from, to === 'PK' ? '--' : to, 0.08]])
			countries.set(f + t, { from: f, to: t, octets: Math.round((countries.get(f + t)?.octets ?? 0) + p.octets * share) })
	}
	const networks = []
	for (let n = 0; n < 26 && members.length; n++) {
		const m = members[(n * 5) % 12]
		networks.push({ asn: n === 9 ? 0 : 65000 + n * 7, country: n === 9 ? '--' : ['PK', 'CN', 'KZ', 'US', 'AE', 'UZ', 'TR', 'SG'][n % 8], direction: n % 3 ? 'in' : 'out', member_asn: m.asn, octets: Math.round(9e12 / (n + 2)) })
	}
	const answer = { start: empty ? null : utc(start), length_s: 300, ports: 12, pairs, countries: [...countries.values()], networks }
	if (huge) hugeMatrix = answer
	return answer
}

const p95 = (values) => {
	const sorted = [...values].sort((a, b) => a - b)
	return sorted.length ? sorted[sorted.length - Math.floor(sorted.length / 20) - 1] : 0
}
const monthStart = (month) => Date.parse(month + '-01T00:00:00Z') / 1000
const thisMonth = () => utc(now()).slice(0, 7)
function curve(m, query) {
	const month = query.get('month'), hours = query.get('hours')
	const end = now() - (now() % 300)
	const from = month ? monthStart(month) : hours ? end - Number(hours) * 3600 : monthStart(thisMonth())
	const last = month ? Math.min(end, new Date(new Date(from * 1000).setUTCMonth(new Date(from * 1000).getUTCMonth() + 1)) / 1000) : end
	const points = []
	for (let t = from; t < last; t += 300) {
		const missing = m.asn === 64508 && t > end - 1260
		const estimated = (t / 300) % 977 < 9
		points.push(missing ? [t, null, null, 0] : [t, speedOf(m, t, 'in'), speedOf(m, t, 'out'), estimated ? 2 : 1])
	}
	const known = points.filter((p) => p[3])
	return { asn: m.asn, name: m.name, from: utc(from), to: utc(last), bin_s: 300, points, p95_in_bps: p95(known.map((p) => p[1])), p95_out_bps: p95(known.map((p) => p[2])), commit_bps: m.i % 3 === 2 ? null : Math.round(m.speed_bps * 0.3 / G) * G, simulated: last < now() - 86400 || from < now() - 9 * 86400 }
}
function invoices(query) {
	const month = query.get('month') ?? thisMonth()
	const list = members.map((m) => {
		const flat = m.i % 3 === 2
		const c = huge && m.i >= 12 ? { commit_bps: G, p95_in_bps: m.speed_bps * m.load, p95_out_bps: 0 } : curve(m, new URLSearchParams({ month }))
		const peak = Math.max(c.p95_in_bps, c.p95_out_bps)
		const over = flat ? 0 : Math.max(0, peak - c.commit_bps)
		const net = flat ? m.speed_bps / G * 18 : c.commit_bps / 1e6 * 0.045 + over / 1e6 * 0.06
		return { number: `KTH-${month}-${m.asn}`, contract: `c-${m.asn}`, asn: m.asn, member: m.name, kind: flat ? 'flat' : 'commit', p95_bps: peak, billed_bps: flat ? null : Math.max(peak, c.commit_bps), commit_bps: c.commit_bps,
			total: { amount: (net * 1.16).toFixed(2), currency: 'USD' }, simulated: month !== thisMonth(), final: month !== thisMonth(), purchase: false }
	})
	return { month, invoices: month > thisMonth() ? [] : empty || month === thisMonth() ? list : [...list, ...partyInvoices(month, true, hostile ? evil : null)] }
}

const geography = JSON.parse(readFileSync(join(here, 'corridor.json'), 'utf8'))
// What the contracts lay on the cables: segment, load as a share, capacity in Tbit/s where the data has none.
const LOADS = { P07: [0.74, 1.2], P06: [0.72, 1.2], P05: [0.58, 1.6], P04: [0.55, 1.6], P02: [0.36, 2], P01: [0.88, 0.45], N07: [0.47, 2.4], N01: [0.33, 4], K07: [0.52, 2.4], K06: [0.66, 1.6], K18: [0.62, 1.2], A14: [0.41, 0.8],
	F05: [0.91, 0.2], F06: [0.79, 0.4], P03: [0.5, 1], M01: [0.63, 2.6], M07: [0.81, 3.58], M22: [0.6, 8], M09: [0.69, 6], M15: [0.77, 1.02], M04: [0.44, 8], M17: [0.38, 8], M03: [0.3, 0.8], M11: [0.24, 2], M23: [0.35, 4], L28: [0.42, 12],
	K11: [0.46, 1.2], K10: [0.4, 1.2], K05: [0.57, 1], A13: [0.48, 0.4], F04: [0, 0.4], L25: [0.49, 6], L24: [0.5, 4], L22: [0.71, 2], L23: [0.54, 2], B01: [0.83, 1.2], L07: [0.78, 1.2], L06: [0.68, 1.2], L05: [0.62, 1.2], L04: [0.6, 1.4], L19: [0.59, 1.4] }
function corridor() {
	const t = now()
	return { ...geography, segments: geography.segments.map((s, n) => {
		const load = unladen() ? undefined : LOADS[s.id]
		if (s.id === 'F04') return { ...s, usable: false, status: 'cut (reported 12:04 UTC, Salang pass)', capacity_bps: 0.4e12, load_bps: null, utilisation: null }
		// One that carries ours, of which no source says how much it can.
		if (s.id === 'A18' && !unladen()) return { ...s, capacity_bps: null, load_bps: 21.4e9, utilisation: null }
		if (!load) return { ...s, load_bps: null, utilisation: null }
		const capacity_bps = Math.round(load[1] * 1e12)
		const utilisation = load[0] * (1 + (still ? 0 : 0.02 * Math.sin(t / 40 + n)))
		return { ...s, capacity_bps, load_bps: Math.round(utilisation * capacity_bps), utilisation }
	}) }
}
// The last month is in the journal, each invoice at another place of its way; the running one is not.
function issued(query) {
	const month = query.get('month') ?? '2026-10', asn = as || query.get('member')
	const ways = [['open', 0, 0, 0], ['part paid', 0.25, 0, 0], ['paid', 1, 0, 0], ['overdue', 0, 0, 0.1], ['credited', 0, 1, 0]]
	const list = month < thisMonth() ? invoices(query).invoices.slice(0, huge ? undefined : 6).filter((i) => i.asn !== null && !i.purchase).filter((i) => !asn || String(i.asn) === asn) : []
	return { invoices: list.map((i) => {
		const [state, paid, credited, disputed] = ways[(i.asn - 64501) % 5]
		const total = Number(i.total.amount), part = (share) => (total * share).toFixed(2)
		return { id: `KTH-I0000${i.asn - 64490}`, number: i.number, month, holder: String(i.asn), name: i.member, contract: i.contract, issued: '2026-11-01', due: '2026-12-31', currency: 'USD', total: i.total.amount, credited: part(credited), paid: part(paid), open: part(1 - paid - credited), disputed: part(disputed), state: hostile ? evil : state }
	}) }
}
function monthSoFar() {
	const list = invoices(new URLSearchParams()).invoices
	if (!list.length) return { month: thisMonth(), p95_in_bps: null, p95_out_bps: null, invoices: 0, totals: [], simulated: false }
	return { month: thisMonth(), p95_in_bps: 1e12, p95_out_bps: 1.0843e12, invoices: list.length, totals: [{ amount: sum(list, (i) => Number(i.total.amount)).toFixed(2), currency: 'USD' }, { amount: '4991382.28', currency: 'PKR' }], simulated: true }
}
// As web_incidents.c says them.
function warnings() {
	const { alarms: on } = alarms(), words = { 'port-full': 'Port is full', 'exporter-silent': 'Exporter is silent', 'flow-counter-ratio': 'Samples and counters do not fit', 'counters-differ': 'Two sources count a port differently', 'interface-clash': 'Two ports claim one interface' }
	const waiting = proposals().proposals.filter((p) => p.state === 'proposed')
	return [...waiting.map((p) => ({ severity: 3, text: `A blackhole for ${p.member} waits for a decision`, detail: `38.2 Gbit/s, usually 900 Mbit/s. sarai propose confirm ${p.number}, or sarai propose dismiss ${p.number}.`, link: '#/exporters', state: 'proposed' })),
		...on.filter((a) => !a.proposal).map((a) => ({ severity: a.severity === 'alarm' ? 3 : 2, text: `${words[a.kind]}: ${a.subject}${a.member ? `, ${a.member}` : ''}`, detail: a.text, link: '#/exporters', state: a.acknowledged ? 'acknowledged' : null }))]
}
function overview() {
	const m = memberList().members, segments = corridor().segments
	const loaded = segments.filter((s) => s.utilisation !== null).sort((a, b) => b.utilisation - a.utilisation)
	const t = traffic()
	const exchange = !down.has('exchange'), meter = !down.has('meter'), cables = !down.has('corridor')
	const incidents = [...down].map((room) => ({ severity: 3, text: `The ${room} room is down`, detail: 'It is being restarted; its numbers are unknown until then.', link: null }))
	if (exchange && !empty) incidents.push({ severity: 3, text: 'Lapis Networks is down', detail: 'Both sessions since 21 min: hold timer expired, nothing heard for 90 s.', link: '#/members/64508' })
	if (cables && !empty) incidents.push({ severity: 2, text: 'AF ring Mazar-Kabul (Salang) is cut', detail: 'No load could be moved: no contract names another way.', link: '#/segments/F04' })
	if (exchange && !empty) incidents.push({ severity: 2, text: 'Steppe Telecom: 1 of 2 sessions down', detail: 'Administrative shutdown: "fibre work until 14:00 UTC".', link: '#/members/64506' })
	if (meter) incidents.push(...warnings())
	incidents.sort((a, b) => Number(a.state === 'acknowledged') - Number(b.state === 'acknowledged') || b.severity - a.severity)
	return { hub, ...(as ? { incidents: null } : { rooms: roomStates(), incidents, incident_count: incidents.length }), simulated: true,
		numbers: { now_bps: meter ? t.now.in_bps : null, p95_month_bps: down.has('ledger') ? null : 1.0843e12, members_up: exchange ? m.filter((x) => x.trouble < 3).length : null, members: exchange ? m.length : null,
			sessions_up: exchange ? sum(m, (x) => x.sessions.filter((s) => s.state === 'established').length) : null, sessions: exchange ? sum(m, (x) => x.sessions.length) : null, segments_over_85: cables ? loaded.filter((s) => s.utilisation > 0.85).length : null },
		busiest: cables ? loaded.slice(0, 8).map((s) => ({ segment: s.id, name: s.name, utilisation: s.utilisation, load_bps: s.load_bps, capacity_bps: s.capacity_bps })) : null }
}
// Told by points: one line under the Caspian, by way of a point that no great circle meets.
const courses = () => ({ type: 'FeatureCollection', features: geography.segments.filter((one) => ['C01', 'A01'].includes(one.id)).map((one) => {
	const [a, b] = [one.a, one.b].map((id) => geography.sites.find((site) => site.id === id)).map((site) => [site.lon, site.lat])
	return { type: 'Feature', id: one.id, geometry: { type: 'LineString', coordinates: one.id === 'C01' ? [a, [50.5, 43.5], b] : [a, b] }, properties: { list: 'segments', id: one.id, line: one.id === 'C01' ? 'told' : 'drawn' } }
}), lists: {} })
const roomStates = () => ['exchange', 'meter', 'ledger', 'corridor', 'web'].map((room, n) => ({ room, state: down.has(room) ? 'down' : 'up', pid: down.has(room) ? null : 4100 + n, since: utc(down.has(room) ? now() - 30 : started), restarts: down.has(room) ? 3 : 0 }))

const error = (status, text) => ({ status, error: text })
function bill(m, query, party) {
	const month = query.get('month') ?? thisMonth()
	const one = invoices(new URLSearchParams({ month })).invoices.find((i) => (m ? i.asn === m.asn : i.party === party) && (!query.get('contract') || i.contract === query.get('contract')))
	if (!one) return error(404, 'there is no such contract')
	const format = query.get('format') ?? 'json'
	if (format === 'csv') return { raw: `number,asn,member,p95_bps,total\n${one.number},${one.asn},${one.member},${one.p95_bps},${one.total.amount}\n`, type: 'text/csv; charset=utf-8' }
	if (format === 'html') return { raw: `<!doctype html><meta charset="utf-8"><title>${one.number}</title><style>body{font:14px sans-serif;margin:3em}</style><h1>Invoice ${one.number}</h1><p>${one.member} · total ${one.total.amount} ${one.total.currency}</p>`, type: 'text/html; charset=utf-8' }
	if (one.purchase || one.party) return { ...partyBill(one, hub, m?.country ?? 'OM'), month }
	const c = curve(m, new URLSearchParams({ month }))
	const states = [0, 1, 2].map((state) => c.points.filter((p) => p[3] === state).length)
	const n = states[1] + states[2], rank = n - Math.floor(n / 20)
	const part = (share) => ({ amount: (Number(one.total.amount) * share).toFixed(2), currency: 'USD' })
	return { ...one, ...(one.final ? { way: billWay(month, hostile ? evil : null, true) } : {}), member: { asn: m.asn, name: m.name, country: m.country }, contract: { id: one.contract, kind: one.kind, ports: [`${m.asn}-1`] }, month, from: c.from, to: c.to, time_zone: 'Asia/Karachi', from_local: `${month}-01`, to_local: `${month}-28`, date: `${month}-28`, due_date: one.final ? '2026-12-31' : null, purchase: false, hub,
		rules: ['95th percentile, rank n - floor(n/20), per direction, the larger', 'missing bins stay out of n'], measure: '95th percentile', bins: { expected: c.points.length, counter: states[1], estimated: states[2], missing: states[0], simulated: 0, other_party: 0, ...(m.i === 0 ? { adjusted: 1 } : {}) }, loss: { bins: m.i === 4 ? 12 : 0, worst_ppm: m.i === 4 ? 1530 : 0 }, bin_s: 300, n, rank,
		p95_in_bps: c.p95_in_bps, p95_out_bps: c.p95_out_bps, peak_bps: c.p95_out_bps, bins_above: n - rank, net: part(0.8621), tax: part(0.1379), tax_note: null, curve: c.points, ...(m.i === 1 && one.final ? { issued: { id: 'KTH-I000012', differs: true, differences: ['lines[0].price: 0.045, now 0.050'] } } : {}),
		lines: [{ kind: 'commit', item: null, text: 'Committed rate', quantity: '60000', unit: 'Mbit/s', price: '0.045', days: 12, days_in_month: 30, amount: part(0.8621) }, { kind: 'credit', item: 'outage', text: hostile ? '<img src=x onerror=alert(1)>' : 'Credit', quantity: null, unit: null, price: null, days: 1, days_in_month: 1, amount: { amount: '-10.00', currency: 'USD' } }, { kind: 'tax', item: null, text: 'Tax', quantity: '16', unit: '%', price: null, days: 1, days_in_month: 1, amount: part(0.1379) }] }
}
function forecast(query) {
	const asn = query.get('member')
	const end = (i, share) => ({ p95_bps: Math.round(i.p95_bps * share), billed_bps: i.billed_bps, net: i.total, total: { amount: (Number(i.total.amount) * share).toFixed(2), currency: 'USD' } })
	const list = invoices(query).invoices.filter((i) => !asn || String(i.asn) === asn)
	return { month: query.get('month') ?? thisMonth(), at: utc(now()), method: '', forecasts: list.map((i) => ({ asn: i.asn, member: i.member, contract: i.contract, bin_s: 300, bins: 8640, known: 6000, left: 2640, growth_ppm: 1014000, low: end(i, 0.97), likely: end(i, 1.02), high: end(i, 3), simulated: false, final: i.final })) }
}
function revenue(query) {
	const by = query.get('by') ?? 'member', month = query.get('month')
	const usd = (amount) => ({ amount: amount.toFixed(2), currency: 'USD' })
	const months = (top) => Array.from({ length: 12 }, (_, i) => (i < 11 ? top * (0.5 + i / 20) : 0).toFixed(2))
	const parts = (sum, cost, shared, kept, computed, currency = 'USD') => Object.fromEntries(Object.entries({ sum, cost, shared, kept, computed, computed_cost: '0.00' }).map(([name, amount]) => [name, { amount, currency }]))
	const names = { member: [...members.map((m) => [String(m.asn), m.name]), ...(empty ? [] : [['desert-lease', 'شبکه صحرا']])], country: [['PK', 'PK'], ['KZ', 'KZ'], ['', 'not known']], segment: [['M07', 'AAE-1 Karachi-Djibouti-Suez part'], ['', 'not on the corridor']], service: [['traffic', 'traffic'], ['ports', 'ports']] }[by]
	const rows = names.map(([key, name], n) => ({ key, name, ...parts((9e6 / (n + 1)).toFixed(2), '0.00', n ? '0.00' : '1250000.00', n ? (9e6 / (n + 1)).toFixed(2) : '7750000.00', '0.00'), ...(month ? {} : { months: months(1e6 / (n + 1)) }) }))
	rows.push({ key: '', name: 'other', ...parts('2350000.00', '0.00', '0.00', '2350000.00', '0.00', 'PKR') })
	const sum = rows.filter((r) => r.sum.currency === 'USD').reduce((all, r) => all + Number(r.sum.amount), 0)
	return { by, span: month ?? query.get('year') ?? '2026', running: true, simulated: false, invoices: 12, issued: 3, rows,
		totals: [{ currency: 'USD', ...parts(sum.toFixed(2), '120000.00', '1250000.00', (sum - 1370000).toFixed(2), '4000000.00'), ...(month ? {} : { months: months(2e6), plan: { from: usd(200e6), to: usd(400e6), run_rate: usd(31e6), percent_of_to_x100: 551, percent_of_from_x100: 1102, percent_of_year_x100: 8890 } }) }, { currency: 'PKR', ...parts('2350000.00', '0.00', '0.00', '2350000.00', '0.00', 'PKR') }] }
}
const rooms = { overview: null, status: null, corridor: 'corridor', matrix: 'meter', traffic: 'meter', exporters: 'meter', ports: 'meter', members: 'exchange', routes: 'exchange', route: 'exchange', filtered: 'exchange', explain: 'exchange', sessions: 'exchange', bfd: 'exchange', bmp: 'exchange', mrt: 'exchange', rpki: 'exchange', invoices: 'ledger', bill: 'ledger', ledger: 'ledger', alarms: 'meter', proposals: 'meter', blackholes: 'exchange', forecast: 'ledger', revenue: 'ledger', blends: 'ledger', memory: 'meter', polls: null }
function answer(path, query) {
	const [first, second, third] = path.split('/')
	// What the hub refuses to who is not the operator (src/web/web_routes.c), as far as the page asks.
	if (as && (['status', 'invoices', 'revenue', 'matrix', 'traffic', 'exporters', 'alarms', 'proposals', 'memory', 'polls', 'ports', 'blends'].includes(first) || (first === 'ledger' && (as === 'visitor' || !['invoices', 'disputes', 'statement', 'document', 'way'].includes(second) || (second === 'way' && query.get('member') !== as))) || (first === 'members' && second && !third && second !== as))) return error(403, 'this is for the operator')
	const room = third === 'curve' ? 'ledger' : rooms[first]
	if (room && down.has(room)) return error(503, `the ${room} room is not running`)
	const m = second && members.find((x) => String(x.asn) === second)
	if (second && !['corridor', 'ledger', 'traffic', 'history'].includes(first) && !m && !(first === 'bill' && /^[a-z]/.test(second))) return error(404, `there is no member ${second}`)
	switch (first) {
	case 'status': return { hub, version: '0.1.0', started: utc(started), generation: 3, file: 'examples/karachi.yaml', simulated: true, rooms: roomStates() }
	case 'overview': return overview()
	case 'corridor': {
		if (second === 'path') return ways(geography, query)
		if (as && second && second !== 'path') return error(403, 'this is for the operator')
		if (third === 'preview') return segmentsOf(geography, query.get('name')).length ? preview(second, segmentsOf(geography, query.get('name')), hostile ? evil : null) : error(404, `there is no ${query.get('name')}`)
		if (second === 'reach' && empty) return error(404, 'there is nothing to plan: the hub file has no reach.towers')
		if (['map', 'curve'].includes(query.get('format'))) return { type: 'image/svg+xml', raw: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300"><path d="M0,300L400,0" stroke="#246"/></svg>' }
		if (second === 'reach') return reach(query)
		const planned = empty ? (second === 'flow' ? error(404, 'the hub file has no demands') : null) : plan(second, geography, query)
		if (planned) return planned
		if (second === 'export') return courses()
		if (second !== 'segment') return second ? error(404, 'not in the mock') : corridor()
		const one = corridor().segments.find((s) => s.id === query.get('id'))
		const runs = members.filter((_, i) => one && LOADS[one.id] && (i * 7 + one.name.length) % 5 === 0)
		return one ? { ...one, design_tbps: null, lit_tbps: null, fibre_pairs: null, in_service: null, length_basis: null, srlgs: [], check: null, source: null, confidence: 'existence seen; length estimated', contracts: runs.map((m) => ({ contract: `c-${m.asn}`, asn: m.asn, member: m.name, in_force: true })) } : error(404, 'there is no such segment')
	}
	case 'explain': return explanation(query)
	case 'members': return third === 'curve' ? curve(m, query) : third === 'peering' ? peering(m) : third === 'policy' ? policyOf(m) : m ? memberPage(m) : memberList()
	case 'sessions': return { sessions: memberList().members.flatMap((one) => one.sessions.map((s) => ({ asn: one.asn, name: one.name, ...s }))) }
	case 'bfd': return { sessions: [{ asn: 64501, name: 'Indus Broadband', session: '64501-1', address: '203.0.113.11', state: 'up', since: utc(started), detection_ms: 900, packets_in: 99, downs: 1 }, { asn: 64506, name: 'Steppe Telecom', session: '64506-1', address: '203.0.113.16', state: 'down', since: utc(now() - 90), diagnostic: 'control detection time expired', detection_ms: null, packets_in: 12, downs: 3 }], dropped: { distance: 3, unknown: 41, version: 0 } }
	case 'bmp': return { stations: [{ name: 'archive', host: 'bmp.example.net', port: 11019, state: 'up', since: utc(started), caught_up: true, hears: ['pre_policy', 'loc_rib'], sent_octets: 1981000000, failures: 0, overruns: 0, next_try: null, last_error: null, last_error_at: null }, { name: 'second', host: '198.51.100.9', port: 5000, state: 'waits', since: utc(now() - 30), caught_up: false, hears: ['post_policy'], sent_octets: 0, failures: 6, overruns: 1, next_try: utc(now() + 20), last_error: 'Connection refused', last_error_at: utc(now() - 30) }] }
	case 'mrt': return { directory: '/var/lib/sarai/mrt', keep_days: 30, table: { last: 'rib.20261121.0800.gz', last_at: utc(now() - 1200), last_octets: 3400000, writing: null, next: utc(now() + 2400), files: 5, failures: 0, lost_records: 0, last_error: null, last_error_at: null }, updates: { last: null, last_at: null, last_octets: null, writing: 'updates.20261121.0815.gz', next: utc(now() + 300), files: 0, failures: 2, lost_records: 17, last_error: 'No space left on device', last_error_at: utc(now() - 60) } }
	case 'rpki': return { ready: true, vrps_ipv4: 412000, vrps_ipv6: 121000, aspas: 310, filtered: 2, asserted: 1, sources: [{ name: 'routinator', complete: true, alive: true, in_use: true, vrps_ipv4: 412000, vrps_ipv6: 121000, aspas: 310 }, { name: 'rpki-client', complete: true, alive: false, in_use: false, vrps_ipv4: 0, vrps_ipv6: 0, aspas: 0 }], caches: [{ name: 'routinator', host: '198.51.100.7', port: 3323, updated: utc(now() - 40), last_error: null }, { name: 'rpki-client', host: '198.51.100.8', port: 323, updated: null, last_error: 'no answer' }], files: [], accepted: { valid: 1500, unknown: 400, invalid_origin: 0, invalid_length: 0, not_checked: 0 }, refused: { valid: 3, unknown: 1, invalid_origin: 6, invalid_length: 2, not_checked: 0 } }
	case 'registry': return { irr: { enabled: true, host: 'irr.example.net', fresh: 22, stale: 1, held: 1, none: 0 }, peeringdb: { networks: 35000, fetched: utc(now() - 7200), last_error: null }, sets: [{ set: 'AS64501:AS-ALL', family: 'ipv4', state: 'fresh', prefixes: 211, fetched: utc(now() - 600), last_error: null, held: null }, { set: 'AS64506:AS-STEPPE', family: 'ipv4', state: 'held', prefixes: 940, fetched: utc(now() - 90000), last_error: null, held: { why: 'shrinks from 940 to 3 prefixes' } }, { set: 'AS64509:AS-CDN', family: 'ipv6', state: 'stale', prefixes: 12, fetched: utc(now() - 50000), last_error: 'no answer in 60 s', held: null }] }
	case 'routes': return routeList(query, 'accepted')
	case 'filtered': return routeList(query, 'filtered')
	case 'route': return routeAnswer(query)
	case 'traffic': return second === 'by' ? trafficBy(query) : traffic()
	case 'alarms': return alarms()
	case 'proposals': return proposals()
	case 'blackholes': return blackholes()
	case 'ledger': return second === 'way' ? proofs(members.find((x) => String(x.asn) === query.get('member')), query.get('month') ?? thisMonth(), { evil: hostile ? evil : null, empty, final: query.get('month') < thisMonth() }) : second === 'invoices' ? issued(query) : second === 'payables' ? (empty ? { invoices: [] } : payables(query)) : second === 'adjustments' ? (empty ? { adjustments: [] } : adjustments(hostile ? evil : null)) : journal(second, query, { names: new Map(members.map((x) => [x.asn, x.name])), evil: hostile ? evil : null, own: Number(as) || null, long: huge ? 250000 : undefined, empty })
	case 'me': return { role: as === '' ? 'operator' : as === 'visitor' ? 'visitor' : 'member', asn: Number(as) || null }
	case 'history': return history(query, now(), trafficBy)
	case 'exporters': return exporters()
	case 'ports': return portTrust()
	case 'matrix': {
		const whole = matrix(), limit = Number(query.get('limit') ?? 1e9), of = (family) => sum(whole.pairs.filter((p) => p.family === family), (p) => p.octets)
		if (!hugeMatrix || !hugeMatrix.octets) Object.assign(whole, { pair_count: whole.pairs.length, octets: { ipv4: of('ipv4'), ipv6: of('ipv6'), other: of('other') } })
		return { ...whole, pairs: limit < whole.pairs.length ? [...whole.pairs].sort((a, b) => b.bps - a.bps).slice(0, limit) : whole.pairs }
	}
	case 'invoices': return invoices(query)
	case 'bill': return bill(m, query, second)
	case 'forecast': return forecast(query)
	case 'revenue': return revenue(query)
	case 'blends': return empty ? { month: thisMonth(), blends: [] } : blends(query.get('month') ?? thisMonth())
	case 'memory': return memory()
	case 'polls': return empty ? { polls: [], readings: { waiting: 0, taken: 0, refused: 0, forgotten: 0 } } : polls(utc, now())
	}
	return error(404, 'no such answer')
}

// What is ordered of the corridor; a test orders by asking for /mock/cut?name=risk:RED_SEA.
let orders = []
const live = () => ({ orders, segments: [...new Map(orders.flatMap((one) => segmentsOf(geography, one.id).map((id) => [id, one.state])))].map(([id, state]) => ({ id, live: state })) })
const listeners = new Set()
const event = (name, value) => `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`
const push = () => {
	const text = as ? event('overview', overview()) : event('overview', overview()) + event('corridor', live()) + (down.has('meter') ? '' : event('alarms', alarms()) + event('proposals', proposals())) + (down.has('ledger') ? '' : event('month', monthSoFar())) + (down.has('exchange') ? '' : event('members', memberList())) + (down.has('meter') ? '' : event('traffic', traffic()))
	for (const l of listeners) l.write(text)
}
if (!still) setInterval(push, 2000).unref()

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.txt': 'text/plain; charset=utf-8' }
const GUARD = { 'Content-Security-Policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' }

createServer((request, response) => {
	const url = new URL(request.url, 'http://mock')
	if (url.pathname === '/api/v1/events') {
		response.writeHead(200, { ...GUARD, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
		response.write(': hello\n\n')
		listeners.add(response)
		request.on('close', () => listeners.delete(response))
		push()
		return
	}
	const deed = request.method === 'POST' && url.pathname.match(/^\/api\/v1\/corridor\/(cut|drain|work|restore)$/)?.[1]
	if (deed) {
		const given = request.headers.authorization === `Bearer ${TOKEN}`, [kind, id] = (url.searchParams.get('name') ?? '').split(':')
		if (given) {
			orders = orders.filter((one) => one.kind !== kind || one.id !== id)
			if (deed !== 'restore') orders.push({ state: { cut: 'cut', drain: 'drained', work: 'work' }[deed], kind, id, from: url.searchParams.get('from') ?? utc(now()), until: url.searchParams.get('until'), who: 'boss, HTTP', why: url.searchParams.get('reason'), in_force: true })
			push()
		}
		response.writeHead(given ? 200 : 401, { ...GUARD, 'Content-Type': 'application/json', ...(given ? {} : { 'WWW-Authenticate': 'Bearer' }) })
		response.end(JSON.stringify(given ? live() : error(401, 'the token is missing or wrong')))
		return
	}
	if (url.pathname === '/mock/cut') {
		const name = url.searchParams.get('name') ?? ''
		orders = name ? [{ state: 'cut', kind: name.split(':')[0], id: name.split(':')[1], from: utc(now()), until: null, who: 'noc', why: hostile ? evil : 'an anchor', in_force: true }] : []
		push()
		response.end()
		return
	}
	if (url.pathname.startsWith('/api/v1/')) {
		const result = answer(url.pathname.slice(8), url.searchParams)
		const status = typeof result.status === 'number' ? result.status : 200
		const headers = { ...GUARD, 'Cache-Control': 'no-store', 'Content-Type': result.type ?? 'application/json' }
		if (result.type?.startsWith('text/html')) headers['Content-Security-Policy'] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
		response.writeHead(status, headers)
		response.end(result.raw ?? JSON.stringify(result))
		return
	}
	const file = join(page, normalize(url.pathname === '/' ? '/index.html' : url.pathname))
	if (!file.startsWith(page) || !existsSync(file)) {
		response.writeHead(404, { ...GUARD, 'Content-Type': 'application/json' })
		response.end(JSON.stringify(error(404, 'there is no such page')))
		return
	}
	response.writeHead(200, { ...GUARD, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Cache-Control': 'no-cache' })
	createReadStream(file).pipe(response)
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`))
