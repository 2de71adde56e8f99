/** The part of autocannon that the bench uses; the package brings no types. Times are in milliseconds. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  export interface Request {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
    /** Called before each sending; what it returns is sent. */
    readonly setupRequest?: (request: Request) => Request
  }

  export interface Options {
    readonly url: string
    readonly connections: number
    /** Seconds. */
    readonly duration: number
    /** How often it looks whether the time is over. */
    readonly sampleInt: number
    readonly requests: readonly Request[]
    /** Requests a second, of all connections together. Absent: as many as are answered. */
    readonly overallRate?: number
  }

  export interface Result {
    /** Connections that broke, and requests without an answer within ten seconds. */
    readonly errors: number
    readonly timeouts: number
  }

  export interface Instance extends EventEmitter, PromiseLike<Result> {
    on(
      event: 'response',
      listener: (client: object, statusCode: number, bytes: number, responseTime: number) => void,
    ): this
  }

  export default function autocannon(options: Options): Instance
}
