// Which cuts hurt most: every single one of a kind, the worst first.

import { ask, type Cuts } from '../api'
import { h, renew, replace } from '../dom'
import { country, percent, plural, rate } from '../format'
import { choice, failure } from '../parts'
import { cutsOf, type Kind, type Supposed } from './suppose'

const KINDS: [Kind, string][] = [['segment', 'Segments'], ['cable', 'Cables'], ['risk', 'Risks'], ['country', 'Countries']]
const SHOWN = 12
// All that the answer depends on.
const shape = (s: Supposed): string => JSON.stringify([s.year, s.built, s.avoid, s.down])

export class WorstCuts {
	private list = h('div', { class: 'busiest' })
	private kind: Kind = 'risk'
	private supposed: Supposed | null = null
	readonly root: HTMLDetailsElement = h('details', { class: 'worst', ontoggle: () => void this.load() }, h('summary', {}, 'Which single cut would hurt most'), choice('Of what', KINDS, this.kind, (kind) => {
		this.kind = kind
		void this.load()
	}), this.list)

	constructor(private toggle: (name: string) => void, private signal: AbortSignal) {}
	set(supposed: Supposed): void {
		const as = shape(supposed), before = this.supposed && shape(this.supposed)
		this.supposed = supposed
		if (as !== before) void this.load()
		else for (const row of this.list.querySelectorAll('button')) this.mark(row)
	}
	private mark(row: HTMLButtonElement): void {
		row.setAttribute('aria-pressed', String(this.supposed?.cut.includes(row.dataset['name'] ?? '') ?? false))
	}
	private async load(): Promise<void> {
		if (!this.root.open || !this.supposed) return
		const { kind } = this
		try {
			const answer = await ask<Cuts>(cutsOf(this.supposed, kind, SHOWN), this.signal)
			if (kind !== this.kind) return
			renew(this.list, ...answer.cuts.map((cut) => {
				const name = `${kind}:${cut.cut[0]!}`
				const row = h('button', { type: 'button', class: 'busy-row', 'data-name': name, onclick: () => this.toggle(name) }, h('span', { class: 'busy-name' }, kind === 'country' ? country(cut.cut[0]!) : (cut.names[0] ?? cut.cut[0]!)), h('b', { class: 'busy-share' }, cut.lost_bps ? `−${rate(cut.lost_bps)}` : 'none lost'),
					h('span', { class: 'muted' }, [cut.lost_bps ? `${rate((cut.lost_gbps.low ?? 0) * 1e9)} to ${rate((cut.lost_gbps.high ?? 0) * 1e9)}, ${percent(cut.lost_gbps.estimated)} on estimates` : '', cut.parted ? `${plural(cut.parted, 'demand')} without a way` : '', cut.slower ? `${cut.slower} slower, worst +${cut.worst_ms.toFixed(1)} ms` : ''].filter(Boolean).join(' · ') || 'nobody is slower'))
				this.mark(row)
				return row
			}), h('p', { class: 'muted' }, `${answer.harmless} of ${answer.count} do no harm by themselves.`))
		} catch (reason) {
			if (!this.signal.aborted) replace(this.list, failure(reason))
		}
	}
}
