// Light or dark: as the machine says, until the reader chooses.

type Theme = 'light' | 'dark'
const KEY = 'theme'

const machine = matchMedia('(prefers-color-scheme: light)')
const chosen = (): Theme | null => {
	try {
		const kept = localStorage.getItem(KEY)
		return kept === 'light' || kept === 'dark' ? kept : null
	} catch {
		return null
	}
}
export const theme = (): Theme => chosen() ?? (machine.matches ? 'light' : 'dark')
const seen = new Set<() => void>()
export function onTheme(run: () => void): () => void {
	seen.add(run)
	return () => seen.delete(run)
}
function apply(): void {
	document.documentElement.dataset['theme'] = theme()
	for (const run of seen) run()
}
export function toggleTheme(): void {
	const next = theme() === 'dark' ? 'light' : 'dark'
	try {
		localStorage.setItem(KEY, next)
	} catch {
		// A browser that keeps nothing still shows the choice until the page is closed.
		document.documentElement.dataset['theme'] = next
		for (const run of seen) run()
		return
	}
	apply()
}
export function startTheme(): void {
	machine.addEventListener('change', apply)
	apply()
}
// The value of a colour of style.css, for what is drawn on a canvas.
export const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
