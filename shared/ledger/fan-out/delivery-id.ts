/**
 * The id of a delivery: of one message to one endpoint. It is the header `webhook-id`, so it is the same at each attempt and each redelivery, and
 * by it a receiver drops what it has had. It is made from where the message comes from, so it needs no store, and
 * leads back there:
 *
 *   <controller>_<endpoint>_<leaf index>_<part>      part: which of the leaf's messages, from 0
 *   <controller>_<endpoint>_ping_<number>            a test, by the number of its redelivery
 */

export interface DeliveryPlace {
  readonly leaf: number
  /** An event decides on several purposes: each decision is a message. */
  readonly part: number
}

/** The part of tests, at leaf 0. No leaf has so many messages, so a test is never taken for one of them. */
export const pingPart = 9_999

export interface DeliveryName extends DeliveryPlace {
  readonly controller: string
  readonly endpoint: string
}

export const deliveryId = ({ controller, endpoint, leaf, part }: DeliveryName): string =>
  `${controller}_${endpoint}_${leaf}_${part}`

export const pingId = (controller: string, endpoint: string, number: number): string =>
  `${controller}_${endpoint}_ping_${number}`

/** Digits of a safe integer. */
const form = /^([a-z0-9-]{1,40})_([a-z0-9-]{1,40})_(\d{1,15})_(\d{1,4})$/

/** `undefined` for any other text, and for a test. */
export function parseDeliveryId(text: string): DeliveryName | undefined {
  const [, controller, endpoint, leaf, part] = form.exec(text) ?? []
  if (controller === undefined || endpoint === undefined) return undefined
  const name = { controller, endpoint, leaf: Number(leaf), part: Number(part) }
  return deliveryId(name) === text && name.part !== pingPart ? name : undefined
}
