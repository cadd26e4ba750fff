// The proof of the way and what orders would do, in the forms of `ledger way` and `corridor cut NAME --preview`.
const part = (octets, all) => ({ octets, percent: Math.round((octets / all) * 10000) / 100 })

function way(month, evil, final) {
	const all = 54.3e15, of = (share) => Math.round(all * share)
	const row = (name, share, estimated = 0) => ({ name, ...part(of(share), all), estimated_octets: of(estimated), estimated_percent: Math.round(estimated * 10000) / 100 })
	const over = (share, basis, estimated, segments, km) => ({ basis, estimated, segments, countries: ['PK'], cables: [], risks: [], length_m: km * 1000, latency_us: Math.round(km * 4.9), ...part(of(share), all), estimated_octets: estimated ? of(share) : 0, estimated_percent: 0, samples: 90000, sampling_error_percent: 0.65 })
	return { text: [], from: `${month}-01T00:00:00Z`, to: `${month}-28T00:00:00Z`, bin_s: 300, first_entry: 7, last_entry: 19, entries: final ? 13 : 12, last_hash: '9f2c41d0a87be6135c', in_octets: of(0.6), out_octets: of(0.4), measured: part(of(0.812), all), estimated: part(of(0.12), all), unknown: part(of(0.068), all), split_octets: 0, mean_length_m: 6210400, mean_latency_us: 30410,
		avoid: { countries: ['IR', 'RU'], avoided: { ...part(of(0.932), all), estimated_octets: of(0.12), estimated_percent: 12 }, crossed: { ...part(0, all), estimated_octets: 0 }, unknown: part(of(0.068), all) },
		countries: [row('PK', 0.932, 0.12), row('OM', 0.611), row('EG', 0.3001, 0.0001), row('CN', 0.11, 0.11)], cables: [row(evil ?? 'AAE1', 0.611), row('TW1', 0.2)], risks: [row('RED_SEA', 0.611)], segments: Array.from({ length: 15 }, (_, i) => row(`M${String(i + 1).padStart(2, '0')}`, 0.6 - i / 50)),
		ways: [over(0.611, 'steered', false, ['M01', 'M07', 'M22'], 9120), over(0.201, 'site', false, [], 0), over(0.11, 'steered', true, ['P07', 'P06'], 3300), over(0.01, 'contract', true, ['M09'], 2100), { ...over(0.068, 'unknown', false, [], 0), latency_us: 0 }] }
}
export function proofs(m, month, { evil, empty, final }) {
	const one = (contract, document) => ({ asn: m.asn, member: m.name, contract, document, fault: m.asn === 64502 && final ? 'bins come to another way' : null, way: way(month, evil, final) })
	return { month, proofs: empty || !m ? [] : [one(`c-${m.asn}`, final ? 'KTH-I000011' : null)] }
}
export const billWay = (month, evil, final) => way(month, evil, final)

// What the token may order; another is refused.
export const TOKEN = 'let-me-in'
export function preview(deed, ids, evil) {
	const after = { cut: 'cut', drain: 'drained', work: 'work', restore: 'up' }[deed]
	const ms = (value) => ({ latency_us: value * 1000, price_microusd: value * 1000, full: false, way: ['M01', 'M07'] })
	const demand = (id, name, asn, before, afterBps, most, was, is) => ({ id, name, member_asn: asn, member: asn && (evil ?? 'Indus Broadband'), before_bps: before * 1e9, after_bps: afterBps * 1e9, lost_gbps: before - afterBps, lost_gbps_low: 0, lost_gbps_high: most, before_ms: was, after_ms: is,
		more_ms: is && is - was, more_ms_low: is && (is - was) * 0.5, more_ms_high: is && (is - was) * 2, moved: true, faster_why: is && is < was ? 'a shorter way is there' : null })
	const demands = deed === 'restore' ? [demand('KHI-FRA', 'Karachi to Frankfurt', 64501, 1200, 1200, 0, 118.2, 103.3)] : [demand('KHI-FRA', evil ?? 'Karachi to Frankfurt', 64501, 1200, 1200, 640, 103.3, 118.2), demand('GWD-MRS', 'Gwadar to Marseille', null, 300, 0, 300, 90, null)]
	return { segments: ids.map((segment) => ({ segment, before: deed === 'restore' ? 'cut' : 'up', after })), turned: 3, overloaded: ['M09'],
		lost_gbps: deed === 'restore' ? 0 : 300, lost_gbps_low: 0, lost_gbps_high: deed === 'restore' ? 0 : 940, gained_bps: 0, parted: deed === 'restore' ? 0 : 1, slower: deed === 'restore' ? 0 : 1, faster: deed === 'restore' ? 1 : 0, moved: demands.length, demands,
		colors: deed === 'restore' ? [] : [{ color: 100, from: 'khi-r1', to: 'fra-r1', before: { latency_us: 51600, route: 'khi-r1 mrs-r1 fra-r1' }, after: null }],
		moves: [{ site: 'KHI', member_asn: 64501, member: evil ?? 'Indus Broadband', exit: evil ?? 'fra-1', before: ms(61.2), after: { ...ms(75), full: true } }, { site: 'GWD', member_asn: 64503, member: null, exit: 'mrs-1', before: ms(58.1), after: null }, ...Array.from({ length: 9 }, (_, i) => ({ site: `S${i}`, member_asn: 64504, member: null, exit: 'fra-1', before: ms(70), after: ms(71) }))] }
}
