/** Numbers that a deployment is given. CloudFormation would refuse a wrong one after some minutes, or take it and never let a call through. */

/** @throws Error that names the prop, when the value is not a whole number in that range */
export function requireWhole(prop: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`
  throw new Error(`${prop}: ${value} is not a whole number of ${range}`)
}
