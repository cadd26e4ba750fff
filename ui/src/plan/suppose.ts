// What is supposed: what is cut, built and avoided, as of which year. Names have their kind before them, "risk:RED_SEA", as the hub takes
// them, so that a URL means the same to whoever opens it.

import { query } from '../api'

export type Kind = 'segment' | 'cable' | 'risk' | 'country' | 'operator' | 'site'
export type Part = 'cut' | 'built' | 'avoid'
export interface Supposed extends Record<Part, string[]> { year: string }
export const PARTS: Part[] = ['cut', 'built', 'avoid']

const listed = (text: string | null): string[] => [...new Set((text ?? '').split(',').map((one) => one.trim()).filter(Boolean))]
export function supposedIn(set: URLSearchParams): Supposed {
	const year = set.get('year') ?? ''
	return { cut: listed(set.get('cut')), built: listed(set.get('built')), avoid: listed(set.get('avoid')), year: /^2\d{3}$/.test(year) ? year : '' }
}
export const inWords = (s: Supposed): Record<string, string> => ({ cut: s.cut.join(), built: s.built.join(), avoid: s.avoid.join(), year: s.year })
export const any = (s: Supposed): boolean => PARTS.some((part) => s[part].length > 0)
// The same day without anything supposed.
export const plain = (s: Supposed): Supposed => ({ cut: [], built: [], avoid: [], year: s.year })
export const kindOf = (name: string): Kind | null => (/^(segment|cable|risk|country|operator|site):/.exec(name)?.[1] as Kind | undefined) ?? null
export const idOf = (name: string): string => (kindOf(name) ? name.slice(name.indexOf(':') + 1) : name)

// `--without` takes things that lie on the ground; a country or an operator that is cut is one that all avoid.
const GROUND: (Kind | null)[] = ['segment', 'cable', 'risk', null]
const terms = (s: Supposed) => ({ with: s.built.join(), date: s.year })
export function flowOf(s: Supposed, more: Record<string, string> = {}): string {
	const on = s.cut.filter((name) => GROUND.includes(kindOf(name))), around = s.cut.filter((name) => !on.includes(name))
	return `corridor/flow${query({ objective: 'priority', without: on.join(), avoid: [...s.avoid, ...around].join(), ...terms(s), ...more })}`
}
export const cutOf = (s: Supposed): string => `corridor/whatif${query({ cut: s.cut.join(), avoid: s.avoid.join(), ...terms(s) })}`
export const cutsOf = (s: Supposed, of: Kind, top: number): string => `corridor/whatif${query({ depth: 'single', of, top, avoid: s.avoid.join(), ...terms(s) })}`
export function connectedOf(s: Supposed, from: string, to: string): string {
	const on = s.cut.filter((name) => GROUND.includes(kindOf(name))), around = s.cut.filter((name) => !on.includes(name))
	return `corridor/availability${query({ from, to, without: on.join(), avoid: [...s.avoid, ...around].join(), ...terms(s) })}`
}
