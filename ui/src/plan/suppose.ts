// What is supposed: what is cut, built and avoided, as of which year. Names have their kind before them, "risk:RED_SEA", as the hub takes
// them, so that a URL means the same to whoever opens it.

import { query } from '../api'

export type Kind = 'segment' | 'cable' | 'risk' | 'country' | 'operator' | 'site'
export type Part = 'cut' | 'built' | 'avoid'
// `down`: what is cut in truth, which no question about today may use.
export interface Supposed extends Record<Part, string[]> { year: string; down: string[] }
export const PARTS: Part[] = ['cut', 'built', 'avoid']

const listed = (text: string | null): string[] => [...new Set((text ?? '').split(',').map((one) => one.trim()).filter(Boolean))]
export function supposedIn(set: URLSearchParams): Supposed {
	const year = set.get('year') ?? ''
	return { cut: listed(set.get('cut')), built: listed(set.get('built')), avoid: listed(set.get('avoid')), year: /^2\d{3}$/.test(year) ? year : '', down: [] }
}
export const inWords = (s: Supposed): Record<string, string> => ({ cut: s.cut.join(), built: s.built.join(), avoid: s.avoid.join(), year: s.year })
export const any = (s: Supposed): boolean => PARTS.some((part) => s[part].length > 0)
// The same day without anything supposed.
export const plain = (s: Supposed): Supposed => ({ cut: [], built: [], avoid: [], year: s.year, down: s.down })
export const kindOf = (name: string): Kind | null => (/^(segment|cable|risk|country|operator|site):/.exec(name)?.[1] as Kind | undefined) ?? null
export const idOf = (name: string): string => (kindOf(name) ? name.slice(name.indexOf(':') + 1) : name)

// `--without` takes things that lie on the ground; a country or an operator that is cut is one that all avoid.
const GROUND: (Kind | null)[] = ['segment', 'cable', 'risk', null]
const down = (s: Supposed): string[] => (s.year ? [] : s.down)
// The terms of a question in which the cuts are part of what is; those of one about the cuts have them apart.
export function termsOf(s: Supposed): Record<string, string> {
	const on = s.cut.filter((name) => GROUND.includes(kindOf(name))), around = s.cut.filter((name) => !on.includes(name))
	return { without: [...new Set([...on, ...down(s)])].join(), avoid: [...s.avoid, ...around].join(), with: s.built.join(), date: s.year }
}
const apart = (s: Supposed) => ({ without: down(s).filter((name) => !s.cut.includes(name)).join(), avoid: s.avoid.join(), with: s.built.join(), date: s.year })
export const flowOf = (s: Supposed, more: Record<string, string> = {}): string => `corridor/flow${query({ objective: 'priority', ...termsOf(s), ...more })}`
export const cutOf = (s: Supposed): string => `corridor/whatif${query({ cut: s.cut.join(), ...apart(s) })}`
export const cutsOf = (s: Supposed, of: Kind, top: number): string => `corridor/whatif${query({ depth: 'single', of, top, ...apart(s) })}`
export const connectedOf = (s: Supposed, from: string, to: string): string => `corridor/availability${query({ from, to, ...termsOf(s) })}`
