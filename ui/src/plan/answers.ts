// Answers of the corridor about what is supposed, each in its place, to be taken away as CSV and JSON.

import { ask, query } from '../api'
import { h, renew, replace } from '../dom'
import { failure, later } from '../parts'
import { termsOf, type Supposed } from './suppose'

export class Answers {
	// What each place was last asked to show: an answer that comes too late is none.
	private latest = new Map<HTMLElement, string>()

	constructor(private signal: AbortSignal) {}

	async show<T>(place: HTMLElement, what: string, supposed: Supposed | null, nodes: (answer: T) => Node[], more: Record<string, string> = {}): Promise<void> {
		const path = `corridor/${what}${query({ ...(supposed ? termsOf(supposed) : {}), ...more })}`
		this.latest.set(place, path)
		try {
			const answer = await ask<T>(path, this.signal)
			if (this.latest.get(place) !== path) return
			const link = (format: string) => h('a', { href: `/api/v1/${path}${path.includes('?') ? '&' : '?'}format=${format}`, download: `${what}.${format}` }, format.toUpperCase())
			renew(place, ...nodes(answer), h('p', { class: 'bill-links' }, link('csv'), ' ', link('json')))
		} catch (reason) {
			if (this.signal.aborted || this.latest.get(place) !== path) return
			replace(place, failure(reason))
			later(reason, () => void (this.latest.get(place) === path && this.show(place, what, supposed, nodes, more)), this.signal)
		}
	}
}
