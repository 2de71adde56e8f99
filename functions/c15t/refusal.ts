/** Errors in c15t's form: the ledger's codes in upper case with underscores. Nothing that was given is repeated. */
import { problemOf } from '../http/problem.ts'

export interface C15tRefusal {
  readonly code: string
  readonly message: string
  readonly status: number
  readonly defined: true
  readonly data: Readonly<Record<string, unknown>>
}

export function c15tRefusalOf(error: unknown) {
  const { statusCode, headers, body } = problemOf(error)
  const { code, detail, title, field, allowed } = JSON.parse(body)
  const data = { ...(field !== undefined && { field }), ...(allowed !== undefined && { allowed }) }
  const refusal = c15tRefusal(String(code).toUpperCase().replaceAll('-', '_'), detail ?? title, statusCode, data)
  return { statusCode, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(refusal) }
}

export function c15tRefusal(
  code: string,
  message: string,
  status: number,
  data: C15tRefusal['data'] = {},
): C15tRefusal {
  return { code, message, status, defined: true, data }
}
