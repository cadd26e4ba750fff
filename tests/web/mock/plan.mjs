// Demands laid on the mock's corridor, each on its shortest way, and what cuts do to them: in the forms of `corridor flow`, `whatif`,
// `availability`, `prices`, `worth`, `target` and `next`. Nothing competes for room here; what does not fit is shown as full.
import { ways } from './ways.mjs'

const RISKS = { RED_SEA: ['Red Sea', ['M07', 'M10', 'M13', 'M15', 'M18', 'M21', 'M03']], HORMUZ: ['Strait of Hormuz', ['M01', 'W05']] }
const CABLES = { AAE1: ['AAE-1', ['M07', 'M22']] }
const DEMANDS = [['KHI-FRA', 'Karachi to Frankfurt', 'KHI', 'FRA', 1.2e12], ['KHI-MRS', 'کراچی تا مارسی', 'KHI', 'MRS', 0.6e12], ['ALA-FRA', 'Almaty to Frankfurt', 'ALA', 'FRA', 0.4e12], ['KHI-DXB', 'Karachi to Dubai', 'KHI', 'DXB', 0.5e12], ['HKG-FRA', 'Hong Kong to Frankfurt', 'HKG', 'FRA', 0.3e12]]
const NEAR = { gbps: 1342, gbps_low: 530, gbps_high: 3338, off_gbps: 968.537, off_gbps_low: 288.116, off_gbps_high: 2815.944, usd_a_year: 8495892.41, usd_a_year_low: 622791.33, usd_a_year_high: 53220986.03 }
const fact = (value, by, basis) => ({ value, low: value / by, high: value * by, basis, source: null })
const listed = (query, name) => (query.get(name) ?? '').split(',').filter(Boolean)
const bare = (name) => name.replace(/^\w+:/, '')

export function segmentsOf(geography, name) {
	const id = bare(name)
	return (RISKS[id] ?? CABLES[id])?.[1] ?? geography.segments.filter((s) => s.id === id || s.countries.includes(id)).map((s) => s.id)
}
function lay(geography, query) {
	const closed = new Set([...listed(query, 'without'), ...listed(query, 'avoid')].flatMap((name) => segmentsOf(geography, name)))
	const date = query.get('date') ?? '', grown = 1.1 ** (date ? Math.max(0, Number(date) - new Date().getUTCFullYear()) : 0)
	const way = (from, to) => {
		const found = ways(geography, new URLSearchParams({ from, to, date, without: [...closed].join(), with: listed(query, 'with').map(bare).join(), k: '1' }))
		return found.paths?.[0] ?? null
	}
	const loads = new Map()
	const demands = DEMANDS.map(([id, name, from, to, bps]) => {
		const asked = Math.round(bps * grown), path = way(from, to), ms = path?.round_trip_ms ?? 0
		for (const one of path?.segments ?? []) loads.set(one, (loads.get(one) ?? 0) + asked)
		return { id, name, from, to, priority: 10, rate: 'told', asked_gbps: fact(asked / 1e9, 1.5, 'estimated'), asked_bps: asked, served_bps: path ? asked : 0, served_least_bps: path ? asked / 2 : 0, served_most_bps: path ? asked : 0, protect: 'none',
			ways: path ? [{ role: 'working', bps: asked, share: 1, length_km: path.length_km, round_trip_ms: ms, round_trip_ms_low: ms * 0.8, round_trip_ms_high: ms * 1.2, length_estimated_share: path.estimated_share, price_usd_mbps_month: path.length_km / 1e4, price_usd_mbps_month_low: path.length_km / 2e4, price_usd_mbps_month_high: path.length_km / 5e3, availability: 0.97, segments: path.segments, sites: path.sites }] : [] }
	})
	return { demands, loads, closed, date }
}
function total(demands, by) {
	const asked = demands.reduce((sum, d) => sum + d.asked_bps, 0), served = demands.reduce((sum, d) => sum + d.served_bps, 0)
	return { asked_bps: asked * by, served_bps: served * Math.min(1, by), utilisation: 0.9 }
}
function flow(geography, query) {
	const { demands, loads, closed, date } = lay(geography, query), built = listed(query, 'with').map(bare)
	const segments = geography.segments.filter((s) => loads.has(s.id)).map((s) => {
		const capacity = (s.capacity_bps ?? 2.4e12) || 2.4e12
		return { id: s.id, a: s.a, b: s.b, capacity_bps: capacity, capacity_tbps: fact(capacity / 1e12, 4, s.capacity_bps ? 'seen' : 'estimated'), capacity_assumed: !s.capacity_bps, load_ab_bps: Math.min(capacity, loads.get(s.id)), load_ba_bps: 0, reserved_ab_bps: 0, reserved_ba_bps: 0, utilisation: Math.min(1, loads.get(s.id) / capacity), worth_ab: 0, worth_ba: 0 }
	})
	const there = (s) => s.usable || built.includes(s.id) || Number(date) >= 2030
	return { objective: 'priority', date: date || null, total: total(demands, 1), at_ease: total(demands, 0.6), at_worst: total(demands, 1.5), estimated_share: 0.93, demands_unknown: 0, demands, segments,
		idle: geography.segments.filter((s) => there(s) && !loads.has(s.id) && !closed.has(s.id)).map((s) => s.id), closed: geography.segments.filter((s) => there(s) && closed.has(s.id)).map((s) => s.id) }
}
function consequence(geography, query, names) {
	const with_ = (list) => new URLSearchParams({ ...Object.fromEntries(query), without: list.join() })
	const before = lay(geography, with_([])).demands, after = lay(geography, with_(names)).demands
	const lost = after.map((d, i) => before[i].served_bps - d.served_bps).reduce((sum, bps) => sum + bps, 0), slower = after.filter((d, i) => d.ways[0] && d.ways[0].round_trip_ms > before[i].ways[0].round_trip_ms)
	const more = slower.map((d) => d.ways[0].round_trip_ms - before.find((b) => b.id === d.id).ways[0].round_trip_ms).sort((p, q) => q - p)
	return { cut: names.map(bare), names: names.map((name) => (RISKS[bare(name)] ?? CABLES[bare(name)])?.[0] ?? null), segments: new Set(names.flatMap((name) => segmentsOf(geography, name))).size, lost_bps: lost, lost_gbps: { value: lost / 1e9, low: lost / 2e9, high: lost / 5e8, estimated: 0.9 }, parted: after.filter((d) => !d.ways.length).length, reduced: 0,
		slower: slower.length, median_ms: more[more.length >> 1] ?? 0, worst_ms: more[0] ?? 0, worst: slower[0]?.id ?? null, fullest: 'M01', utilisation: 0.8, hours: 96, down: 0.001, down_low: 0.0005, down_high: 0.002 }
}
function whatif(geography, query) {
	const cut = listed(query, 'cut')
	if (cut.length) return { unmeasured: 0, does: consequence(geography, query, cut), demands: [], mend: cut.map(bare) }
	const all = { risk: Object.keys(RISKS), cable: Object.keys(CABLES), country: ['EG', 'RU', 'IR', 'PK'], segment: ['M07', 'M01', 'B01'] }[query.get('of')] ?? []
	const cuts = all.map((id) => consequence(geography, query, [id])).sort((p, q) => q.lost_bps - p.lost_bps || q.slower - p.slower)
	return { count: cuts.length, harmless: cuts.filter((c) => !c.lost_bps && !c.slower).length, cuts: cuts.slice(0, Number(query.get('top') ?? 20)) }
}
const GAINS = { npv: -50.8e6, revenue: 331056, traffic: 120.5, latency: 0.0772, availability: 0.00148 }
function next(query) {
	const gain = GAINS[query.get('by')], of = (candidates, name, together) => ({ candidates, name, gain, gain_per_musd: gain / 50.8, together, cost_usd: 50.8e6, cost_usd_low: 45e6, cost_usd_high: 70e6, usd_a_year: 331056, usd_a_year_low: 62782, usd_a_year_high: 662112, npv_usd: -50.8e6, npv_usd_low: -70e6, npv_usd_high: -45e6, irr: null, payback_years: null, estimated: 1 })
	return { optimal: true, next: [of(['TCFO'], 'Trans-Caspian line'), of(['HYPER'], 'Hyperhighway')], ...(query.get('pairs') ? { pairs: [of(['TCFO', 'HYPER'], undefined, gain / 2)] } : {}) }
}
export function plan(what, geography, query) {
	switch (what) {
	case 'flow': return flow(geography, query)
	case 'whatif': return whatif(geography, query)
	case 'availability': return { availability: 0.9999, availability_low: 0.9998, availability_high: 0.99995, downtime_h_year: query.get('without') ? 1.5 : 0.9, estimated: 0.22, blame: [{ id: 'M01', kind: 'segment', share: 0.6 }] }
	case 'prices': return { erosion_percent: 15, prices: [['KHI', 'Karachi', 0.55], ['FRA', 'Frankfurt', 0.087], ['ALA', 'Almaty', 0.85]].map(([site, name, value]) => ({ site, name, usd: { value, low: value / 2, high: value * 2, estimated: 0.45 }, from: 'FRA', steps: site === 'FRA' ? 0 : 3, told_usd: null })), assumed: '' }
	case 'worth': return { worth: [{ kind: 'country', id: 'PK', usd_a_year: 14488293, usd_a_year_low: 62293, usd_a_year_high: 229762825, estimated: 1, passing_gbps: 2791, only_way_gbps: 0, home_gbps: 7495 }], assumed: 'Every demand goes the cheapest way.' }
	case 'target': return { passing_gbps: 2791, home_gbps: 0, estimated: 1, growth_percent: 20, room_gbps: 73000, room_gbps_low: 18600, room_gbps_high: 278000, prices: [{ price_usd: 0.5, ceiling: false, gbps_low: 1000 * parseInt(query.get('amount')) / 6, gbps_high: 66667, years_low: 12, years_high: 17, carried_gbps_low: 33333, carried_gbps_high: 45700 }], assumed: 'Billed for the whole year.' }
	case 'revenue': return { of: query.get('of'), asked_gbps: 13621, served_gbps: 13621, usd_a_year: 99864312.36, usd_a_year_low: 24287130.89, usd_a_year_high: 215237602.75, estimated: 1,
		revenue: query.get('of') === 'cable' ? [{ id: 'AAE1', name: 'AAE-1', usd_a_year: 4100000, usd_a_year_low: 1e6, usd_a_year_high: 9e6 }] : [{ id: 'EG', usd_a_year: 15762800.8, usd_a_year_low: 2106200, usd_a_year_high: 32802325.44 }] }
	case 'content': return { ...NEAR, local_before: 0, local_after: 0.7217, content: [{ ...NEAR, id: 'GOOGLE-TAS', name: 'Google for Tashkent', kind: 'cache', from_name: 'Frankfurt', to_name: 'Tashkent', hits: 0.8, hits_low: 0.7, hits_high: 0.9, modelled: false, estimated: true, local_before: 0, local_after: 0.8 }] }
	case 'sensitivity': return { subject: query.get('subject'), unit: 'million $ a year', told: 99.86431236, p10: 94.2873859989, p50: 137.381286323, p90: 190.131288182, swings: [{ assumption: '$ of 1000 km of sea', kind: 'sea price', assumed: fact(0.04, 2, 'estimated'), at_low: 74.21126076, at_high: 151.17041556 }, { assumption: 'Tbit/s M22', kind: 'capacity', assumed: fact(10, 4, 'estimated'), at_low: 50.171, at_high: 99.86431236 }] }
	case 'next': return next(query)
	}
	return null
}

// Towers on fibre, as `corridor reach plan` answers.
export function reach(query) {
	const usd = (amount) => ({ amount, currency: 'USD' }), target = query.get('target') ?? '60'
	if (!/^\d+$/.test(target)) return { status: 400, error: `"${target}" is not a percentage` }
	const year = (n, share_percent, target_percent, cost, so_far, least) => ({ year: `year ${n}`, target_percent, share_percent, target_met: share_percent >= target_percent, target_met_before: target_percent <= 16, towers: 55, towns: 4, places: 35, km: 33.481, cost: usd(cost), cost_so_far: usd(so_far), at_least: usd(least), gap_percent: 0.03 })
	return { towers: 400, on_fibre: 64, share_percent: 16, share_most_percent: 100, towers_built: 176, places_built: 105, km: 368.759, cost: usd('6483999.93'), at_least: usd('6466142.33'),
		years: [year(1, 30.75, 30.66, '757061.38', '757061.38', '756822.17'), year(2, 44.5, 45.33, '2294985.45', '3052046.83', '3006384.98'), year(3, Number(target), Number(target), '3431953.10', '6483999.93', '6466142.33')],
		sensitivity: [{ figure: 'cost per km', low: usd('4505725.31'), high: usd('9688181.83') }] }
}
