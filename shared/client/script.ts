/** The client for a script tag, in one file: `consentLedger.openConsent`, beside what `banner.js` has put there. */
import { openConsent } from './client.ts'

const page = globalThis as { consentLedger?: object }
page.consentLedger = { ...page.consentLedger, openConsent }
