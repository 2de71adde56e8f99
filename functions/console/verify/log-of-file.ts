/** Whose log a file is of, so that the reader can ask this ledger for its keys. Reads loosely; the verifier reads strictly. */
import { parsedJson } from '../files/parsed-json.ts'

const controllerForm = /^[a-z0-9-]{1,40}$/

/** @returns the controller, or `undefined` when the file does not say */
export function controllerOf(text: string): string | undefined {
  const found = text.startsWith('c2sp.org/tlog-proof@')
    ? originIn(text)?.split('/').at(-1)
    : controllerIn(parsedJson(text))
  return typeof found === 'string' && controllerForm.test(found) ? found : undefined
}

/** The checkpoint of a tlog-proof begins after its first empty line, with the origin of the log. */
function originIn(text: string): string | undefined {
  return /\n\r?\n([^\r\n]*)\r?\n/.exec(text)?.[1]
}

/** A receipt and a sample state it, a proof in its question, an own record in its `controller`, other answers in their receipts. */
function controllerIn(value: unknown): unknown {
  const stated = memberOf(value, 'controller')
  if (stated !== undefined) return typeof stated === 'string' ? stated : memberOf(stated, 'controller')
  const question = memberOf(value, 'question')
  if (question !== undefined) return memberOf(question, 'controller')
  const receipts = listOf(value, 'receipts')
  const outcomes = listOf(value, 'outcomes').map((outcome) => memberOf(outcome, 'receipt'))
  return [...receipts, ...outcomes].map((receipt) => memberOf(receipt, 'controller')).find((each) => each !== undefined)
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name)
  return Array.isArray(list) ? list : []
}
