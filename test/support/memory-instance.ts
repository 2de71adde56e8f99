/** The dependencies of the HTTP handlers, with a ledger in memory. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type { Instance } from '../../functions/instance.ts'
import { invocationContext } from '../../infra/local/gateway/invocation-context.ts'
import { controllerDraft, type MemoryLedger } from './memory-ledger.ts'
import { type RecordedTelemetry, recordedTelemetry } from './recorded-telemetry.ts'

export function memoryInstance(
  ledger: MemoryLedger,
  more: Partial<Instance> = {},
): Instance & { readonly telemetry: RecordedTelemetry } {
  const { identityProvider } = controllerDraft
  return {
    ledger,
    administrators: { ...identityProvider, audience: 'ledger' },
    logPolicy: async () => 'quorum none\n',
    ...more,
    telemetry: recordedTelemetry(),
  }
}

export const requestId = '8f5ad9a4-5d8b-4f64-a2a1-2f6d7d7c9e10'

export function answerOf(
  handler: (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  return handler(event, invocationContext('ingest', requestId, Date.now, Date.now() + 10_000))
}
