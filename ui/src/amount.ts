// Sums of money without a float: amounts are decimal texts, added up as whole minor units.

import type { Money } from './api'
import { money } from './format'

interface Minor { minor: bigint; digits: number }
const read = (amount: string): Minor => ({ minor: BigInt(amount.replace('.', '')), digits: amount.split('.')[1]?.length ?? 0 })
function write({ minor, digits }: Minor): string {
	const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0')
	return (minor < 0n ? '-' : '') + (digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text)
}
export const some = (amount: string): boolean => /[1-9]/.test(amount)
// Of one currency, so of as many digits.
export const less = (a: string, b: string): string => write({ minor: read(a).minor - read(b).minor, digits: read(a).digits })

// One sum a currency, in the order in which they came. Currencies are never added.
export function sums(amounts: Money[]): Money[] {
	const of = new Map<string, Minor>()
	for (const { amount, currency } of amounts) {
		const one = read(amount), before = of.get(currency)
		of.set(currency, before ? { minor: before.minor + one.minor, digits: before.digits } : one)
	}
	return [...of].map(([currency, sum]) => ({ amount: write(sum), currency }))
}
export const sumText = (amounts: Money[]): string => sums(amounts).map((sum) => money(sum)).join(' + ')
