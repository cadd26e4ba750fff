// What can be cut, avoided or counted as built, by the names that people type.

import { ask, type Corridor, type Cuts } from '../api'
import { country } from '../format'
import { stateOf } from '../segment'
import { cutsOf, idOf, kindOf, type Kind, type Supposed } from './suppose'

const GROUPS: Kind[] = ['cable', 'risk', 'country']
const EVERY = 100000

export class Names {
	private words = new Map<string, string>()
	private byWord = new Map<string, string>()

	private add(name: string, word: string): void {
		if (this.words.has(name)) return
		this.words.set(name, word)
		for (const text of [word, name, idOf(name)]) if (!this.byWord.has(text.toLowerCase())) this.byWord.set(text.toLowerCase(), name)
	}
	takeCorridor(corridor: Corridor): void {
		for (const one of corridor.segments) this.add(`segment:${one.id}`, one.name)
		for (const one of corridor.sites) this.add(`site:${one.id}`, one.name)
		for (const code of new Set(corridor.segments.flatMap((one) => one.countries))) this.add(`country:${code}`, country(code))
	}
	// Cables and risks are named by what their cuts do; the hub lists them all.
	async takeGroups(supposed: Supposed, signal: AbortSignal): Promise<void> {
		const answers = await Promise.all(GROUPS.map((kind) => ask<Cuts>(cutsOf(supposed, kind, EVERY), signal)))
		answers.forEach((answer, i) => answer.cuts.forEach((cut) => this.add(`${GROUPS[i]!}:${cut.cut[0]!}`, GROUPS[i] === 'country' ? country(cut.cut[0]!) : (cut.names[0] ?? cut.cut[0]!))))
	}
	word(name: string): string {
		return this.words.get(name) ?? this.words.get(this.byWord.get(name.toLowerCase()) ?? '') ?? idOf(name)
	}
	// What is not known is left as typed: the hub finds it, or says what is nearest.
	find(text: string): string {
		return this.byWord.get(text.toLowerCase()) ?? text
	}
	list(kinds: Kind[]): [string, string][] {
		return [...this.words].filter(([name]) => kinds.includes(kindOf(name)!)).map(([name, word]) => [word, kindOf(name)!])
	}
}
export const planned = (corridor: Corridor) => corridor.segments.filter((one) => stateOf(one) === 'planned')
