// Ways through the mock's corridor: the shortest by Dijkstra, and the next by leaving out the middle of those before. As `corridor path` answers.

const MS_PER_KM = 2 * 1.468 / 299.792458
export function ways(geography, query) {
	const listed = (name) => (query.get(name) ?? '').split(',').filter(Boolean)
	const site = (text) => geography.sites.find((one) => one.id === text || one.name.toLowerCase() === text.toLowerCase())
	const from = site(query.get('from') ?? ''), to = site(query.get('to') ?? '')
	if (!from || !to) return { status: 404, error: `there is no site "${query.get(from ? 'to' : 'from')}"` }
	const avoid = listed('avoid'), closed = new Set(listed('without')), built = new Set(listed('with'))
	const open = (s) => !closed.has(s.id) && s.length_km && (s.usable || built.has(s.id) || Number(query.get('date')) >= 2030) && !s.countries.some((code) => avoid.includes(code))
	const shortest = (left) => {
		const best = new Map([[from.id, 0]]), before = new Map(), done = new Set()
		for (;;) {
			const here = [...best].filter(([id]) => !done.has(id)).sort((p, q) => p[1] - q[1])[0]?.[0]
			if (!here) return null
			if (here === to.id) break
			done.add(here)
			for (const s of geography.segments) {
				const there = s.a === here ? s.b : s.b === here ? s.a : null
				if (!there || left.has(s.id) || !open(s) || best.get(here) + s.length_km >= (best.get(there) ?? Infinity)) continue
				best.set(there, best.get(here) + s.length_km)
				before.set(there, [here, s])
			}
		}
		const segments = [], sites = [to.id]
		for (let at = to.id; at !== from.id; at = before.get(at)[0]) {
			segments.unshift(before.get(at)[1])
			sites.unshift(before.get(at)[0])
		}
		return { segments, sites }
	}
	const paths = [], left = new Set()
	for (let n = Number(query.get('k') ?? 1); n > 0; n--) {
		const way = shortest(left)
		if (!way) break
		const length_km = way.segments.reduce((all, s) => all + s.length_km, 0), guessed = way.segments.filter((s) => s.length_estimated)
		left.add(way.segments[Math.floor(way.segments.length / 2)].id)
		paths.push({ length_km, round_trip_ms: Number((length_km * MS_PER_KM).toFixed(3)), countries: [...new Set(way.segments.flatMap((s) => s.countries))], segments: way.segments.map((s) => s.id), sites: way.sites, estimated_lengths: guessed.length, segment_count: way.segments.length, estimated_share: guessed.reduce((all, s) => all + s.length_km, 0) / length_km,
			length_km_low: length_km * 0.8, length_km_high: length_km * 1.2, round_trip_ms_low: length_km * MS_PER_KM * 0.8, round_trip_ms_high: length_km * MS_PER_KM * 1.2, price_usd: 0.6463, price_usd_low: 0.3232, price_usd_high: 1.2926, price_estimated_share: 1, availability: 0.95199, availability_low: 0.891294, availability_high: 0.984315, capacity_tbps: 2.8, capacity_tbps_low: 2.24, capacity_tbps_high: 3.36, narrowest: way.segments[0].id, capacity_assumed: true })
	}
	return { from: from.id, from_name: from.name, to: to.id, to_name: to.name, avoid, require: [], without: [...closed], with: [...built], k: Number(query.get('k') ?? 1), paths }
}
