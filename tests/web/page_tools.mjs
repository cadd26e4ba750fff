// What the tests of the page need: a browser, a mock hub, and ways to say what is seen.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const top = join(here, '../..')
const { chromium } = createRequire(join(top, 'ui/package.json'))('playwright-core')
export const shots = join(top, 'build/screenshots')
mkdirSync(shots, { recursive: true })

let number = Number(process.env.FIRST ?? 0)
export function ok(good, name, ...why) {
	console.log(`${good ? 'ok' : 'not ok'} ${++number} - ${name}`)
	if (!good) for (const line of why) console.log('# ' + String(line).slice(0, 600).replace(/\n/g, '\n# '))
	return good
}

export const children = []
function freePort() {
	return new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address()
			server.close(() => resolve(port))
		})
	})
}
export async function startMock(...options) {
	const port = await freePort()
	const child = spawn(process.execPath, [join(here, 'mock/mock.mjs'), '--port', String(port), ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
	children.push(child)
	await new Promise((resolve) => child.stdout.once('data', resolve))
	return { base: `http://127.0.0.1:${port}`, stop: () => child.kill() }
}

export const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
	args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
export const DEVICES = { desktop: { width: 1440, height: 900, scale: 1 }, phone: { width: 390, height: 844, scale: 2 } }

// A fresh page, with everything it complains of and every host it asks.
export async function open(base, device = 'desktop', scheme = 'dark') {
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
export const text = (page, where = 'main') => page.locator(where).innerText()
// Playwright's own waitForFunction is refused by the page's policy once it has to wait: it evaluates text.
export async function until(page, run, arg) {
	for (let i = 0; i < 600; i++) {
		if (await page.evaluate(run, arg)) return
		await page.waitForTimeout(50)
	}
	throw new Error(`never came true: ${run}`)
}
export async function has(page, name, parts, where = 'main') {
	let got = ''
	for (let i = 0; i < 300; i++) {
		got = await text(page, where).catch(() => '')
		if (parts.every((part) => (part instanceof RegExp ? part.test(got) : got.includes(part)))) return ok(true, name)
		await page.waitForTimeout(100)
	}
	return ok(false, name, `wanted: ${parts.filter((part) => !(part instanceof RegExp ? part.test(got) : got.includes(part))).join(' | ')}`, `got: ${got}`)
}
