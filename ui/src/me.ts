// Who the reader is to the hub, and so what there is to be seen. The hub decides; the page only leaves out what would be refused.

import { ask } from './api'

export interface Me { role: 'operator' | 'member' | 'visitor'; asn: number | null }

const OPERATOR: Me = { role: 'operator', asn: null }
let known: Promise<Me> | null = null, told: Me | null = null

// A hub that does not answer this yet is asked again by the next view; until then everything is offered.
export function me(): Promise<Me> {
	known ??= ask<Me>('me').then((who) => (told = who), () => {
		known = null
		return OPERATOR
	})
	return known
}
// At once where it is known: what is shown anew does not come and go.
export function asMe(show: (who: Me) => void): void {
	if (told) show(told)
	else void me().then(show)
}
