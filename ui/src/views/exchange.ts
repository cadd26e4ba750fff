// What goes on beside the routes: sessions that somebody has to look at, BFD, the sources of the RPKI, the registries, the stations that hear
// BMP, the MRT files. A section that cannot be asked says so and leaves the others as they are.

import { ask, type BfdPage, type Dump, type Dumps, type Registry, type Rpki, type SessionState, type Sessions, type Station, type Stations } from '../api'
import { h, renew, replace } from '../dom'
import { count, duration, moment, octets, plural, since, UNKNOWN } from '../format'
import { badge, failure, notice } from '../parts'
import { link, type Place } from '../route'
import { Ends, type View } from '../view'

const EVERY_MS = 5000

export function openExchange(root: HTMLElement, _place: Place): View {
	const ends = new Ends()
	const sections: { title: string; load: () => Promise<Node[]>; box: HTMLElement }[] = [
		{ title: 'Sessions', load: async () => sessions(await ask<Sessions>('sessions', ends.abort.signal)), box: h('div', {}) },
		{ title: 'BFD', load: async () => bfd(await ask<BfdPage>('bfd', ends.abort.signal)), box: h('div', {}) },
		{ title: 'RPKI', load: async () => rpki(await ask<Rpki>('rpki', ends.abort.signal)), box: h('div', {}) },
		{ title: 'Registries', load: async () => registry(await ask<Registry>('registry', ends.abort.signal)), box: h('div', {}) },
		{ title: 'BMP stations', load: async () => stations(await ask<Stations>('bmp', ends.abort.signal)), box: h('div', {}) },
		{ title: 'MRT files', load: async () => dumps(await ask<Dumps>('mrt', ends.abort.signal)), box: h('div', {}) },
	]
	replace(root, h('div', { class: 'column' }, h('div', { class: 'title' }, h('h1', {}, 'Exchange'), h('p', { class: 'muted' }, 'How the route server itself is: what it watches, what it rests on, who listens to it.')),
		...sections.map((one) => h('section', { class: 'block', 'aria-label': one.title }, h('h2', {}, one.title), one.box))))
	const refresh = async (section: (typeof sections)[number]) => {
		try {
			const fresh = await section.load()
			if (!ends.abort.signal.aborted) renew(section.box, ...fresh)
		} catch (reason) {
			if (!ends.abort.signal.aborted) replace(section.box, failure(reason))
		}
	}
	const all = () => {
		if (!document.hidden) for (const section of sections) void refresh(section)
	}
	for (const section of sections) replace(section.box, notice('wait', 'Asking …'))
	all()
	const timer = setInterval(all, EVERY_MS)
	ends.add(() => clearInterval(timer))
	return { title: 'Exchange', close: () => ends.close() }
}

type Cell = Node | string | null
function table(label: string, titles: [string, boolean?][], rows: Cell[][]): HTMLElement {
	return h('div', { class: 'list-box' }, h('table', { class: 'list', 'aria-label': label }, h('thead', {}, h('tr', {}, ...titles.map(([title, right]) => h('th', { scope: 'col', class: right ? 'right' : null }, title)))),
		h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((cell, i) => h(i ? 'td' : 'th', { scope: i ? null : 'row', class: titles[i]![1] ? 'right' : i > 1 && i === row.length - 1 ? 'wide' : null, 'data-title': titles[i]![0] }, cell)))))))
}
const facts = (rows: [string, Cell][]): HTMLElement => h('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => (value === null || value === '' ? [] : [h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, value))])))
const who = (asn: number, name: string): Node => h('span', {}, h('a', { href: link(['members', asn]) }, name), ' ', h('span', { class: 'muted' }, `AS${asn}`))
const ago = (time: string | null): string => (time ? `${since(time)} ago` : UNKNOWN)
const until = (time: string | null): string => (time ? `in ${duration((Date.parse(time) - Date.now()) / 1000)}` : UNKNOWN)

// What is the matter with a session, in words; nothing when all is well.
function matters(s: SessionState): string[] {
	const down = s.state !== 'established'
	return [
		s.held ? 'taken down by the operator' : s.state === 'disabled' ? 'disabled in the hub file' : down ? (s.last_error ?? '') : '',
		s.stuck_since ? `takes nothing for ${since(s.stuck_since)}: ${octets(s.unsent_octets)} wait` : '',
		s.unsent_prefixes ? `catches up: up to ${plural(s.unsent_prefixes, 'prefix', 'prefixes')} are left` : '',
		s.stale ? `${plural(s.stale, 'stale route')} kept${s.stale_until ? `, until ${moment(s.stale_until)}` : ''}` : '',
		!down && s.bfd && s.bfd !== 'up' ? `BFD is ${s.bfd}` : '',
	].filter(Boolean)
}
function sessions(answer: Sessions): Node[] {
	const all = answer.sessions
	if (!all.length) return [notice('empty', 'The hub file has no sessions')]
	const up = all.filter((s) => s.state === 'established').length
	const look = all.filter((s) => s.state !== 'established' || matters(s).length)
	const line = h('p', { class: 'muted' }, `${count(up)} of ${plural(all.length, 'session')} up, ${count(all.filter((s) => s.stuck_since).length)} stuck, ${count(all.filter((s) => s.held).length)} held down, ${count(all.reduce((n, s) => n + s.stale, 0))} stale routes`)
	if (!look.length) return [line, notice('empty', 'Nothing is the matter with any of them')]
	return [line, table('Sessions that somebody should look at', [['Member'], ['Session'], ['State'], ['Since'], ['What is the matter']], look.map((s) => [who(s.asn, s.name), h('span', { class: 'mono' }, s.address), badge(s.state, s.state), since(s.since), h('span', {}, ...matters(s).map((text) => h('span', { class: 'reason-line' }, text)))]))]
}

const DROPPED: Record<string, string> = { version: 'of another version', length: 'with a wrong length', multiplier: 'with a multiplier of 0', multipoint: 'for several receivers', discriminator: 'without a discriminator', state: 'up without knowing us', authenticated: 'with authentication', distance: 'from more than one hop away', unknown: 'from nobody who is expected' }
function bfd(answer: BfdPage): Node[] {
	const dropped = Object.entries(answer.dropped).filter(([, n]) => n)
	const drops = dropped.length ? h('p', { class: 'muted' }, `Packets dropped: ${dropped.map(([cause, n]) => `${count(n)} ${DROPPED[cause] ?? cause}`).join(', ')}`) : null
	if (!answer.sessions.length) return [notice('empty', 'No session is watched by BFD', 'A session of the hub file with bfd: yes is.'), ...(drops ? [drops] : [])]
	return [table('Sessions that BFD watches', [['Member'], ['Session'], ['State'], ['Since'], ['Detects in', true], ['Lost', true], ['What is the matter']], answer.sessions.map((s) => [
		who(s.asn, s.name), h('span', { class: 'mono' }, s.address), s.state ? badge(s.state === 'up' ? 'established' : 't3', s.state) : badge('', 'not watched'), s.since ? since(s.since) : UNKNOWN,
		s.detection_ms ? `${count(s.detection_ms)} ms` : UNKNOWN, s.downs === undefined ? UNKNOWN : count(s.downs), s.state === 'up' ? '' : !s.state ? 'begins when BGP has come up' : s.packets_in ? (s.diagnostic ?? '') : 'nothing was heard of it'])), ...(drops ? [drops] : [])]
}

function rpki(answer: Rpki): Node[] {
	const states = (some: Rpki['accepted']) => `${count(some.valid)} valid, ${count(some.unknown)} unknown, ${count(some.invalid_origin + some.invalid_length)} invalid, ${count(some.not_checked)} not checked`
	const routes = facts([['accepted', states(answer.accepted)], ['refused', states(answer.refused)]])
	if (!answer.sources.length) return [notice('empty', 'No source of the RPKI is in the hub file', 'Nothing is checked, and so nothing is invalid.'), routes]
	const cache = (name: string) => answer.caches.find((c) => c.name === name)
	return [h('p', { class: answer.ready ? 'muted' : 'bad' }, `${answer.ready ? 'Complete' : 'Not complete yet'}: ${count(answer.vrps_ipv4)} IPv4 and ${count(answer.vrps_ipv6)} IPv6 VRPs, ${plural(answer.aspas, 'ASPA')}${answer.filtered || answer.asserted ? `; SLURM takes out ${count(answer.filtered)} and puts in ${count(answer.asserted)}` : ''}`),
		table('Sources of the RPKI', [['Source'], ['State'], ['VRPs', true], ['ASPAs', true], ['Updated'], ['Last error']], answer.sources.map((s) => {
			const c = cache(s.name)
			const state = !s.alive ? 'lost' : !s.complete ? 'incomplete' : s.in_use ? 'in use' : 'in reserve'
			return [h('span', {}, s.name, c ? h('span', { class: 'muted mono' }, ` ${c.host}:${c.port}`) : null), badge(s.in_use && s.alive ? 'established' : s.alive ? 't1' : 't3', state), count(s.vrps_ipv4 + s.vrps_ipv6), count(s.aspas), c ? ago(c.updated) : '', c?.last_error ?? answer.files.find((f) => f.path === s.name)?.last_error ?? '']
		})), routes]
}

function registry(answer: Registry): Node[] {
	const p = answer.peeringdb
	const words = facts([
		['AS-SETs', answer.irr.enabled ? `${answer.irr.host}: ${count(answer.irr.fresh)} fresh, ${count(answer.irr.stale)} stale, ${count(answer.irr.held)} held, ${count(answer.irr.none)} without an answer` : 'not asked: the hub file has no irr'],
		['PeeringDB', p ? `${p.networks === null ? 'nothing yet' : plural(p.networks, 'network')}${p.fetched ? `, ${ago(p.fetched)}` : ''}${p.last_error ? `; ${p.last_error}` : ''}` : 'not used'],
	])
	const bad = answer.sets.filter((s) => s.state !== 'fresh')
	const SHOWN = 50
	return bad.length ? [words, ...(bad.length > SHOWN ? [h('p', { class: 'muted' }, `${SHOWN} of ${count(bad.length)} sets that are not fresh; all of them: sarai show registry`)] : []), table('AS-SETs that are not fresh', [['Set'], ['Family'], ['State'], ['Prefixes', true], ['Fetched'], ['Why']], bad.slice(0, SHOWN).map((s) => [h('span', { class: 'mono' }, s.set), s.family.replace('ipv', 'IPv'), badge(s.state === 'stale' ? 't1' : 't2', s.state), count(s.prefixes), ago(s.fetched), s.held?.why ?? s.last_error ?? '']))] : [words]
}

function stations(answer: Stations): Node[] {
	if (!answer.stations.length) return [notice('empty', 'No station listens', 'The hub file names none.')]
	const note = (s: Station) => [s.state === 'up' && !s.caught_up ? 'is being told what there is' : '', s.overruns ? `fell behind ${plural(s.overruns, 'time')}` : '', s.last_error ? `${s.last_error}, ${ago(s.last_error_at)}` : '', s.next_try ? `next try ${until(s.next_try)}` : ''].filter(Boolean).join('; ')
	return [table('BMP stations', [['Station'], ['State'], ['Since'], ['Sent', true], ['Lost', true], ['Hears'], ['What is the matter']], answer.stations.map((s) => [h('span', {}, s.name, ' ', h('span', { class: 'muted mono' }, `${s.host}:${s.port}`)), badge(s.state === 'up' ? 'established' : 't3', s.state), since(s.since), octets(s.sent_octets), count(s.failures), s.hears.map((one) => one.replace(/_/g, ' ')).join(', '), note(s)]))]
}

function dumps(answer: Dumps): Node[] {
	if (!answer.directory) return [notice('empty', 'No MRT files are written', 'The hub file names no folder for them.')]
	const row = (name: string, d: Dump): Cell[] => [name, d.last ? h('span', {}, h('span', { class: 'mono' }, d.last), h('span', { class: 'muted' }, ` ${octets(d.last_octets)}, ${ago(d.last_at)}`)) : 'none yet', d.writing ? h('span', { class: 'mono' }, d.writing) : '', d.next ? until(d.next) : 'not on a schedule', count(d.files), d.failures ? h('span', { class: 'bad' }, count(d.failures)) : '0', [d.last_error ? `${d.last_error}, ${ago(d.last_error_at)}` : '', d.lost_records ? `${count(d.lost_records)} records lost: the disk is too slow` : ''].filter(Boolean).join('; ')]
	return [h('p', { class: 'muted' }, h('span', { class: 'mono' }, answer.directory), answer.keep_days ? `, kept for ${plural(answer.keep_days, 'day')}` : ''),
		table('MRT files', [['What'], ['Last file'], ['Being written'], ['Next'], ['Written', true], ['Failed', true], ['What is the matter']], [row('Table', answer.table), row('Updates', answer.updates)])]
}
