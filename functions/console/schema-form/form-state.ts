/** What the fields of a form share that is made from the schema of a record (`shared/consent/schema.ts`). */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

/** From the record to a value in it. */
export type Path = readonly (string | number)[]

export interface NamedValue {
  readonly value: string
  readonly name: string
}

export interface FormState {
  /** Tags of the languages in which texts are asked for. */
  readonly locales: readonly string[]
  /** What is wrong with the value at a pointer, in the reader's words. */
  readonly faultAt: (pointer: string) => string | undefined
  /** Values that a text may have, by the name of its member, where only the page knows them. */
  readonly choices?: Readonly<Record<string, readonly NamedValue[]>>
  /** `undefined` removes the value. */
  readonly change: (path: Path, value: unknown) => void
}

export const FormContext = createContext<FormState>({ locales: [], faultAt: () => undefined, change: () => {} })

export const useForm = () => useContext(FormContext)

/** JSON pointer (RFC 6901), as problem documents name a field. */
export function pointerOf(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function valueAt(whole: unknown, path: Path): unknown {
  let value = whole
  for (const part of path) value = isObject(value) ? value[part] : undefined
  return value
}

/** A copy of a JSON value in which one value is another. The rest is shared with the original. */
export function changedAt(whole: unknown, [part, ...rest]: Path, value: unknown): unknown {
  if (part === undefined) return value
  const inner = changedAt(isObject(whole) ? whole[part] : undefined, rest, value)
  if (Array.isArray(whole)) return whole.map((each, i) => (i === Number(part) ? inner : each))
  const { [part]: _, ...others } = isObject(whole) ? whole : {}
  return inner === undefined ? others : { ...(isObject(whole) ? whole : {}), [part]: inner }
}

/** A change that faults may be shown for. */
export interface Touch {
  readonly pointer: string
  /** Whether it covers everything in the value. A list that gained or lost a record says nothing of the fields of its records. */
  readonly isWhole: boolean
}

export function touchOf(path: Path, value: unknown): Touch {
  return { pointer: pointerOf(path), isWhole: !(Array.isArray(value) && value.some(isObject)) }
}

export function isTouched(touches: readonly Touch[], pointer: string): boolean {
  return touches.some((each) => pointer === each.pointer || (each.isWhole && pointer.startsWith(`${each.pointer}/`)))
}

export function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null
}
