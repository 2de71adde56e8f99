/**
 * Refusals as pages, at addresses that people open in a browser. A program gets the problem document at any address, and a browser gets it at
 * the addresses of programs.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { LedgerError } from '../../shared/errors.ts'
import { readsSwedish } from './language.ts'
import { namesHtml, namesJson } from './media-type.ts'
import type { ProblemResponse } from './problem.ts'

/** Addresses of programs. */
const forPrograms = /^\/(v1|log)(\/|$)|^\/(openapi\.json|healthz)$/
/** Addresses of pages alone: there, a caller that names no media type gets a page as well. */
const forPeople = /^\/policies(\/|$)/

/** Whether a path leads to pages, or to nothing. */
export const isPagePath = (path: string): boolean => !forPrograms.test(path)

/** @param problem the refusal for programs, whose status and headers the page has as well */
export async function pageRefusal(
  { rawPath, headers, queryStringParameters }: APIGatewayProxyEventV2,
  error: unknown,
  problem: ProblemResponse,
): Promise<APIGatewayProxyStructuredResultV2 | undefined> {
  const { accept } = headers
  const isForReader = isPagePath(rawPath) && (namesHtml(accept) || (forPeople.test(rawPath) && !namesJson(accept)))
  if (!isForReader) return undefined
  // Loaded on first use, so that it does not slow cold starts.
  const { refusalPage } = await import('../public/refusal-page.ts')
  const { pageHeaders } = await import('../public/page-headers.ts')
  const language = readsSwedish(queryStringParameters?.lang ?? headers['accept-language']) ? 'sv' : 'en'
  const status = problem.statusCode
  const code = error instanceof LedgerError ? error.code : 'internal'
  const page = refusalPage(language, { status, code, controller: controllerAt(rawPath, error) })
  return { statusCode: status, headers: { ...problem.headers, ...pageHeaders(language) }, body: page.text }
}

/** The controller of a deeper address; none where the error says that there is no such controller. */
function controllerAt(path: string, error: unknown): string | undefined {
  const controller = /^\/policies\/([a-z0-9-]{1,40})\/./.exec(path)?.[1]
  const isUnknown = error instanceof LedgerError && error.facts.given === controller
  return isUnknown ? undefined : controller
}
