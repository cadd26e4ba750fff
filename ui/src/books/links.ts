// The forms in which a document can be taken away.

import { query } from '../api'
import { h } from '../dom'

export type Form = 'pdf' | 'html' | 'csv' | 'json'
// Those of what can be drawn, and of everything else in the journal.
export const DRAWN: Form[] = ['pdf', 'html', 'csv', 'json']
export const PLAIN: Form[] = ['csv', 'json']
const WORDS: Record<Form, [string, string]> = { pdf: ['PDF', 'as PDF'], html: ['Print', 'to print'], csv: ['CSV', 'as CSV'], json: ['JSON', 'as JSON'] }

// One of them: what a browser shows opens beside the page, the others become files.
export function formLink(href: string, form: Form, what: string, name: string): HTMLElement {
	const shown = form === 'pdf' || form === 'html'
	return h('a', { href, 'aria-label': `${what} ${WORDS[form][1]}`, ...(shown ? { target: '_blank', rel: 'noopener' } : { download: `${name}.${form}` }) }, WORDS[form][0])
}
export const linksBox = (...links: (HTMLElement | null)[]): HTMLElement => h('span', { class: 'bill-links nowrap' }, ...links)

// A document of the journal as it was issued; of a settlement the statement of one party.
export function documentLinks(id: string, forms: Form[], party: string | null = null): HTMLElement {
	return linksBox(...forms.map((format) => formLink(`/api/v1/ledger/document${query({ id, party, format })}`, format, party ? `${id}, ${party}` : id, party ? `${id}-${party}` : id)))
}
// An invoice as it is computed or was issued, with its curve.
export function billLinks(one: { holder: string; contract: string; number: string }, month: string): HTMLElement {
	return linksBox(...DRAWN.map((format) => formLink(`/api/v1/bill/${encodeURIComponent(one.holder)}${query({ month, contract: one.contract, format })}`, format, one.number, one.number)))
}
export const tableLink = (href: string, label: string, name: string): HTMLElement => h('a', { href, download: name, 'aria-label': label }, 'CSV')
