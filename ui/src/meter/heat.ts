// Who sends how much to whom, in squares. A new bin fills the squares that are there: what is pointed at or was walked to stays, and
// members keep their places as long as they are the same ones.

import type { Pair } from '../api'
import { h, replace } from '../dom'
import { count, rate } from '../format'
import { bar, notice } from '../parts'
import { link } from '../route'

interface Cell { from: number; to: number; bps: number }
const SHOWN = 40
// Beyond so many there is no room for numbers in the squares.
const DENSE = 16

export class Heat {
	readonly root = h('div', {})
	private readonly readout = h('p', { class: 'readout', role: 'status' })
	private readonly side = h('div', {})
	private readonly note = h('p', { class: 'muted' })
	private table = h('table', {})
	private laid = ''
	private asns: number[] = []
	private names = new Map<number, string>()
	private cells = new Map<string, Cell>()
	private told: Cell | null = null

	set(pairs: Pair[], search: string): void {
		const volume = new Map<number, number>()
		this.cells.clear()
		for (const p of pairs) {
			this.names.set(p.from_asn, p.from).set(p.to_asn, p.to)
			for (const asn of [p.from_asn, p.to_asn]) volume.set(asn, (volume.get(asn) ?? 0) + p.bps)
			const cell = this.cell(p.from_asn, p.to_asn) ?? { from: p.from_asn, to: p.to_asn, bps: 0 }
			cell.bps += p.bps
			this.cells.set(`${cell.from} ${cell.to}`, cell)
		}
		const low = search.toLowerCase(), fits = (asn: number) => !low || `as${asn} ${this.names.get(asn)}`.toLowerCase().includes(low)
		const wanted = [...this.cells.values()].filter((c) => fits(c.from) || fits(c.to))
		const involved = new Set(wanted.flatMap((c) => [c.from, c.to]))
		const asns = [...involved].sort((a, b) => volume.get(b)! - volume.get(a)! || a - b).slice(0, SHOWN)
		const laid = asns.map((asn) => `${asn} ${this.names.get(asn)}`).sort().join()
		if (!asns.length) replace(this.root, notice('empty', search ? `Nothing here matches "${search}"` : 'No traffic of this family in this bin'))
		else if (laid !== this.laid) this.lay(asns)
		this.laid = laid
		this.fill(new Set(wanted))
		replace(this.side, this.largest(wanted))
		this.note.textContent = involved.size > SHOWN ? `The ${SHOWN} members with the most traffic of ${count(involved.size)}; search for others.` : ''
	}
	private cell(from: number | undefined, to: number | undefined): Cell | undefined {
		return this.cells.get(`${from} ${to}`)
	}
	private name(asn: number): string {
		return this.names.get(asn) ?? `AS${asn}`
	}
	private member(asn: number): HTMLElement {
		return h('a', { href: link(['members', asn]) }, this.name(asn))
	}
	// Squares without anything in them yet.
	private lay(asns: number[]): void {
		const sum = () => h('td', { class: 'sum' })
		this.asns = asns
		this.told = null
		this.table = h('table', { class: `heat${asns.length > DENSE ? ' dense' : ''}`, 'aria-label': 'Traffic from member (row) to member (column)' },
			h('thead', {}, h('tr', {}, h('td', { class: 'corner' }, 'from ↓  to →'), ...asns.map((asn) => h('th', { scope: 'col', title: this.name(asn) }, this.member(asn))), h('th', { scope: 'col', class: 'sum' }, 'sends'))),
			h('tbody', {}, ...asns.map((from) => h('tr', {}, h('th', { scope: 'row' }, this.member(from)), ...asns.map((to) => (from === to ? h('td', { class: 'self', 'aria-label': 'itself' }) : h('td', {}))), sum()))),
			h('tfoot', {}, h('tr', {}, h('th', { scope: 'row' }, 'receives'), ...asns.map(sum), h('td', {}))))
		for (const what of ['pointerover', 'click', 'focusin']) this.table.addEventListener(what, (event) => {
			const td = (event.target as Element).closest('td'), row = td?.parentElement as HTMLTableRowElement | undefined
			const cell = td?.hasAttribute('tabindex') && row ? this.cell(this.asns[row.sectionRowIndex], this.asns[td.cellIndex - 1]) : undefined
			if (cell) this.tell(cell)
		})
		walkable(this.table)
		replace(this.readout, h('span', { class: 'muted' }, 'Rows send, columns receive. Point at a square, or tap it.'))
		replace(this.root, this.readout, h('div', { class: 'heat-and-pairs' }, h('div', { class: 'heat-box', tabindex: 0, role: 'region', 'aria-label': 'Heat map' }, this.table), this.side), this.note)
	}
	private fill(wanted: Set<Cell>): void {
		const all = [...this.cells.values()], most = Math.max(...[...wanted].map((c) => c.bps), 1), rows = this.table.rows, last = this.asns.length + 1
		const sum = (of: (c: Cell) => boolean) => all.filter(of).reduce((n, c) => n + c.bps, 0)
		this.asns.forEach((from, y) => {
			this.asns.forEach((to, x) => {
				const cell = this.cell(from, to)
				if (from !== to) this.square(rows[y + 1]!.cells[x + 1]!, cell && wanted.has(cell) ? cell : null, most)
			})
			rows[y + 1]!.cells[last]!.textContent = rate(sum((c) => c.from === from))
			rows[last]!.cells[y + 1]!.textContent = brief(sum((c) => c.to === from))
		})
		if (!this.table.querySelector('td[tabindex="0"]')) this.table.querySelector('td[tabindex]')?.setAttribute('tabindex', '0')
		if (this.told) this.tell(this.cell(this.told.from, this.told.to) ?? { ...this.told, bps: 0 })
	}
	private square(td: HTMLElement, cell: Cell | null, most: number): void {
		// In tenths, so that of each colour it is known which ink is read on it.
		const heat = cell ? Math.round(heatOf(cell.bps, most) * 10) : 0
		td.className = cell ? `${heat > 5 ? 'hot ' : ''}h${heat}` : 'none'
		td.title = cell ? `${this.name(cell.from)} to ${this.name(cell.to)}: ${rate(cell.bps)}` : ''
		replace(td, cell && (this.asns.length > DENSE ? h('span', { class: 'unseen' }, rate(cell.bps)) : brief(cell.bps)))
		if (!cell) td.removeAttribute('tabindex')
		else if (!td.hasAttribute('tabindex')) td.tabIndex = -1
	}
	private tell(cell: Cell): void {
		const back = this.cell(cell.to, cell.from)
		this.told = cell
		replace(this.readout, h('b', {}, rate(cell.bps)), ` from ${this.name(cell.from)} to ${this.name(cell.to)}`, back ? h('span', { class: 'muted' }, `, and ${rate(back.bps)} back`) : null)
	}
	private largest(cells: Cell[]): HTMLElement {
		const top = cells.sort((a, b) => b.bps - a.bps).slice(0, 10), most = top[0]?.bps ?? 1
		return h('section', { class: 'block' }, h('h2', {}, 'Largest pairs'), h('ol', { class: 'ranks' }, ...top.map((c) => h('li', {}, h('span', {}, this.member(c.from), ' → ', this.member(c.to)), h('b', {}, rate(c.bps)), bar(c.bps / most, 'u0')))))
	}
}
// Three decades from faint to full: differences among small flows stay visible.
const heatOf = (bps: number, most: number) => Math.max(0.04, Math.min(1, 1 + Math.log10(Math.max(bps, 1) / most) / 3))
function brief(bps: number): string {
	for (const [step, letter] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']] as [number, string][]) if (bps >= step * 0.995) return `${bps / step >= 9.95 ? Math.round(bps / step) : (bps / step).toFixed(1)} ${letter}`
	return String(Math.round(bps))
}
// Arrow keys walk over the squares.
function walkable(table: HTMLTableElement): void {
	table.querySelector('tbody td[tabindex]')?.setAttribute('tabindex', '0')
	table.addEventListener('keydown', (event) => {
		const steps: Record<string, [number, number]> = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }
		const step = steps[event.key]
		const cell = (event.target as Element).closest('td')
		const row = cell?.parentElement as HTMLTableRowElement | null
		if (!step || !cell || !row) return
		event.preventDefault()
		const rows = table.tBodies[0]!.rows
		let y = row.sectionRowIndex, x = cell.cellIndex
		do {
			y += step[0]
			x += step[1]
		} while (rows[y]?.cells[x] && !rows[y]!.cells[x]!.hasAttribute('tabindex'))
		rows[y]?.cells[x]?.focus()
	})
}
