// Traffic of months, the proof of the way, and the books.
import { join } from 'node:path'
import { has, ok, open, shots, text, until } from './page_tools.mjs'

// What a proof says, and that months and files can be had.
export async function proofs(base) {
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

// A chart is looked at as numbers: each column against what the hub answered, gaps and losses where they are.
export async function history(base) {
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
export async function books(base) {
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
