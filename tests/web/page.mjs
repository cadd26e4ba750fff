// Looks at the page as a reader would: every view, on desktop and phone, light and dark; then what it does when it is used, when the hub is
// hostile, when rooms are down and when nobody answers. Prints TAP. PAGE=http://... looks at a running hub instead of the mock; ONLY=map,orders
// runs some of the tests.
import { gentle } from './gentle.mjs'
import { lists, heat, incidents, renewal } from './page_lists.mjs'
import { look, frame, contrast, lookAtHub } from './page_look.mjs'
import { map, ways, whatIf, orders } from './page_map.mjs'
import { proofs, history, books } from './page_money.mjs'
import { roles, nothing, many, young, trouble } from './page_states.mjs'
import { browser, children, has, ok, open, startMock, until } from './page_tools.mjs'

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
