/** The client for a script tag, in one file: `consentLedger.openConsent`. */
import { openConsent } from './client.ts'

Object.assign(globalThis, { consentLedger: { openConsent } })
