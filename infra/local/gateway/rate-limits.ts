/**
 * Rate limits of a local ledger, and their form on the command line: `address=100:1000,site=500:1000,controller=1000:2000,subject=10:100`. Each is a
 * rate in requests a second and, after the colon, a burst. One that is left out has its default; `off` removes all limits.
 */
import { randomBytes } from 'node:crypto'
import type { Limited, RateLimits } from '../../../functions/instance.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { Misuse } from '../../command-line.ts'
import { type Rate, tokenBuckets } from './token-buckets.ts'

export type Rates = Readonly<Record<Limited, Rate>>

/**
 * The address rate leaves room for a developer's tests or an office behind one address. The site rate is what the
 * web ACL gives a key on AWS, and a controller may have several sites. A subject decides rarely, but an app may send a hundred events at once that waited for a network.
 */
export const defaultRates: Rates = {
  address: { perSecond: 100, burst: 1000 },
  site: { perSecond: 500, burst: 1000 },
  controller: { perSecond: 1000, burst: 2000 },
  subject: { perSecond: 10, burst: 100 },
}

/** Returns `undefined` for `off`. Throws an error for users when the text has another form. */
export function parseRates(text: string): Rates | undefined {
  if (text === 'off') return undefined
  const rates = { ...defaultRates }
  for (const part of text.split(',')) {
    const [, by, perSecond, burst = perSecond] =
      /^(address|site|controller|subject)=(\d{1,6})(?::(\d{1,6}))?$/.exec(part) ?? []
    if (by === undefined || Number(perSecond) < 1 || Number(burst) < 1)
      throw new Misuse(`--rate is "off", or like ${formatRates(defaultRates)}; not ${text}`)
    rates[by as Limited] = { perSecond: Number(perSecond), burst: Number(burst) }
  }
  return rates
}

export function formatRates(rates: Rates): string {
  return Object.entries(rates)
    .map(([by, { perSecond, burst }]) => `${by}=${perSecond}:${burst}`)
    .join(',')
}

/** `clock`: monotonic, in milliseconds. */
export function openRateLimits(rates: Rates, clock: () => number = () => performance.now()): RateLimits {
  const key = randomBytes(32)
  const buckets = {
    address: tokenBuckets(rates.address, clock, key),
    site: tokenBuckets(rates.site, clock, key),
    controller: tokenBuckets(rates.controller, clock, key),
    subject: tokenBuckets(rates.subject, clock, key),
  }
  return {
    admit(by, name) {
      const waitMs = buckets[by].take(name)
      if (waitMs === 0) return
      const { perSecond, burst } = rates[by]
      throw new LedgerError(
        'rate-limited',
        `too many requests ${by === 'controller' ? 'for' : 'from'} this ${by}; wait, then send the request again`,
        {
          allowed: `${perSecond} a second, ${burst} at once`,
          retryAfterSeconds: Math.ceil(waitMs / 1000),
        },
      )
    },
  }
}
