/* The list of articles: tags are changed in a dialog, and names of tags and logins are
   suggested. Without this, the same links open pages of their own. */

import { openInDialog } from "./desk/dialog_page.js"
import { mentionAll } from "./desk/mentions.js"
import { suggestAll } from "./desk/suggestions.js"

suggestAll(document)
mentionAll(document)

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-tags]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  openInDialog(link, "#desk-tags-form")
})
