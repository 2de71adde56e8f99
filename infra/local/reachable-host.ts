/** The host for links to a server that listens on `host`. Browsers cannot open 0.0.0.0 and ::, which mean all addresses of a machine. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
