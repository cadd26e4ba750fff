// The answers of docs/api.md as types, and how to ask for them. A value that is not known is null, never 0.

export interface Hub { name: string; short_name: string; asn: number; city?: string | null; country?: string | null }
export interface RoomState { room: string; state: 'up' | 'starting' | 'down'; since: string | null; restarts: number }
export interface Status { hub: Hub; version: string; started: string; generation: number; file: string; simulated: boolean; rooms: RoomState[] }

export interface Session {
	id: string; address: string; state: string; since: string | null; families: string[]
	accepted: number; filtered: number; exported: number
	received_updates: number; sent_updates: number; last_error: string | null; flaps: number
	held: boolean; bfd: string | null; stale: number; stale_until: string | null; unsent_octets: number; unsent_prefixes: number; stuck_since: string | null
}
export interface SessionState extends Session { asn: number; name: string }
export interface Sessions { sessions: SessionState[] }
export interface Member {
	asn: number; name: string; kind: string; country: string | null; trouble: number; trouble_text: string | null; speed_bps: number
	sessions: Session[]; accepted: number; filtered: number; exported: number
}
export interface Members { hub: Hub; members: Member[] }
export interface Contact { role: string; email: string | null; phone: string | null }
export interface Port { id: string; site: string | null; speed_bps: number; vlan: number | null; ipv4: string | null; ipv6: string | null; macs: string[] }
// A reason in words, and in the numbers that members meet in communities: RS:1101:n and 65520:n.
export interface Coded { reason: string; euro_ix: string; arouteserver: string | null }
export interface Reason extends Coded { family: string; count: number; refused: number; tagged: number; mend: string }
export interface Said { at: string | null; text: string }
export interface Limit { family: string; max: number; count: number; warn_at: number | null; warned: boolean; action: string; restart_s: number; count_refused: boolean; source: string }
export interface Stay { restart_s: number; stale_s: number }
export interface Agreed {
	router_id: string; hold_time_s: number; ipv4: boolean; ipv6: boolean; as4: boolean; refresh: boolean; enhanced_refresh: boolean; extended_messages: boolean; extended_next_hop: boolean
	add_path: Record<'ipv4' | 'ipv6', { receive: boolean; send: boolean }>
	graceful_restart: { agreed: boolean; notification: boolean; ipv4: Stay | null; ipv6: Stay | null }
	remote_role: string | null; remote_host: string | null
}
export interface SessionMore extends Session {
	guard: { md5: boolean; tcp_ao: boolean; ttl_security: number | null; bfd: boolean }
	agreed?: Agreed | null; limits?: Limit[]; last_sent?: Said | null; last_received?: Said | null
}
export interface MemberPage extends Member {
	sessions: SessionMore[]; contacts: Contact[]; ports: Port[]; reasons: Reason[]; tagged: number; stale: number
	rpki: { valid: number; unknown: number; invalid: number; not_checked: number }
	next_hops: { address: string; routes: number }[]
}
export interface Policy {
	wanted: { family: string; check: string; applied: boolean; wanted: string | null }[]
	values: { item: string; value: string | string[] | null; from: 'hub' | 'own'; help: string }[]
	as_sets: { name: string; family: string; state: string | null; prefixes: number | null; origins: number | null; fetched: string | null }[]
	announce: string[]; receive: string[]
}
export interface Peering {
	asn: number; accepted: number
	members: { asn: number; name: string; up: boolean; may_hear: number; hears: number; may_be_heard: number; heard: number; why_not: string | null; example?: string | null }[]
}

export interface Route {
	prefix: string; member_asn: number; member_name: string; session: string; best: boolean; state: 'accepted' | 'filtered'
	as_path: string; origin: string; next_hop: string; med: number | null
	communities: string[]; large_communities: string[]; ext_communities: string[]
	age_s: number; stale: boolean; rpki: string; reasons: (Coded & { mend: string })[]; heard_by: number[] | null
	sent?: { to: number[]; as_path: string; next_hop: string; changes: string | null }[]
}
export interface Step { part: 'in' | 'choice' | 'out'; step: string; outcome: string; text: string; found: string | null; wanted: string | null; mend: string | null; reasons: Coded[] }
export interface Way { member_asn: number; member_name: string; session: string | null; state: 'accepted' | 'filtered'; place: number; as_path: string; next_hop: string; reasons: (Coded & { mend: string })[]; steps: Step[] }
export interface Explanation {
	prefix: string; exact: boolean; paths: Way[]
	supposed: { words: string; paths: Way[]; changes: { asn: number; name: string; now: number | null; then: number | null; edited: boolean }[]; unchanged: number } | null
}
export interface Routes { routes: Route[]; total: number; truncated: boolean }

// What goes on beside the routes.
export interface BfdPage {
	sessions: { asn: number; name: string; session: string; address: string; state: string | null; since?: string; diagnostic?: string | null; detection_ms?: number | null; packets_in?: number; downs?: number }[]
	dropped: Record<string, number>
}
export interface RpkiStates { valid: number; unknown: number; invalid_origin: number; invalid_length: number; not_checked: number }
export interface Rpki {
	ready: boolean; vrps_ipv4: number; vrps_ipv6: number; aspas: number; filtered: number; asserted: number
	sources: { name: string; complete: boolean; alive: boolean; in_use: boolean; vrps_ipv4: number; vrps_ipv6: number; aspas: number }[]
	caches: { name: string; host: string; port: number; updated: string | null; last_error: string | null }[]
	files: { path: string; last_error: string | null }[]
	accepted: RpkiStates; refused: RpkiStates
}
export interface Registry {
	irr: { enabled: boolean; host: string; fresh: number; stale: number; held: number; none: number }
	peeringdb: { networks: number | null; fetched: string | null; last_error: string | null } | null
	sets: { set: string; family: string; state: string; prefixes: number | null; fetched: string | null; last_error: string | null; held: { why: string } | null }[]
}
export interface Station {
	name: string; host: string; port: number; state: string; since: string | null; caught_up: boolean; hears: string[]
	sent_octets: number; failures: number; overruns: number; next_try: string | null; last_error: string | null; last_error_at: string | null
}
export interface Stations { stations: Station[] }
export interface Dump {
	last: string | null; last_at: string | null; last_octets: number | null; writing: string | null; next: string | null
	files: number; failures: number; lost_records: number; last_error: string | null; last_error_at: string | null
}
export interface Dumps { directory: string | null; keep_days: number | null; table: Dump; updates: Dump }

export interface PortTraffic {
	port: string; asn: number; member: string; speed_bps: number; in_bps: number | null; out_bps: number | null
	utilisation: number | null; source: 'counter' | 'estimated' | 'missing'
}
export interface Exporter {
	exporter: string; address: string; known: boolean; protocols: string[]; datagrams: number; records: number; lost_records: number
	refused: { cause: string; count: number }[]; last_heard: string | null
}
export interface SamplingRate { protocol: string; domain: number; scope: string; id: number; announced?: number | null; effective?: number | null; used: 'announced' | 'effective' | 'unknown'; drops: number }
export interface Domain { protocol: string; number: number; received: number; lost: number; lost_here: number; estimated: number; restarts: number; repeated: number }
export interface ExporterMore extends Exporter {
	domains?: Domain[]; sampling_override?: number | null; rates?: SamplingRate[]; discards?: { reason: string; packets: number }[]
	processor?: { load_5s_percent: number | null; load_1m_percent: number | null; load_5m_percent: number | null; memory_octets: number | null; free_octets: number | null } | null
	not_read?: { kind: string; enterprise: number; format: number; what: string | null; count: number }[]
}
export interface Exporters { exporters: ExporterMore[] }
export interface Side { counter_octets: number | null; errors?: number; discards?: number; flow_octets: number; samples: number; ratio: number | null; error_percent: number | null }
// Where a second source counts the same port, what each says of the way in which they differ more.
export interface Compared { by: string; direction: 'in' | 'out'; counted_bps: number; bps: number; differ_percent: number }
export interface PortTrust {
	port: string; asn: number; member: string; state: 'counter' | 'estimated' | 'missing'; counters_by: string | null; lost_ppm: number; in: Side; out: Side
	if_index?: number | null; if_index_by?: 'hub file' | 'learned' | 'clash' | null; counters_compared?: Compared | null
}
export interface Ports { start: string | null; length_s: number; ports: PortTrust[] }
export interface Rates { start: string | null; in_bps: number | null; out_bps: number | null }
export interface Stranger { mac: string; exporter: string; vlan: number | null; if_index: number | null; octets_sent: number; samples_sent: number; octets_received: number; samples_received: number; first_seen: string; last_seen: string }
export interface Memory { workers: number; octets: number; socket_octets: number; parts: { part: string; octets: number; bound_octets: number | null; refused: number }[] }
export interface Polls {
	polls: { exporter: string; address: string; ports: number; found: number; walks: number; failures: number; answers: number; timeouts: number; walk_ms: number; last_good: string | null; trouble: string | null }[]
	readings: { waiting: number; taken: number; refused: number; forgotten: number }
}
export interface Traffic {
	now: Rates & { covered_s: number }; last: Rates; ports: PortTraffic[]
	unattributed: { cause: string; octets: number; samples: number }[]; exporters: ExporterMore[]; unknown_macs?: Stranger[]
	kernel_drops: number; kept_local_share: number | null
}
export interface Pair { from_asn: number; from: string; to_asn: number; to: string; family: string; octets: number; bps: number }
export interface Matrix {
	start: string | null; length_s: number; covered_s?: number; pair_count?: number; octets?: { ipv4: number; ipv6: number; other: number }; pairs: Pair[]
	countries: { from: string; to: string; octets: number }[]
	networks: { asn: number; country: string; direction: 'in' | 'out'; member_asn: number; octets: number }[]
}

// One of both ways (`in_`, `out_`), or of one way only, as `by` has it.
export interface ByRow {
	name?: string; from?: string; to?: string; asn?: number | null; member?: string; member_asn?: number | null; flow_in_octets?: number; flow_out_octets?: number; flow_octets?: number; in_octets?: number; in_bps?: number; out_octets?: number; out_bps?: number; octets?: number; bps?: number
	samples: number; error_percent: number | null
}
export interface TrafficBy { by: string; start: string | null; length_s: number; covered_s: number; count: number; rows: ByRow[] }

// [start, seconds listened to, records lost, octets of the largest rows, octets of the rest]
export type HistoryStep = [number, number, number, number[], number]
export interface History {
	by: string; from: string; to: string; member: number | null; covered_s: number; simulated: boolean; entered_octets: number
	not_attributed_octets: number; not_attributed_percent: number | null; filed_by_s: number; count: number; rows: ByRow[]
	each_s?: number; series?: number; steps?: HistoryStep[]
}

// What the meter warns of, what it proposes to be done, and what the operator did.
export interface Alarm {
	id: number; kind: string; severity: 'warning' | 'alarm'; subject: string; asn: number | null; member: string | null
	since: string; until: string | null; acknowledged?: string | null; value: number; threshold: number; unit: 'percent' | 'bit/s' | 's' | 'ports'; by: string | null; proposal: number | null; text: string
}
export interface Alarms { alarms: Alarm[]; over: Alarm[]; unlisted: number; learns_until: string | null; sessions_known: boolean }
export interface Proposal {
	number: number; state: string; asn: number | null; member: string | null; since: string; ends: string | null
	bps: number; pps: number; usual_bps: number; sources: number; text: string
}
export interface Proposals { proposals: Proposal[] }
export interface Blackhole { prefix: string; asn: number; member: string | null; since: string | null; ends: string | null; sessions: number }
export interface Blackholes { blackholes: Blackhole[] }

// [second since 1970, in, out, state: 0 missing, 1 counter, 2 estimated]
export type CurvePoint = [number, number | null, number | null, number]
export interface Curve {
	asn: number; name: string; from: string; to: string; bin_s: number; points: CurvePoint[]
	p95_in_bps: number | null; p95_out_bps: number | null; commit_bps: number | null; simulated: boolean
}
export interface Money { amount: string; currency: string }
// To a member, by its AS number, or to a party that is none, by its id. A purchase is what the hub pays.
export interface Invoice {
	number: string; contract: string; asn: number | null; party?: string; purchase: boolean; member: string; kind: string
	p95_bps: number | null; billed_bps: number | null; commit_bps: number | null; total: Money; simulated: boolean; final: boolean
}
export interface BillLine {
	kind: string; item: string | null; text: string; quantity: string | null; unit: string | null; price: string | null; days: number; days_in_month: number; amount: Money
}
export interface Bill extends Omit<Invoice, 'member' | 'contract' | 'asn' | 'party'> {
	member: { asn: number | null; party?: string; name: string; country: string | null }; contract: { id: string; kind: string; ports: string[] }
	month: string; from: string; to: string; time_zone: string; from_local: string; to_local: string; date: string; due_date: string | null
	hub: Hub
	rules: string[]; measure: string; bins: { expected: number; counter: number; estimated: number; missing: number; simulated: number; other_party: number; adjusted?: number }
	loss: { bins: number; worst_ppm: number }; bin_s: number; n: number; rank: number | null
	p95_in_bps: number | null; p95_out_bps: number | null; peak_bps: number | null; bins_above: number
	lines: BillLine[]; net: Money; tax: Money; tax_note: string | null; curve?: CurvePoint[]
	ports?: { port: string; p95_in_bps: number | null; p95_out_bps: number | null; measured_bps: number | null }[]
	amortisations?: { item: string; capital: Money; this_month: Money; so_far: Money; left: Money; month: number; months: number }[]
	issued?: { differs: boolean; differences?: string[] } | null
	way?: Proof | null
}
// The proof of the way: over what a member's traffic went. Percents are of all octets, and of parts of a whole they add up to 100.
interface Amount { octets: number; percent: number }
interface PartKnown extends Amount { estimated_octets: number; estimated_percent: number }
export interface ProofShare extends PartKnown { name: string }
export interface ProofWay extends Amount { basis: string; estimated: boolean; segments: string[]; countries: string[]; length_m: number; latency_us: number; samples: number; sampling_error_percent: number }
export interface Proof {
	from: string; to: string; first_entry: number; last_entry: number; entries: number; last_hash: string; in_octets: number; out_octets: number
	measured: Amount; estimated: Amount; unknown: Amount; mean_length_m: number; mean_latency_us: number
	avoid: { countries: string[]; avoided: PartKnown; crossed: Amount & { estimated_octets: number }; unknown: Amount } | null
	countries: ProofShare[]; cables: ProofShare[]; risks: ProofShare[]; segments: ProofShare[]; ways: ProofWay[]
}
export interface Proofs { month: string; proofs: { asn: number; member: string; contract: string | null; document: string | null; fault: string | null; way: Proof }[] }
// An invoice that was issued, and what became of it, as the journal has it.
export interface Issued {
	id: string; number: string; month: string; holder?: string; name?: string | null; contract: string; issued: string | null; due: string | null
	currency: string; total: string; credited: string; paid: string; open: string; disputed: string; state: string
}
export interface IssuedList { invoices: Issued[] }
// The journal: what is open by age, disputes, entries, settlements. Amounts without a currency beside them have one in the row.
export interface AgedList { aged: { holder: string; name: string | null; currency: string; not_due: string; days_30: string; days_60: string; days_90: string; older: string; open: string; disputed: string }[] }
export interface Dispute {
	id: string; invoice: string; holder: string; name: string | null; currency: string; amount: string; granted: string; state: string
	opened: string | null; changed: string | null; deadline: string | null; late: boolean; reason: string | null; answer: string | null
}
export interface Disputes { disputes: Dispute[] }
export interface Adjustment { id: string; port: string; start: string; length_s: string; measured: boolean; in: string | null; out: string | null; reason: string | null; by: string | null; time: string }
export interface Adjustments { adjustments: Adjustment[] }
export interface Entry {
	entry: number; time: string; kind: string; document: string | null; subject: string | null; holder: string | null; contract: string | null; amount?: Money | null
	date: string | null; action: string | null; by: string | null; reason: string | null; postings: { account: string; amount: Money }[]; hash: string
}
export interface Entries { entries: Entry[]; open?: Money[] }
export interface JournalHead { entry: number; hash: string | null; time: string | null }
export interface StoreState { trouble: string | null; journal: { trouble: string | null; entries: number } }
export interface SettlementList { settlements: { id: string; month: string; entry: number }[] }
export interface Settlement {
	id: string; month: string; time: string; parties: { id: string; name: string }[]
	statements: { party: string; currency: string; share: string; collected: string; dues_in: string; dues_out: string; net: string }[]
	transfers: { from: string; to: string; amount: Money }[]
}
export interface Outlook { p95_bps: number; billed_bps: number | null; net: Money; total: Money }
export interface Forecast {
	asn: number | null; party?: string; member: string; contract: string; bins: number; known: number; left: number; growth_ppm: number | null
	low: Outlook; likely: Outlook | null; high: Outlook | null; simulated: boolean; final: boolean
}
export interface Forecasts { month: string; at: string; method: string; forecasts: Forecast[] }
// shared: what owners of cables got of it; kept: what is left of it, and of what was bought; computed: not issued yet.
interface Earned { sum: Money; cost: Money; shared: Money; kept: Money; computed: Money; months?: string[] }
export interface RevenueRow extends Earned { key: string; name: string }
export interface RevenuePlan { from: Money; to: Money; run_rate: Money; percent_of_to_x100: number; percent_of_from_x100: number; percent_of_year_x100: number }
export interface RevenueTotal extends Earned { currency: string; plan?: RevenuePlan }
// Transit bought and sold, by blend: what was sold beside the sum of what was bought.
export interface Blend {
	blend: string; purchases: number; sales: number; bought_bps: number; sold_bps: number; sold_percent: string
	cost: Money; income: Money; margin: Money; cost_of_mbit: string; mixed_currencies: boolean
}
export interface Blends { month: string; blends: Blend[] }
export interface Revenue { by: string; span: string; running: boolean; simulated: boolean; invoices: number; issued: number; totals: RevenueTotal[]; rows: RevenueRow[] }
// The running month so far, as the event `month` tells it.
export interface MonthSoFar { month: string | null; p95_in_bps: number | null; p95_out_bps: number | null; invoices: number | null; totals: { amount: string | null; currency: string }[] | null; simulated: boolean | null }
export interface Invoices { month: string; invoices: Invoice[] }

export interface Site { id: string; name: string; country: string | null; lat: number | null; lon: number | null; kind: string }
export interface Segment {
	id: string; name: string; a: string; b: string; length_km: number | null; length_estimated: boolean; usable: boolean; status: string; type: string; live?: 'up' | 'work' | 'drained' | 'cut'
	// Its capacity is an estimate, or told by nobody: of the page's own reckoning.
	capacity_estimated?: boolean
	// It is not there today, and is by the year that is looked at: likewise.
	fresh?: boolean
	capacity_bps: number | null; load_bps: number | null; utilisation: number | null; countries: string[]; operators: string | null
}
// A number, the bounds it may be in, and what it rests on.
export interface Fact { value: number; low: number; high: number; basis: 'seen' | 'derived' | 'estimated'; source: string | null }
// What more there is to say of one segment.
export interface SegmentMore extends Segment {
	design_tbps: number | null; lit_tbps: number | null; fibre_pairs: number | null; in_service: string | null; length_basis: string | null
	source: string | null; confidence: string | null; check: string | null; srlgs: string[]; cable?: string | null; medium?: string | null; repair_h?: number; capacity_assumed?: boolean
	facts?: Record<'length_km' | 'capacity_tbps' | 'price' | 'failures_a_year', Fact | null>
	contracts: { contract: string; asn: number; member: string; in_force: boolean }[]
}
// Ways between two sites under conditions; none is an empty list.
export interface WayFound {
	length_km: number; round_trip_ms: number; countries: string[]; segments: string[]; sites: string[]
	estimated_lengths: number; segment_count: number; estimated_share: number
	length_km_low?: number; length_km_high?: number; round_trip_ms_low?: number; round_trip_ms_high?: number; price_usd?: number; price_usd_low?: number; price_usd_high?: number; price_estimated_share?: number
	availability?: number; availability_low?: number; availability_high?: number; capacity_tbps?: number | null; capacity_tbps_low?: number | null; capacity_tbps_high?: number | null; narrowest?: string | null; capacity_assumed?: boolean
}
export interface WaysFound { from: string; from_name: string; to: string; to_name: string; paths: WayFound[] }
// What operators ordered about the corridor, and what is not up by that.
export interface Order { state: 'work' | 'drained' | 'cut'; kind: string; id: string; from: string; until: string | null; who: string; why: string | null; in_force: boolean }
export interface CorridorLive { orders: Order[]; segments: { id: string; live: 'work' | 'drained' | 'cut' }[] }
// What an order would do: which way leads from a site to an exit, before and after; null: that exit is closed from there.
interface Chosen { latency_us: number; price_microusd: number; full: boolean; way: string[] }
export interface Move { site: string; member_asn: number; member: string | null; exit: string; before: Chosen | null; after: Chosen | null }
// A demand of the hub file that an order concerns. A latency that is not known stands for no way at all; the bounds have demands and
// capacities at theirs.
export interface Concerned {
	id: string; name: string | null; member_asn: number | null; member: string | null; before_bps: number; after_bps: number; lost_gbps: number; lost_gbps_low: number; lost_gbps_high: number
	before_ms: number | null; after_ms: number | null; more_ms: number | null; more_ms_low: number | null; more_ms_high: number | null; moved: boolean; faster_why: string | null
}
// A way of a color between two routers; null: there is none.
interface Colored { latency_us: number; route: string | null }
export interface Recolored { color: number; from: string; to: string; before: Colored | null; after: Colored | null }
export interface Preview {
	segments: { segment: string; before: string; after: string }[]; lost_gbps: number; lost_gbps_low: number; lost_gbps_high: number; gained_bps: number; parted: number; slower: number; faster: number; moved: number
	demands: Concerned[]; colors: Recolored[]; moves: Move[]; overloaded: string[]; turned: number
}
export type Deed = 'cut' | 'drain' | 'work' | 'restore'
interface Grounds { value: number | null; low: number | null; high: number | null; estimated: number }
export interface Consequence {
	cut: string[]; names: (string | null)[]; segments: number; lost_bps: number; lost_gbps: Grounds; parted: number; reduced: number; slower: number; median_ms: number; worst_ms: number; worst: string | null
	fullest: string | null; utilisation: number; hours: number | null; down: number | null; down_low: number | null; down_high: number | null
}
export interface Cut { unmeasured: number; does: Consequence; mend: string[] }
export interface Cuts { count: number; harmless: number; cuts: Consequence[] }
export interface Connected { availability: number; availability_low: number; availability_high: number; downtime_h_year: number; estimated: number; blame: { id: string; kind: string; share: number }[] }
export interface SitePrice { site: string; name: string; usd: Grounds | null; from: string | null; steps: number; told_usd: Fact | null }
export interface Prices { erosion_percent: number; prices: SitePrice[]; assumed: string }
export interface Target { passing_gbps: number; home_gbps: number; estimated: number; growth_percent: number; room_gbps: number; room_gbps_low: number; room_gbps_high: number; prices: { price_usd: number; ceiling: boolean; gbps_low: number; gbps_high: number; years_low: number | null; years_high: number | null; carried_gbps_low: number; carried_gbps_high: number }[]; assumed: string }
export interface Worth { worth: { kind: string; id: string; usd_a_year: number; usd_a_year_low: number; usd_a_year_high: number; estimated: number; passing_gbps: number; only_way_gbps: number; home_gbps: number }[]; assumed: string }
// `together`: of two, how much more than both by themselves.
export interface Candidate { candidates: string[]; name?: string; together?: number | null; gain: number | null; gain_per_musd: number | null; cost_usd: number; cost_usd_low: number; cost_usd_high: number; usd_a_year: number; usd_a_year_low: number; usd_a_year_high: number; npv_usd: number | null; npv_usd_low: number | null; npv_usd_high: number | null; irr: number | null; payback_years: number | null; estimated: number }
export interface RevenueOf { of: string; asked_gbps: number; served_gbps: number; usd_a_year: number; usd_a_year_low: number; usd_a_year_high: number; estimated: number; revenue: { id: string; name?: string | null; usd_a_year: number; usd_a_year_low: number; usd_a_year_high: number }[] }
// What a sum hangs on: each assumption by itself at the ends of its range, and all at once by chance.
export interface Sensitivity { unit: string; told: number; p10: number; p50: number; p90: number; swings: { assumption: string; assumed: Fact; at_low: number; at_high: number }[] }
// What caches near the users would take off the corridor.
interface NearSums { gbps: number; gbps_low: number; gbps_high: number; off_gbps: number; off_gbps_low: number; off_gbps_high: number; usd_a_year: number; usd_a_year_low: number; usd_a_year_high: number; local_before: number; local_after: number }
export interface Content extends NearSums { content: (NearSums & { id: string; name: string | null; kind: string; from_name: string; to_name: string; hits: number; hits_low: number; hits_high: number; modelled: boolean; estimated: boolean })[] }
// Towers to put on fibre, year by year.
export interface ReachYear { year: string; target_percent: number; share_percent: number; target_met: boolean; target_met_before: boolean; towers: number; towns: number; places: number; km: number; cost: Money; cost_so_far: Money; at_least: Money; gap_percent: number | null }
export interface Reach { towers: number; on_fibre: number; share_percent: number; share_most_percent: number; towers_built: number; places_built: number; km: number; cost: Money; at_least: Money; years: ReachYear[]; sensitivity: { figure: string; low: Money; high: Money }[] }
export interface Next { next: Candidate[]; pairs?: Candidate[] }
export interface Corridor { sites: Site[]; segments: Segment[] }

export interface Incident { severity: number; text: string; detail: string | null; link: string | null; state?: 'acknowledged' | 'proposed' | null }
export interface Busiest { segment: string; name: string; utilisation: number | null; load_bps: number | null; capacity_bps: number | null }
export interface Overview {
	hub: Hub | null; rooms?: RoomState[]; simulated?: boolean | null; incidents: Incident[] | null; incident_count?: number
	numbers: {
		now_bps: number | null; p95_month_bps: number | null; members_up: number | null; members: number | null
		sessions_up: number | null; sessions: number | null; segments_over_85: number | null
	}
	busiest: Busiest[] | null
}

// What went wrong, in words for the reader; status 0: the hub itself cannot be reached.
export class Refused extends Error {
	constructor(readonly status: number, text: string) {
		super(text)
	}
}

export const ask = <T>(path: string, signal?: AbortSignal): Promise<T> => send<T>(path, signal ? { signal } : {})
// An order. Who gives it is told by the token alone: what the browser knows of the reader stays out of it.
export function order(deed: Deed, values: Record<string, string>, token: string): Promise<unknown> {
	return send(`corridor/${deed}${query(values)}`, { method: 'POST', headers: { Authorization: `Bearer ${token}` }, credentials: 'omit', cache: 'no-store' })
}
async function send<T>(path: string, how: RequestInit): Promise<T> {
	let response: Response
	try {
		response = await fetch(`/api/v1/${path}`, how)
	} catch (failure) {
		if (failure instanceof DOMException && failure.name === 'AbortError') throw failure
		throw new Refused(0, 'the hub cannot be reached')
	}
	let body: unknown
	try {
		body = await response.json()
	} catch {
		throw new Refused(response.ok ? 502 : response.status, 'the answer cannot be read')
	}
	if (!response.ok) {
		const text = (body as { error?: unknown }).error
		throw new Refused(response.status, typeof text === 'string' ? text : `refused with status ${response.status}`)
	}
	return body as T
}

// A query string of what is set; values are escaped.
export function query(values: Record<string, string | number | null | undefined>): string {
	const set = Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== null && entry[1] !== undefined && entry[1] !== '')
	return set.length ? '?' + set.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&') : ''
}
