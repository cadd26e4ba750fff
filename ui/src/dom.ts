// Elements without a framework. Text from the hub only ever becomes text nodes and attributes, never markup.

type Child = Node | string | number | null | undefined | false
type Attribute = string | number | boolean | null | undefined | ((event: never) => void)
const SVG = 'http://www.w3.org/2000/svg'

function fill(node: Element, attributes: Record<string, Attribute>, children: Child[]): void {
	for (const [name, value] of Object.entries(attributes)) {
		if (value === null || value === undefined || value === false) continue
		if (typeof value === 'function') node.addEventListener(name.replace(/^on/, ''), value as EventListener)
		else node.setAttribute(name, value === true ? '' : String(value))
	}
	append(node, children)
}
export function append(node: Element, children: Child[]): void {
	for (const child of children)
		if (child !== null && child !== undefined && child !== false) node.append(child instanceof Node ? child : String(child))
}
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, Attribute> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
	const node = document.createElement(tag)
	fill(node, attributes, children)
	return node
}
export function s<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, Attribute> = {}, ...children: Child[]): SVGElementTagNameMap[K] {
	const node = document.createElementNS(SVG, tag)
	fill(node, attributes, children)
	return node
}
export function replace(node: Element, ...children: Child[]): void {
	waiting.delete(node)
	node.textContent = ''
	append(node, children)
}

// --- what renews itself while somebody reads it ---

// What a finger or the mouse is on: that stays as it is until it is lifted, or its click would meet nothing.
let pressed: Node | null = null
const waiting = new Map<Element, () => void>()
// A finger's click comes a while after it was lifted.
const CLICK_MS = 300
function lifted(): void {
	pressed = null
	const all = [...waiting.values()]
	waiting.clear()
	for (const again of all) again()
}
addEventListener('pointerdown', (event) => (pressed = event.target as Node), true)
for (const type of ['pointerup', 'pointercancel']) addEventListener(type, () => setTimeout(lifted, CLICK_MS), true)
addEventListener('click', () => {
	pressed = null
	setTimeout(lifted)
}, true)
// Whether a node has to stay as it is; if so, `again` is called once it need not.
export function held(node: Element, again: () => void): boolean {
	waiting.delete(node)
	if (!pressed || !node.contains(pressed)) return false
	waiting.set(node, again)
	return true
}
const heading = (fold: Element): string => fold.firstElementChild?.textContent?.replace(/[\d,]+/g, '') ?? ''
const USABLE = 'a,button,summary,input', SCROLLED = '.list-box,.table-box'
// The new one in the place of the old: what was unfolded stays so, and the focus stays where it was, on what is called the same or has its place.
export function renewed<E extends Element>(old: E, fresh: E): E {
	const folds = [...fresh.querySelectorAll('details')]
	for (const open of old.querySelectorAll('details[open]')) {
		const i = folds.findIndex((fold) => heading(fold) === heading(open))
		if (i >= 0) folds.splice(i, 1)[0]!.open = true
	}
	if (fresh instanceof HTMLDetailsElement) fresh.open ||= (old as unknown as HTMLDetailsElement).open
	if (old.isEqualNode(fresh)) return old
	const at = document.activeElement, before = [...old.querySelectorAll(USABLE)], aside = [...old.querySelectorAll(SCROLLED)].map((box) => box.scrollLeft)
	old.replaceWith(fresh)
	fresh.querySelectorAll(SCROLLED).forEach((box, i) => (box.scrollLeft = aside[i] ?? 0))
	if (at && before.includes(at)) {
		const after = [...fresh.querySelectorAll<HTMLElement>(USABLE)]
		;(after.find((one) => one.textContent === at.textContent && one.getAttribute('href') === at.getAttribute('href')) ?? after[before.indexOf(at)])?.focus({ preventScroll: true })
	}
	return fresh
}
// Fills a node that may be read, unfolded or pressed: only what is another than before changes.
export function renew(node: Element, ...children: Child[]): void {
	if (held(node, () => renew(node, ...children))) return
	const box = h('div')
	append(box, children)
	const before = [...node.childNodes], after = [...box.childNodes]
	after.forEach((fresh, i) => {
		const old = before[i]
		if (!old) node.append(fresh)
		else if (old instanceof Element && fresh instanceof Element && old.tagName === fresh.tagName) renewed(old, fresh)
		else if (!old.isEqualNode(fresh)) old.replaceWith(fresh)
	})
	for (const old of before.slice(after.length)) old.remove()
}
// Calls `run` at most once a frame, however often it is asked.
export function framed(run: () => void): () => void {
	let waiting = 0
	return () => {
		if (waiting) return
		waiting = requestAnimationFrame(() => {
			waiting = 0
			run()
		})
	}
}
