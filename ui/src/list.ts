// Tables that renew themselves: sorted by any column, searched, and gentle with what the reader is doing. A row that did not change
// keeps its elements, and with them focus and selection.

import { h, held, renewed, replace } from './dom'
import { count } from './format'
import { matches, notice } from './parts'

export interface Column<T> {
	title: string
	cell: (row: T) => Node | string
	// What the column sorts by; without it the column cannot be sorted by. Unknown values (null) come last.
	by?: (row: T) => number | string | null
	right?: boolean
	wide?: boolean
}
export interface ListOptions<T> {
	label: string
	columns: Column<T>[]
	key: (row: T) => string
	text: (row: T) => string
	empty: string
	// Further rows beneath a row, e.g. the sessions of a member.
	more?: (row: T) => HTMLTableRowElement[]
	kind?: (row: T) => string
}
const FIRST = 200

export class List<T> {
	readonly root: HTMLElement
	private table: HTMLTableElement
	private foot = h('div', { class: 'list-foot' })
	private bodies = new Map<string, HTMLTableSectionElement>()
	private rows: T[] = []
	private search = ''
	private sorted: { column: number; down: boolean } | null = null
	private limit = FIRST

	constructor(private options: ListOptions<T>) {
		const head = h('tr', {}, ...options.columns.map((column, i) => {
			const cell = h('th', { scope: 'col', class: column.right ? 'right' : null })
			if (column.by) cell.append(h('button', { type: 'button', onclick: () => this.sort(i) }, column.title))
			else cell.append(column.title)
			return cell
		}))
		this.table = h('table', { class: 'list', 'aria-label': options.label }, h('thead', {}, head))
		this.root = h('div', { class: 'list-box' }, this.table, this.foot)
	}
	set(rows: T[]): void {
		this.rows = rows
		this.show()
	}
	find(search: string): void {
		this.search = search
		this.limit = FIRST
		this.show()
	}
	private sort(column: number): void {
		const right = this.options.columns[column]!.right ?? false
		// Numbers are wanted largest first, words from A; the third time it is the given order again.
		if (this.sorted?.column !== column) this.sorted = { column, down: right }
		else if (this.sorted.down === right) this.sorted.down = !right
		else this.sorted = null
		this.show()
	}
	private order(rows: T[]): T[] {
		const by = this.sorted && this.options.columns[this.sorted.column]!.by
		if (!by) return rows
		const sign = this.sorted!.down ? -1 : 1
		return [...rows].sort((p, q) => {
			const a = by(p), b = by(q)
			if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
			return sign * (typeof a === 'string' ? a.localeCompare(String(b), 'en', { numeric: true }) : a - Number(b))
		})
	}
	private show(): void {
		if (held(this.root, () => this.show())) return
		const found = this.search ? this.rows.filter((row) => matches(this.options.text(row), this.search)) : this.rows
		const shown = this.order(found).slice(0, this.limit)
		const heads = this.table.tHead!.rows[0]!.cells
		for (let i = 0; i < heads.length; i++)
			if (this.sorted?.column === i) heads[i]!.setAttribute('aria-sort', this.sorted.down ? 'descending' : 'ascending')
			else heads[i]!.removeAttribute('aria-sort')
		const keys = new Set(shown.map(this.options.key))
		for (const [key, body] of this.bodies)
			if (!keys.has(key)) {
				body.remove()
				this.bodies.delete(key)
			}
		let before: Element = this.table.tHead!
		for (const row of shown) {
			const key = this.options.key(row)
			const old = this.bodies.get(key), fresh = this.body(row), body = old ? renewed(old, fresh) : fresh
			this.bodies.set(key, body)
			if (before.nextElementSibling !== body) before.after(body)
			before = body
		}
		this.table.hidden = shown.length === 0
		replace(this.foot, this.note(found.length, shown.length))
	}
	private note(found: number, shown: number): Node | null {
		if (!this.rows.length) return notice('empty', this.options.empty)
		if (!found) return notice('empty', `Nothing here matches "${this.search}"`)
		if (shown < found)
			return h('p', { class: 'muted' }, `${count(shown)} of ${count(found)} shown. `, h('button', { type: 'button', class: 'plain-button', onclick: () => {
				this.limit = Infinity
				this.show()
			} }, 'Show all'))
		return this.search ? h('p', { class: 'muted' }, `${count(found)} of ${count(this.rows.length)}`) : null
	}
	private body(row: T): HTMLTableSectionElement {
		const kind = this.options.kind?.(row)
		const cells = this.options.columns.map((column, i) =>
			h(i === 0 ? 'th' : 'td', { class: [column.right ? 'right' : '', column.wide ? 'wide' : ''].join(' ').trim() || null, scope: i === 0 ? 'row' : null, 'data-title': column.title }, column.cell(row)))
		return h('tbody', { class: kind ?? null }, h('tr', {}, ...cells), ...(this.options.more?.(row) ?? []))
	}
}
