// What the mock says of parties that are no members: one is sold to, one is bought from; of what came in; of bins that were put right.

const money = (amount, currency = 'USD') => ({ amount, currency })

// One invoice to a party, and what two contracts expect to be asked for: of Gulf Cable, and of the member AS64504.
export function partyInvoices(month, final, evil) {
	const one = (party, asn, member, contract, amount, purchase) => ({ number: `KTH-${month}-${party ?? asn}-${contract}`, contract, asn, ...(party ? { party } : {}), member, kind: 'items', p95_bps: null, billed_bps: null, commit_bps: null, total: money(amount), simulated: false, final, purchase })
	return [one('desert-lease', null, evil ?? 'شبکه صحرا', 'lease-1', '648.03', false), one('gulf-cable', null, 'Gulf Cable', 'gulf-2026', '5095.89', true), one(null, 64504, 'Karakoram Carrier', 'up-2026', '5121.28', true)]
}
// Such an invoice in full: it is about no port, so nothing was measured for it.
export function partyBill(one, hub, country) {
	return { ...one, member: { asn: one.asn, ...(one.party ? { party: one.party } : {}), name: one.member, country }, contract: { id: one.contract, kind: one.kind, ports: [] }, from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z', time_zone: 'UTC', from_local: '2026-10-01', to_local: '2026-11-01', date: '2026-11-01', due_date: '2026-12-01', hub,
		rules: ['months and days of UTC; a day that has begun counts'], measure: '95th percentile', bins: { expected: 0, counter: 0, estimated: 0, missing: 0, simulated: 0, other_party: 0 }, loss: { bins: 0, worst_ppm: 0 }, bin_s: 300, n: 0, rank: null, p95_in_bps: null, p95_out_bps: null, peak_bps: null, bins_above: 0, net: one.total, tax: money('0.00'), tax_note: null, ports: [],
		amortisations: one.party === 'desert-lease' ? [{ item: 'fibre-pair', capital: money('180000.00'), this_month: money('1000.00'), so_far: money('11000.00'), left: money('169000.00'), month: 11, months: 180 }] : [],
		lines: [{ kind: 'upkeep', item: 'upkeep', text: 'Upkeep, share of 12.5 %', quantity: '0.125', unit: 'year', price: '480000.00', days: 31, days_in_month: 365, amount: one.total }] }
}
export function payables(query) {
	const all = [
		{ id: 'KTH-R000001', number: 'gulf-cable GC-778', month: '2026-10', holder: 'gulf-cable', name: 'Gulf Cable', contract: 'gulf-2026', issued: '2026-11-02', due: '2026-11-12', currency: 'USD', total: '6100.00', credited: '0.00', paid: '100.00', open: '6000.00', disputed: '1004.11', state: 'overdue' },
		{ id: 'KTH-R000002', number: '64504 W-2', month: '2026-09', holder: '64504', name: 'Karakoram Carrier', contract: 'up-2026', issued: '2026-10-03', due: '2026-11-03', currency: 'USD', total: '5000.00', credited: '0.00', paid: '5000.00', open: '0.00', disputed: '0.00', state: 'paid' },
	]
	return { invoices: all.filter((one) => (!query.get('month') || one.month === query.get('month')) && (!query.get('member') || one.holder === query.get('member'))) }
}
// A bin that was set, set again, and taken back; and one that holds, beyond what a double can.
export function adjustments(evil) {
	const one = (id, port, start, inwards, outwards, reason) => ({ id, port, start, length_s: '300', measured: inwards === null, in: inwards, out: outwards, reason, by: 'root', time: '2026-11-19T09:30:00Z' })
	return { adjustments: [one('KTH-A000001', '64501-1', '2026-11-15T12:00:00Z', '9007199254740993', '2000000', evil ?? 'the push was doubled'), one('KTH-A000002', '64504-1', '2026-11-16T12:00:00Z', '5000000', '2000000', 'typed wrong'), one('KTH-A000003', '64504-1', '2026-11-16T12:00:00Z', null, null, 'mistake')] }
}
export const blends = (month) => ({ month, blends: [{ blend: 'west', purchases: 2, sales: 9, bought_bps: 5e10, sold_bps: 7.3e10, sold_percent: '146.00', cost: money('12000.00'), income: money('31000.00'), margin: money('19000.00'), cost_of_mbit: '0.24', mixed_currencies: true }] })
