/**
 * Starts a bundled function as Lambda does: its own Node process, in a folder that holds only the deployed files, with only the
 * environment variables that Lambda and the caller set. A missing file or variable therefore fails here too.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

export interface Outcome {
  /** What the handler returned, as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly result?: any
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string }
  /** From event to outcome, by the clock of the function's process. */
  readonly ms: number
}

export interface LambdaProcess {
  /** From the start of the process to the end of the import, by its own clock. */
  readonly readyMs: number
  /** The same by ours: from the call that starts it to the message that it is ready. */
  readonly startedMs: number
  invoke(event: unknown): Promise<Outcome>
  /** What the function wrote to standard output, line by line. */
  lines(): readonly string[]
  /** What it wrote to standard error. */
  errors(): string
  end(): Promise<void>
}

export interface LambdaFunction {
  readonly name: string
  /** Holds `index.mjs`, and what belongs to it. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly flags?: readonly string[]
}

/** From Lambda's documentation, "Defined runtime environment variables". The credentials are invented. */
export function lambdaEnvironment(name: string, folder: string): Record<string, string> {
  return {
    _HANDLER: 'index.handler',
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    AWS_DEFAULT_REGION: 'eu-north-1',
    AWS_REGION: 'eu-north-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: `ledger-${name}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/ledger-${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/28/[$LATEST]0123456789abcdef',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEEXAMPLE00',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_SESSION_TOKEN: 'not-a-session',
    LANG: 'en_US.UTF-8',
    LAMBDA_TASK_ROOT: folder,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
  }
}

export async function startLambda({ name, folder, environment, flags = [] }: LambdaFunction): Promise<LambdaProcess> {
  const beganAt = performance.now()
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, 'lambda-runtime.mjs')], {
    cwd: folder,
    env: { ...lambdaEnvironment(name, folder), ...environment },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const exited = once(child, 'close')
  const [input, output, errors, outcomes] = child.stdio
  let written = ''
  let complained = ''
  output?.setEncoding('utf8').on('data', (text: string) => {
    written += text
  })
  errors?.setEncoding('utf8').on('data', (text: string) => {
    complained += text
  })
  const next = messagesOf(outcomes as Readable, () => `${name} ended: ${complained}`)
  const first = await next()
  const startedMs = performance.now() - beganAt
  if (typeof first.ready !== 'number') {
    await exited
    throw new Error(`${name} did not start: ${JSON.stringify(first.error)} ${complained}`)
  }
  return {
    readyMs: first.ready,
    startedMs,
    async invoke(event) {
      input?.write(`${JSON.stringify(event)}\n`)
      return (await next()) as unknown as Outcome
    },
    lines: () => written.split('\n').filter((line) => line !== ''),
    errors: () => complained,
    async end() {
      input?.end()
      await exited
    },
  }
}

/** Returns the function that waits for the next message; asked one after the other. */
function messagesOf(stream: Readable, ended: () => string): () => Promise<Record<string, unknown>> {
  const arrived: string[] = []
  let wake = Promise.withResolvers<void>()
  let isOver = false
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    arrived.push(...lines)
    wake.resolve()
  })
  stream.on('close', () => {
    isOver = true
    wake.resolve()
  })
  return async () => {
    while (arrived.length === 0) {
      if (isOver) throw new Error(ended())
      await wake.promise
      wake = Promise.withResolvers()
    }
    return JSON.parse(arrived.shift() ?? '')
  }
}
