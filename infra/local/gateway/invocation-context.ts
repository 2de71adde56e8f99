/**
 * The context that Lambda passes to a function. Its methods need no `this`, because middy calls them unbound. The callbacks `done`, `fail`
 * and `succeed` throw: Node 24 on Lambda has none.
 */
import { getHeapStatistics } from 'node:v8'
import type { Context } from 'aws-lambda'
import type { HandlerName } from '../../../shared/api/routes.ts'
import { LedgerError } from '../../../shared/errors.ts'
import type { Clock } from '../../../shared/ledger/store.ts'

const memoryLimitInMB = String(Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20))

export function invocationContext(
  handler: HandlerName,
  awsRequestId: string,
  clock: Clock,
  deadlineMs: number,
): Context {
  const functionName = `consent-ledger-${handler}`
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB,
    awsRequestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - clock()),
    done: answersByPromise,
    fail: answersByPromise,
    succeed: answersByPromise,
  }
}

function answersByPromise(): never {
  throw new LedgerError('internal', 'A handler answers by the promise that it returns')
}
