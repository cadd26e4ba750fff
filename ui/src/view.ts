// What a view is: it fills an element, and says how to stop.

import type { Place } from './route'

export interface View { title: string; close(): void }
export type OpenView = (root: HTMLElement, place: Place) => View

// Things to be ended with the view: watches, timers, requests.
export class Ends {
	private list: (() => void)[] = []
	readonly abort = new AbortController()
	add(end: () => void): void {
		this.list.push(end)
	}
	every(ms: number, run: () => void): void {
		const id = setInterval(() => {
			if (!document.hidden) run()
		}, ms)
		this.add(() => clearInterval(id))
	}
	close(): void {
		this.abort.abort()
		for (const end of this.list) end()
		this.list = []
	}
}
