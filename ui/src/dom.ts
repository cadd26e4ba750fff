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
	node.textContent = ''
	append(node, children)
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
