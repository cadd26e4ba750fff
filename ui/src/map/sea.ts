// Where cables run between two landings, roughly: a few points at sea, joined as ships would go, so that a line from Karachi to Suez does
// not cross Arabia. The points are ours, chosen by eye; they say nothing about where a cable lies.

import { geoDistance } from 'd3-geo'

export type LonLat = [number, number]

const EARTH_KM = 6371
const POINTS: Record<string, LonLat> = {
	gulfHead: [49.7, 29.1], gulfMiddle: [51.8, 27.2], gulfSouth: [54.2, 25.9], hormuz: [56.5, 26.5], gulfOfOman: [57.7, 25.0], makran: [60.0, 24.6], gwadar: [62.4, 24.6],
	karachi: [66.4, 24.3], arabian: [62.8, 20.6], hadd: [60.3, 22.6], dhofar: [57.0, 16.2], adenEast: [51.6, 13.4], aden: [46.8, 12.2], bab: [43.3, 12.5], red1: [41.0, 16.4],
	red2: [38.4, 20.9], red3: [36.0, 24.8], red4: [34.5, 27.3], gulfOfSuez: [33.2, 28.7], suez: [32.6, 29.6],
	alexandria: [29.6, 31.6], crete: [25.5, 33.6], ionian: [20.0, 35.6], sicily: [14.6, 35.9], channel: [11.3, 37.5], sardinia: [8.0, 38.4], gulfOfLion: [5.8, 41.4],
	gujarat: [69.0, 20.9], mumbai: [72.0, 18.6], malabar: [74.3, 11.5], comorin: [77.3, 7.2], lanka: [80.7, 5.4], bengal: [88.0, 5.8], aceh: [94.8, 6.1], malacca: [98.6, 5.0],
	straits: [101.2, 2.7], singapore: [103.5, 1.15], natuna: [105.6, 3.0], china1: [109.0, 8.5], china2: [112.6, 15.0], china3: [114.0, 20.6],
	poti: [41.2, 42.3], black1: [38.0, 42.7], black2: [34.0, 43.0], black3: [30.6, 42.9], varna: [28.5, 43.2], bosporus: [29.3, 41.5], novorossiysk: [37.4, 44.2],
}
const WAYS: string[][] = [
	['gulfHead', 'gulfMiddle', 'gulfSouth', 'hormuz', 'gulfOfOman', 'makran', 'gwadar', 'karachi'],
	['karachi', 'arabian', 'dhofar', 'adenEast', 'aden', 'bab', 'red1', 'red2', 'red3', 'red4', 'gulfOfSuez', 'suez'],
	['gulfOfOman', 'hadd', 'dhofar'],
	['hadd', 'arabian', 'gujarat'],
	['hadd', 'mumbai'],
	['karachi', 'gujarat', 'mumbai', 'malabar', 'comorin', 'lanka', 'bengal', 'aceh', 'malacca', 'straits', 'singapore', 'natuna', 'china1', 'china2', 'china3'],
	['alexandria', 'crete', 'ionian', 'sicily', 'channel', 'sardinia', 'gulfOfLion'],
	['poti', 'black1', 'black2', 'black3', 'varna'],
	['black3', 'bosporus'],
	['black1', 'novorossiysk'],
]
const NAMES = Object.keys(POINTS)
const km = (a: LonLat, b: LonLat) => geoDistance(a, b) * EARTH_KM

const neighbours = new Map<string, Map<string, number>>(NAMES.map((name) => [name, new Map()]))
for (const way of WAYS)
	for (let i = 1; i < way.length; i++) {
		const [a, b] = [way[i - 1]!, way[i]!]
		const length = km(POINTS[a]!, POINTS[b]!)
		neighbours.get(a)!.set(b, length)
		neighbours.get(b)!.set(a, length)
	}

// Every way from one end to the other, by way of any point near enough, is tried: Dijkstra with the ends as two more nodes.
const REACH_KM = 650
const SHORT_KM = 420

// The names of the points on the way, in order; empty when the two ends are near each other, or no known sea lies between them.
export function seaWay(from: LonLat, to: LonLat): string[] {
	if (km(from, to) < SHORT_KM) return []
	const distance = new Map<string, number>()
	const before = new Map<string, string>()
	const open = new Set<string>()
	for (const name of NAMES) {
		const length = km(from, POINTS[name]!)
		// The first stretch counts double: the nearest water is to be taken, not a far one over land.
		if (length < REACH_KM) {
			distance.set(name, length * 2)
			open.add(name)
		}
	}
	while (open.size) {
		let nearest = ''
		for (const name of open) if (!nearest || distance.get(name)! < distance.get(nearest)!) nearest = name
		open.delete(nearest)
		for (const [next, length] of neighbours.get(nearest)!) {
			const total = distance.get(nearest)! + length
			if (total >= (distance.get(next) ?? Infinity)) continue
			distance.set(next, total)
			before.set(next, nearest)
			open.add(next)
		}
	}
	let last = ''
	let best = Infinity
	for (const name of NAMES) {
		const end = km(POINTS[name]!, to)
		const total = (distance.get(name) ?? Infinity) + end * 2
		if (end < REACH_KM && total < best) [last, best] = [name, total]
	}
	const way: string[] = []
	for (let at: string | undefined = last || undefined; at; at = before.get(at)) way.unshift(at)
	return way
}
export const seaPoint = (name: string): LonLat => POINTS[name]!
export const seaOrder = (name: string): number => NAMES.indexOf(name)
