// Traffic over time by one thing: who or what it was, hour by hour or day by day, and how well each of them was heard.

import { ask, query, type ByRow, type History } from '../api'
import { h, replace } from '../dom'
import { count, duration, moment, octets, percent, UNKNOWN } from '../format'
import type { List } from '../list'
import { isMonth, monthPicker, thisMonth } from '../month'
import { choice, filled, notice, searchField, simulatedBadge } from '../parts'
import { keep, type Place } from '../route'
import { StackChart } from '../stack'
import { byTable, nameOf, WHATS, weight, type What } from '../traffic_by'
import { Ends, type View } from '../view'

type Period = 'day' | 'week' | 'month' | 'year'
const PERIODS: [Period, string][] = [['day', 'Day'], ['week', 'Week'], ['month', 'Month'], ['year', 'Year']]
const ROWS = 500
const YEARS = 5
const HISTORY_WHATS: [What, string][] = [['member', 'by member'], ['pair', 'by pair of members'], ...WHATS.filter(([what]) => what !== 'member')]

const thisYear = () => Number(thisMonth().slice(0, 4))
const oneOf = <T extends string>(value: string | null, options: [T, string][], fallback: T): T => options.find(([one]) => one === value)?.[0] ?? fallback

export function openHistory(root: HTMLElement, place: Place): View {
	const ends = new Ends()
	let what = oneOf<What>(place.set.get('what'), HISTORY_WHATS, 'member')
	let period = oneOf<Period>(place.set.get('period'), PERIODS, 'day')
	let month = isMonth(place.set.get('month')) ? place.set.get('month')! : thisMonth()
	let year = /^\d{4}$/.test(place.set.get('year') ?? '') ? Number(place.set.get('year')) : thisYear()
	let member = /^\d{1,10}$/.test(place.set.get('member') ?? '') ? place.set.get('member')! : ''
	let search = place.set.get('q') ?? ''
	const summary = h('p', { class: 'muted', 'aria-live': 'polite' }), made = h('span', {})
	const content = h('div', {}), picker = h('span', {})
	const csv = h('a', {}, 'Steps as CSV'), rowsCsv = h('a', {}, 'Sums as CSV')
	let table: List<ByRow> | null = null
	const chart = new StackChart()
	ends.add(() => chart.close())

	const asked = () => ({
		what, member: member || null, each: period === 'day' || period === 'week' ? 'hour' : 'day', hours: period === 'day' ? 24 : period === 'week' ? 168 : null,
		month: period === 'month' ? month : null, year: period === 'year' ? year : null,
	})
	function load(): void {
		keep({ what: what === 'member' ? null : what, period: period === 'day' ? null : period, month: period === 'month' && month !== thisMonth() ? month : null, year: period === 'year' && year !== thisYear() ? String(year) : null, member: member || null, q: search || null })
		csv.href = `/api/v1/history/by${query({ ...asked(), format: 'csv' })}`
		rowsCsv.href = `/api/v1/history/by${query({ ...asked(), each: null, format: 'csv' })}`
		csv.download = `${what}-${period}-steps.csv`
		rowsCsv.download = `${what}-${period}.csv`
		const wanted = JSON.stringify(asked())
		replace(content, notice('wait', 'Asking the ledger …', period === 'year' ? 'A year is read bin by bin; that takes a while at a large hub.' : undefined))
		filled(content, async () => {
			const answer = await ask<History>(`history/by${query({ ...asked(), limit: ROWS })}`, ends.abort.signal)
			// Something else was chosen meanwhile; its own answer fills the place.
			if (wanted !== JSON.stringify(asked())) return [...content.childNodes]
			return show(answer)
		}, ends.abort.signal)
	}
	function show(answer: History): Node[] {
		const heard = (answer.steps ?? []).reduce((all, step) => all + step[1], 0)
		replace(made, answer.simulated ? simulatedBadge() : null)
		const to = Math.min(Date.parse(answer.to), Date.now()) / 1000
		summary.textContent = `${moment(answer.from)} to ${moment(Math.floor(to))}, ${duration(heard || answer.covered_s)} of it heard`
		if (!answer.rows.length) return [notice('empty', 'Nothing was measured of this time', 'Traffic appears here as soon as the ledger has bins of it.')]
		const whole = answer.rows.length === answer.count
		const sum = whole ? answer.rows.reduce((all, row) => all + weight(row), 0) : null
		table = byTable(what, () => sum, answer.rows)
		if (search) table.find(search)
		requestAnimationFrame(() => chart.set(answer, answer.rows.slice(0, answer.series ?? 0).map((row) => nameOf(what, row))))
		return [chart.root, h('p', { class: 'muted readout' }, notes(answer, whole)), table.root]
	}
	const field = searchField('Find in the table', search, (text) => {
		search = text
		keep({ q: text })
		table?.find(text)
	})
	const whats = h('select', { 'aria-label': 'By what' }, ...HISTORY_WHATS.map(([value, title]) => h('option', { value, selected: value === what }, title)))
	whats.addEventListener('change', () => {
		what = whats.value as What
		load()
	})
	const who = h('input', { class: 'search short-field', type: 'text', inputmode: 'numeric', placeholder: 'AS of a member', 'aria-label': 'Only of the member with this AS number', value: member })
	who.addEventListener('change', () => {
		member = who.value.replace(/^\s*(AS)?\s*/i, '').trim()
		load()
	})
	const showPicker = () => replace(picker, period === 'month' ? monthPicker(month, (chosen) => {
		month = chosen
		load()
	}) : period === 'year' ? yearPicker() : null)
	function yearPicker(): HTMLElement {
		const select = h('select', { 'aria-label': 'Year' }, ...Array.from({ length: YEARS }, (_, i) => thisYear() - i).map((one) => h('option', { value: one, selected: one === year }, one)))
		select.addEventListener('change', () => {
			year = Number(select.value)
			load()
		})
		return select
	}
	replace(root, h('div', { class: 'column' }, h('div', { class: 'title' }, h('h1', {}, 'Traffic over time'), summary, made),
		h('div', { class: 'tools' }, whats, choice('Period', PERIODS, period, (value) => {
			period = value
			showPicker()
			load()
		}), picker, who, field, csv, rowsCsv), content))
	showPicker()
	load()
	return { title: 'Traffic over time', close: () => ends.close() }
}
// What the reader has to know of these numbers.
function notes(answer: History, whole: boolean): string {
	const said = ['Samples, normalised to what the ports counted.']
	if (!whole) said.push(`The ${count(answer.rows.length)} largest of ${count(answer.count)} are listed.`)
	if (answer.not_attributed_octets) said.push(`Of the whole hub ${octets(answer.not_attributed_octets)} could not be attributed, ${answer.not_attributed_percent === null ? UNKNOWN : percent(answer.not_attributed_percent / 100, 2)} of what entered.`)
	if (answer.filed_by_s) said.push(`Older sums are kept by the ${answer.filed_by_s === 3600 ? 'hour' : 'day'}.`)
	return said.join(' ')
}
