// Lists and tables as they are used: searched, sorted, walked over, renewed.
import { join } from 'node:path'
import { has, ok, open, shots, text, until } from './page_tools.mjs'

export async function lists(base) {
	const { page, errors, close } = await open(base)
	await page.goto(`${base}/#/members`)
	const firstNames = () => page.locator('.list tbody .member-name a').allInnerTexts()
	await page.waitForSelector('.member-name')
	const order = await firstNames()
	ok(order[0] === 'Lapis Networks' && order[1] === 'Steppe Telecom', 'those in trouble are first', order.join())
	await page.fill('.tools .search', 'kazakh')
	ok((await firstNames()).join() === 'Steppe Telecom', 'the search finds a country', (await firstNames()).join())
	ok(page.url().includes('q=kazakh'), 'and stands in the URL')
	await page.reload()
	await page.waitForSelector('.member-name')
	ok((await firstNames()).join() === 'Steppe Telecom', 'so that it can be sent to somebody')
	await page.fill('.tools .search', '')
	await page.click('text="Accepted"')
	ok((await firstNames())[0] === 'Karakoram Carrier', 'a column sorts, largest first', (await firstNames())[0])
	await page.click('text="In trouble"')
	ok((await firstNames()).length === 4, 'those in trouble can be looked at alone')
	await page.focus('.member-name a >> nth=1')
	const focused = () => page.evaluate(() => document.activeElement?.textContent)
	const name = await focused()
	await page.waitForTimeout(4500)
	ok((await focused()) === name, 'two renewals later the focus is where it was', await focused())

	await page.goto(`${base}/#/glass`)
	await page.fill('.search.large', '198.18.0.1')
	await page.keyboard.press('Enter')
	await has(page, 'an address finds what covers it', ['prefix is longer than /24', 'To mend it: announce IPv4 prefixes of /24 or shorter'])
	await page.click('text="Why is it so, and what if?"')
	await has(page, 'a refused route is explained, step by step', ['prefix length', 'wanted: /8 to /24', '3 checks in order', '1 check not made here'], '.explain')
	await page.selectOption('[aria-label="What is supposed"]', 'community')
	await page.fill('[aria-label="Its value"]', '0:64502')
	await page.selectOption('[aria-label="To"]', '64502')
	await page.click('text="See"')
	await has(page, 'and what would be if', ['If so: community 0:64502', '1 member would no longer hear Indus Broadband', '10 members would notice nothing', '0:64502: not to AS64502'], '.explain')
	await page.screenshot({ path: join(shots, 'explain.png'), fullPage: true })
	await page.click('.chip.removable')
	await has(page, 'what is supposed can be taken away again', [/^(?!.*If so)/s], '.explain')
	await page.fill('.search.large', '203.0.113.99')
	await page.keyboard.press('Enter')
	await has(page, 'what nobody announces is said to be so', ['No route covers 203.0.113.99'])
	await page.fill('.search.large', 'nonsense')
	await page.keyboard.press('Enter')
	await has(page, 'what cannot be understood is said to be so', ['"nonsense" is neither a prefix nor an address'])
	await page.fill('.search.large', 'AS64504')
	await page.keyboard.press('Enter')
	await page.click('text="Accepted"')
	await has(page, 'a member can be asked for by number', [/14 routes accepted from Karakoram Carrier/])

	await page.goto(`${base}/#/matrix`)
	await page.waitForSelector('.heat td.hot')
	const all = await page.locator('.heat tbody td[tabindex]').count()
	ok(all > 80, `${all} pairs in the map`)
	await page.hover('.heat td.hot >> nth=0')
	await has(page, 'a pair tells its rate and the way back', [/bit\/s from .* to .*, and .* back/], '.readout')
	await page.focus('.heat td[tabindex="0"]')
	await page.keyboard.press('ArrowDown')
	ok((await page.evaluate(() => document.activeElement?.tagName)) === 'TD', 'the arrow keys walk over it')
	await page.click('text="Other"')
	await page.waitForTimeout(50)
	ok((await page.locator('.heat tbody td[tabindex]').count()) < all, 'the family can be chosen')
	ok(page.url().includes('family=other'), 'and stands in the URL')

	await page.click('text="By …"')
	await page.selectOption('[aria-label="By what"]', 'segment')
	await has(page, 'traffic can be had by what it is', ['A to B', 'M07', '± 3.1 %'])
	ok(page.url().includes('show=by') && page.url().includes('what=segment'), 'and stands in the URL', page.url())
	await page.fill('.tools .search', 'F05')
	ok((await page.locator('.list tbody').count()) === 1, 'and can be searched')
	await page.fill('.tools .search', '')

	await page.goto(`${base}/#/invoices`)
	await page.waitForSelector('.bill-links')
	await page.click('[aria-label="Month before"]')
	await has(page, 'the month before is final, and simulated', ['final', 'simulated'])
	const month = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 1, 1)).toISOString().slice(0, 7)
	ok(page.url().includes(`month=${month}`), 'the month stands in the URL', page.url())
	const paper = await page.getAttribute('.bill-links a >> nth=0', 'href')
	ok(paper === `/api/v1/bill/64501?month=${month}&contract=c-64501&format=pdf`, 'an invoice can be had as PDF', paper)
	const href = await page.getAttribute('.bill-links a >> nth=1', 'href')
	ok(href === `/api/v1/bill/64501?month=${month}&contract=c-64501&format=html`, 'an invoice can be printed', href)

	await page.goto(`${base}/#/members/64501`)
	await page.waitForSelector('.uplot canvas')
	const inked = await page.evaluate(() => {
		const canvas = document.querySelector('.uplot canvas')
		const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
		let n = 0
		for (let i = 3; i < pixels.length; i += 4) n += pixels[i] > 0
		return n
	})
	ok(inked > 5000, 'the curve is drawn')
	await page.click('.choice >> text="Month"')
	await has(page, 'the month has its bins counted', [/bins [\d,]+ of 5 min/])
	await page.goto(`${base}/#/members/4200000000`)
	await has(page, 'a member that is not there is said to be so', ['there is no member 4200000000'])
	await page.goto(`${base}/#/members/%3Cscript%3E`)
	await has(page, 'and what is no number', ['is not an AS number'])
	const real = errors.filter((e) => !e.includes('404'))
	ok(!real.length, 'all that without a complaint', ...real)
	await close()
}

// A new bin fills the squares of the heat map: what was walked to stays, and members keep their places.
export async function heat(base) {
	const { page, errors, close } = await open(base)
	let bin = 0
	await page.route(/api\/v1\/matrix/, async (route) => {
		const answer = await (await route.fetch()).json()
		// The smallest become the largest.
		for (const pair of answer.pairs) pair.bps = bin ? 1e18 / (pair.bps + 1) : pair.bps
		answer.start = new Date(Date.parse(answer.start) + ++bin * 300000).toISOString()
		await route.fulfill({ json: answer })
	})
	await page.clock.install()
	await page.goto(`${base}/#/matrix`)
	await page.waitForSelector('.heat td.hot')
	const rows = () => page.locator('.heat tbody th').allInnerTexts()
	const walked = () => page.evaluate(() => {
		const td = document.activeElement.closest('td')
		return td && [td.parentElement.sectionRowIndex, td.cellIndex, td.title].join()
	})
	const before = await rows()
	await page.focus('.heat td[tabindex="0"]')
	await page.keyboard.press('ArrowRight')
	const at = await walked(), told = await text(page, '.readout')
	await page.clock.fastForward(31000)
	await until(page, (was) => document.querySelector('.readout').innerText !== was, told)
	const now = await walked()
	ok(at && now && at !== now && at.split(',').slice(0, 2).join() === now.split(',').slice(0, 2).join(), 'a new bin leaves who walks over the heat map where he is', at, now)
	ok((await rows()).join() === before.join(), 'members keep their places in it', ...before, ...(await rows()))
	ok(bin === 2, 'though it was another bin', bin)
	await page.click('text="By …"')
	await page.selectOption('[aria-label="By what"]', 'member-as')
	await has(page, 'traffic of members by network has its own table', ['Indus Broadband · AS64501 Indus Broadband', '· (smaller networks)'])
	ok(!errors.length, 'the console is silent', ...errors)
	await close()
}

// One list of all that is wrong: what somebody sees to is last and says so; the rest can be unfolded.
export async function incidents(base) {
	const { page, close } = await open(base)
	await page.goto(base)
	await page.waitForSelector('.incident')
	ok((await page.locator('.incident').count()) === 6, 'the six worst are told')
	await page.click('text="and 3 more"')
	await until(page, () => document.querySelectorAll('.incident').length === 9)
	await has(page, 'what somebody sees to is last', ['Samples and counters do not fit', 'acknowledged'], '.incident >> nth=8')
	ok((await page.getAttribute('.incident >> nth=1', 'href')) === '#/exporters', 'each leads to where it is dealt with')
	ok(!(await text(page, '.panel')).includes('All is well'), 'and all is not well')
	await page.goto(`${base}/#/exporters`)
	await has(page, 'an alarm tells how to acknowledge it', ['sarai alarm acknowledge 9', 'acknowledged'], '.alarms')
	await close()
}

export async function renewal(base) {
	const { page, close } = await open(base)
	await page.goto(`${base}/#/exporters`)
	await page.waitForSelector('[aria-label="Exporters"] td.right')
	const seen = new Set()
	for (let i = 0; i < 40 && seen.size < 3; i++) {
		seen.add((await page.locator('[aria-label="Exporters"] td.right').first().innerText()))
		await page.waitForTimeout(250)
	}
	ok(seen.size > 2, 'the numbers renew themselves', ...seen)
	await close()
}
