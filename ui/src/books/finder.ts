// A part of the books tells how it is searched, once it is filled.
export type Finder = (find: (text: string) => void) => void
