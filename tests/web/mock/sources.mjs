// What the mock's meter says of itself and of switches: memory, polls by SNMP, sampling rates, MACs that are nobody's.

export const memory = () => ({ workers: 2, octets: 7292220, socket_octets: 201326592, parts: [{ part: 'pairs', octets: 16384, bound_octets: 536870912, refused: 0 }, { part: 'unknown MACs', octets: 147456, bound_octets: 147456, refused: 4311 }, { part: 'counters', octets: 20888, bound_octets: null, refused: 0 }] })
export const polls = (utc, now) => ({ polls: [{ exporter: 'khi-sw1', address: '192.0.2.11', ports: 9, found: 9, walks: 400, failures: 0, answers: 9000, timeouts: 2, walk_ms: 41, last_good: utc(now - 12), trouble: null }, { exporter: 'isb-r1', address: '192.0.2.21', ports: 4, found: 3, walks: 401, failures: 17, answers: 700, timeouts: 61, walk_ms: 900, last_good: utc(now - 3700), trouble: 'no interface is named Ethernet7' }], readings: { waiting: 0, taken: 9120, refused: 0, forgotten: 3 } })
export const strangers = (utc, now) => [{ mac: '00:00:5e:00:53:fe', exporter: 'khi-sw2', vlan: 100, if_index: 44, octets_sent: 18_220_113_000, samples_sent: 812, octets_received: 0, samples_received: 0, first_seen: utc(now - 90000), last_seen: utc(now - 30) }]
const rate = (id, announced, effective, used) => ({ protocol: 'sflow', domain: 0, scope: 'source', id, announced, effective, used, drops: used === 'effective' ? 12 : 0 })
// By exporter; what is not told is not there.
export const ofItself = {
	'khi-sw1': { rates: [rate(1, 16384, 16384, 'announced'), rate(2, 16384, null, 'announced')], processor: { load_5s_percent: 20, load_1m_percent: 18.5, load_5m_percent: 17, memory_octets: 8589934592, free_octets: 4294967296 } },
	'khi-sw2': { rates: [rate(1, 16384, 16380, 'announced'), rate(2, 16384, 20011, 'effective'), rate(3, null, null, 'unknown')], discards: [{ reason: 'TTL expired', packets: 90 }], not_read: [{ kind: 'record of counter samples', enterprise: 0, format: 7, what: 'LACP', count: 31 }] },
	'isb-r1': { sampling_override: 1000 },
}
// Of a port, by its place: one interface was learned, two ports claim another, one port is counted by two sources.
export function interfaceOf(i) {
	const by = i === 7 || i === 8 ? 'clash' : i === 2 ? 'learned' : 'hub file'
	return { if_index: by === 'clash' ? null : i + 1, if_index_by: by, counters_compared: i === 4 ? { by: 'snmp', direction: 'out', counted_bps: 9.2e10, bps: 8.1e10, differ_percent: 11.96 } : null }
}
