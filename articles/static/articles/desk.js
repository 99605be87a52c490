// The article's page at the desk. Each module does one thing, and does nothing where the page has
// not got what it works on: a reader's page, a page without a form.

import { startAutosave } from "./desk/autosave.js"
import { startCounters } from "./desk/counters.js"
import { startKeys } from "./desk/keys.js"
import { showWeekdays } from "./desk/moments.js"
import { startOriginal } from "./desk/original.js"
import { page } from "./desk/page.js"
import { startPickers } from "./desk/pickers.js"
import { startPreview } from "./desk/preview.js"
import { startPresence } from "./desk/presence.js"
import { startSteps } from "./desk/steps.js"

if (page.data) {
  startSteps()
  showWeekdays(document)
  startKeys()
  startOriginal()
  if (page.form?.elements.based_on) {
    startPickers()
    startCounters()
    const autosave = startAutosave()
    startPresence(autosave)
    startPreview(autosave)
  }
}
