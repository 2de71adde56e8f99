/**
 * Holds every answer of the API against what the OpenAPI document promises for its route and status, and against what no answer
 * may ever contain. The gateway's own refusals (`{"message": ...}`) are distinguished by their media type.
 */
import * as z from 'zod'
import { refusal } from '../../functions/c15t/openapi.ts'
import { descriptions } from '../../functions/http/openapi.ts'
import { isPagePath } from '../../functions/http/page-refusals.ts'
import { problemStatuses } from '../../functions/http/problem.ts'
import { type RouteId, routes } from '../../functions/served-routes.ts'
import { routeMatcher } from '../../infra/local/gateway/route-matcher.ts'
import { routeKey } from '../../shared/api/route-key.ts'
import { problem } from '../../shared/api/schemas/answers.ts'

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

const match = routeMatcher(routes)
const idByKey = new Map<string, RouteId>(routes.map((route) => [routeKey(route), route.id]))
const gatewayRefusal = z.strictObject({ message: z.string() })
const statusOfCode = new Map<string, number>(Object.entries(problemStatuses))

/** Routes whose endpoints make pages of refusals themselves. Other refusals are problem documents, and at addresses of pages also pages. */
const refusedByPage: Readonly<Partial<Record<RouteId, readonly number[]>>> = {
  getPreferencesPage: [404],
  showUnsubscribe: [404, 410],
  unsubscribe: [404, 410],
  showConfirmation: [404, 410],
  confirm: [404, 410],
}

/** What the tests have called so far, as `<routeId> <status>`. */
export const answered = new Set<string>()

/** Throws a sentence for an answer that is not as described. */
export function checkAnswer(method: string, target: string, answer: Answered): void {
  const path = decodeURIComponent(new URL(target, 'http://ledger').pathname)
  const found = match(method, path)
  const id = found && idByKey.get(found.route.key)
  const complain: Complain = (what) => {
    throw new Error(`${method} ${path} answered ${answer.status}: ${what}\n${answer.text.slice(0, 800)}`)
  }
  checkInnocence(answer, complain)
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
  if (answer.status >= 400 && path.startsWith('/c15t/')) checkC15tRefusal(type, answer, complain)
  else if (id !== undefined && refusedByPage[id]?.includes(answer.status)) checkPage(type, complain)
  else if (answer.status >= 400) checkRefusal(path, type, answer, complain)
  else if (id !== undefined) checkSuccess(id, type, answer, complain)
  if (id !== undefined) answered.add(`${id} ${answer.status}`)
}

function checkPage(type: string, complain: Complain): void {
  if (type !== 'text/html') complain(`not a page but ${type}`)
}

type Complain = (what: string) => never

function checkSuccess(id: RouteId, type: string, { status, text, json }: Answered, complain: Complain): void {
  const { answers, mediaType = 'application/json', orAs } = descriptions[id]
  if (orAs?.includes(type)) return
  const schema = answers[String(status)]
  if (schema === undefined) throw complain(`the document knows only ${Object.keys(answers).join(', ')}`)
  if (type !== mediaType) complain(`not ${mediaType} but ${type}`)
  const parsed = schema.safeParse(mediaType === 'application/json' ? json : text)
  if (!parsed.success) complain(z.prettifyError(parsed.error))
}

function checkRefusal(path: string, type: string, { status, json, headers }: Answered, complain: Complain): void {
  if (type === 'text/html' && isPagePath(path)) return
  if (type === 'application/json' && gatewayRefusal.safeParse(json).success) return
  if (type !== 'application/problem+json') complain(`a refusal as ${type}`)
  const parsed = problem.safeParse(json)
  if (!parsed.success) throw complain(z.prettifyError(parsed.error))
  const { code, status: stated } = parsed.data
  if (stated !== status || statusOfCode.get(code) !== status) complain(`the code ${code} does not go with this status`)
  if (status === 401 && headers.get('www-authenticate') === null) complain('a 401 without a challenge (RFC 9110)')
}

function checkC15tRefusal(type: string, { status, json }: Answered, complain: Complain): void {
  if (type !== 'application/json') complain(`a refusal as ${type}`)
  const parsed = refusal.safeParse(json)
  if (!parsed.success) throw complain(z.prettifyError(parsed.error))
  if (parsed.data.status !== status) complain('another status in the body')
}

/** Stacks, places in the code and wildcard origins are never for a client. */
function checkInnocence({ text, headers }: Answered, complain: Complain): void {
  const telltale = /\n\s+at |\.ts:\d+|node_modules|file:\/\//.exec(text)
  if (telltale) complain(`it tells of the code: ${telltale[0]}`)
  if (text.includes(process.cwd())) complain('it tells a path of the machine')
  if (headers.get('access-control-allow-origin') === '*') complain('any origin is allowed')
}
