/**
 * A minimal Lambda runtime on Node alone: imports `index.mjs` from LAMBDA_TASK_ROOT, reports that it is ready, and invokes the handler
 * with one event after another. Events arrive as lines of JSON on standard input; outcomes leave as lines of JSON on file descriptor 3,
 * because standard output belongs to the function.
 */
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const report = (line) => writeSync(3, `${JSON.stringify(line)}\n`)
const errorOf = (error) => ({ name: error?.name, message: error?.message, code: error?.code })

function contextOf() {
  const endsAt = Date.now() + 10_000
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-north-1:111122223333:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: randomUUID(),
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => endsAt - Date.now(),
  }
}

try {
  const { handler } = await import(pathToFileURL(`${process.env.LAMBDA_TASK_ROOT}/index.mjs`).href)
  report({ ready: performance.now() })
  let rest = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()
    for (const line of lines) {
      const beganAt = performance.now()
      const outcome = await handler(JSON.parse(line), contextOf()).then(
        (result) => ({ result: result ?? null }),
        (error) => ({ error: errorOf(error) }),
      )
      report({ ...outcome, ms: performance.now() - beganAt })
    }
  }
  process.exit(0)
} catch (error) {
  report({ error: errorOf(error) })
  process.exit(1)
}
