// Who may see what, and hubs that are empty, huge, young or broken.
import { join } from 'node:path'
import { has, ok, open, shots, startMock, text } from './page_tools.mjs'

// A member sees its own books and not what is the operator's; a visitor sees no books.
export async function roles() {
	const member = await startMock('--as', '64501', '--still')
	const own = await open(member.base)
	await own.page.goto(`${member.base}/#/books`)
	await has(own.page, 'a member has its own books', ['Books of AS64501', 'KTH-I000011'])
	const seen = await own.page.locator('nav.views a:visible').allInnerTexts()
	ok(seen.join() === 'Overview,Ways,Members,Looking glass,Traffic,Books', 'and is offered what it may see', seen.join())
	await own.page.click('.choice >> text="Disputes"')
	await has(own.page, 'its disputes', ['KTH-D000002'])
	ok(!(await text(own.page)).includes('KTH-D000001'), 'and nobody else\'s')
	await own.page.click('.choice >> text="Statement"')
	await has(own.page, 'its statement', ['1,000.00 USD open', 'KTH-P000001'])
	ok(!(await text(own.page)).includes('KTH-C000001') && !(await text(own.page)).includes('64512'), 'of itself alone')
	await own.page.goto(`${member.base}/#/`)
	await has(own.page, 'the map is there', ['Karachi Transit Hub'], '.top')
	ok(!(await text(own.page, '.panel')).includes('All is well') && !(await text(own.page, '.panel')).includes('is down'), 'without what is the operator\'s business')
	await own.page.goto(`${member.base}/#/members/64501`)
	await has(own.page, 'its own page tells what the month will come to', [/likely for .* by\s+c-64501/, '95th out'])
	await has(own.page, 'and over what its traffic went', ['The way of its traffic', '81.20 %'])
	ok(!(await text(own.page)).includes('for the operator') && !(await text(own.page)).includes('In now'), 'and offers nothing that it may not see')
	await own.page.goto(`${member.base}/#/segments/M07`)
	await has(own.page, 'a segment is there to be looked at', ['AAE-1 Karachi-Djibouti-Suez part'], '.card')
	ok(!(await own.page.locator('button:visible >> text=/^(Cut|Drain|Restore) …$/').count()), 'not to be ordered about')
	await own.page.goto(`${member.base}/#/members/64502`)
	await has(own.page, 'another member\'s page is refused in words', ['this is for the operator'])
	ok(!(await text(own.page)).includes('The way of its traffic'), 'and its ways are not told')
	ok(!own.errors.filter((e) => !e.includes('403')).length, 'all that without a complaint', ...own.errors)
	await own.close()
	member.stop()
	const all = await startMock('--as', 'visitor', '--still')
	const guest = await open(all.base)
	await guest.page.goto(`${all.base}/#/books`)
	await has(guest.page, 'a visitor has no books', ['Accounts are for members and the operator', 'Sign in'])
	ok((await guest.page.getAttribute('.who a', 'href')) === '/login', 'and can give a name')
	await guest.close()
	all.stop()
}

// A hub without any data yet: every view says so in words, none fails.
export async function nothing() {
	const mock = await startMock('--empty', '--still')
	const { page, errors, close } = await open(mock.base)
	for (const [hash, parts] of [['', ['All is well', 'No traffic is laid on the cables yet']], ['members', ['0 members']], ['matrix', ['No bin has closed yet']], ['history', ['Nothing was measured of this time']], ['invoices', ['No invoices for this month']], ['books', ['Nothing is open']], ['books?show=documents', ['Nothing was issued yet']],
		['books?show=disputes', ['There was no dispute']], ['books?show=settlements', ['Nothing was settled yet']], ['books?show=received', ['No invoice came in yet']], ['books?show=adjusted', ['No bin was put right by hand']], ['books?show=journal', ['The journal is empty']], ['exporters', ['No alarm, no proposal.']], ['revenue', ['Revenue']]]) {
		await page.goto(`${mock.base}/#/${hash}`)
		await page.reload()
		await has(page, `nothing yet: #/${hash} says so`, parts)
	}
	ok(!errors.length, 'an empty hub makes no complaint', ...errors)
	await close()
	mock.stop()
}

// 3000 members, 200 000 pairs and more, 250 000 entries: rows are bounded, and the page goes on answering.
export async function many() {
	const mock = await startMock('--huge', '--still')
	const { page, errors, close } = await open(mock.base)
	page.setDefaultTimeout(60000)
	for (const [hash, selector, most] of [['members', '.list tbody.member, .list tbody', 200], ['matrix', '.heat tbody tr', 40], ['history', '.list tbody', 200], ['invoices', '.list tbody', 200], ['books?show=documents&month=2026-10', '.list tbody', 200], ['books?show=journal', '.list tbody', 100], ['revenue', '[aria-label="Revenue"] tbody', 200], ['exporters', '[aria-label="Ports"] tbody', 200]]) {
		await page.goto(`${mock.base}/#/${hash}`)
		await page.waitForSelector(selector)
		await page.waitForTimeout(300)
		const rows = await page.locator(selector).count()
		ok(rows > 20 && rows <= most, `a huge hub: #/${hash} has at most ${most} rows`, rows)
		const slow = await page.evaluate(() => new Promise((done) => {
			const start = performance.now()
			requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)))
		}))
		ok(slow < 2000, 'and goes on answering', slow)
	}
	await page.goto(`${mock.base}/#/matrix`)
	await has(page, 'sums are of all pairs, also where the largest are looked at', [/the 10,000 largest of [\d,]{7,} pairs/])
	await page.goto(`${mock.base}/#/members`)
	await page.fill('.tools .search', 'number 2345')
	await has(page, 'anybody can be found', ['Member number 2345'])
	ok(!errors.length, 'a huge hub makes no complaint', ...errors)
	await close()
	mock.stop()
}

// A hub that has just started: the map is fitted when the first load is known.
export async function young() {
	const mock = await startMock('--young', '--still')
	const { page, close } = await open(mock.base)
	await page.goto(`${mock.base}/#/exporters`)
	await has(page, 'no alarm is one quiet line', ['No alarm, no proposal. No blackhole of the operator.'], '.alarms')
	await page.goto(mock.base)
	await has(page, 'before there is traffic the page says so', ['No traffic is laid on the cables yet'])
	const x = () => page.evaluate(() => Number([...document.querySelectorAll('.site.home')][0]?.getAttribute('cx')))
	const before = await x()
	await page.waitForSelector('.segment.u4', { timeout: 60000 })
	await page.waitForTimeout(200)
	ok(Math.abs((await x()) - before) > 20, 'when it comes the map is fitted to where it runs')
	await has(page, 'and the busiest are listed', ['Kabul-Jalalabad-Torkham'], '.busiest')
	await close()
	mock.stop()
}

export async function trouble() {
	const partly = await startMock('--down', 'exchange,ledger', '--still')
	const { page, close } = await open(partly.base)
	await page.goto(partly.base)
	await has(page, 'rooms that are down are the incident', ['The exchange room is down', 'The ledger room is down'])
	await has(page, 'what they know is unknown, not zero', ['–'], '.numbers')
	await page.screenshot({ path: join(shots, 'down-desktop-dark.png') })
	await page.goto(`${partly.base}/#/members`)
	await has(page, 'their views say so', ['not running'])
	await page.goto(`${partly.base}/#/invoices`)
	await has(page, 'each of them', ['This part of the hub is not running'])
	await page.goto(`${partly.base}/#/matrix`)
	await has(page, 'the others go on', ['Monsoon CDN', 'receives'])
	await page.goto(`${partly.base}/#/exporters`)
	await has(page, 'what is known of alarms is shown though the exchange is down', ['sudden rise'], '.alarms')
	partly.stop()
	await has(page, 'when nobody answers the page says since when', [/stale since \d\d:\d\d:\d\d UTC/], '.pulse')
	await page.screenshot({ path: join(shots, 'stale-desktop-dark.png') })
	await close()

	const whole = await startMock('--still'), one = await open(whole.base)
	let away = true
	await one.page.route(/api\/v1\/corridor/, (route) => (away ? route.fulfill({ status: 503, contentType: 'application/json', body: '{"error":"the corridor room is not running"}' }) : route.continue()))
	for (const hash of ['#/reach', '#/ways?from=KHI&to=FRA', '#/whatif?show=side', '#/whatif', '#/whatif?show=worth']) {
		await one.page.goto(`${whole.base}/${hash}`)
		await has(one.page, `${hash}: a corridor that is down is said to be`, ['the corridor room is not running'])
	}
	away = false
	await has(one.page, 'and what it tells is there as soon as it is back', [/Toll ceiling[\s\S]*99.86 M USD in all[\s\S]*Google for Tashkent/, /^(?!.*not running)/s], '.whatif-panel')
	await one.close()
	whole.stop()

	const bad = await startMock('--hostile', '--still')
	const hostile = await open(bad.base)
	let asked = false
	hostile.page.on('dialog', (dialog) => {
		asked = true
		void dialog.dismiss()
	})
	for (const hash of ['#/', '#/members', '#/matrix', '#/matrix?show=by&what=member', '#/invoices?month=2026-10', '#/invoices', '#/invoices/64512', '#/revenue', '#/history', '#/history?what=pair', '#/books', '#/books?show=disputes', '#/books?show=settlements', '#/books?show=adjusted', '#/invoices/desert-lease?month=2026-10&contract=lease-1', '#/books?show=journal', '#/exporters', '#/glass?q=AS64512', '#/members/64512']) {
		await hostile.page.goto(`${bad.base}/${hash}`)
		await hostile.page.reload()
		await has(hostile.page, `${hash}: markup in a name is only text`, ['<img src=x onerror=alert(1)>'])
	}
	ok(!asked && !(await hostile.page.locator('main img').count()), 'and nothing of it runs')
	ok(!hostile.errors.length, 'nor is anything refused by the policy', ...hostile.errors)
	await hostile.close()
	bad.stop()
}
