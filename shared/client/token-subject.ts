import { textOf } from './bytes.ts'

/** The `sub` of a JWT, not verified: it only separates accounts on this device. Throws or returns `undefined` without one. */
export function subjectOf(token: string): string | undefined {
  const { sub } = JSON.parse(textOf(token.split('.')[1] ?? ''))
  return (typeof sub === 'string' && sub) || undefined
}
