// The original of a translation is fetched when somebody opens it, so that the form does not wait.

import { page } from "./page.js"

export function startOriginal() {
  const pane = document.getElementById("desk-original")
  if (!pane) return
  const text = pane.querySelector("[data-part=original]")
  pane.addEventListener("toggle", async () => {
    if (!pane.open || text.querySelector("article")) return
    text.setAttribute("aria-busy", "true")
    text.replaceChildren(...(await read(pane.dataset.text)))
    text.removeAttribute("aria-busy")
  })
}

/** What the article says, or a sentence why it cannot be shown; opening it again asks again. */
async function read(address) {
  try {
    const response = await fetch(address, { redirect: "manual" })
    if (response.ok) {
      const answer = new DOMParser().parseFromString(await response.text(), "text/html")
      return answer.body.childNodes
    }
  } catch {
    // Without a connection: the sentence below.
  }
  return [page.data.words.unread]
}
