/* Logins are offered after an @ in a comment. */

import { offerNames } from "./names.js"

const AT = /(?<![\w.@+/-])@([\w.+-]*)$/u

export function mentionAll(root) {
  for (const place of root.querySelectorAll("[data-mentions]")) {
    const field = place.querySelector("textarea")
    if (field) mention(field, place.dataset.mentions)
  }
}

function mention(field, address) {
  const found = () => AT.exec(field.value.slice(0, field.selectionStart))
  offerNames(field, address, {
    typed: () => found()?.[1] ?? null,
    take: (name) => {
      const at = found()
      if (at) field.setRangeText(`@${name} `, at.index, field.selectionStart, "end")
    },
    choosesFirst: true,
  })
}
