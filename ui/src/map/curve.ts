// Lines on the screen: smooth curves through points, beside one another where cables share a way.

export type Point = [number, number]

// A centripetal Catmull-Rom curve: passes through every point, without loops.
export function smooth(points: Point[], steps = 10): Point[] {
	if (points.length < 3) return points
	const out: Point[] = [points[0]!]
	for (let i = 0; i + 1 < points.length; i++) {
		const p1 = points[i]!, p2 = points[i + 1]!
		const p0 = points[i - 1] ?? reflected(p1, p2), p3 = points[i + 2] ?? reflected(p2, p1)
		const t1 = knot(0, p0, p1), t2 = knot(t1, p1, p2), t3 = knot(t2, p2, p3)
		for (let step = 1; step <= steps; step++) {
			const t = t1 + ((t2 - t1) * step) / steps
			const a1 = between(p0, p1, 0, t1, t), a2 = between(p1, p2, t1, t2, t), a3 = between(p2, p3, t2, t3, t)
			out.push(between(between(a1, a2, 0, t2, t), between(a2, a3, t1, t3, t), t1, t2, t))
		}
	}
	return out
}
const reflected = (p: Point, q: Point): Point => [2 * p[0] - q[0], 2 * p[1] - q[1]]
const knot = (t: number, a: Point, b: Point) => t + Math.max(1e-6, Math.sqrt(Math.hypot(b[0] - a[0], b[1] - a[1])))
function between(a: Point, b: Point, ta: number, tb: number, t: number): Point {
	const share = (t - ta) / (tb - ta)
	return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
}

// The points moved sideways by `shift` pixels, but not at the ends, where all cables meet in their site.
export function aside(points: Point[], shift: number): Point[] {
	if (!shift) return points
	const along = [0]
	for (let i = 1; i < points.length; i++) along.push(along[i - 1]! + Math.hypot(points[i]![0] - points[i - 1]![0], points[i]![1] - points[i - 1]![1]))
	const total = along[along.length - 1]! || 1
	const ramp = Math.min(28, total / 3)
	return points.map(([x, y], i) => {
		const a = points[Math.max(0, i - 1)]!, b = points[Math.min(points.length - 1, i + 1)]!
		const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
		const ease = Math.min(1, Math.min(along[i]!, total - along[i]!) / ramp)
		const by = shift * ease * ease * (3 - 2 * ease)
		return [x - ((b[1] - a[1]) / length) * by, y + ((b[0] - a[0]) / length) * by]
	})
}

// The text of an SVG path; a point that is not finite, or a leap across the map's edge, starts a new piece.
export function pathText(points: Point[], leap: number): string {
	let text = ''
	let before: Point | null = null
	for (const p of points) {
		if (!Number.isFinite(p[0]) || !Number.isFinite(p[1])) {
			before = null
			continue
		}
		const broken = !before || Math.hypot(p[0] - before[0], p[1] - before[1]) > leap
		text += `${broken ? 'M' : 'L'}${p[0].toFixed(1)},${p[1].toFixed(1)}`
		before = p
	}
	return text
}

export const middle = (points: Point[]): Point => along(points, 0.5)
// The point that lies at this share of the way.
export function along(points: Point[], share: number): Point {
	const step = (i: number) => Math.hypot(points[i]![0] - points[i - 1]![0], points[i]![1] - points[i - 1]![1]) || 0
	let total = 0
	for (let i = 1; i < points.length; i++) total += step(i)
	let left = total * share
	for (let i = 1; i < points.length; i++) {
		if (step(i) >= left && step(i) > 0) return between(points[i - 1]!, points[i]!, 0, 1, left / step(i))
		left -= step(i)
	}
	return points[points.length - 1] ?? [0, 0]
}
