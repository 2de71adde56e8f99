/** What the environment says. It is read when it is needed, so that a build needs none of it. */
export function setting(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}
