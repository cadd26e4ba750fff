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
		steps.push([at, covered, n === 11 ? 4211 : 0, by.rows.slice(0, 9).map(of), Math.round(by.rows.length ? of(by.rows[0]) / 9 : 0)])
	}
	const covered = steps.reduce((all, step) => all + step[1], 0)
	return { by: by.by, from: new Date(from * 1000).toISOString(), to: new Date(end * 1000).toISOString(), member: query.get('member') ? Number(query.get('member')) : null, covered_s: covered, simulated: false, entered_octets: 4.2e15,
		not_attributed_octets: 1.1e13, not_attributed_percent: 0.26, filed_by_s: 0, count: by.count, rows: by.rows, ...(each ? { each_s: each, series: Math.min(9, by.rows.length), steps } : {}) }
}

const money = (amount, currency = 'USD') => ({ amount, currency })
const PARTIES = [['hub', 'Karachi Transit Hub'], ['indus-fibre', 'Indus Fibre'], ['karakoram-cable', 'Karakoram Cable']]
// The journal as `ledger ...` answers: sums of the settlement are zero, one dispute is late, one member owes for 60 days. `evil`: the name
// that markup would stand in; `own`: of one member only; `long`: so many entries.
export function journal(what, query, { names, evil, own, long, empty }) {
	const name = (asn) => (asn === 64512 && evil ? evil : names.get(asn) ?? null)
	const count = empty ? 0 : long ?? 6
	const mine = (holder) => !own || String(own) === holder
	const entries = (from = 1, to = 1e9) => {
		const all = [
			{ kind: 'invoice', document: 'KTH-I000011', subject: 'KTH-2026-10-64501', holder: '64501', amount: money('1195.00'), action: null, reason: null, postings: [['receivable:64501', '1195.00'], ['revenue:commit', '-1000.00'], ['tax', '-195.00']] },
			{ kind: 'payment', document: 'KTH-P000001', subject: 'KTH-I000011', holder: '64501', amount: money('195.00'), action: null, reason: 'wire 7', postings: [['cash', '195.00'], ['receivable:64501', '-195.00']] },
			{ kind: 'dispute', document: 'KTH-D000001', subject: 'KTH-I000022', holder: '64512', amount: money('50.00'), action: 'open', reason: evil ?? 'bins differ', postings: [] },
			{ kind: 'credit', document: 'KTH-C000001', subject: 'KTH-I000022', holder: '64512', amount: money('100.00'), action: null, reason: 'outage', postings: [['receivable:64512', '-100.00'], ['revenue:commit', '100.00']] },
			{ kind: 'adjustment', document: 'KTH-A000001', subject: '64501-1', holder: null, amount: null, date: '2026-11-15T12:00:00Z', action: 'set 300 9007199254740993 2000000', reason: 'the push was doubled', postings: [] },
			{ kind: 'settlement', document: 'KTH-S000001', subject: null, holder: null, amount: null, action: null, reason: null, postings: [['cost:transit', '750.00'], ['payable:indus-fibre', '-500.00'], ['payable:karakoram-cable', '-250.00']] },
		]
		const last = Math.min(to, count), list = []
		for (let i = from - 1; i < last; i++) list.push({ ...all[i % all.length], entry: i + 1, time: '2026-11-01T06:00:00Z', contract: null, by: 'root', hash: String(i).padStart(64, 'a') })
		return list.map((e) => ({ ...e, postings: e.postings.map(([account, amount]) => ({ account, amount: money(amount) })) }))
	}
	switch (what) {
	case 'aged': return query.get('payables') ? { aged: empty ? [] : [
		{ holder: 'gulf-cable', name: 'Gulf Cable', currency: 'USD', not_due: '0.00', days_30: '6000.00', days_60: '0.00', days_90: '0.00', older: '0.00', open: '6000.00', disputed: '1004.11' },
		{ holder: 'indus-fibre', name: 'Indus Fibre', currency: 'USD', not_due: '500.00', days_30: '0.00', days_60: '0.00', days_90: '0.00', older: '0.00', open: '500.00', disputed: '0.00' },
	] } : { aged: empty ? [] : [
		{ holder: '64501', name: name(64501), currency: 'USD', not_due: '1000.00', days_30: '0.00', days_60: '0.00', days_90: '0.00', older: '0.00', open: '1000.00', disputed: '0.00' },
		{ holder: '64512', name: name(64512), currency: 'USD', not_due: '0.00', days_30: '0.00', days_60: '730.25', days_90: '0.00', older: '0.00', open: '730.25', disputed: '50.00' },
		{ holder: '64502', name: name(64502), currency: 'PKR', not_due: '250000.00', days_30: '0.00', days_60: '0.00', days_90: '0.00', older: '0.00', open: '250000.00', disputed: '0.00' },
	] }
	case 'disputes': return { disputes: (empty ? [] : [
		{ id: 'KTH-D000001', invoice: 'KTH-I000022', holder: '64512', name: name(64512), currency: 'USD', amount: '50.00', granted: '0.00', state: 'open', opened: '2026-11-01', changed: '2026-11-01', deadline: '2026-11-15', late: true, reason: evil ?? 'bins differ', answer: null },
		{ id: 'KTH-D000002', invoice: 'KTH-I000011', holder: '64501', name: name(64501), currency: 'USD', amount: '10.00', granted: '4.00', state: 'settled', opened: '2026-11-02', changed: '2026-11-03', deadline: null, late: false, reason: 'price', answer: 'half of it' },
	]).filter((d) => mine(d.holder)) }
	case 'settlement': return query.get('month') ? (query.get('month') !== '2026-10' ? { status: 404, error: 'nothing of that month was settled: see sarai ledger settlement' } : {
		document: 'settlement', id: 'KTH-S000001', month: '2026-10-01T00:00:00Z', time: '2026-11-02T06:00:00Z', parties: PARTIES.map(([id, text], i) => ({ id, name: i === 1 && evil ? evil : text })), invoices: [], dues: [],
		statements: [['hub', '250.00', '1000.00', '-750.00'], ['indus-fibre', '500.00', '0.00', '500.00'], ['karakoram-cable', '250.00', '0.00', '250.00']].map(([party, share, collected, net]) => ({ party, currency: 'USD', share, collected, dues_in: '0.00', dues_out: '0.00', net })),
		transfers: [{ from: 'hub', to: 'indus-fibre', amount: money('500.00') }, { from: 'hub', to: 'karakoram-cable', amount: money('250.00') }],
	}) : { settlements: empty ? [] : [{ id: 'KTH-S000001', month: '2026-10', entry: 6 }] }
	case 'entries': return { entries: entries(Number(query.get('from') ?? 1), Number(query.get('to') ?? 1e9)) }
	case 'statement': return { entries: entries(1, 5).filter((e) => mine(e.holder)), open: [money('1000.00')] }
	case 'head': return { entry: count, hash: empty ? null : '0853bb645471b351129eb030a5d3fa792ec539170f95caa3d424aeb1977257e4', time: null }
	}
	return { trouble: null, open: true, batches: 1, spool: {}, journal: { trouble: null, entries: count } }
}
