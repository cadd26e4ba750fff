// Whom an invoice is to or from: a member, by its AS number and with a page of its own, or a party that is none, by its id.

import { h } from './dom'
import { UNKNOWN } from './format'
import { link } from './route'

interface Payer { asn: number | null; party?: string }
// What stands for it in the API and in places of this page.
export const holderOf = (one: Payer): string => String(one.asn ?? one.party ?? '')
export const isMember = (holder: string): boolean => /^\d+$/.test(holder)
export const holderWord = (holder: string): string => (isMember(holder) ? `AS${holder}` : holder)

export function holderLink(holder: string | null, name: string | null, month: string | null = null): Node | string {
	if (!holder) return UNKNOWN
	const words = name ?? holderWord(holder)
	return h('span', {}, isMember(holder) ? h('a', { href: link(['members', holder], { month }), dir: 'auto' }, words) : h('span', { dir: 'auto' }, words), ' ', h('span', { class: 'muted' }, holderWord(holder)))
}
