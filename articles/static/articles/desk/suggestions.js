/* Names are offered below a field that holds several with commas between them. */

import { offerNames } from "./names.js"

export function suggestAll(root) {
  for (const place of root.querySelectorAll("[data-suggest]")) {
    const field = place.querySelector("input[type=text]")
    if (field) suggest(field, place.dataset.suggest)
  }
}

function suggest(field, address) {
  field.autocomplete = "off"
  field.setAttribute("role", "combobox")
  const lastComma = () => field.value.lastIndexOf(",") + 1
  offerNames(field, address, {
    typed: () => field.value.slice(lastComma()).trim() || null,
    take: (name) => {
      const before = field.value.slice(0, lastComma()).trim()
      field.value = `${before}${before ? " " : ""}${name}, `
    },
    pause: 120,
  })
}
