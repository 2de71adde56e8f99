/** The host in a link to a server that listens on `host`. An address that stands for every one of this machine is none that a browser opens. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
