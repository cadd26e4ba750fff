// Small parts that several views share: notes of failure, badges, numbers, a search field.

import { Refused } from './api'
import { h, replace } from './dom'
import { percent, rateParts } from './format'
import { utilisationClass } from './segment'

export function notice(kind: 'wait' | 'bad' | 'empty', text: string, detail?: string): HTMLElement {
	return h('div', { class: `notice ${kind}`, role: kind === 'bad' ? 'alert' : 'status' }, h('strong', {}, text), detail ? h('p', {}, detail) : null)
}
// A room that is down is an ordinary thing: the rest of the page goes on, and this place fills itself when the room is back.
export function failure(reason: unknown): HTMLElement {
	if (reason instanceof Refused && reason.status === 503) return notice('bad', 'This part of the hub is not running', `${reason.message}. It is restarted by itself; this place is filled as soon as it answers.`)
	if (reason instanceof Refused && reason.status === 0) return notice('bad', 'No answer', 'The hub cannot be reached from here. The page tries again.')
	if (reason instanceof Refused) return notice('bad', reason.message)
	return notice('bad', 'The page failed here', reason instanceof Error ? reason.message : String(reason))
}
export function badge(kind: string, text: string, title?: string): HTMLElement {
	return h('span', { class: `badge ${kind}`, title }, text)
}
export function bar(share: number | null, kind = utilisationClass(share), size = ''): HTMLElement {
	const fill = h('i', { class: kind })
	fill.style.width = `${Math.min(100, Math.max(0, (share ?? 0) * 100))}%`
	return h('span', { class: `bar${size}`, 'aria-hidden': 'true' }, fill)
}
// A share with its bar, in a cell of a table.
export const useCell = (share: number | null, digits = 0, kind?: string): HTMLElement => h('span', { class: 'use-cell' }, percent(share, digits), bar(share, kind, ' small'))
export const simulatedBadge = (): HTMLElement => badge('simulated', 'simulated', 'Made by the lab, not measured')
export function bigNumber(value: Node | string, unit: string, name: string): HTMLElement {
	return h('div', { class: 'number' }, h('b', {}, value, unit ? h('small', {}, ' ' + unit) : null), h('span', {}, name))
}
export function bigRate(bps: number | null, name: string): HTMLElement {
	const [value, unit] = rateParts(bps)
	return bigNumber(value, unit, name)
}
export function searchField(label: string, value: string, typed: (text: string) => void): HTMLInputElement {
	const field = h('input', { type: 'search', class: 'search', placeholder: label, 'aria-label': label, autocomplete: 'off', spellcheck: 'false', value })
	field.addEventListener('input', () => typed(field.value.trim()))
	return field
}
// Every word must occur somewhere in the text.
export function matches(text: string, search: string): boolean {
	const low = text.toLowerCase()
	return search.toLowerCase().split(/\s+/).every((word) => low.includes(word))
}
export function choice<T extends string>(label: string, options: [T, string][], chosen: T, pick: (value: T) => void): HTMLElement {
	const group = h('div', { class: 'choice', role: 'group', 'aria-label': label })
	const show = (now: T) => {
		for (const button of group.children) button.setAttribute('aria-pressed', String((button as HTMLElement).dataset['value'] === now))
	}
	for (const [value, text] of options)
		group.append(h('button', { type: 'button', 'data-value': value, onclick: () => {
			show(value)
			pick(value)
		} }, text))
	show(chosen)
	// On a narrow screen the chosen one may be beyond the edge.
	requestAnimationFrame(() => {
		const pressed = [...group.children].find((button) => button.getAttribute('aria-pressed') === 'true') as HTMLElement | undefined
		if (pressed && group.scrollWidth > group.clientWidth) group.scrollLeft = pressed.offsetLeft - group.offsetLeft - (group.clientWidth - pressed.clientWidth) / 2
	})
	return group
}
// What cannot be had because a room is down, or the hub away, is asked for again after 5 s.
export function later(reason: unknown, run: () => void, signal: AbortSignal): void {
	if (reason instanceof Refused && (reason.status === 503 || reason.status === 0)) setTimeout(() => signal.aborted || run(), 5000)
}
// Fills `root` with what `load` gives; shows the failure, and tries again every 5 s while that lasts.
export function filled(root: HTMLElement, load: () => Promise<Node[]>, signal: AbortSignal): void {
	const attempt = async () => {
		try {
			const nodes = await load()
			if (!signal.aborted) replace(root, ...nodes)
		} catch (reason) {
			if (signal.aborted) return
			replace(root, failure(reason))
			later(reason, () => void attempt(), signal)
		}
	}
	void attempt()
}
