/** Parameters of OAuth requests: in a query or a form, each at most once (RFC 6749, section 3.1). */
import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/** Greatest length of a form. The head of a request, with its query, has a limit of the gateway's own. */
export const maxFormBytes = 8 * 1024

/** The form in the body; `undefined` when there is none, or it is too long. */
export function formIn({ headers, body, isBase64Encoded }: APIGatewayProxyEventV2): URLSearchParams | undefined {
  const [mediaType] = (headers['content-type'] ?? '').split(';')
  if (mediaType?.trim().toLowerCase() !== 'application/x-www-form-urlencoded' || body === undefined) return undefined
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body
  return text.length > maxFormBytes ? undefined : new URLSearchParams(text)
}

export function repeatedIn(parameters: URLSearchParams): string | undefined {
  return [...parameters.keys()].find((name) => parameters.getAll(name).length > 1)
}
