// Numbers as people read them. Unknown is an en dash, never 0.

export const UNKNOWN = '–'
const STEPS: [number, string][] = [[1e15, 'P'], [1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]

function scaled(value: number, unit: string): [string, string] {
	for (const [step, letter] of STEPS)
		if (value >= step * 0.9995) return [three(value / step), letter + unit]
	return [three(value), unit]
}
// Three significant digits, without an exponent.
function three(value: number): string {
	if (value >= 100 || value === 0) return String(Math.round(value))
	return value.toFixed(value >= 10 ? 1 : 2)
}
export function rateParts(bps: number | null | undefined): [string, string] {
	return bps === null || bps === undefined ? [UNKNOWN, ''] : scaled(bps, 'bit/s')
}
export function rate(bps: number | null | undefined): string {
	return rateParts(bps).join(' ').trim()
}
// A nominal speed has no trailing zeros: 10 Gbit/s, 2.5 Gbit/s.
export function speed(bps: number | null | undefined): string {
	if (bps === null || bps === undefined) return UNKNOWN
	const [value, unit] = scaled(bps, 'bit/s')
	return `${Number(value)} ${unit}`
}
export function octets(count: number | null | undefined): string {
	return count === null || count === undefined ? UNKNOWN : scaled(count, 'B').join(' ')
}
const GROUPS = new Intl.NumberFormat('en-GB')
export function count(value: number | null | undefined): string {
	return value === null || value === undefined ? UNKNOWN : GROUPS.format(value)
}
// Of digits that may be more than a double holds.
export const grouped = (digits: string): string => (/^\d+$/.test(digits) ? GROUPS.format(BigInt(digits)) : digits)
export function percent(share: number | null | undefined, digits = 0): string {
	if (share === null || share === undefined) return UNKNOWN
	const text = (share * 100).toFixed(digits)
	// What is there but rounds to nothing is said to be there.
	return share > 0 && Number(text) === 0 ? `< ${(10 ** -digits).toFixed(digits)} %` : `${text} %`
}
export function plural(value: number, one: string, many = one + 's'): string {
	return `${count(value)} ${value === 1 ? one : many}`
}
// The two largest parts of a duration: 3 d 4 h, 12 min, 40 s.
export function duration(seconds: number): string {
	const s = Math.max(0, Math.floor(seconds))
	if (s < 60) return `${s} s`
	if (s < 3600) return `${Math.floor(s / 60)} min`
	if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
	return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`
}
export function since(time: string | null, now = Date.now()): string {
	return time === null ? UNKNOWN : duration((now - Date.parse(time)) / 1000)
}
// 2026-11-21 12:05 UTC
export function moment(time: string | number | null): string {
	if (time === null) return UNKNOWN
	const text = new Date(typeof time === 'number' ? time * 1000 : time).toISOString()
	return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`
}
export function clock(time: number): string {
	return new Date(time).toISOString().slice(11, 19)
}
export function money(value: { amount: string; currency: string } | null): string {
	if (!value) return UNKNOWN
	const [whole = '0', cents] = value.amount.split('.')
	const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
	return `${cents === undefined ? grouped : `${grouped}.${cents}`} ${value.currency}`
}
export const words = (kind: string): string => kind.replace(/_/g, ' ')
const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })
// "--" stands for an address that no country table covers.
export function country(code: string | null): string {
	if (!code || !/^[A-Z]{2}$/.test(code)) return 'not known'
	return NAMES.of(code) ?? code
}
