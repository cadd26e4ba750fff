// The proof of the way: over which countries and cables a member's traffic went, what was to be avoided, and how much of that is known.

import { ask, query, type Proof, type Proofs, type ProofShare, type ProofWay } from '../api'
import { h } from '../dom'
import { count, country, moment, octets, plural } from '../format'
import { monthName } from '../month'
import { badge, bigNumber, notice } from '../parts'
import { link } from '../route'
import { formLink, linksBox, PLAIN } from './links'

const SHOWN = 12
// Hundredths, as the hub has rounded them: what is there is never told as 0.00 %.
const share = (percent: number): string => `${percent.toFixed(2)} %`

export const proofLinks = (asn: string, month: string): HTMLElement => linksBox(...PLAIN.map((format) => formLink(`/api/v1/ledger/way${query({ member: asn, month, format })}`, format, 'Way of the traffic', `way-${asn}-${month}`)))

// Of all contracts of a member, or of one.
export async function askProofs(asn: string, month: string, signal: AbortSignal, contract: string | null = null): Promise<Node[]> {
	const proofs = (await ask<Proofs>(`ledger/way${query({ member: asn, month })}`, signal)).proofs.filter((one) => contract === null || one.contract === null || one.contract === contract)
	if (!proofs.length) return [notice('empty', `No traffic of ${monthName(month)} has a way yet`)]
	return proofs.map((one) => h('div', { class: 'proof' }, h('p', { class: 'muted' }, [one.contract ?? 'all its ports', `${moment(one.way.from)} to ${moment(one.way.to)}`, one.document ? `as it was issued with ${one.document}` : 'computed now'].join(' · ')),
		one.fault ? h('p', { class: 'bad', role: 'alert' }, `What was issued does not follow from journal and bins: ${one.fault}`) : null, ...proofParts(one.way)))
}

export function proofParts(way: Proof): Node[] {
	const all = way.in_octets + way.out_octets
	const piece = (kind: string, percent: number) => {
		const part = h('i', { class: kind })
		part.style.width = `${percent}%`
		return part
	}
	return [
		h('div', { class: 'state-bar', role: 'img', 'aria-label': `${share(way.measured.percent)} measured, ${share(way.estimated.percent)} by estimate, ${share(way.unknown.percent)} not known` }, piece('counter', way.measured.percent), piece('estimated', way.estimated.percent), piece('missing', way.unknown.percent)),
		h('p', {}, `Of ${octets(all)} in and out the way of `, h('b', {}, share(way.measured.percent)), ' is known as measured, of ', h('b', {}, share(way.estimated.percent)), ' by estimate, of ', h('b', {}, share(way.unknown.percent)), ' not at all.'),
		promise(way),
		h('div', { class: 'proof-lists' }, shares('Countries crossed', way.countries, (name) => country(name)), shares('Cables', way.cables, (name) => name)),
		h('details', { class: 'fold' }, h('summary', {}, `${plural(way.ways.length, 'way')}, ${plural(way.segments.length, 'segment')}, ${plural(way.risks.length, 'group')} of shared risk`), ways(way.ways), h('div', { class: 'proof-lists' }, shares('Segments', way.segments, (name) => h('a', { href: link(['segments', name]) }, name)), shares('Shared risks', way.risks, (name) => name))),
		h('p', { class: 'muted' }, way.unknown.octets < all ? `In the mean ${(way.mean_length_m / 1000).toFixed(1)} km and ${(way.mean_latency_us / 1000).toFixed(3)} ms one way, of what is known. ` : '', way.entries ? `By ${way.first_entry === way.last_entry ? 'entry' : `entries ${way.first_entry} to`} ${way.last_entry} of the journal of ways and the bins of the ports. ` : 'The corridor said nothing of its ways in that time. ', way.entries ? h('span', { class: 'mono digest', title: 'Digest of the last of these entries' }, way.last_hash) : null),
	]
}
function promise(way: Proof): HTMLElement {
	if (!way.avoid) return h('p', { class: 'muted' }, 'Nothing was agreed to be avoided.')
	const { countries, avoided, crossed, unknown } = way.avoid
	const over = bigNumber(crossed.percent.toFixed(2), '%', crossed.estimated_octets ? `crossed, ${octets(crossed.estimated_octets)} of it by estimate` : 'crossed')
	over.firstElementChild!.classList.toggle('bad', crossed.octets > 0)
	return h('div', { class: 'numbers four', role: 'group', 'aria-label': 'What was to be avoided' }, bigNumber(countries.join(', '), '', 'to be avoided'), bigNumber(avoided.percent.toFixed(2), '%', `avoided, of which ${share(avoided.estimated_percent)} by estimate`), over, bigNumber(unknown.percent.toFixed(2), '%', 'not known'))
}
function table(label: string, titles: string[], rows: HTMLElement[]): HTMLElement {
	return h('div', { class: 'list-box' }, h('table', { class: 'list', 'aria-label': label }, h('thead', {}, h('tr', {}, ...titles.map((title, i) => h('th', { scope: 'col', class: i ? 'right' : null }, title)))), ...rows.map((row) => h('tbody', {}, row))))
}
function folded(rows: HTMLElement[], draw: (rows: HTMLElement[]) => HTMLElement): HTMLElement {
	return h('div', {}, draw(rows.slice(0, SHOWN)), rows.length > SHOWN ? h('details', { class: 'fold' }, h('summary', {}, `and ${count(rows.length - SHOWN)} more`), draw(rows.slice(SHOWN))) : null)
}
const number = (title: string, text: string | Node) => h('td', { class: 'right', 'data-title': title }, text)
function shares(label: string, rows: ProofShare[], named: (name: string) => Node | string): HTMLElement {
	if (!rows.length) return h('p', { class: 'muted' }, `${label}: none that is known.`)
	return h('section', {}, h('h3', {}, label), folded(rows.map((row) => h('tr', {}, h('th', { scope: 'row' }, named(row.name)), number('Of all', h('b', {}, share(row.percent))), number('By estimate', row.estimated_octets ? share(row.estimated_percent) : 'none'), number('Octets', octets(row.octets)))), (some) => table(label, ['Name', 'Of all', 'By estimate', 'Octets'], some)))
}
function ways(rows: ProofWay[]): HTMLElement {
	const over = (way: ProofWay) => (way.segments.length ? way.segments.join(' ') : way.basis === 'unknown' ? '' : 'at the site')
	const basis = (way: ProofWay) => (way.basis === 'unknown' ? badge('missing', 'not known') : badge(way.basis === 'contract' || way.estimated ? 'estimated' : 'counter', way.basis === 'contract' ? 'by contract' : way.estimated ? 'by estimate' : 'measured'))
	return folded(rows.map((way) => h('tr', {}, h('th', { scope: 'row', class: 'way-over' }, over(way), ' ', basis(way)), number('Of all', h('b', {}, share(way.percent))), number('Octets', `${octets(way.octets)} ± ${way.sampling_error_percent.toFixed(1)} %`), number('Length', way.basis === 'unknown' ? '' : `${count(Math.round(way.length_m / 1000))} km`), number('One way', way.basis === 'unknown' ? '' : `${(way.latency_us / 1000).toFixed(1)} ms`))), (some) => table('Ways', ['Over', 'Of all', 'Octets', 'Length', 'One way'], some))
}
