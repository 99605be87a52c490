// The preview shows what is typed, not only what was saved: it waits for an autosave.

import { page, token } from "./page.js"

export function startPreview(autosave) {
  const form = document.getElementById("desk-look-form")
  let ready = false
  form.addEventListener("submit", async (event) => {
    if (ready) {
      ready = false
      return
    }
    event.preventDefault()
    await autosave.save()
    if (!page.data.urls.look) return
    form.action = page.data.urls.look
    form.elements.csrfmiddlewaretoken.value = token()
    ready = true
    form.requestSubmit()
  })
}
