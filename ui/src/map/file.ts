// The map as a file of its own: what the style sheet says is written into each element.

const KEPT = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'stroke-opacity', 'opacity', 'font-size', 'font-weight', 'font-family', 'paint-order', 'vector-effect', 'text-anchor', 'visibility']

export function svgText(svg: SVGSVGElement): string {
	const copy = svg.cloneNode(true) as SVGSVGElement, from = [...svg.querySelectorAll<SVGElement>('*')], to = [...copy.querySelectorAll<SVGElement>('*')]
	from.forEach((node, i) => {
		const style = getComputedStyle(node), twin = to[i]!
		if (twin.classList.contains('target')) return twin.remove()
		for (const name of KEPT) if (style.getPropertyValue(name)) twin.style.setProperty(name, style.getPropertyValue(name))
		twin.removeAttribute('class')
	})
	copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
	for (const name of ['class', 'tabindex', 'role']) copy.removeAttribute(name)
	copy.style.background = getComputedStyle(svg.parentElement!).backgroundColor
	return new XMLSerializer().serializeToString(copy)
}
export function svgFile(svg: SVGSVGElement, name: string): void {
	const link = document.createElement('a')
	link.href = URL.createObjectURL(new Blob([svgText(svg)], { type: 'image/svg+xml' }))
	link.download = name
	link.click()
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
