/**
 * Converts items to DynamoDB's attribute values: `pk` and `sk` as S, then the values, string as S, number as N, bytes as B.
 * Inserts are PartiQL `INSERT` statements with parameters: they fail if the key exists, and are the only write that a role can be granted
 * without the right to replace items. Values are always parameters and never part of a statement's text.
 */
import type { AttributeValue, ParameterizedStatement } from '@aws-sdk/client-dynamodb'
import { LedgerError } from '../../shared/errors.ts'
import type { Attribute, Item, Key } from '../../shared/ledger/store.ts'

export type RawItem = Readonly<Record<string, AttributeValue>>

/** A text that is different for any two different keys, whatever characters they contain. */
export function keyText(key: Key): string {
  return `${key.pk.length}:${key.pk}${key.sk}`
}

export function toRawKey(key: Key): Record<string, AttributeValue> {
  return { pk: { S: key.pk }, sk: { S: key.sk } }
}

export function toItem(raw: RawItem): Item {
  const values: Record<string, Attribute> = {}
  let pk = ''
  let sk = ''
  for (const name in raw) {
    const value = fromAttributeValue(raw[name])
    if (value === undefined) continue
    if (name === 'pk') pk = String(value)
    else if (name === 'sk') sk = String(value)
    else values[name] = value
  }
  return { pk, sk, values }
}

/** Makes the insert statements of one table; items with the same attributes share their text. */
export function insertStatements(tableName: string): (item: Item) => ParameterizedStatement & { Statement: string } {
  const texts = new Map<string, string>()
  return (item) => {
    const names = Object.keys(item.values)
    const shape = names.join('\n')
    let text = texts.get(shape)
    if (text === undefined) {
      text = statementText(tableName, names)
      texts.set(shape, text)
    }
    const parameters: AttributeValue[] = [{ S: item.pk }, { S: item.sk }]
    for (const name of names) parameters.push(toAttributeValue(name, item.values[name]))
    return { Statement: text, Parameters: parameters }
  }
}

function statementText(tableName: string, names: readonly string[]): string {
  const bad = names.find((name) => name === 'pk' || name === 'sk' || !/^[\w-]{1,255}$/.test(name))
  if (bad !== undefined)
    throw new LedgerError('internal', 'An attribute is named by letters, digits, _ and -, and never pk or sk.', {
      given: bad,
    })
  return `INSERT INTO "${tableName}" VALUE {${['pk', 'sk', ...names].map((name) => `'${name}': ?`).join(', ')}}`
}

export function toAttributeValue(name: string, value: Attribute | undefined): AttributeValue {
  if (typeof value === 'string') return { S: value }
  if (value instanceof Uint8Array) return { B: value }
  if (Number.isSafeInteger(value)) return { N: String(value) }
  throw new LedgerError('internal', `Attribute ${name} must be a string, bytes or a safe integer.`, {
    given: typeof value,
  })
}

/**
 * `undefined` for a type that the ledger never writes. It is skipped rather than refused: a role with insert rights could plant one such
 * attribute, and an exception would make its whole partition unreadable.
 */
function fromAttributeValue(value: AttributeValue | undefined): Attribute | undefined {
  return value?.S ?? value?.B ?? (value?.N === undefined ? undefined : Number(value.N))
}
