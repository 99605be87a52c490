// Lengths of texts, words and reading time, the slug that a title gives, how a search shows it.

import { make, page, say } from "./page.js"

const WORDS_A_MINUTE = 200
const LONGEST_DESCRIPTION = 160

export function startCounters() {
  const { title, summary, seo_title, seo_description, slug, body_html } = page.form.elements
  count(title, page.data.titleLimit)
  count(summary)
  count(seo_title, 60)
  count(seo_description, LONGEST_DESCRIPTION)
  showWords(body_html)
  showSlug(title, slug)
  showResult({ title, summary, seo_title, seo_description, slug })
}

function below(field, attributes) {
  const shown = make("p", attributes)
  const row = field.closest(".form-row")
  ;(row.querySelector(".flex-container") ?? field).after(shown)
  return shown
}

function count(field, limit) {
  if (!field) return
  const shown = below(field, { class: "desk-count" })
  const show = () => {
    const length = [...field.value].length
    shown.textContent = limit ? say("countOf", length, limit) : say("count", length)
    shown.classList.toggle("is-over", Boolean(limit) && length > limit)
  }
  field.addEventListener("input", show)
  show()
}

/** Words of a body's text, as a reader counts them. */
function wordsOf(html) {
  const text = new DOMParser().parseFromString(html.replaceAll("<", " <"), "text/html").body.textContent
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
}

function showWords(textarea) {
  if (!textarea) return
  const shown = below(textarea, { class: "desk-count" })
  let timer
  const show = () => {
    const words = wordsOf(textarea.value)
    shown.textContent = say("words", words, Math.max(1, Math.round(words / WORDS_A_MINUTE)))
  }
  textarea.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(show, 300)
  })
  show()
}

function showSlug(title, slug) {
  if (!slug) return
  const shown = below(slug, { class: "desk-count", "aria-live": "polite" })
  let timer
  const ask = async () => {
    if (slug.value || !title.value.trim()) {
      shown.textContent = ""
      return
    }
    const address = `${page.data.urls.slug}?title=${encodeURIComponent(title.value)}`
    const answer = await fetch(address, { redirect: "manual" }).catch(() => null)
    if (answer?.ok) shown.textContent = say("slug", (await answer.json()).slug)
  }
  for (const field of [title, slug]) {
    field.addEventListener("input", () => {
      clearTimeout(timer)
      timer = setTimeout(ask, 400)
    })
  }
  ask()
}

function showResult({ title, summary, seo_title, seo_description, slug }) {
  if (!seo_description) return
  const heading = make("p", { class: "desk-seo-title" })
  const address = make("p", { class: "desk-seo-address" })
  const text = make("p", { class: "desk-seo-text" })
  const row = seo_description.closest(".form-row")
  row.append(make("div", { class: "desk-seo" }, heading, address, text))
  const show = () => {
    heading.textContent = seo_title.value || title.value || "…"
    address.textContent = `… / ${slug?.value || "…"}`
    const letters = [...(seo_description.value || summary.value)]
    text.textContent =
      letters.length > LONGEST_DESCRIPTION ? `${letters.slice(0, LONGEST_DESCRIPTION).join("")} …` : letters.join("")
  }
  page.form.addEventListener("input", show)
  show()
}
