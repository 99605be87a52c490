// Who else has the article open; asked every twenty seconds, while the page is seen.

import { page, post, say, token } from "./page.js"

const EVERY = 20_000

export function startPresence(autosave) {
  const shown = document.getElementById("desk-others")
  const ask = async () => {
    const address = page.data.urls.presence
    if (!address || document.hidden) return
    const { status, answer } = await post(address, new FormData())
    if (status !== 200) return
    const names = answer.others.map(({ name, since }) => say("since", name, since))
    shown.textContent = names.length ? say("others", names.join(", ")) : ""
    autosave.heardOf(answer.number)
  }
  setInterval(ask, EVERY)
  document.addEventListener("visibilitychange", ask)
  addEventListener("pagehide", () => {
    const address = page.data.urls.presence
    if (!address) return
    const data = new FormData()
    data.append("closed", "yes")
    data.append("csrfmiddlewaretoken", token())
    navigator.sendBeacon(address, data)
  })
  addEventListener("pageshow", ask)
}
