/**
 * Calls of services for which the repository has no SDK client: JSON, by the name of the operation. Signatures are not checked here, but
 * the header names who asks, the region and the service.
 */
export type Ask = (operation: string, input: object, accessKey?: string) => Promise<Json>

// biome-ignore lint/suspicious/noExplicitAny: answers of many operations, of which a member is read here and there
type Json = any

/** @param target before the operation in the header, such as `AmazonSQS` */
export function asker(endpoint: string, region: string, service: string, target: string): Ask {
  return async (operation, input, accessKey = 'owner') => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${target}.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/20261130/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
      },
      body: JSON.stringify(input),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${service}: ${operation} was answered ${answer.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }
}
