// Saves while somebody types: on this device at once, on the server a few seconds later.

import { entries, forget, keep, kept, markSent, putBack } from "./kept.js"
import { banner, button, make, page, post, say, token } from "./page.js"
import { renewSide } from "./steps.js"

const PAUSE = 3_000
const LONGEST_WAIT = 15_000
const AGAIN = 10_000

export function startAutosave() {
  const { form } = page
  const basedOn = form.elements.based_on
  const status = document.getElementById("desk-saved")
  let number = page.data.number
  let stored = JSON.stringify(entries())
  let timer = null
  let since = null
  let running = null
  let halted = false

  const isChanged = () => JSON.stringify(entries()) !== stored
  const tell = (sentence) => { status.textContent = sentence }

  function changed(event) {
    // Inputs of the steps are sent with the form, but are none of the article.
    if (event.target.closest?.(".desk-side")) return
    if (!isChanged()) return
    keep(basedOn.value)
    if (halted) return
    if (page.data.keepsLocally) {
      tell(say("keptUntilSave"))
      return
    }
    since ??= Date.now()
    wait(Math.min(PAUSE, Math.max(0, since + LONGEST_WAIT - Date.now())))
  }

  function wait(pause) {
    clearTimeout(timer)
    timer = setTimeout(save, pause)
  }

  function save() {
    clearTimeout(timer)
    if (running || halted || page.data.keepsLocally || !isChanged()) return running
    running = send().finally(() => { running = null })
    return running
  }

  async function send() {
    since = null
    const sent = JSON.stringify(entries())
    const data = new FormData(form)
    tell(say("saving"))
    const { status: code, answer } = await post(page.data.urls.autosave, data)
    if (code === 200) {
      saved(sent, answer)
    } else if (code === "signed out") {
      const link = make("a", { href: page.data.signIn, target: "_blank" }, say("signIn"))
      banner("trouble", say("signedOut"), link)
      tell(say("kept"))
      wait(AGAIN)
    } else if (code === 0 || code >= 500) {
      banner("trouble", say("offline"))
      tell(say("kept"))
      wait(AGAIN)
    } else if (code === 409) {
      stale()
    } else {
      banner("trouble", null)
      tell(say("refused", answer.error ?? code))
    }
  }

  function saved(sent, answer) {
    banner("trouble", null)
    const wasNew = page.data.key === null
    number = answer.number
    basedOn.value = answer.number
    stored = sent
    if (isChanged()) {
      wait(PAUSE)
    } else {
      forget()
    }
    if (wasNew) {
      forget()
      page.data.key = answer.key
      history.replaceState(null, "", answer.page)
      if (isChanged()) keep(basedOn.value)
    }
    page.data.urls = answer.urls
    renewSide(answer.side)
    tell(say("saved", answer.at))
  }

  function stale() {
    halted = true
    tell(say("kept"))
    banner("stale", say("stale"), button(say("compare"), () => form.requestSubmit(document.getElementById("desk-save"))))
  }

  function offerBack() {
    const copy = kept()
    if (!copy) return
    const isSaved = copy.sent && page.data.myNumber > Number(copy.basedOn || 0)
    if (isSaved || JSON.stringify(copy.entries) === stored) {
      forget()
      return
    }
    // A form that came back with errors holds what was sent.
    if (document.querySelector(".errornote")) return
    const time = new Date(copy.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" })
    const done = () => banner("found", null)
    banner(
      "found",
      say("found", time),
      button(say("restore"), () => {
        if (copy.basedOn) basedOn.value = copy.basedOn
        putBack(copy)
        done()
      }),
      button(say("discard"), () => {
        forget()
        done()
      }),
    )
  }

  let sending = false
  form.addEventListener("submit", (event) => {
    if (sending) return
    clearTimeout(timer)
    if (running) {
      // Its answer brings the number that this save has to be based on.
      event.preventDefault()
      const { submitter } = event
      running.then(() => {
        sending = true
        form.requestSubmit(submitter)
      })
    }
  })
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return
    form.elements.csrfmiddlewaretoken.value = token()
    if (isChanged()) {
      keep(basedOn.value)
      markSent()
    }
    halted = true
  })
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload() })
  for (const name of ["input", "change"]) form.addEventListener(name, changed)
  document.addEventListener("visibilitychange", () => { if (document.hidden) save() })
  for (const name of ["online", "focus"]) addEventListener(name, save)
  // A form that the server sent back is not saved yet.
  if (document.querySelector(".errornote")) stored = ""
  offerBack()

  return {
    save,
    heardOf(latest) {
      if (latest > number && !running && !halted) stale()
    },
  }
}
