// Choosing a month: one step back or on, or any of the last three years.

import { h } from './dom'

const LONG = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
const BACK = 36

export const thisMonth = (): string => new Date().toISOString().slice(0, 7)
export const isMonth = (text: string | null): text is string => text !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(text)
export const monthName = (month: string): string => LONG.format(new Date(month + '-01T00:00:00Z'))
export function stepMonth(month: string, by: number): string {
	const date = new Date(month + '-01T00:00:00Z')
	date.setUTCMonth(date.getUTCMonth() + by)
	return date.toISOString().slice(0, 7)
}
export function monthPicker(chosen: string, pick: (month: string) => void): HTMLElement {
	const select = h('select', { 'aria-label': 'Month' })
	const months = new Set([chosen])
	for (let i = 0; i < BACK; i++) months.add(stepMonth(thisMonth(), -i))
	for (const month of [...months].sort().reverse()) select.append(h('option', { value: month, selected: month === chosen }, monthName(month)))
	const back = h('button', { type: 'button', 'aria-label': 'Month before', onclick: () => choose(stepMonth(select.value, -1)) }, '‹')
	const on = h('button', { type: 'button', 'aria-label': 'Month after', onclick: () => choose(stepMonth(select.value, 1)) }, '›')
	const choose = (month: string) => {
		if (![...select.options].some((option) => option.value === month)) return
		select.value = month
		on.disabled = month >= thisMonth()
		pick(month)
	}
	on.disabled = chosen >= thisMonth()
	select.addEventListener('change', () => choose(select.value))
	return h('div', { class: 'month' }, back, select, on)
}
