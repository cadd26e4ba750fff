// What the mock says of traffic over time and of the journal; apart, so that mock.mjs stays readable.

// Sums of a history in steps, larger by day than by night; one step was not heard at all, one lost records.
export function history(query, now, rowsOf) {
	const by = rowsOf(query)
	if (by.status) return by
	const month = query.get('month'), year = query.get('year'), hours = Number(query.get('hours') ?? 0)
	const monthStart = (text) => Date.parse(text + '-01T00:00:00Z') / 1000
	const thisMonth = new Date(now * 1000).toISOString().slice(0, 7)
	const from = hours ? now - hours * 3600 : year ? Date.parse(`${year}-01-01T00:00:00Z`) / 1000 : monthStart(month ?? thisMonth)
	const end = hours ? now : year ? Date.parse(`${Number(year) + 1}-01-01T00:00:00Z`) / 1000 : Date.parse(new Date(Date.UTC(Number((month ?? thisMonth).slice(0, 4)), Number((month ?? thisMonth).slice(5)), 1)).toISOString()) / 1000
	const each = query.get('each') === 'hour' ? 3600 : query.get('each') === 'day' ? 86400 : 0
	const steps = []
	for (let at = from - (from % (each || 86400)); each && at < Math.min(end, now); at += each) {
		const n = steps.length
		const whole = Math.min(at + each, end, now) - Math.max(at, from)
		const covered = n === 5 ? 0 : n === 8 ? Math.floor(whole / 2) : whole
		const swing = each === 3600 ? 0.55 + 0.45 * Math.sin((at % 86400) / 86400 * 2 * Math.PI - 2.2) : 0.9 + 0.1 * Math.sin(n)
		const of = (row) => Math.round(((row.in_bps ?? 0) + (row.out_bps ?? 0) + (row.bps ?? 0)) / 8 * covered * swing)
		steps.push([at, covered, n === 11 ? 4211 : 0, by.rows.slice(0, 9).map(of), Math.round(of(by.rows[0]) / 9)])
	}
	const covered = steps.reduce((all, step) => all + step[1], 0)
	return { by: by.by, from: new Date(from * 1000).toISOString(), to: new Date(end * 1000).toISOString(), member: query.get('member') ? Number(query.get('member')) : null, covered_s: covered, simulated: false, entered_octets: 4.2e15,
		not_attributed_octets: 1.1e13, not_attributed_percent: 0.26, filed_by_s: 0, count: by.count, rows: by.rows, ...(each ? { each_s: each, series: Math.min(9, by.rows.length), steps } : {}) }
}
