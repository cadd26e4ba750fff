// What somebody reads, has unfolded, stands on or is about to press while the hub tells news: none of it is taken away. Run by page.mjs.

const pushed = (page, name) => page.evaluate(async (name) => {
	await fetch(`/mock/cut${name ? `?name=${name}` : ''}`)
	// Long enough for what is asked again because of it.
	await new Promise((done) => setTimeout(done, 700))
}, name)
const VIEWS = ['#/', '#/segments/M07', '#/sites/KHI', '#/whatif?cut=risk:RED_SEA', '#/whatif?show=side&cut=risk:RED_SEA', '#/whatif?show=worth', '#/members', '#/members/64512', '#/exporters', '#/ways?from=KHI&to=FRA']

export async function gentle({ startMock, open, until, has, ok }) {
	const mock = await startMock('--still')
	const { page, errors, close } = await open(mock.base)
	for (const hash of VIEWS) {
		await page.goto('about:blank')
		await page.goto(`${mock.base}/${hash}`)
		await page.waitForSelector('main :is(.list, .busy-row, .card, .sums-table, .way-row)')
		await pushed(page, '')
		const before = await page.evaluate(() => {
			for (const fold of document.querySelectorAll('main details')) fold.open = true
			const usable = [...document.querySelectorAll('main :is(a, button, summary)')].filter((one) => one.offsetParent && !one.closest('.map-box'))
			const at = usable[Math.floor(usable.length / 2)]
			at.focus()
			return { text: at.textContent, folds: document.querySelectorAll('main details[open]').length }
		})
		await pushed(page, 'segment:M21')
		const after = await page.evaluate(() => ({ text: document.activeElement.textContent, body: document.activeElement === document.body, folds: document.querySelectorAll('main details[open]').length }))
		ok(!after.body && after.text === before.text, `${hash}: the focus stays where it was`, before.text, after.text.slice(0, 80))
		ok(after.folds >= before.folds, `${hash}: what was unfolded stays so`, before.folds, after.folds)
		await pushed(page, '')
	}

	await page.goto(`${mock.base}/#/whatif`)
	await page.click('.laid .busy-row >> nth=0')
	await page.click('.card summary >> text="To order it in the hub"')
	const marked = () => page.evaluate(() => document.querySelector('.card')?.dataset.mark)
	await page.evaluate(() => (document.querySelector('.card').dataset.mark = 'read'))
	await pushed(page, 'segment:M21')
	ok((await marked()) === 'read' && (await page.locator('.card details[open]').count()) === 1, 'the card of a segment is not made anew because of another')
	await page.click('.card .close')
	await page.click('.choice >> text="Side by side"')
	await page.click('.below tbody .plain-button >> nth=0')
	const demand = await page.innerText('.card h2')
	await pushed(page, '')
	ok((await page.innerText('.card h2')) === demand, 'nor is the card of a demand closed')

	await pushed(page, 'segment:M01')
	await page.locator('[aria-label="Ordered now"] button >> text="Restore …"').scrollIntoViewIfNeeded()
	await page.hover('[aria-label="Ordered now"] button >> text="Restore …"')
	await page.mouse.down()
	await pushed(page, 'segment:M07')
	ok((await page.innerText('[aria-label="Ordered now"]')).includes('TW1 Karachi-Fujairah'), 'what is being pressed stays as it is')
	await page.mouse.up()
	await has(page, 'so that its click does what it said', ['Restore TW1 Karachi-Fujairah'], '.order')
	await until(page, () => document.querySelector('[aria-label="Ordered now"]').textContent.includes('AAE-1 Karachi-Djibouti'))
	ok(true, 'and then the news is told')
	await pushed(page, '')

	await page.click('.choice >> text="Worth"')
	await page.click('text="Rank the candidates"')
	await page.waitForSelector('[aria-label="Ranks"]')
	await pushed(page, 'segment:M01')
	ok((await page.locator('[aria-label="Ranks"]').count()) === 1, 'ranks that took a while are kept when something is cut')
	await has(page, 'and it is said that they are of before', ['has changed since', 'Rank them again'], '[aria-label="Where next"]')
	ok(!errors.length, 'gentle: without a complaint', ...errors)
	await close()
	mock.stop()
}
