// What the meter holds in memory, part by part, beside what it may hold at most; and what there was no room for.

import type { Memory } from '../api'
import { h } from '../dom'
import { count, plural } from '../format'
import { List } from '../list'
import { useCell } from '../parts'

type Part = Memory['parts'][number]
const STEPS: [number, string][] = [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']]
function size(value: number): string {
	const [step, unit] = STEPS.find(([least]) => value >= least) ?? [1, 'B']
	const scaled = value / step
	return `${scaled >= 100 || step === 1 ? Math.round(scaled) : scaled.toFixed(scaled >= 10 ? 1 : 2)} ${unit}`
}
const share = (p: Part): number | null => (p.bound_octets ? p.octets / p.bound_octets : null)

export function memoryList(): List<Part> {
	return new List<Part>({
		label: 'Memory of the meter', key: (p) => p.part, text: (p) => p.part, empty: 'Not known',
		columns: [
			{ title: 'Part', cell: (p) => p.part, by: (p) => p.part },
			{ title: 'Held', cell: (p) => h('span', { class: 'nowrap' }, size(p.octets)), by: (p) => p.octets, right: true },
			{ title: 'At most', cell: (p) => (p.bound_octets === null ? h('span', { class: 'muted' }, 'as the hub file asks') : h('span', { class: 'nowrap' }, size(p.bound_octets))), by: (p) => p.bound_octets, right: true },
			// A part that was laid out whole is full and well: no colour warns.
			{ title: 'Full', cell: (p) => (share(p) === null ? '' : useCell(share(p), 0, 'u0')), by: share, right: true },
			{ title: 'No room for', cell: (p) => count(p.refused), by: (p) => p.refused, right: true },
		],
	})
}
export function memoryLine(m: Memory): string {
	const by = m.workers ? `by the meter and ${plural(m.workers, 'worker')}` : 'by the meter, in one process'
	return `${size(m.octets)} held ${by}; the kernel keeps ${size(m.socket_octets)} for its sockets besides.`
}
