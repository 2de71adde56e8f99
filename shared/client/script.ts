/** The client for a `<script>` tag, in one file. Adds `openConsent` to the global `consentLedger`, which `banner.js` may have made. */
import { openConsent } from './client.ts'

const page = globalThis as { consentLedger?: object }
page.consentLedger = { ...page.consentLedger, openConsent }
