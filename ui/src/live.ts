// What the hub tells by itself: server-sent events, kept as the last known state of each kind, with the time it came.

import { ask, type Alarms, type CorridorLive, type Members, type MonthSoFar, type Overview, type Proposals, type Traffic } from './api'

interface Kinds { overview: Overview; members: Members; traffic: Traffic; alarms: Alarms; proposals: Proposals; month: MonthSoFar; corridor: CorridorLive }
type Kind = keyof Kinds
const KINDS: Kind[] = ['overview', 'members', 'traffic', 'alarms', 'proposals', 'month', 'corridor']
// The hub sends something, if only a heartbeat, every 2 s while all is well; the page allows for a slow moment.
const STALE_AFTER_MS = 12_000
const ASK_MEMBERS_MS = 15_000

export type Pulse = { state: 'connecting' | 'live' | 'stale'; last: number | null }

const latest: Partial<Kinds> = {}
const watchers = new Map<Kind, Set<(value: never) => void>>(KINDS.map((kind) => [kind, new Set()]))
const pulseWatchers = new Set<(pulse: Pulse) => void>()
let pulse: Pulse = { state: 'connecting', last: null }

export function current<K extends Kind>(kind: K): Kinds[K] | undefined {
	return latest[kind]
}
// Calls back now if something is known, and at every change; returns how to stop.
export function watch<K extends Kind>(kind: K, seen: (value: Kinds[K]) => void): () => void {
	const set = watchers.get(kind)!
	set.add(seen)
	const known = latest[kind]
	if (known !== undefined) seen(known as Kinds[K])
	return () => set.delete(seen)
}
export function watchPulse(seen: (pulse: Pulse) => void): () => void {
	pulseWatchers.add(seen)
	seen(pulse)
	return () => pulseWatchers.delete(seen)
}
function setPulse(next: Pulse): void {
	pulse = next
	for (const seen of pulseWatchers) seen(pulse)
}
function take<K extends Kind>(kind: K, value: Kinds[K]): void {
	latest[kind] = value
	for (const seen of watchers.get(kind)!) (seen as (value: Kinds[K]) => void)(value)
}
// Asks once for what a view needs before the first event comes; failures are the caller's to show.
export async function fetchKind<K extends Kind>(kind: K): Promise<void> {
	take(kind, await ask<Kinds[K]>(kind))
}

let source: EventSource | null = null
let retryMs = 1000

function connect(): void {
	source = new EventSource('/api/v1/events')
	const heard = () => {
		retryMs = 1000
		setPulse({ state: 'live', last: Date.now() })
	}
	source.onopen = heard
	source.addEventListener('beat', heard)
	for (const kind of KINDS)
		source.addEventListener(kind, (event) => {
			heard()
			take(kind, JSON.parse((event as MessageEvent<string>).data))
		})
	// The browser tries again by itself after a broken connection, but not after a refusal (503: too many listeners).
	source.onerror = () => {
		setPulse({ state: 'stale', last: pulse.last })
		if (source?.readyState !== EventSource.CLOSED) return
		setTimeout(connect, retryMs)
		retryMs = Math.min(retryMs * 2, 30_000)
	}
}
export function startLive(): void {
	connect()
	setInterval(() => {
		if (pulse.state === 'live' && pulse.last !== null && Date.now() - pulse.last > STALE_AFTER_MS) setPulse({ state: 'stale', last: pulse.last })
	}, 1000)
	// A hidden page gives its place among the listeners back.
	document.addEventListener('visibilitychange', () => {
		if (document.hidden) {
			source?.close()
			source = null
		} else if (!source) connect()
	})
}

// Who is not the operator is told sums only: what a view watches beyond them is asked for now and then.
let asking = 0
export function liveFor(operator: boolean): void {
	clearInterval(asking)
	if (operator) return
	asking = setInterval(() => {
		if (!document.hidden && watchers.get('members')!.size) void fetchKind('members').catch(() => undefined)
	}, ASK_MEMBERS_MS)
}
