// One map, or two beside one another that move together.

import type { Corridor, Segment } from '../api'
import { h } from '../dom'
import { CorridorMap, type MapEvents, type Way } from '../map/map'

export const SHARES_FROM = 0.4

export class Maps {
	readonly root = h('div', { class: 'map-pair' })
	private maps: [CorridorMap, CorridorMap]
	private titles = [h('h2', { class: 'map-title' }), h('h2', { class: 'map-title' })] as const
	private cells: HTMLElement[]
	private both = false

	constructor(events: MapEvents) {
		const of = (mine: 0 | 1) => new CorridorMap({ ...events, moved: (view) => {
			if (this.both) this.maps[mine === 0 ? 1 : 0].setView(view)
		} }, () => null)
		this.maps = [of(0), of(1)]
		this.cells = this.maps.map((map, i) => h('div', { class: 'map-cell' }, map.root, this.titles[i]!))
		for (const map of this.maps) map.writeShares(SHARES_FROM)
		this.cells[0]!.hidden = true
		this.root.append(...this.cells)
	}
	// The first is left out where there is nothing to compare with.
	show(both: boolean, before: string, after: string): void {
		if (both !== this.both) {
			this.both = both
			this.cells[0]!.hidden = !both
			this.root.classList.toggle('two', both)
		}
		this.titles[0].textContent = before
		this.titles[1].textContent = after
		this.titles[1].hidden = !after
	}
	setCorridor(corridor: Corridor): void {
		for (const map of this.maps) map.setCorridor(corridor)
	}
	setLoads(before: Segment[], after: Segment[]): void {
		if (this.both) this.maps[0].setLoads(before)
		this.maps[1].setLoads(after)
	}
	setWays(before: Way[], after: Way[]): void {
		this.maps[0].setWays(before)
		this.maps[1].setWays(after)
	}
	each(run: (map: CorridorMap) => void): void {
		for (const map of this.maps) run(map)
	}
	get main(): CorridorMap {
		return this.maps[1]
	}
	close(): void {
		for (const map of this.maps) map.close()
	}
}
