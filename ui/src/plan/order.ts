// Orders from the page: what one would do is told first, and then it is given by whoever has a token. That is asked for, kept in
// this page's memory, and gone with it.

import { ask, order, query, Refused, type Deed, type Preview } from '../api'
import { h, replace } from '../dom'
import { asMe } from '../me'
import { failure, notice } from '../parts'
import type { State } from '../segment'
import { told } from './told'

const DEEDS: Record<Deed, [string, string]> = { cut: ['Cut', 'is cut'], drain: ['Drain', 'is drained'], work: ['Planned work', 'is worked on'], restore: ['Restore', 'is restored'] }
let token = ''

export type Begin = (deed: Deed, name: string) => void

// The buttons of one thing, for an operator.
export function orderButtons(name: string, state: State, begin: Begin): HTMLElement {
	const deeds: Deed[] = state === 'usable' ? ['cut', 'drain', 'work'] : state === 'cut' ? ['restore'] : state === 'drained' || state === 'work' ? ['cut', 'restore'] : []
	const box = h('div', { class: 'ways-choice', role: 'group', 'aria-label': 'To order in the hub', hidden: true }, ...deeds.map((deed) => h('button', { type: 'button', class: 'button', onclick: () => begin(deed, name) }, `${DEEDS[deed][0]} …`)))
	asMe((who) => (box.hidden = who.role !== 'operator' || !deeds.length))
	return box
}

// Those of all that is supposed to be cut.
export function orderAll(names: string[], word: (name: string) => string, begin: Begin): HTMLElement {
	const box = h('details', { hidden: true }, h('summary', {}, 'To order it in the hub'), ...names.flatMap((name) => [h('h3', {}, word(name)), orderButtons(name, 'usable', begin)]))
	asMe((who) => (box.hidden = who.role !== 'operator'))
	return box
}

const field = (label: string, attributes: Parameters<typeof h>[1]): HTMLInputElement => h('input', { class: 'search', 'aria-label': label, placeholder: label, autocomplete: 'off', spellcheck: 'false', ...attributes })
const labelled = (text: string, input: HTMLElement): HTMLElement => h('label', { class: 'order-field' }, h('span', {}, text), input)
// What is typed is UTC, as all times of the page are.
const utc = (typed: string): string => (typed ? `${typed.slice(0, 16)}:00Z` : '')

export class OrderPanel {
	readonly root = h('div', { class: 'order-place', 'aria-live': 'polite' })
	private turn = 0

	constructor(private word: (name: string) => string, private signal: AbortSignal) {}

	private close = (): void => {
		this.turn++
		replace(this.root)
	}
	begin: Begin = (deed, name) => {
		const [title, done] = DEEDS[deed], what = this.word(name), preview = h('div', { class: 'order-preview' }), said = h('div', {})
		const reason = field('Why, for the journal', { type: 'text', maxlength: 255 }), from = field('From, UTC', { type: 'datetime-local', required: deed === 'work' }), until = field('Until, UTC', { type: 'datetime-local', required: deed === 'work' })
		const secret = field('Token', { type: 'password', required: true, pattern: '[!-~]+', title: 'A token of steering.tokens in the hub file' })
		const seen = h('input', { type: 'checkbox', required: true }), give = h('button', { type: 'submit', class: 'button danger', disabled: true }, `${title} ${what} now`)
		const times = () => ({ from: deed === 'work' ? utc(from.value) : '', until: deed === 'restore' ? '' : utc(until.value) })
		secret.value = token
		const look = async () => {
			const turn = ++this.turn
			give.disabled = true
			seen.checked = false
			replace(preview, notice('wait', 'Asking the corridor …'))
			try {
				const answer = await ask<Preview>(`corridor/${deed}/preview${query({ name, ...times() })}`, this.signal)
				if (turn !== this.turn) return
				replace(preview, ...told(answer, this.word))
				give.disabled = false
			} catch (refusal) {
				if (turn === this.turn && !this.signal.aborted) replace(preview, failure(refusal))
			}
		}
		const submit = async () => {
			give.disabled = true
			replace(said)
			try {
				await order(deed, { name, ...times(), reason: deed === 'restore' ? '' : reason.value.trim() }, secret.value)
				token = secret.value
				secret.value = ''
				this.turn++
				replace(this.root, h('section', { class: 'card', 'aria-label': 'Ordered' }, this.cross(), h('p', {}, h('b', {}, `Ordered: ${what} ${deed === 'work' ? `${done} from ${from.value.replace('T', ' ')} UTC` : done}.`)), h('p', { class: 'muted' }, 'The token is kept until this page is left or loaded anew. ', h('button', { type: 'button', class: 'plain-button', onclick: () => {
					token = ''
					this.close()
				} }, 'forget it'))))
			} catch (refusal) {
				if (refusal instanceof Refused && refusal.status === 401) token = secret.value = ''
				replace(said, failure(refusal))
				give.disabled = false
			}
		}
		for (const time of [from, until]) time.addEventListener('change', () => void look())
		replace(this.root, h('section', { class: 'card order', 'aria-label': `${title} ${what}` }, this.cross(), h('h2', {}, `${title} ${what}: what that would do`), preview,
			h('form', { class: 'ways-form', onsubmit: (event: Event) => {
				event.preventDefault()
				void submit()
			} }, deed === 'work' ? labelled('from, UTC', from) : null, deed === 'restore' ? null : labelled('until, UTC', until), deed === 'restore' ? null : reason, secret, h('label', {}, seen, ' I have read what changes'), h('div', { class: 'ways-choice' }, give, h('button', { type: 'button', class: 'button', onclick: this.close }, 'Leave it'))), said))
		void look()
		this.root.scrollIntoView({ block: 'nearest' })
	}
	private cross(): HTMLElement {
		return h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: this.close }, '×')
	}
}
