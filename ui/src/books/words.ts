// What is done in the shell is told as its command.

import { h } from '../dom'

export const command = (text: string): HTMLElement => h('code', { class: 'command' }, `sarai ${text}`)
