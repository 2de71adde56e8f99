/**
 * The ledger that this instance serves. Whoever starts the instance provides it once, before the first request: the local
 * gateway with its embedded engines, a Lambda function's entry with the clients of its account. The function that keeps the logs
 * is another one, with a keeper instead: what signs a checkpoint is nowhere near a request.
 */
import type { IdentityProvider } from '../shared/consent/controller.ts'
import type { Eraser, Ledger, LogKeeper, Retainer } from '../shared/ledger/ledger.ts'

export interface Instance {
  readonly ledger: Ledger
  /** Whose tokens with scope `ledger.admin` may create controllers. */
  readonly administrators: IdentityProvider
  /** What is needed to verify a controller's log, as a C2SP tlog-policy. */
  readonly logPolicy: (controller: string) => string
}

let provided: Instance | undefined

export function provideInstance(instance: Instance): void {
  provided = instance
}

export function theInstance(): Instance {
  if (provided === undefined) throw new Error('no ledger was provided to this instance before its first request')
  return provided
}

let providedKeeper: LogKeeper | undefined

export function provideKeeper(keeper: LogKeeper): void {
  providedKeeper = keeper
}

export function theKeeper(): LogKeeper {
  if (providedKeeper === undefined) throw new Error('no keeper was provided to this instance before its first event')
  return providedKeeper
}

let providedEraser: Eraser | undefined

/** For the one function that may delete from the vault. */
export function provideEraser(eraser: Eraser): void {
  providedEraser = eraser
}

export function theEraser(): Eraser {
  if (providedEraser === undefined) throw new Error('no eraser was provided to this instance before its first request')
  return providedEraser
}

let providedRetainer: Retainer | undefined

export function provideRetainer(retainer: Retainer): void {
  providedRetainer = retainer
}

export function theRetainer(): Retainer {
  if (providedRetainer === undefined)
    throw new Error('no retainer was provided to this instance before its first event')
  return providedRetainer
}
