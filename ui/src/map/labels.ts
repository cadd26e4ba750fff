// Names beside their sites and words on lines, none over another nor over a dot: the important ones choose first, and one that finds no room
// is left out until the reader comes nearer.

import { along, type Point } from './curve'

export interface Label { x: number; y: number; radius: number; width: number; height: number; priority: number }
export interface Placed { x: number; y: number }
export interface Box { left: number; top: number; right: number; bottom: number }

const overlap = (a: Box, b: Box) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top))

// Boxes in squares of this many pixels, so that a box is compared only with those nearby.
const CELL = 64, ROW = 65536
class Grid {
	private cells = new Map<number, Box[]>()
	private each(box: Box, use: (key: number) => void): void {
		for (let x = Math.floor(box.left / CELL); x <= Math.floor(box.right / CELL); x++)
			for (let y = Math.floor(box.top / CELL); y <= Math.floor(box.bottom / CELL); y++) use(x * ROW + y)
	}
	add(box: Box): void {
		this.each(box, (key) => {
			const list = this.cells.get(key)
			if (list) list.push(box)
			else this.cells.set(key, [box])
		})
	}
	covered(box: Box): number {
		let sum = 0
		this.each(box, (key) => {
			for (const other of this.cells.get(key) ?? []) sum += overlap(box, other)
		})
		return sum
	}
}

export const around = (x: number, y: number, half: number, high = half): Box => ({ left: x - half, right: x + half, top: y - high, bottom: y + high })

// Where on its line a word may stand, the middle first; where lines are short, also beside it.
const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74], BESIDE_PX = [0, -13, 13]
const WORD_HALF_HIGH = 7
export interface Word { line: Point[]; half: number }
// The box of each word, or null; `taken` must stay free. The first ones choose first.
export function placeWords(words: Word[], taken: Box[], width: number, height: number): (Box | null)[] {
	const full = new Grid()
	for (const box of taken) full.add(box)
	return words.map(({ line, half }) => {
		for (const beside of BESIDE_PX)
			for (const share of SHARES) {
				const [x, y] = along(line, share), box = around(x, y + beside, half, WORD_HALF_HIGH)
				if (!Number.isFinite(x) || box.left < 2 || box.right > width - 2 || box.top < 2 || box.bottom > height - 2 || full.covered(box) > 0) continue
				full.add(box)
				return box
			}
		return null
	})
}

// For each label where its text begins (baseline), or null. `lines` are points that loaded segments pass through: better not covered; `words`
// the boxes of what stands there already.
export function placeLabels(labels: Label[], lines: [number, number][], width: number, height: number, words: Box[] = []): (Placed | null)[] {
	const taken = new Grid(), traffic = new Grid()
	for (const box of words) taken.add(box)
	for (const [x, y] of lines) traffic.add(around(x, y, 2))
	for (const l of labels) taken.add(around(l.x, l.y, l.radius))
	const result: (Placed | null)[] = labels.map(() => null)
	const order = labels.map((_, i) => i).sort((a, b) => labels[b]!.priority - labels[a]!.priority || a - b)
	for (const i of order) {
		const l = labels[i]!
		if (l.x < -20 || l.y < -20 || l.x > width + 20 || l.y > height + 20) continue
		let best: Box | null = null
		let cost = Infinity
		candidates(l).forEach((box, n) => {
			if (box.left < 2 || box.right > width - 2 || box.top < 2 || box.bottom > height - 2) return
			if (taken.covered(box) > 0) return
			const price = n * 6 + traffic.covered(box)
			if (price < cost) [best, cost] = [box, price]
		})
		if (!best) continue
		const box: Box = best
		taken.add({ left: box.left - 3, right: box.right + 3, top: box.top, bottom: box.bottom })
		result[i] = { x: box.left, y: box.bottom - l.height * 0.24 }
	}
	return result
}
// Right first, as in the atlas; then left, above, below, and the corners.
function candidates(l: Label): Box[] {
	const gap = l.radius + 5
	const at = (left: number, top: number): Box => ({ left, top, right: left + l.width, bottom: top + l.height })
	const mid = l.y - l.height / 2
	return [
		at(l.x + gap, mid), at(l.x - gap - l.width, mid), at(l.x - l.width / 2, l.y - gap - l.height + 2), at(l.x - l.width / 2, l.y + gap - 2),
		at(l.x + gap - 2, l.y - gap - l.height + 6), at(l.x + gap - 2, l.y + gap - 6), at(l.x - gap - l.width + 2, l.y - gap - l.height + 6), at(l.x - gap - l.width + 2, l.y + gap - 6),
	]
}
