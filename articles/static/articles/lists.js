/* The list of articles: tags are changed in a dialog, and names of tags and logins are
   suggested. Without this, the same links open pages of their own. */

import { openInDialog } from "./desk/dialog_page.js"
import { mentionAll } from "./desk/mentions.js"
import { suggestAll } from "./desk/suggestions.js"

suggestAll(document)
mentionAll(document)

// On a phone a line is a card without the table's heads: then the cell itself says of whom it tells.
const readers = document.querySelector("#result_list .column-readers")?.textContent.trim()
for (const cell of document.querySelectorAll("#result_list .field-readers")) {
  cell.dataset.head = readers
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-tags]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  openInDialog(link, "#desk-tags-form")
})
