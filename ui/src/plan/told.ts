// What an order would do, and to whom: segments, demands with their members and ranges, ways of colours, exits. The worst first.

import type { Concerned, Move, Preview, Recolored } from '../api'
import { h } from '../dom'
import { plural, rate } from '../format'
import { link } from '../route'
import { ms } from './demands'

const LISTED = 5
// A change as small as this is none.
const SAME_MS = 0.05

// A part is shown, the rest can be unfolded.
function lines(items: HTMLElement[], kind: string): HTMLElement {
	return h('div', {}, h('ul', { class: 'order-lines' }, ...items.slice(0, LISTED)), items.length > LISTED ? h('details', {}, h('summary', {}, `and ${plural(items.length - LISTED, kind)} more`), h('ul', { class: 'order-lines' }, ...items.slice(LISTED))) : null)
}
const part = (title: string, ...nodes: (Node | null)[]): HTMLElement => h('section', { 'aria-label': title }, h('h3', {}, title), ...nodes)
const member = (asn: number | null, name: string | null): string => (asn ? `AS${asn}${name ? ` ${name}` : ''}` : '')
const signed = (value: number): string => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)}`

// --- demands ---

function lossText(lost: number, low: number, high: number): string {
	return `${lost > 0 ? rate(lost * 1e9) : 'nothing as told'} (${rate(Math.max(0, low) * 1e9)} to ${rate(Math.max(0, high) * 1e9)})`
}
function demandLine(one: Concerned): HTMLElement {
	const who = member(one.member_asn, one.member), less = one.after_bps < one.before_bps, more = one.more_ms ?? 0
	const range = one.more_ms === null || one.more_ms_low === null || one.more_ms_high === null ? '' : ` (${signed(one.more_ms_low)} to ${signed(one.more_ms_high)})`
	const trip = one.after_ms === null ? h('b', { class: 'bad' }, 'no way is left') : one.before_ms === null ? `a way again, ${ms(one.after_ms)}` : Math.abs(more) < SAME_MS ? `${ms(one.after_ms)} as before` : h('span', {}, `${ms(one.before_ms)} → ${ms(one.after_ms)}, `, h('b', { class: more > 0 ? 'bad' : 'good' }, `${signed(more)} ms`), range)
	return h('li', {}, h('b', { dir: 'auto' }, one.name ?? one.id), who ? ` (${who})` : '', ': ', one.before_bps === one.after_bps ? `${rate(one.after_bps)} as before` : h('span', { class: less ? 'bad' : '' }, `${rate(one.before_bps)} → ${rate(one.after_bps)}`),
		one.lost_gbps_high > 0 ? `, may lose ${rate(one.lost_gbps_high * 1e9)} at most` : '', '; ', trip, one.faster_why ? h('span', { class: 'muted' }, `: ${one.faster_why}`) : null)
}
function demandsPart(preview: Preview): HTMLElement {
	const all = preview.demands
	if (!all.length) return part('Demands', h('p', { class: 'muted' }, 'No demand of the hub file is concerned.'))
	const sums = [preview.parted ? `${plural(preview.parted, 'demand')} without any way` : '', `${plural(preview.moved, 'demand')} ${preview.moved === 1 ? 'moves' : 'move'}`, preview.slower ? `${preview.slower} slower` : '', preview.faster ? `${preview.faster} faster` : '', preview.gained_bps ? `${rate(preview.gained_bps)} are served again` : ''].filter(Boolean)
	const harm = (one: Concerned) => one.lost_gbps * 1e6 + one.lost_gbps_high + (one.after_ms === null ? 1e12 : 0)
	const rows = [...all].sort((p, q) => harm(q) - harm(p) || (q.more_ms ?? 0) - (p.more_ms ?? 0))
	return part('Demands', h('p', {}, h('b', { class: preview.lost_gbps > 0 || preview.parted ? 'bad' : '' }, preview.lost_gbps_high > 0 ? `Lost: ${lossText(preview.lost_gbps, preview.lost_gbps_low, preview.lost_gbps_high)}` : 'Nothing is lost'), `; ${sums.join('; ')}.`),
		lines(rows.map(demandLine), 'demand'), h('p', { class: 'muted' }, 'Ranges: demands, capacities and lengths at their bounds.'))
}

// --- ways of colours, and to exits ---

function colorLine(one: Recolored): HTMLElement {
	const way = (end: Recolored['before']) => (end ? `${(end.latency_us / 1000).toFixed(1)} ms${end.route ? ` by ${end.route}` : ''}` : 'no way')
	return h('li', {}, h('b', {}, `color ${one.color}, ${one.from} to ${one.to}`), `: ${way(one.before)} → `, h('span', { class: one.after ? '' : 'bad' }, way(one.after)))
}
const end = (way: Move['before']): string => (way ? `${(way.latency_us / 1000).toFixed(1)} ms${way.way.length ? ` over ${way.way.slice(0, 4).join(', ')}${way.way.length > 4 ? ' ...' : ''}` : ''}` : 'closed')
function moveLine(move: Move): HTMLElement {
	const dearer = move.before && move.after ? (move.after.price_microusd - move.before.price_microusd) / 1e6 : 0
	return h('li', {}, h('b', {}, `${move.site} to ${move.exit}`), ` (${member(move.member_asn, move.member) || 'all others'}): ${end(move.before)} → `, h('span', { class: move.after ? '' : 'bad' }, end(move.after)), dearer ? `, ${dearer > 0 ? '+' : ''}${dearer.toFixed(4)} USD per Mbit/s and month` : '', move.after?.full && !move.before?.full ? h('span', { class: 'bad' }, ', full') : null)
}
function movesPart(preview: Preview): HTMLElement {
	const closed = preview.moves.filter((move) => move.before && !move.after).length
	const moves = [...preview.moves].sort((p, q) => Number(p.after !== null) - Number(q.after !== null))
	const sums = [
		moves.length ? `${plural(moves.length, 'way')} to ${moves.length === 1 ? 'an exit' : 'exits'} ${moves.length === 1 ? 'changes' : 'change'}` : 'No way to an exit changes',
		closed ? `${plural(closed, 'exit')} ${closed === 1 ? 'is' : 'are'} closed from where members come in` : '', preview.turned ? `${plural(preview.turned, 'place')} where members come in ${preview.turned === 1 ? 'has' : 'have'} another first exit` : '',
	].filter(Boolean)
	return part('Exits', h('p', {}, h('b', {}, `${sums.join('; ')}.`)), lines(moves.map(moveLine), 'way'))
}

export function told(preview: Preview, word: (name: string) => string): Node[] {
	const segments = preview.segments.map((one) => h('li', {}, h('a', { href: link(['segments', one.segment]) }, word(`segment:${one.segment}`)), `: ${one.before} → `, h('b', {}, one.after)))
	return [
		part('Segments', segments.length ? lines(segments, 'segment') : h('p', { class: 'muted' }, 'No segment changes: what else is ordered holds.')), demandsPart(preview),
		...(preview.colors.length ? [part('Ways of colors', lines(preview.colors.map(colorLine), 'way'))] : []), movesPart(preview),
		...(preview.overloaded.length ? [h('p', { class: 'bad' }, `More than their limit get: ${preview.overloaded.map((id) => word(`segment:${id}`)).join(', ')}.`)] : []),
	]
}
