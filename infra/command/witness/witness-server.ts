/**
 * A witness over HTTP (https://c2sp.org/tlog-witness, v1.0.0), with the folder of `witness-folder.ts`:
 *
 *   POST /add-checkpoint                        the cosignature of a checkpoint that extends the last one of its log
 *   GET  /<SHA-256 of the origin>/checkpoint    the checkpoint that was cosigned last, with the cosignature
 *
 * Calls about one log come one after the other; others wait, a few at most. TLS is left to a proxy in front.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  formatSignatureLine,
  maxRequestBytes,
  parseAddCheckpoint,
  sizeType,
  withSignatureLines,
} from '../../../shared/tlog/add-checkpoint.ts'
import { parseCheckpoint } from '../../../shared/tlog/checkpoint.ts'
import { cosignedMessage, formatCosignature } from '../../../shared/tlog/cosignature.ts'
import { judgeCheckpoint } from '../../../shared/tlog/judge-checkpoint.ts'
import { parseNote } from '../../../shared/tlog/note.ts'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import { signatureTypes, type VerifierKey, verifierKey } from '../../../shared/tlog/verifier-key.ts'
import { urlHost } from '../listen-option.ts'
import { keepNext, latestIn, openWitnessKey, originHash, type WitnessKey } from './witness-folder.ts'

export interface WitnessOptions {
  readonly folder: string
  /** Name of the witness's key, like `witness.example/north`. */
  readonly name: string
  /** Keys of the logs that it cosigns, whose names are their origins. */
  readonly logs: readonly VerifierKey[]
  readonly host?: string
  /** 0: one that is free. */
  readonly port?: number
  readonly clock?: () => number
  /** Called for what could not be answered, with no more of the call than the name of the error. */
  readonly onFault?: (error: unknown) => void
}

export interface RunningWitness {
  readonly url: string
  readonly key: VerifierKey
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly type?: string
  readonly body?: string
}

/** Calls about one log that may wait. */
const maxWaiting = 8
const requestMs = 10_000
const maxConnections = 256
/** Other processes on the folder that may be faster before a call is given up. */
const attempts = 5

export async function startWitness(options: WitnessOptions): Promise<RunningWitness> {
  const signer = await openWitnessKey(options.folder)
  const key = verifierKey(options.name, signatureTypes.cosignature, signer.publicKey)
  const inTurn = turns()
  const server = createServer({ requestTimeout: requestMs, headersTimeout: requestMs }, (request, response) => {
    answer(request, { ...options, key, signer }, inTurn).then(
      (given) => send(response, given),
      (error: unknown) => {
        options.onFault?.(error)
        send(response, { status: 500 })
      },
    )
  })
  server.maxConnections = maxConnections
  const { host = 'localhost', port = 0 } = options
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${urlHost(host)}:${bound}`,
    key,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T | undefined>

interface Opened extends WitnessOptions {
  readonly key: VerifierKey
  readonly signer: WitnessKey
}

async function answer(request: IncomingMessage, witness: Opened, inTurn: InTurn): Promise<Answer> {
  const path = request.url ?? ''
  if (request.method === 'POST' && path === '/add-checkpoint') {
    const body = await bodyOf(request)
    return body === undefined ? { status: 413 } : addCheckpoint(body, witness, inTurn)
  }
  const log = witness.logs.find(({ name }) => path === `/${originHash(name)}/checkpoint`)
  const latest = request.method === 'GET' && log ? await latestIn(witness.folder, log.name) : undefined
  return latest === undefined ? { status: 404 } : { status: 200, body: latest.note }
}

async function addCheckpoint(body: Uint8Array, witness: Opened, inTurn: InTurn): Promise<Answer> {
  try {
    const call = parseAddCheckpoint(body)
    const { origin } = parseCheckpoint(parseNote(call.checkpoint).text)
    return (await inTurn(origin, () => cosign(call, origin, witness))) ?? { status: 503 }
  } catch (error) {
    if (error instanceof TlogError) return { status: 400, body: `${error.message}\n` }
    throw error
  }
}

async function cosign(call: ReturnType<typeof parseAddCheckpoint>, origin: string, witness: Opened): Promise<Answer> {
  const { folder, logs, key, signer, clock = Date.now } = witness
  for (let attempt = 0; attempt < attempts; attempt++) {
    let number = 0
    const judged = await judgeCheckpoint(call, logs, async () => {
      const latest = await latestIn(folder, origin)
      number = latest?.number ?? 0
      return latest && treeOf(latest.note)
    })
    if (!judged.accepts)
      return judged.status === 409
        ? { status: 409, type: sizeType, body: `${judged.size}\n` }
        : { status: judged.status }
    const seconds = Math.floor(clock() / 1000)
    const signature = formatCosignature(seconds, signer.sign(cosignedMessage(seconds, judged.noteText)))
    const line = formatSignatureLine({ name: key.name, keyId: key.keyId, signature })
    if (await keepNext(folder, origin, number, withSignatureLines(call.checkpoint, [line])))
      return { status: 200, body: line }
  }
  return { status: 503 }
}

/** @throws Error for a file that is not one of this witness's: to take it for none would let the log go back */
function treeOf(note: string) {
  try {
    return parseCheckpoint(parseNote(note).text)
  } catch (error) {
    throw new Error('a checkpoint in the folder is damaged: put the file back, and never an older one', {
      cause: error,
    })
  }
}

/** `undefined` for a body that is too long. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    length += part.length
    if (length > maxRequestBytes) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Work under one name, one after the other; `undefined` where too much waits. */
function turns(): InTurn {
  const last = new Map<string, { readonly ended: Promise<unknown>; readonly waiting: number }>()
  return async (name, work) => {
    const before = last.get(name)
    const waiting = (before?.waiting ?? 0) + 1
    if (waiting > maxWaiting) return undefined
    const done = (before?.ended ?? Promise.resolve()).then(work)
    const ended = done.then(
      () => undefined,
      () => undefined,
    )
    const own = { ended, waiting }
    last.set(name, own)
    try {
      return await done
    } finally {
      const now = last.get(name)
      if (now === own) last.delete(name)
      else if (now) last.set(name, { ...now, waiting: now.waiting - 1 })
    }
  }
}

function send(response: ServerResponse, { status, type = 'text/plain; charset=utf-8', body = '' }: Answer): void {
  // What follows a body that was too long is not read.
  const isEnded = status === 413
  response.writeHead(status, {
    ...{ 'content-type': type, 'content-length': Buffer.byteLength(body) },
    ...(isEnded && { connection: 'close' }),
  })
  response.end(body, () => {
    if (isEnded) response.req.destroy()
  })
}
