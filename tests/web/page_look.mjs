// Every view as it comes up, on desktop and phone, light and dark; of the mock, and of a hub that runs.
import { join } from 'node:path'
import { DEVICES, has, ok, open, shots } from './page_tools.mjs'

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

export async function look(base) {
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

export async function frame(base) {
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

// Contrast of ink on each step of the heat map, as WCAG 2 counts it.
export async function contrast(base) {
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

// A hub that runs: its numbers are its own, but every view has to show some, without an error.
export async function lookAtHub(base) {
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
