// Looks at the page as a reader would: every view, on desktop and phone, light and dark; then what it does when it is used, when the hub is
// hostile, when rooms are down and when nobody answers. Prints TAP. PAGE=http://... looks at a running hub instead of the mock; ONLY=map,orders
// runs some of the tests.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gentle } from './gentle.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const top = join(here, '../..')
const { chromium } = createRequire(join(top, 'ui/package.json'))('playwright-core')
const shots = join(top, 'build/screenshots')
mkdirSync(shots, { recursive: true })

let number = Number(process.env.FIRST ?? 0)
function ok(good, name, ...why) {
	console.log(`${good ? 'ok' : 'not ok'} ${++number} - ${name}`)
	if (!good) for (const line of why) console.log('# ' + String(line).slice(0, 600).replace(/\n/g, '\n# '))
	return good
}

const children = []
function freePort() {
	return new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address()
			server.close(() => resolve(port))
		})
	})
}
async function startMock(...options) {
	const port = await freePort()
	const child = spawn(process.execPath, [join(here, 'mock/mock.mjs'), '--port', String(port), ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
	children.push(child)
	await new Promise((resolve) => child.stdout.once('data', resolve))
	return { base: `http://127.0.0.1:${port}`, stop: () => child.kill() }
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const DEVICES = { desktop: { width: 1440, height: 900, scale: 1 }, phone: { width: 390, height: 844, scale: 2 } }

// A fresh page, with everything it complains of and every host it asks.
async function open(base, device = 'desktop', scheme = 'dark') {
	const { width, height, scale } = DEVICES[device]
	const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, colorScheme: scheme, hasTouch: device === 'phone', locale: 'en-GB', timezoneId: 'Asia/Karachi' })
	const page = await context.newPage()
	page.setDefaultTimeout(60000)
	const errors = [], foreign = []
	page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
	page.on('pageerror', (error) => errors.push(error.stack))
	page.on('request', (request) => !request.url().startsWith(base + '/') && !request.url().startsWith('data:') && foreign.push(request.url()))
	return { page, errors, foreign, close: () => context.close() }
}
const text = (page, where = 'main') => page.locator(where).innerText()
// Playwright's own waitForFunction is refused by the page's policy once it has to wait: it evaluates text.
async function until(page, run, arg) {
	for (let i = 0; i < 600; i++) {
		if (await page.evaluate(run, arg)) return
		await page.waitForTimeout(50)
	}
	throw new Error(`never came true: ${run}`)
}
async function has(page, name, parts, where = 'main') {
	let got = ''
	for (let i = 0; i < 300; i++) {
		got = await text(page, where).catch(() => '')
		if (parts.every((part) => (part instanceof RegExp ? part.test(got) : got.includes(part)))) return ok(true, name)
		await page.waitForTimeout(100)
	}
	return ok(false, name, `wanted: ${parts.filter((part) => !(part instanceof RegExp ? part.test(got) : got.includes(part))).join(' | ')}`, `got: ${got}`)
}

// What each view must show, out of the mock's answers. [name, hash, parts]
const VIEWS = [
	['overview', '#/', ['Lapis Networks is down', 'AF ring Mazar-Kabul (Salang) is cut', '1.08 Tbit/s', '11/12', '21/24 sessions', 'segments > 85 %', 'Kabul-Jalalabad-Torkham', '91 %', 'Utilisation', 'A blackhole for Delta Cloud waits for a decision', 'proposed', 'sarai propose confirm 3', '38.2 Gbit/s, usually 900 Mbit/s', 'Exporter is silent: isb-r2', 'see whether it runs', 'and 3 more', /[\d,.]+ USD \+ 4,991,382.28 PKR so far this month, in 12 invoices/]],
	['segment', '#/segments/M07', ['AAE-1 Karachi-Djibouti-Suez part', '81.0 %', '3.58 Tbit/s', '5,978 km (estimated)', '29.3 ms', 'Saudi Arabia']],
	['site', '#/sites/KHI', ['Karachi', 'hub, Pakistan', 'TW1 Karachi-Fujairah']],
	['ways', '#/ways?from=KHI&to=FRA&avoid=RU,IR', ['Karachi to Frankfurt', 'estimated', /[\d,]+ km [\d.]+ ms/, 'as it is today']],
	['whatif', '#/whatif', ['Build one of', 'demands high', 'segments by load', 'Karachi', '93 % estimates', 'How full']],
	['whatif-side', '#/whatif?cut=risk:RED_SEA&show=side', ['If Red Sea is cut', 'today: Red Sea cut', 'demands change', 'کراچی تا مارسی', 'It happens for', /there and back/i]],
	['whatif-year', '#/whatif?year=2032', ['end of 2032', 'more:', '2032']],
	['whatif-worth', '#/whatif?show=worth', ['Transit, USD per Mbit/s and month', 'Almaty', '0.42 to 1.70', 'Toll ceiling', '14.49 M USD', '62.29 k USD to 230 M USD', 'What a target needs', 'Rank the candidates', 'CSV', '99.86 M USD in all (24.29 M USD to 215 M USD), 100 % on estimates', 'Egypt', '2.11 M USD to 32.80 M USD', 'What that sum hangs on', 'Content near its readers', '969 Gbit/s (288 Gbit/s to 2.82 Tbit/s) of 1.34 Tbit/s', 'save 8.50 M USD a year', 'Google for Tashkent', '80 % hits (70 % to 90 %)']],
	['reach', '#/reach', ['16.0 % → 60.0 % of 400 towers', '176 towers by 369 km of fibre for 6,483,999.93 USD', '0.3 % above the least possible', 'misses 45.3 %', 'at least 756,822.17 USD', 'What the cost hangs on', '4,505,725.31 USD to 9,688,181.83 USD', 'GEOJSON']],
	['members', '#/members', ['12 members', '21 of 24 sessions up', 'Lapis Networks', 'hold timer expired', 'fibre work until 14:00 UTC', '203.0.113.18', '13 routes refused']],
	['member', '#/members/64501', ['Indus Broadband', 'AS64501', 'noc@as64501.example', 'prefix is longer than /24', 'announce IPv4 prefixes of /24 or shorter', '1101:1 65520:13', '00:00:5e:00:53:10', '95th out', 'commit 60.0 Gbit/s', '/8 to /24', 'AS64501:AS-ALL', 'All 3 values in force, 1 of them its own', '10 members may hear its 214 routes', 'in full', 'counters by sFlow', 'The way of its traffic', '81.20 % is known as measured', 'to be avoided', 'IR, RU', '93.20']],
	['member-way', '#/members/64502?way=2026-10', ['2026-10-01 00:00 UTC', 'as it was issued with KTH-I000011', 'What was issued does not follow from journal and bins', 'Oman']],
	['glass', '#/glass', ['routes refused from all members', 'routes accepted from all members', 'next hop is not your address on the peering LAN']],
	['glass-member', '#/glass?q=Steppe', ['5 routes refused from Steppe Telecom', 'remove private AS numbers from the path before announcing']],
	['glass-prefix', '#/glass?q=198.18.0.0/23', ['198.18.0.0/23', '1 path accepted', 'Indus Broadband', 'heard by', 'Karakoram Carrier', 'not heard by', 'Lapis Networks', '64500:64500', 'RPKI valid', 'without 64500:64500', 'Why is it so, and what if?']],
	['exchange', '#/exchange', ['takes nothing for', 'control detection time expired', '41 from nobody who is expected', 'rpki-client', 'shrinks from 940 to 3 prefixes', 'Connection refused', 'rib.20261121.0800.gz', '17 records lost']],
	['glass-sent', '#/glass?q=AS64501&to=AS64504', ['accepted from Indus Broadband, sent to Karakoram Carrier']],
	['matrix', '#/matrix', ['Monsoon CDN', 'sends', 'receives', 'Largest pairs', '% of it IPv6']],
	['networks', '#/matrix?show=networks', ['no route covers it', 'Kazakhstan']],
	['by-service', '#/matrix?show=by', ['cache', '400 Gbit/s', '200 Gbit/s', '48.0 %', '± 3.1 %', 'CSV']],
	['by-local', '#/matrix?show=by&what=local', ['to and from transit', 'unknown source MAC', '54.5 %']],
	['history', '#/history', ['Traffic over time', 'Indus Broadband', '22.5 TB', '32.2 %', '0.994', '1.310', '± 3.1 %', 'could not be attributed', '0.26 %', 'Steps as CSV', 'not, or not all of it, heard']],
	['history-pair', '#/history?what=pair&period=month&month=2026-10', ['Indus Broadband → Amu Darya Net', '2026-10-01 00:00 UTC to 2026-11-01', 'October 2026']],
	['countries', '#/matrix?show=countries', ['United Arab Emirates', 'Pakistan', 'not known']],
	['invoices', '#/invoices', ['12 invoices', 'KTH-', 'commit + overage', 'flat', 'PDF', 'Print', 'CSV', 'JSON', 'so far']],
	['invoice', '#/invoices/64501', ['Indus Broadband', 'c-64501', '95th percentile in', 'What the month will come to', 'at least', 'likely', 'at most', '2,640 of 8,640 bins', 'Committed rate', '12 of 30', 'by the octet counters of the ports', 'rank', 'Asia/Karachi', 'above the 95th', '1 put right by hand', 'The way of the traffic', 'avoided, of which 12.00 % by estimate', 'crossed', '6.80 %', 'Pakistan', '93.20 %', 'AAE1', 'computed now', 'entries 7 to 19']],
	['invoice-final', '#/invoices/64505?month=2026-10', ['October 2026', 'total, due 2026-12-31', '12 bins records were lost', 'In the journal', 'credited', 'KTH-I000015', 'issued 2026-11-01', 'The way of the traffic', '93.20 %']],
	['invoice-part-paid', '#/invoices/64502?month=2026-10', ['part paid', 'due 2026-12-31', /paid [\d,.]+ USD · open [\d,.]+ USD/, 'gives something else', 'lines[0].price: 0.045, now 0.050']],
	['invoice-party', '#/invoices/desert-lease?month=2026-10&contract=lease-1', ['شبکه صحرا', 'desert-lease', '648.03 USD', 'Used up month by month', 'month 11 of 180', '169,000.00 USD left', 'Print']],
	['invoice-bought', '#/invoices/gulf-cable?month=2026-10&contract=gulf-2026', ['Gulf Cable', 'the hub pays', 'expected', 'What came in', 'KTH-R000001', 'GC-778', '1,004.11 USD more than expected', 'overdue']],
	['invoice-awaited', '#/invoices/64504?month=2026-10&contract=up-2026', ['Karakoram Carrier', 'the hub pays', 'No invoice of theirs came in', 'sarai ledger receive up-2026']],
	['invoices-final', '#/invoices?month=2026-10', ['October 2026', '13 invoices', 'bought: 10,217.17 USD, as expected by 2 contracts', 'شبکه صحرا', 'bought', 'not come in yet', '1 invoice overdue', 'part paid', 'overdue', 'disputed', 'credited', 'due 2026-12-31', 'final']],
	['books', '#/books', ['sound', '0853bb645471', '1,730.25 USD + 250,000.00 PKR open', '730.25 USD overdue', 'Kirthar Networks AS64502', '50.00 USD', 'The hub owes 6,500.00 USD by invoices that came in and settlements', '6,000.00 USD of it overdue', 'sarai ledger verify']],
	['books-invoices', '#/books?show=documents', ['KTH-I000011', 'overdue', 'disputed', 'PDF', 'Print', 'sarai ledger issue']],
	['books-received', '#/books?show=received', ['KTH-R000001', 'Gulf Cable gulf-cable', 'GC-778', 'overdue', 'disputed', '6,100.00 USD', 'Karakoram Carrier AS64504', '6,000.00 USD to pay', 'sarai ledger receive']],
	['books-received-month', '#/books?show=received&month=2026-10', ['5,095.89 USD', '+1,004.11 USD', 'Still to come: 1 invoice of October 2026', 'up-2026', '5,121.28 USD']],
	['books-adjusted', '#/books?show=adjusted', ['1 bin that bills count as put right', 'KTH-A000001', '9,007,199,254,740,993 B', 'Indus Broadband', 'in force', 'replaced', 'taken back', 'as measured', 'the push was doubled', 'root', '2026-11-19 09:30 UTC', 'sarai ledger adjust']],
	['books-disputes', '#/books?show=disputes', ['KTH-D000001', 'late', 'answer by 2026-11-15', 'answered: half of it', '4.00 USD', 'settled']],
	['books-settlements', '#/books?show=settlements', ['October 2026', 'KTH-S000001', 'over all parties 0.00 USD', 'Indus Fibre', '-750.00 USD', 'Karachi Transit Hub to Karakoram Cable', '250.00 USD']],
	['books-journal', '#/books?show=journal', ['Entries 1 to 6 of 6', 'credit note', 'adjusted bin of 2026-11-15 12:00 UTC, 5 min: 9,007,199,254,740,993 B in, 2,000,000 B out', 'payable:karakoram-cable', '-250.00 USD', 'outage', 'wire 7']],
	['revenue', '#/revenue', ['Month by month against the plan', 'Members', 'Segments', '200,000,000.00 USD to 400,000,000.00 USD', '5.51 % to 11.02 %', '31,000,000.00 USD a year', '2,350,000.00 PKR', 'bought 120,000.00 USD', 'to owners of cables 1,250,000.00 USD', '4,000,000.00 USD of it is computed', 'To owners', '7,750,000.00 USD', 'شبکه صحرا desert-lease', 'Transit bought and sold', '146.00 %', '0.24 USD', 'without invoices in other currencies']],
	['revenue-segments', '#/revenue?by=segment&month=2026-10', ['October 2026', 'M07', 'not on the corridor']],
	['meter', '#/exporters', ['khi-sw2', '4,211', '27 × template not yet known', 'not in the hub file', 'unknown source MAC', '93.4 %', 'Loss, by sequence', 'sflow 0', '0.981', '1.412', '± 3.1 %', '0.1530 %', 'Alarms and proposals', 'have the member order more', '71.4 % against 60 %, by counters', '12 min against 2 min', 'sarai propose confirm 3 or sarai propose dismiss 3', 'until 2026-11-21 10:00 UTC', 'sarai blackhole remove 198.51.100.7/32', '1 alarm that is over', 'counters differ', '92.0 Gbit/s by sFlow, which bills rest on, and 81.0 Gbit/s by SNMP', '2 ports against 1 port', '11.96 % apart, out', '81.0 Gbit/s by SNMP, counted 92.0 Gbit/s', 'learned', 'clash', '1 in 16,384', 'not known, 1 source', 'by the hub file', 'processor 18.5 % busy', '90 packets discarded: TTL expired', '31 × LACP', '00:00:5e:00:53:fe', 'khi-sw2, interface 44, VLAN 100', '3 of 4', 'no interface is named Ethernet7', 'out 17, 0', 'by the meter and 2 workers', 'unknown MACs', '4,311', '192 MiB']],
]

async function look(base) {
	for (const device of Object.keys(DEVICES))
		for (const scheme of ['dark', 'light']) {
			const { page, errors, foreign, close } = await open(base, device, scheme)
			for (const [name, hash, parts] of VIEWS) {
				await page.goto(`${base}/${hash}`)
				await page.reload()
				const upper = device === 'phone' ? parts.filter((part) => part !== 'commit 60.0 Gbit/s') : parts
				await has(page, `${name}, ${device}, ${scheme}: shows what the hub says`, upper.map((part) => (part === 'commit 60.0 Gbit/s' ? '60.0 Gbit/s' : part)))
				await page.evaluate(() => document.fonts.ready)
				await page.waitForTimeout(250)
				await page.screenshot({ path: join(shots, `${name}-${device}-${scheme}.png`) })
				const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
				ok(over <= 0, `${name}, ${device}, ${scheme}: is as wide as the screen`, `${over} pixels more`)
			}
			ok(!errors.length, `${device}, ${scheme}: the console is silent`, ...errors)
			ok(!foreign.length, `${device}, ${scheme}: nobody else is asked`, ...foreign)
			await close()
		}
}

async function frame(base) {
	const { page, errors, close } = await open(base)
	await page.goto(base)
	await has(page, 'the hub is named', ['Karachi Transit Hub'], '.top')
	await has(page, 'simulated data is marked', ['simulated'], '.top')
	await has(page, 'the page says that it is live', [/^live$/m], '.pulse')
	ok((await page.title()) === 'Overview · Karachi Transit Hub', 'the title names view and hub', await page.title())
	const theme = () => page.evaluate(() => document.documentElement.dataset.theme)
	const before = await theme()
	await page.click('.theme')
	const after = await theme()
	ok(before === 'dark' && after === 'light', 'the toggle changes the colours', before, after)
	await page.reload()
	ok((await theme()) === 'light', 'and the choice is kept')
	await page.keyboard.press('Tab')
	ok((await page.evaluate(() => document.activeElement?.textContent)) === 'Skip to the view', 'the first stop of Tab skips the frame')
	for (const [name, hash] of [['Ways', '#/ways'], ['What if', '#/whatif'], ['Members', '#/members'], ['Looking glass', '#/glass'], ['Matrix', '#/matrix'], ['Traffic', '#/history'], ['Invoices', '#/invoices'], ['Books', '#/books'], ['Revenue', '#/revenue'], ['Meter', '#/exporters']]) {
		await page.click(`nav >> text="${name}"`)
		ok(page.url().endsWith(hash), `${name} has a URL`, page.url())
	}
	await page.setViewportSize({ width: 1024, height: 768 })
	ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, 'the frame fits a narrow window too')
	await page.setViewportSize({ width: 1440, height: 900 })
	await page.goBack()
	ok(page.url().endsWith('#/revenue'), 'and the way back leads there')
	const nameless = await page.evaluate(() => [...document.querySelectorAll('a,button,input,select')].filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.title)).map((e) => e.outerHTML))
	ok(!nameless.length, 'everything that can be used has a name', ...nameless)
	ok(!errors.length, 'all that without a complaint', ...errors)
	await close()
}

async function map(base) {
	const { page, errors, close } = await open(base)
	await page.goto(base)
	await page.waitForSelector('.segment.u4')
	const count = (selector) => page.locator(selector).count()
	ok((await count('.land[d]')) === 1 && (await page.getAttribute('.land', 'd')).length > 10000, 'the land is drawn')
	ok((await count('.segment')) > 160, 'all segments are drawn')
	ok((await count('.segment.planned')) > 5 && (await count('.segment.cut')) === 1 && (await count('.cut-mark')) === 1, 'planned ones and the cut one are marked')
	ok((await count('.segment.u-load')) === 1, 'one that carries ours without a known capacity looks its own way')
	const overlaps = () => page.evaluate(() => {
		const boxes = [...document.querySelectorAll('.names text')].filter((t) => t.getAttribute('visibility') === 'visible').map((t) => [t.textContent, t.getBoundingClientRect()])
		const bad = []
		boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
			if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 3 && q.top < p.bottom - 3) bad.push(`${a} / ${b}`)
		}))
		return { bad, shown: boxes.length }
	})
	const first = await overlaps()
	ok(first.shown > 15 && !first.bad.length, `${first.shown} names, none over another`, ...first.bad)
	ok((await count('.core')) === 1, 'a course that is told has a thread along its middle, no other has', await count('.core'))
	const line = await page.evaluate(() => document.querySelector('.core').getAttribute('d'))
	const bend = await page.evaluate(() => {
		const path = document.querySelector('.core'), length = path.getTotalLength(), at = (share) => path.getPointAtLength(length * share), a = at(0), b = at(1)
		return Math.max(...Array.from({ length: 50 }, (_, i) => Math.abs((b.x - a.x) * (at(i / 50).y - a.y) - (b.y - a.y) * (at(i / 50).x - a.x)) / Math.hypot(b.x - a.x, b.y - a.y)))
	})
	ok(bend > 3, 'and goes by its points', line, bend)
	await has(page, 'which the legend says', ['the course is told, point by point; all others are great circles'], '.legend')
	const names = await page.locator('.names text[visibility=visible]').allTextContents()
	ok(['Karachi', 'Frankfurt', 'Marseille', 'Urumqi'].every((name) => names.includes(name)), 'the ends of the corridor are in sight', names.join())
	await page.click('text="+"')
	await page.click('text="+"')
	await page.waitForTimeout(100)
	const near = await overlaps()
	ok(!near.bad.length, 'nor when it is nearer', ...near.bad)
	const place = () => page.getAttribute('.ground', 'transform')
	const before = await place()
	await page.focus('.map')
	await page.keyboard.press('ArrowLeft')
	await page.waitForTimeout(60)
	const moved = await place()
	ok(before !== moved, 'the arrow keys move it')
	await until(page, () => !document.querySelector('.over').hasAttribute('transform'))
	const siteAt = () => page.evaluate(() => {
		const { left, top } = document.querySelector('.site.hub').getBoundingClientRect()
		return [left, top]
	})
	const [siteX, siteY] = await siteAt(), place0 = (await place()).match(/[-\d.]+/g).map(Number)
	const box = await page.locator('.map').boundingBox()
	await page.mouse.move(box.x + 400, box.y + 300)
	await page.mouse.down()
	await page.mouse.move(box.x + 460, box.y + 340, { steps: 4 })
	await page.mouse.up()
	await page.waitForTimeout(60)
	const dragged = await place()
	ok(dragged !== moved, 'so does the mouse')
	const right = async () => {
		const [x, y] = await siteAt(), [dx, dy] = dragged.match(/[-\d.]+/g).map((value, i) => Number(value) - place0[i])
		return Math.abs(x - siteX - dx) < 0.2 && Math.abs(y - siteY - dy) < 0.2
	}
	ok(await right(), 'all goes with the land while it is dragged')
	await until(page, () => !document.querySelector('.over').hasAttribute('transform'))
	ok(await right(), 'and stands there when it is drawn anew')
	await page.mouse.wheel(0, -300)
	await page.waitForTimeout(60)
	ok((await place()) !== dragged, 'and the wheel zooms')
	await page.keyboard.press('0')
	await page.waitForTimeout(60)
	ok((await place()) === 'translate(0.00,0.00) scale(1.0000)', 'zero fits it again')
	await page.click('.busy-row >> nth=0')
	await has(page, 'a segment of the list tells its details', ['Kabul-Jalalabad-Torkham', 'capacity', '200 Gbit/s'], '.card')
	ok(page.url().endsWith('#/segments/F05'), 'and is a URL', page.url())
	await page.click('.card a >> text=Kabul')
	await has(page, 'its end tells the segments there', ['hub, Afghanistan'], '.card')
	await page.fill('.panel .search', 'Kazakhstan submarine')
	await has(page, 'the search finds segments by country and kind', ['Trans-Caspian TCFO', 'planned'], '.busiest')
	await page.fill('.panel .search', 'no such thing')
	await has(page, 'and says when there is none', ['0 of 171 segments'], '.panel')
	ok(!errors.length, 'all that without a complaint', ...errors)
	await close()
}

// Shares on the map that something else covers.
function covered(page) {
	return page.evaluate(() => {
		const all = (selector) => [...document.querySelectorAll(`.map-cell:last-child ${selector}`)].filter((one) => one.getAttribute('visibility') !== 'hidden').map((one) => [one.textContent || selector, one.getBoundingClientRect()])
		const shares = all('.shares text'), others = [...all('.site'), ...all('.mark circle'), ...all('.names text')], bad = []
		const over = ([a, p], [b, q]) => p.left < q.right - 1 && q.left < p.right - 1 && p.top + 3 < q.bottom && q.top < p.bottom - 3 && bad.push(`${a} / ${b}`)
		shares.forEach((one, i) => [...shares.slice(i + 1), ...others].forEach((other) => over(one, other)))
		return { bad, shown: shares.length }
	})
}

// Ways are drawn where the answer says, beside one another; what is supposed stands in the URL and can be taken away again.
async function ways(base) {
	const { page, errors, close } = await open(base)
	const ask = async (set) => (await (await fetch(`${base}/api/v1/corridor/path?from=KHI&to=FRA${set}`)).json()).paths
	await page.goto(`${base}/#/ways?from=KHI&to=FRA`)
	await page.waitForSelector('.way.w2[d]')
	const first = await ask('&k=3')
	const drawn = (kind) => page.locator(`.way.${kind}`).count()
	for (const [i, way] of first.entries()) ok((await drawn(`w${i}`)) === way.segments.length, `way ${i + 1} is drawn over its ${way.segments.length} segments`, await drawn(`w${i}`))
	ok((await drawn('free')) === 0, 'without conditions there is nothing to compare with')
	const shared = await page.evaluate(() => {
		const of = (kind) => [...document.querySelectorAll(`.way.${kind}`)].map((path) => path.getAttribute('d'))
		return of('w0').some((d) => of('w1').includes(d))
	})
	ok(!shared, 'where two share a segment both are seen')
	const apart = await page.evaluate(() => {
		const box = document.querySelector('.map').getBoundingClientRect()
		return [...document.querySelectorAll('.way.w0')].every((path) => {
			const b = path.getBoundingClientRect()
			return b.left >= box.left - 1 && b.right <= box.right + 1 && b.top >= box.top - 1 && b.bottom <= box.bottom + 1
		})
	})
	ok(apart, 'the map is moved to where they run')
	await page.click('.way-row summary >> nth=0')
	await has(page, 'its numbers stand with their ranges and what rests on estimates', [/there and back\s+[\d.]+ ms \([\d.]+ to [\d.]+\)/, /works\s+95.20 % \(89.13 to 98.43\), down 421 h a year/, /price\s+0.646 USD per Mbit\/s and month \(0.323 to 1.293\), 100 % on estimates/, /narrowest\s+2.80 Tbit\/s \(2.24 to 3.36\), .*assumed/], '.way-row[open] .facts')
	await page.click('.way-row[open] .steps-of-way button >> nth=1')
	await page.click('text="If it were cut"')
	const cut = first[0].segments[1]
	await until(page, (id) => location.hash.includes(`without=${id}`), cut)
	const then = await ask(`&k=3&without=${cut}`)
	const km = (way) => Math.round(way.length_km).toLocaleString('en-GB')
	await has(page, 'a segment can be supposed cut, and what that costs is told', [`without these conditions ${km(first[0])} km`, `${km(then[0])} km`, `+${Math.round(then[0].length_km - first[0].length_km).toLocaleString('en-GB')} km`], '.ways-found')
	ok(!then[0].segments.includes(cut) && (await drawn('free')) === first[0].segments.length, 'the way that is lost is drawn beside it')
	await page.screenshot({ path: join(shots, 'ways-cut.png') })
	await page.click('.chip.removable >> text=cut:')
	await has(page, 'and mended again', [/^(?!.*without these conditions)/s], '.ways-found')
	await page.click('.way-row summary >> nth=0')
	await page.click('.way-row[open] .chips button >> nth=-1')
	await until(page, () => /avoid=[A-Z]{2}/.test(location.hash))
	ok(true, 'a country that is crossed can be avoided')
	await page.evaluate(() => {
		const year = document.querySelector('[aria-label="As of the end of the year"]')
		year.value = '2032'
		year.dispatchEvent(new Event('input'))
		year.dispatchEvent(new Event('change'))
	})
	await has(page, 'and the year chosen', ['with what is planned by the end of 2032'], '.panel')
	ok(page.url().includes('date=2032'), 'which stands in the URL', page.url())
	await page.fill('[aria-label="Avoid"]', 'PK')
	await page.keyboard.press('Enter')
	await has(page, 'where there is no way it says so', ['There is no such way'], '.ways-found')
	await page.fill('[aria-label="To"]', 'Atlantis')
	await page.keyboard.press('Enter')
	await has(page, 'and where there is no such place', ['there is no site "Atlantis"'], '.ways-found')
	const real = errors.filter((e) => !e.includes('404'))
	ok(!real.length, 'all that without a complaint', ...real)
	await close()
}

// Cuts, years, lines built: drawn, told in words and numbers, kept in the URL, and nothing of the hub is changed by it.
async function whatIf(base) {
	const { page, errors, close } = await open(base)
	const ask = async (path) => (await fetch(`${base}/api/v1/corridor/${path}`)).json()
	const drawn = (selector) => page.locator(`.map-cell:last-child ${selector}`).count()
	await page.goto(`${base}/#/whatif`)
	await page.waitForSelector('.laid .busy-row')
	const now = await ask('flow')
	const rows = await page.locator('.laid .busy-row').allInnerTexts()
	const fullest = [...now.segments].sort((p, q) => q.utilisation - p.utilisation)
	ok(rows.length === Math.min(40, now.segments.length) && rows[0].includes(`${Math.round(fullest[0].utilisation * 100)} %`), 'segments are listed by load, the fullest first', rows[0])
	ok((await drawn('.segment.guess')) === now.segments.filter((s) => s.capacity_assumed).length, 'what rests on an estimated capacity is dashed', await drawn('.segment.guess'))
	await page.waitForSelector('.map-cell:last-child .shares text')
	ok(/%/.test(await page.locator('.map-cell:last-child .shares text').first().textContent()), 'full segments have their share written beside them')
	for (const near of [0, 1, 2]) {
		if (near) await page.click('.map-cell:last-child .map-buttons >> text="+"')
		await page.waitForTimeout(100)
		const { bad, shown } = await covered(page)
		ok(shown > 0 && !bad.length, `${near} nearer: ${shown} shares, none under a dot, a mark, a name or another`, ...bad)
	}
	await page.reload()
	await page.waitForSelector('.laid .busy-row')
	await page.focus('.laid .busy-row >> nth=1')
	await page.keyboard.press('Enter')
	await has(page, 'a row picked by the keyboard opens the card of its segment', ['It goes with:', 'Without it, from end to end', 'estimate'], '.card-place')
	ok((await drawn('.segment.chosen')) === 1, 'and marks it on the map')
	ok((await page.getAttribute('.laid .busy-row >> nth=1', 'aria-pressed')) === 'true', 'and in the list')

	await page.fill('[aria-label^="Cut a cable"]', 'red sea')
	await page.keyboard.press('Enter')
	await has(page, 'a sea is cut by its name, in any case', ['If Red Sea is cut: 7 segments', 'demand gets slower', 'It happens for 8 h'], '.cut-words')
	ok(page.url().includes('cut=risk%3ARED_SEA'), 'the URL has it', page.url())
	const cut = await ask('flow?without=risk:RED_SEA')
	ok((await drawn('.segment.cut')) >= cut.closed.length && (await drawn('.cut-mark')) >= cut.closed.length, 'what is cut has a cross, not a colour alone', await drawn('.cut-mark'))
	await page.click('.choice >> text="Side by side"')
	await page.waitForSelector('.map-cell:first-child .segment.u1')
	ok((await page.locator('.map-cell:visible').count()) === 2, 'before and after stand beside one another')
	const at = () => page.evaluate(() => [...document.querySelectorAll('.map-cell')].map((cell) => cell.querySelector('.ground').getAttribute('transform')))
	const same = (views) => views[0] !== null && views[0] === views[1]
	await until(page, () => new Set([...document.querySelectorAll('.map-cell .ground')].map((one) => one.getAttribute('transform'))).size === 1)
	const before = await at()
	await page.locator('.map-cell:first-child .map').focus()
	await page.keyboard.press('+')
	await until(page, (old) => document.querySelector('.map-cell:last-child .ground').getAttribute('transform') !== old, before[1])
	ok(same(await at()), 'and move together', ...(await at()))
	const then = cut.demands.find((d) => d.id === 'KHI-MRS').ways[0].round_trip_ms.toFixed(1), was = now.demands.find((d) => d.id === 'KHI-MRS').ways[0].round_trip_ms.toFixed(1)
	await has(page, 'each demand tells what it had and has', [new RegExp(`${was} ms[\\s\\S]*${then} ms`)], '.below .list')
	ok((await page.locator('.below .pair.worse').count()) > 0 && /▼/.test(await page.locator('.below .pair.worse').first().textContent()), 'what is worse is said by a sign as well')
	await page.click('.below tbody .plain-button >> nth=0')
	await page.waitForSelector('.map-cell:first-child .way.w0[d]')
	ok((await page.locator('.map-cell:first-child .way').count()) === now.demands[1].ways[0].segments.length && (await drawn('.way')) === cut.demands[1].ways[0].segments.length, 'its way is drawn on both maps')
	await has(page, 'and how often the two are connected', ['Over any way that is left: down 1.5 h a year', 'before, down 0.9 h', 'to blame'], '.card-place')
	const url = page.url()
	await page.goto(`${base}/#/members`)
	await page.goto(url)
	await has(page, 'the URL shows the same to whoever opens it', ['If Red Sea is cut', 'demands change'])
	await page.goto(`${base}/#/whatif?cut=RED_SEA`)
	await has(page, 'also when it was typed without the kind', ['If Red Sea is cut'])
	await page.click('.chip.removable >> text=cut:')
	await until(page, () => !location.hash.includes('cut='))
	await until(page, () => document.querySelectorAll('.map-cell:last-child .cut-mark').length <= 1)
	ok(true, 'a chip takes it away again')

	await page.evaluate(() => {
		const year = document.querySelector('[aria-label="As of the end of the year"]')
		year.value = year.max
		year.dispatchEvent(new Event('input'))
	})
	const later = await ask(`flow?date=${new Date().getUTCFullYear() + 10}`)
	await has(page, 'with the years demands grow and what is planned is there', [`demands ${Math.round((later.total.asked_bps / now.total.asked_bps) * 100)} % of today`, /segments more: .*others/], '.whatif-panel')
	ok((await drawn('.segment.planned')) === 0, 'and drawn as it is')
	const built = await page.locator('.map-cell:last-child .segment.fresh').count(), there = (laid) => new Set([...laid.idle, ...laid.segments.map((one) => one.id)])
	ok(built > 0 && built === [...there(later)].filter((id) => !there(now).has(id)).length, 'with a glow, as far as it is not there today', built)
	await page.focus('[aria-label="As of the end of the year"]')
	await page.keyboard.press('ArrowLeft')
	await until(page, (year) => location.hash.includes(`year=${year}`), new Date().getUTCFullYear() + 9)
	ok((await page.getAttribute('[aria-label="As of the end of the year"]', 'aria-valuetext')) === `end of ${new Date().getUTCFullYear() + 9}`, 'the arrow keys go year by year, and the year is said at once')
	await page.keyboard.press('Home')
	await until(page, () => !location.hash.includes('year='))
	await until(page, () => !document.querySelector('.map-cell:last-child .segment.fresh'))
	ok((await drawn('.segment.planned')) > 5, 'and back to today what is planned is planned again')
	await page.keyboard.press('End')
	await until(page, () => document.querySelector('.map-cell:last-child .segment.fresh') !== null)
	await page.click('text="as it is"')
	await page.click('.lines summary')
	await page.click('.lines .chip >> text="Trans-Caspian TCFO"')
	await until(page, () => location.hash.includes('built=segment%3AC01'))
	await has(page, 'a line is built by a click', ['today: Trans-Caspian TCFO built'])
	await page.click('text="Which single cut would hurt most"')
	await page.click('.worst .choice >> text="Countries"')
	await page.waitForSelector('.worst .busy-row[data-name^="country:"]')
	await page.click('.worst .busy-row >> nth=0')
	await until(page, () => location.hash.includes('cut=country%3A'))
	await until(page, () => document.querySelector('.worst .busy-row').getAttribute('aria-pressed') === 'true')
	ok(true, 'the worst cuts can be tried one by one')
	await page.fill('[aria-label^="Cut a cable"]', 'segment:NOWHERE')
	await page.keyboard.press('Enter')
	await page.click('text="as it is"')
	await has(page, 'and all of it can be taken back', [/^(?!.*If .* (is|are) cut)/s], '.laid')

	const [file] = await Promise.all([page.waitForEvent('download'), page.click('text="Map as SVG"')])
	ok(file.suggestedFilename() === 'corridor-today.svg', 'the map can be taken away as a file', file.suggestedFilename())
	ok((await page.getAttribute('a[download="load.csv"]', 'href')).includes('format=csv'), 'and the numbers as CSV')

	await fetch(`${base}/mock/cut?name=segment:M01`)
	await has(page, 'what somebody cuts meanwhile is told, with how to restore it', ['TW1 Karachi-Fujairah: cut', 'by noc: an anchor', 'sarai corridor restore segment:M01'], '[aria-label="Ordered now"]')
	await until(page, () => document.querySelectorAll('.map-cell:last-child .cut-mark').length >= 1)
	ok(true, 'and has its cross on the map')
	await fetch(`${base}/mock/cut`)
	await until(page, () => !document.querySelector('[aria-label="Ordered now"]').textContent)
	ok(true, 'and is gone when it is restored')
	await page.click('.choice >> text="Worth"')
	await page.fill('[aria-label^="Million US dollars"]', '600')
	await page.keyboard.press('Enter')
	await has(page, 'the traffic that a target needs is reckoned for the sum that is given', ['100 Tbit/s to 66.7 Tbit/s', 'finds room: 33.3 Tbit/s to 45.7 Tbit/s', 'room for 73.0 Tbit/s (18.6 Tbit/s to 278 Tbit/s)'], '.worth')
	await page.click('[aria-label="Revenue"] >> text="Cables"')
	await has(page, 'revenue can be had by cable', ['AAE-1', '4.10 M USD'], '[aria-label="Revenue"] >> nth=0')
	await page.click('text="What that sum hangs on"')
	await has(page, 'and what it hangs on is told when it is asked for, the largest first', ['99.86 million $ a year as told', 'one in ten below 94.29', '$ of 1000 km of sea', '0.02 to 0.08, estimated', '74.21 to 151.2'], '[aria-label="Revenue"] >> nth=0')
	const swing = await page.$$eval('[aria-label="Swings"] tr:first-child .swing i', (parts) => parts.map((one) => [parseFloat(one.style.left), parseFloat(one.style.width)]))
	ok(Math.abs(swing[0][0] + swing[0][1] - swing[1][0]) < 0.01 && Math.abs(swing[1][0] + swing[1][1] - 100) < 0.01, 'as bars that meet where the sum is as told', JSON.stringify(swing))
	await page.click('text="Rank the candidates"')
	await has(page, 'candidates are ranked when they are asked for, with their ranges', ['Trans-Caspian line', '−50.80 M USD', '−70.00 M USD to −45.00 M USD'], '.worth')
	for (const [by, gain] of [['Revenue', '331 k USD a year'], ['Traffic', '121 Gbit/s more'], ['Delay', '0.1 ms less'], ['Outage', '5.3 s a year less']]) {
		await page.click(`[aria-label="Where next"] >> text="${by}"`)
		await has(page, `and by what else the reader chooses: ${by}`, [gain, 'per M USD'], '[aria-label="Ranks"]')
	}
	await page.click('text="Two at a time"')
	await has(page, 'and by twos, with what they bring beyond each alone', ['Trans-Caspian line + Hyperhighway', '2.7 s a year less beyond each alone'], '[aria-label="Ranks"]')
	const clipped = await page.$$eval('.worth :is(td, th)', (cells) => cells.filter((one) => one.offsetParent && one.getBoundingClientRect().right > one.closest('.worth').getBoundingClientRect().right + 1).map((one) => one.textContent))
	ok(!clipped.length, 'no number of it is cut off', ...clipped)
	const nameless = await page.evaluate(() => [...document.querySelectorAll('a,button,input,select')].filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.title)).map((e) => e.outerHTML))
	ok(!nameless.length, 'everything that can be used has a name here too', ...nameless)
	ok(!errors.length, 'what if: without a complaint', ...errors)
	await close()

	const phone = await open(base, 'phone', 'light')
	await phone.page.goto(`${base}/#/whatif?cut=risk:RED_SEA&show=side`)
	await phone.page.waitForSelector('.map-cell:last-child .shares text')
	const hidden = () => phone.page.evaluate(() => [...document.querySelectorAll('.map-cell')].flatMap((cell) => [...cell.querySelectorAll('.map-title, .map-buttons')].filter((one) => one.offsetParent).flatMap((over) => {
		const box = over.getBoundingClientRect()
		return [...cell.querySelectorAll('.shares text, .names text:not([visibility="hidden"])')].filter((one) => {
			const at = one.getBoundingClientRect()
			return at.left < box.right - 4 && at.right > box.left + 4 && at.top < box.bottom - 4 && at.bottom > box.top + 4
		}).map((one) => one.textContent)
	})))
	for (let zoom = 0; zoom < 3; zoom++) {
		await phone.page.waitForTimeout(300)
		ok(!(await hidden()).length, 'no name and no share is under the title of the map or its buttons', ...(await hidden()))
		await phone.page.click('.map-cell:last-child [aria-label="Zoom in"]')
	}
	await phone.close()

	const reach = await open(base)
	await reach.page.goto(`${base}/#/reach`)
	await until(reach.page, () => [...document.querySelectorAll('.figure')].length === 2 && [...document.querySelectorAll('.figure')].every((one) => one.naturalWidth > 0))
	ok(true, 'a plan of reach has its map and its curve')
	await reach.page.fill('text="Target, % of towers"', '80')
	await reach.page.keyboard.press('Enter')
	await has(reach.page, 'another target is another plan', ['16.0 % → 80.0 %'], '.reach')
	ok(reach.page.url().includes('target=80'), 'which stands in the URL', reach.page.url())
	await reach.page.fill('text="Target, % of towers"', '10')
	await reach.page.keyboard.press('Enter')
	await has(reach.page, 'a target that was met before anything is built is said to be', ['met before anything is built: 10.0 %'], '.reach')
	await reach.page.fill('text="Target, % of towers"', 'all')
	await reach.page.keyboard.press('Enter')
	await has(reach.page, 'what is no number is refused in words', ['"all" is not a percentage'], '.reach')
	await reach.close()

	const none = await startMock('--empty', '--still')
	const empty = await open(none.base)
	await empty.page.goto(`${none.base}/#/whatif`)
	await has(empty.page, 'a hub without demands says so, and shows what is measured', ['The hub file has no demands'], '.whatif-panel')
	await empty.page.goto(`${none.base}/#/reach`)
	await has(empty.page, 'and one without towers likewise', ['the hub file has no reach.towers'], '.reach')
	await empty.close()
	none.stop()
}

// An operator orders from the page: what it would do is told first, and nothing is sent without a token and a word of consent.
async function orders() {
	const mock = await startMock()
	const { page, errors, close } = await open(mock.base)
	const sent = []
	page.on('request', (request) => request.method() === 'POST' && sent.push(request))
	const panel = '[aria-label="Cut AAE-1 Karachi-Djibouti-Suez part"]', give = `${panel} button[type="submit"]`
	await page.goto(`${mock.base}/#/segments/M07`)
	await page.click('.card button >> text="Cut …"')
	await has(page, 'what a cut would do is told first, exits that change with it', ['AAE-1 Karachi-Djibouti-Suez part: up → cut', '11 ways to exits change', '1 exit is closed', '3 places where members come in have another first exit', 'GWD to mrs-1 (AS64503): 58.1 ms over M01, M07 → closed', 'KHI to fra-1 (AS64501 Indus Broadband): 61.2 ms', '75.0 ms', 'full', 'More than their limit get', 'and 6 ways more'], panel)
	ok((await page.locator(`${panel} [aria-label="Exits"] li`).first().innerText()).includes('closed'), 'what is closed stands first')
	await has(page, 'and which demands of whom lose or get slower, in their ranges', ['Lost: 300 Gbit/s (0 bit/s to 940 Gbit/s)', '1 demand without any way', '2 demands move', '1 slower', 'Karachi to Frankfurt (AS64501 Indus Broadband): 1.20 Tbit/s as before, may lose 640 Gbit/s at most; 103.3 ms → 118.2 ms, +14.9 ms (+7.5 to +29.8)', '300 Gbit/s → 0 bit/s', 'no way is left'], `${panel} [aria-label="Demands"]`)
	ok((await page.locator(`${panel} [aria-label="Demands"] li`).first().innerText()).startsWith('Gwadar to Marseille'), 'who loses the most stands first')
	await has(page, 'ways of colors that change are told too', ['color 100, khi-r1 to fra-r1: 51.6 ms by khi-r1 mrs-r1 fra-r1 → no way'], `${panel} [aria-label="Ways of colors"]`)
	await page.screenshot({ path: join(shots, 'order-desktop-dark.png') })
	await page.click(give)
	await page.fill(`${panel} [aria-label="Token"]`, 'a guess')
	await page.check(`${panel} [type="checkbox"]`)
	await page.click(give)
	ok(!sent.length, 'without a token and a word of consent nothing is sent', sent.length)
	await page.fill(`${panel} [aria-label="Token"]`, 'a-guess')
	await page.click(give)
	await has(page, 'a wrong token is refused in words', ['the token is missing or wrong'], panel)
	ok((await page.inputValue(`${panel} [aria-label="Token"]`)) === '', 'and forgotten')
	await page.fill(`${panel} [aria-label="Why, for the journal"]`, 'anchor & chain')
	await page.fill(`${panel} [aria-label="Until, UTC"]`, '2026-12-01T06:30')
	await page.keyboard.press('Tab')
	await until(page, () => !document.querySelector('.order [type="submit"]').disabled)
	ok(!(await page.isChecked(`${panel} [type="checkbox"]`)), 'another time is another order, to be read anew')
	await page.fill(`${panel} [aria-label="Token"]`, 'let-me-in')
	await page.check(`${panel} [type="checkbox"]`)
	await page.click(give)
	await has(page, 'with a token it is ordered', ['Ordered: AAE-1 Karachi-Djibouti-Suez part is cut', 'forget it'], '.panel')
	const last = sent.at(-1)
	ok(sent.length === 2 && new URL(last.url()).search === '?name=segment%3AM07&until=2026-12-01T06%3A30%3A00Z&reason=anchor%20%26%20chain', 'as it was typed', last.url())
	ok(last.headers().authorization === 'Bearer let-me-in' && !last.url().includes('let-me-in'), 'the token goes in its header and nowhere else')
	const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, document.body.innerHTML]))
	ok(!kept.includes('let-me-in'), 'and is kept in memory only')
	await page.goto(`${mock.base}/#/whatif`)
	await has(page, 'it stands among what is ordered', ['AAE-1 Karachi-Djibouti-Suez part: cut', 'by boss, HTTP: anchor & chain', 'until 2026-12-01 06:30 UTC'], '[aria-label="Ordered now"]')
	await page.click('[aria-label="Ordered now"] button >> text="Restore …"')
	const back = '[aria-label="Restore AAE-1 Karachi-Djibouti-Suez part"]'
	await has(page, 'restoring is looked at first too', ['cut → up', 'Nothing is lost', '−14.9 ms', 'a shorter way is there'], back)
	ok((await page.inputValue(`${back} [aria-label="Token"]`)) === 'let-me-in', 'with the token that was given')
	await page.waitForTimeout(2500)
	await page.check(`${back} [type="checkbox"]`)
	await page.click(`${back} button[type="submit"]`)
	await until(page, () => !document.querySelector('[aria-label="Ordered now"]').textContent)
	ok(true, 'and it is taken back')
	await page.goto(`${mock.base}/#/whatif?cut=risk:RED_SEA`)
	await page.click('.laid summary >> text="To order it in the hub"')
	await page.waitForTimeout(4500) // two pushes of the hub
	ok(await page.locator('.laid details[open] >> text="To order it in the hub"').count() === 1, 'what was unfolded stays so whatever the hub tells meanwhile')
	await page.click('.laid details[open] button >> text="Planned work …"')
	const work = '[aria-label="Planned work Red Sea"]'
	await has(page, 'a whole sea can be ordered too, and work has its times', ['from, UTC', 'until, UTC'], work)
	await page.check(`${work} [type="checkbox"]`)
	await page.click(`${work} button[type="submit"]`)
	ok(sent.length === 3, 'work without its times is not sent', sent.length)
	await page.fill(`${work} [aria-label="From, UTC"]`, '2026-12-01T22:00')
	await page.fill(`${work} [aria-label="Until, UTC"]`, '2026-12-02T04:00')
	await page.keyboard.press('Tab')
	await until(page, () => !document.querySelector('.order [type="submit"]').disabled)
	await page.check(`${work} [type="checkbox"]`)
	await page.click(`${work} button[type="submit"]`)
	await has(page, 'with them it is', ['Ordered: Red Sea is worked on from 2026-12-01 22:00 UTC'], '.panel')
	await page.reload()
	await page.click('[aria-label="Ordered now"] button >> text="Restore …"')
	ok((await page.inputValue('[aria-label="Restore Red Sea"] [aria-label="Token"]')) === '', 'after a reload nothing is known of the token')
	const nameless = await page.evaluate(() => [...document.querySelectorAll('.order :is(a,button,input)')].filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.title || e.closest('label'))).map((e) => e.outerHTML))
	ok(!nameless.length, 'everything of an order has a name', ...nameless)
	ok(!errors.filter((e) => !e.includes('401')).length, 'orders: without a complaint', ...errors)
	await close()
	for (const [device, scheme] of [['desktop', 'light'], ['phone', 'dark'], ['phone', 'light']]) {
		const small = await open(mock.base, device, scheme)
		await small.page.goto(`${mock.base}/#/segments/M01`)
		await small.page.click('.card button >> text="Drain …"')
		await has(small.page, `an order, ${device}, ${scheme}`, ['up → drained'], '.order')
		await small.page.locator('.order').scrollIntoViewIfNeeded()
		await small.page.screenshot({ path: join(shots, `order-${device}-${scheme}.png`) })
		ok((await small.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `an order, ${device}, ${scheme}: is as wide as the screen`)
		await small.close()
	}
	mock.stop()
}

// What a proof says, and that months and files can be had.
async function proofs(base) {
	const { page, errors, close } = await open(base)
	await page.goto(`${base}/#/members/64501`)
	const block = 'section:has(> h2:text("The way of its traffic"))'
	await has(page, 'a member has the proof of its way', ['54.3 PB in and out', '12.00 % by estimate', 'not known', '0.00', 'Egypt', '30.01 %', '0.01 %', 'mean 6210.4 km and 30.410 ms'], block)
	ok((await page.locator(`${block} [aria-label="Cables"] tbody tr`).allInnerTexts()).length === 2, 'its cables')
	await page.click(`${block} summary >> text="5 ways, 15 segments, 1 group of shared risk"`)
	await has(page, 'its ways, each with what it rests on', ['M01 M07 M22', 'measured', 'by contract', 'by estimate', 'at the site', '± 0.7 %', 'and 3 more'], block)
	await page.locator(block).screenshot({ path: join(shots, 'proof-whole.png') })
	const links = () => page.locator(`${block} .bill-links a`).evaluateAll((all) => all.map((a) => a.getAttribute('href')))
	const month = new Date().toISOString().slice(0, 7)
	ok((await links()).join() === ['csv', 'json'].map((format) => `/api/v1/ledger/way?member=64501&month=${month}&format=${format}`).join(), 'as CSV and JSON', (await links()).join())
	await page.selectOption(`${block} [aria-label="Month"]`, '2026-10')
	await has(page, 'of another month', ['as it was issued with'], block)
	ok(page.url().includes('way=2026-10') && (await links()).every((href) => href.includes('month=2026-10')), 'which stands in the URL and in the links', page.url(), ...(await links()))
	ok(!errors.length, 'proofs: without a complaint', ...errors)
	await close()
}

async function lists(base) {
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

// A chart is looked at as numbers: each column against what the hub answered, gaps and losses where they are.
// A new bin fills the squares of the heat map: what was walked to stays, and members keep their places.
async function heat(base) {
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

async function history(base) {
	const { page, errors, close } = await open(base)
	await page.goto(`${base}/#/history?what=service`)
	await page.waitForSelector('.stack rect.c0')
	const { steps } = await (await fetch(`${base}/api/v1/history/by?what=service&each=hour&hours=24&limit=500`)).json()
	const heard = steps.filter((step) => step[1] > 0).length
	const boxes = (kind) => page.evaluate((k) => [...document.querySelectorAll(`.stack rect.${k}`)].map((r) => Number(r.getAttribute('height'))), kind)
	const first = await boxes('c0')
	ok(first.length === heard, `${heard} hours that were heard have a column`, first.length)
	const rateOf = (step) => step[3][0] * 8 / step[1]
	const shown = steps.filter((step) => step[1] > 0).map(rateOf)
	const scale = first[0] / shown[0]
	ok(first.every((tall, i) => Math.abs(tall - shown[i] * scale) < 1.5), 'each as high as its rate', ...first.map((tall, i) => `${tall} ${shown[i] * scale}`))
	const gaps = await page.locator('.stack svg rect.hatched').count(), lossy = await page.locator('.stack svg rect.lossy').count()
	ok(gaps === 2, 'an hour that was not heard, and one that was half heard, are hatched', gaps)
	ok(lossy === 1, 'one in which records were lost is marked', lossy)
	await page.focus('.stack-place')
	await page.keyboard.press('Home')
	for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight')
	const total = steps[2][3].reduce((all, n) => all + n, steps[2][4]) * 8 / steps[2][1]
	const three = (value) => (value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2))
	await has(page, 'arrow keys walk over the columns, and read them', [`${total >= 1e12 ? three(total / 1e12) + ' T' : three(total / 1e9) + ' G'}bit/s`, new Date(steps[2][0] * 1000).toISOString().slice(11, 16)], '.stack .chart-readout')
	for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
	await has(page, 'what was not heard says so', ['not heard'], '.stack .chart-readout')
	await page.click('.choice >> text="Year"')
	ok(page.url().includes('period=year'), 'the time stands in the URL', page.url())
	const csv = await page.getAttribute('text="Steps as CSV"', 'href')
	ok(/^\/api\/v1\/history\/by\?what=service&each=day&year=\d{4}&format=csv$/.test(csv), 'and in the CSV', csv)
	await page.fill('[aria-label="Only of the member with this AS number"]', 'AS64501')
	await page.keyboard.press('Enter')
	await until(page, () => location.hash.includes('member=64501'))
	ok(true, 'it can be of one member')
	ok(!errors.length, 'all that without a complaint', ...errors)
	await close()
}

// Money: what stands in the books, and that a wrong sum would be seen.
async function books(base) {
	const { page, errors, close } = await open(base)
	await page.goto(`${base}/#/books?show=settlements`)
	const link = await page.getAttribute('[aria-label="KTH-S000001, indus-fibre as PDF"]', 'href')
	ok(link === '/api/v1/ledger/document?id=KTH-S000001&party=indus-fibre&format=pdf', 'a party has its statement as PDF', link)
	for (const [name, format] of [['to print', 'html'], ['as CSV', 'csv'], ['as JSON', 'json']]) ok((await page.getAttribute(`[aria-label="KTH-S000001, indus-fibre ${name}"]`, 'href')) === `/api/v1/ledger/document?id=KTH-S000001&party=indus-fibre&format=${format}`, `and ${name}`)
	const rows = await page.locator('[aria-label="Statements of the parties"] tbody td[data-title="Net"]').allInnerTexts()
	ok(rows.reduce((all, text) => all + Number(text.replace(/[^\d.-]/g, '')), 0) === 0, 'what the parties get adds up to zero', ...rows)
	await page.goto(`${base}/#/books?show=disputes`)
	await page.waitForSelector('[aria-label="Disputes"] tbody')
	ok((await page.locator('[aria-label="Disputes"] tbody').first().innerText()).includes('late'), 'a dispute that waits too long is first')
	await page.click('.choice >> text="Journal"')
	await page.waitForSelector('[aria-label="Journal"] tbody')
	ok(page.url().includes('show=journal'), 'each part has a URL')
	const postings = await page.locator('[aria-label="Journal"] tbody').allInnerTexts()
	ok(postings.length === 6 && /^6\b/.test(postings[0]), 'the newest entry is first', ...postings)
	const balanced = await page.evaluate(() => [...document.querySelectorAll('[aria-label="Journal"] tbody')].every((body) => Math.abs([...body.querySelectorAll('.posting span:last-child')].reduce((all, cell) => all + Number(cell.textContent.replace(/[^\d.-]/g, '')), 0)) < 0.001))
	ok((await page.getAttribute('[aria-label="KTH-C000001 to print"]', 'href')) === '/api/v1/ledger/document?id=KTH-C000001&format=html', 'a credit note can be printed')
	ok(await page.locator('[aria-label="KTH-D000001 to print"]').count() === 0 && await page.locator('[aria-label="KTH-D000001 as CSV"]').count() === 1, 'what cannot be drawn is not offered to print')
	ok(balanced, 'the postings of each entry add up to zero')
	await page.fill('.tools .search', 'outage')
	await until(page, () => document.querySelectorAll('[aria-label="Journal"] tbody').length === 1)
	ok(true, 'and they can be searched')
	await page.goto(`${base}/#/invoices?month=2026-10`)
	const party = await page.getAttribute('[aria-label="KTH-2026-10-desert-lease-lease-1 as PDF"]', 'href')
	ok(party === '/api/v1/bill/desert-lease?month=2026-10&contract=lease-1&format=pdf', 'a party\'s invoice is asked for by its id', party)
	const broken = await page.evaluate(() => [...document.querySelectorAll('main a')].map((a) => a.getAttribute('href')).filter((href) => /null|undefined|NaN/.test(href ?? 'null')))
	ok(!broken.length && !/AS(null|undefined|[a-z])/.test(await text(page)), 'and nobody is taken for a member that is none', ...broken)
	ok(!errors.length, 'all that without a complaint', ...errors)
	await close()
}

// A member sees its own books and not what is the operator's; a visitor sees no books.
async function roles() {
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
async function nothing() {
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
async function many() {
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

// Contrast of ink on each step of the heat map, as WCAG 2 counts it.
async function contrast(base) {
	for (const scheme of ['dark', 'light']) {
		const { page, close } = await open(base, 'desktop', scheme)
		await page.goto(`${base}/#/matrix`)
		await page.waitForSelector('.heat td.hot')
		const least = await page.evaluate(() => {
			const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
			const light = (colour) => {
				canvas.fillStyle = colour
				canvas.fillRect(0, 0, 1, 1)
				const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
				return 0.2126 * r + 0.7152 * g + 0.0722 * b
			}
			const square = document.querySelector('.heat tbody td.hot')
			return Math.min(...Array.from({ length: 11 }, (_, i) => {
				square.className = `h${i}`
				const { color, backgroundColor } = getComputedStyle(square)
				const [a, b] = [light(color), light(backgroundColor)]
				return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
			}))
		})
		ok(least >= 5, `${scheme}: every step of the heat map can be read`, least)
		await close()
	}
}

// One list of all that is wrong: what somebody sees to is last and says so; the rest can be unfolded.
async function incidents(base) {
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

async function renewal(base) {
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

// A hub that has just started: the map is fitted when the first load is known.
async function young() {
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

async function trouble() {
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

// A hub that runs: its numbers are its own, but every view has to show some, without an error.
async function lookAtHub(base) {
	const first = (await (await fetch(`${base}/api/v1/members`)).json()).members[0]
	const views = [
		['overview', '#/', [/\d+(\.\d+)? [GMT]bit\/s/, '12/12', '13/13 sessions', 'Utilisation']], ['members', '#/members', [first.name, 'established']],
		['member', `#/members/${first.asn}`, [first.name, /95th (in|out)/, 'Print']], ['glass', '#/glass', ['routes refused from all members', 'routes accepted from all members']],
		['matrix', '#/matrix', [first.name, 'receives']], ['countries', '#/matrix?show=countries', ['Pakistan', 'China']], ['by-service', '#/matrix?show=by', ['peering', /[GM]bit\/s/, 'CSV']], ['invoices', '#/invoices', [first.name, 'simulated']], ['meter', '#/exporters', ['khi-sw1', 'sflow', 'Alarms and proposals']],
	]
	for (const [device, scheme] of [['desktop', 'dark'], ['phone', 'light']]) {
		const { page, errors, foreign, close } = await open(base, device, scheme)
		for (const [name, hash, parts] of views) {
			await page.goto(`${base}/${hash}`)
			await page.reload()
			await has(page, `${name}, ${device}, ${scheme}: shows what the running hub says`, parts)
			await page.waitForTimeout(300)
			await page.screenshot({ path: join(shots, `hub-${name}-${device}-${scheme}.png`) })
		}
		await has(page, `${device}, ${scheme}: it is live`, [/^live$/m], '.pulse')
		ok(!errors.length, `${device}, ${scheme}: the console is silent`, ...errors)
		ok(!foreign.length, `${device}, ${scheme}: nobody else is asked`, ...foreign)
		await close()
	}
}

try {
	if (process.env.PAGE) {
		await lookAtHub(process.env.PAGE)
		await browser.close()
		process.exit()
	}
	const still = await startMock('--still'), live = await startMock()
	const tests = { look, frame, map, ways, whatIf, orders, proofs, lists, heat, history, incidents, books, contrast, roles, nothing, many, renewal, gentle: () => gentle({ startMock, open, until, has, ok }), young, trouble }
	const wanted = process.env.ONLY?.split(',') ?? Object.keys(tests)
	for (const name of wanted) await tests[name]((['frame', 'lists', 'renewal'].includes(name) ? live : still).base)
} catch (reason) {
	ok(false, 'the tests run', reason.stack ?? reason)
	process.exitCode = 1
} finally {
	await browser.close()
	for (const child of children) child.kill()
}
process.exit()
