/** The client for a script tag, in one file: `consentLedger.openConsent`. */
import { openConsent } from './client.ts'

;(globalThis as { consentLedger?: object }).consentLedger = { openConsent }
