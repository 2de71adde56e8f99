/** Asks the ledger that served the page for the keys of a log: public, and nothing but the log's name is sent. */

export type KeysAnswer = { readonly text: string } | { readonly problem: 'notThisLedger' | 'unreachable' }

export async function fetchKeys(controller: string): Promise<KeysAnswer> {
  try {
    const answer = await fetch(`/log/${encodeURIComponent(controller)}/policy`, { credentials: 'omit' })
    if (answer.ok) return { text: await answer.text() }
    return { problem: answer.status === 404 ? 'notThisLedger' : 'unreachable' }
  } catch {
    return { problem: 'unreachable' }
  }
}
