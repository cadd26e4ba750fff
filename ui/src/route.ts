// Every view is a URL: #/members/64501?month=2026-11. What follows the ? is what the reader set: search, month, family.

export interface Place { path: string[]; set: URLSearchParams }

export function here(): Place {
	const [path = '', set = ''] = location.hash.replace(/^#\/?/, '').split('?', 2)
	return { path: path.split('/').filter(Boolean).map(decodeURIComponent), set: new URLSearchParams(set) }
}
export function link(path: (string | number)[], set: Record<string, string | number | null> = {}): string {
	const given = Object.entries(set).filter(([, value]) => value !== null && value !== '').map(([key, value]) => [key, String(value)])
	const text = new URLSearchParams(given).toString()
	return `#/${path.map((part) => encodeURIComponent(part)).join('/')}${text ? '?' + text : ''}`
}
// Keeps what the reader set in the URL, so that it can be sent to somebody, without a new step in the history.
export function keep(values: Record<string, string | null>): void {
	const place = here()
	for (const [key, value] of Object.entries(values))
		if (value) place.set.set(key, value)
		else place.set.delete(key)
	history.replaceState(null, '', link(place.path, Object.fromEntries(place.set)))
}
export function go(hash: string): void {
	location.hash = hash
}
// Links that come from the hub lead to places of this page, nowhere else.
export const inside = (target: string | null): string | null => (target && /^#\/[^\s"'<>]*$/.test(target) ? target : null)
