// The page: a frame with the name of the hub, the views, and whether what is seen is live.

import './style.css'
import { ask, type Status } from './api'
import { h, replace, s } from './dom'
import { clock, duration } from './format'
import { liveFor, startLive, watch, watchPulse, type Pulse } from './live'
import { failure, simulatedBadge } from './parts'
import { here } from './route'
import { startTheme, theme, toggleTheme, onTheme } from './theme'
import type { OpenView, View } from './view'
import { openExchange } from './views/exchange'
import { openExporters } from './views/exporters'
import { openGlass } from './views/glass'
import { me, type Me } from './me'
import { openBill } from './views/bill'
import { openBooks } from './views/books'
import { openHistory } from './views/history'
import { openInvoices } from './views/invoices'
import { openMatrix } from './views/matrix'
import { openMember } from './views/member'
import { openMembers } from './views/members'
import { openOverview } from './views/overview'
import { openReach } from './views/reach'
import { openRevenue } from './views/revenue'
import { openWays } from './views/ways'
import { openWhatIf } from './views/whatif'

const VIEWS: { name: string; title: string; short: string; icon: string; open: OpenView }[] = [
	{ name: '', title: 'Overview', short: 'Map', icon: 'M3 6l6-3 6 3 6-3v15l-6 3-6-3-6 3zM9 3v15M15 6v15', open: openOverview },
	{ name: 'ways', title: 'Ways', short: 'Ways', icon: 'M6 19a2 2 0 1 0 0-4a2 2 0 0 0 0 4M18 9a2 2 0 1 0 0-4a2 2 0 0 0 0 4M8 17h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7', open: openWays },
	{ name: 'whatif', title: 'What if', short: 'What if', icon: 'M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 18h.01M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20', open: openWhatIf },
	{ name: 'reach', title: 'Reach', short: 'Reach', icon: 'M12 21V9M8 21h8M12 9a2 2 0 1 0 0-4a2 2 0 0 0 0 4M7 12a7 7 0 0 1 0-10M17 2a7 7 0 0 1 0 10', open: openReach },
	{ name: 'members', title: 'Members', short: 'Members', icon: 'M4 6h16M4 12h16M4 18h10', open: (root, place) => (place.path[1] ? openMember(root, place) : openMembers(root, place)) },
	{ name: 'glass', title: 'Looking glass', short: 'Glass', icon: 'M10.5 3.500a7 7 0 1 0 0 14a7 7 0 0 0 0-14M15.500 15.500L21 21', open: openGlass },
	{ name: 'exchange', title: 'Exchange', short: 'State', icon: 'M3 12h4l3-8 4 16 3-8h4', open: openExchange },
	{ name: 'matrix', title: 'Matrix', short: 'Matrix', icon: 'M4 4h4v4H4zM10 4h4v4h-4zM16 4h4v4h-4zM4 10h4v4H4zM16 10h4v4h-4zM4 16h4v4H4zM10 16h4v4h-4z', open: openMatrix },
	{ name: 'history', title: 'Traffic', short: 'Traffic', icon: 'M3 20h18M5 20v-6M9 20V9M13 20v-9M17 20V5', open: openHistory },
	{ name: 'invoices', title: 'Invoices', short: 'Invoices', icon: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6', open: (root, place) => (place.path[1] ? openBill(root, place) : openInvoices(root, place)) },
	{ name: 'books', title: 'Books', short: 'Books', icon: 'M5 4h6a3 3 0 0 1 3 3v13a3 3 0 0 0-3-3H5zM14 7a3 3 0 0 1 3-3h3v13h-3a3 3 0 0 0-3 3', open: openBooks },
	{ name: 'revenue', title: 'Revenue', short: 'Revenue', icon: 'M4 20V10M10 20V4M16 20v-7M22 20H2', open: openRevenue },
	{ name: 'exporters', title: 'Meter', short: 'Meter', icon: 'M4 18a8.500 8.500 0 1 1 16 0M12 15l4-5', open: openExporters },
]
// What the hub would refuse to anybody but the operator is not offered to others.
const OFFERED: Record<Me['role'], string[] | null> = { operator: null, member: ['', 'ways', 'members', 'glass', 'history', 'books'], visitor: ['', 'ways', 'members', 'glass'] }
const ALIASES: Record<string, string> = { segments: '', sites: '', corridor: '' }
const ICONS = { sun: 'M12 7a5 5 0 1 0 0 10a5 5 0 0 0 0-10M12 1v2M12 21v2M4 4l1.5 1.5M18.5 18.5L20 20M1 12h2M21 12h2M4 20l1.5-1.5M18.5 5.5L20 4', moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.500 10.500z' }

const icon = (path: string) => s('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }, s('path', { d: path }))

startTheme()
const nav = h('nav', { class: 'views', 'aria-label': 'Views' }, ...VIEWS.map((view) => h('a', { href: `#/${view.name}`, 'data-view': view.name }, icon(view.icon), h('span', { class: 'long' }, view.title), h('span', { class: 'short' }, view.short))))
const hubName = h('span', { class: 'hub-name' }, 'Sarai')
const simulated = h('span', {})
const pulseText = h('span', {})
const pulseBox = h('div', { class: 'pulse', role: 'status' }, h('i', { 'aria-hidden': 'true' }), pulseText)
const whoBox = h('span', { class: 'who' })
const themeButton = h('button', { type: 'button', class: 'theme', onclick: toggleTheme })
const main = h('main', { id: 'view', tabindex: -1 })
replace(document.getElementById('app')!, h('a', { class: 'skip', href: '#view', onclick: (event: Event) => {
	event.preventDefault()
	main.focus()
} }, 'Skip to the view'),
h('header', { class: 'top' }, h('a', { class: 'brand', href: '#/' }, h('img', { src: 'assets/icon.svg', alt: '', width: 22, height: 22 }), hubName), simulated, nav, whoBox, pulseBox, themeButton), main)

const showTheme = () => {
	const next = theme() === 'dark' ? 'light' : 'dark'
	replace(themeButton, icon(theme() === 'dark' ? ICONS.sun : ICONS.moon))
	themeButton.setAttribute('aria-label', `Switch to ${next} colours`)
	themeButton.title = `Switch to ${next} colours`
}
onTheme(showTheme)
showTheme()

let pulse: Pulse = { state: 'connecting', last: null }
function showPulse(): void {
	pulseBox.dataset['state'] = pulse.state
	pulseText.textContent = pulse.state === 'live' ? 'live' : pulse.state === 'connecting' ? 'connecting' : pulse.last === null ? 'no connection' : `stale since ${clock(pulse.last)} UTC, ${duration((Date.now() - pulse.last) / 1000)}`
}
watchPulse((next) => {
	if (next.state === 'live' && pulse.state !== 'live') void loadStatus()
	pulse = next
	showPulse()
})
setInterval(() => {
	if (pulse.state === 'stale') showPulse()
}, 1000)

let title = ''
let hubTitle = 'Sarai'
const showTitle = () => (document.title = `${title} · ${hubTitle}`)
function nameHub(name: string, asn: number | null, more: string, isSimulated: boolean): void {
	hubTitle = name
	hubName.textContent = name
	hubName.title = [asn === null ? '' : `AS${asn}`, more].filter(Boolean).join(' · ')
	replace(simulated, isSimulated ? simulatedBadge() : null)
	showTitle()
}
async function loadStatus(): Promise<void> {
	const who = await me()
	const offered = OFFERED[who.role]
	for (const item of nav.children) (item as HTMLElement).hidden = offered !== null && !offered.includes((item as HTMLElement).dataset['view'] ?? '')
	replace(whoBox, who.role === 'member' ? h('a', { href: '#/books', class: 'badge' }, `AS${who.asn ?? ''}`) : who.role === 'visitor' ? h('a', { href: '/login' }, 'Sign in') : null)
	liveFor(who.role === 'operator')
	if (who.role !== 'operator') return
	try {
		const status = await ask<Status>('status')
		nameHub(status.hub.name, status.hub.asn, `Sarai ${status.version} · ${status.file}`, status.simulated)
	} catch {
		// The pulse already says that there is no answer.
	}
}
// Who is not the operator learns the hub's name from the overview.
watch('overview', (overview) => {
	if (overview.incidents === null && overview.hub) nameHub(overview.hub.name, overview.hub.asn, '', overview.simulated === true)
})

let open: View | null = null
let openKey: string | null = null
function show(): void {
	const place = here()
	const name = ALIASES[place.path[0] ?? ''] ?? place.path[0] ?? ''
	const key = location.hash
	if (open && openKey === key) return
	const view = VIEWS.find((one) => one.name === name) ?? VIEWS[0]!
	open?.close()
	replace(main)
	main.className = `view view-${view.name || 'overview'}`
	main.scrollTop = 0
	for (const item of nav.children)
		if ((item as HTMLElement).dataset['view'] === view.name) {
			item.setAttribute('aria-current', 'page')
			item.scrollIntoView({ block: 'nearest', inline: 'nearest' })
		} else item.removeAttribute('aria-current')
	try {
		open = view.open(main, place)
		title = open.title
	} catch (reason) {
		open = null
		title = view.title
		replace(main, failure(reason))
	}
	openKey = key
	showTitle()
}
addEventListener('hashchange', show)
show()
startLive()
void loadStatus()
