// The weekday below each time, so that nobody schedules for the wrong Tuesday.

function weekday(value) {
  const found = value.match(/^(\d{4})-(\d{2})-(\d{2})/)
  if (!found) return ""
  const [, year, month, day] = found.map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  const language = document.documentElement.lang || "en"
  return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(date)
}

export function showWeekdays(room) {
  for (const input of room.querySelectorAll("[data-moment]")) {
    if (input.nextElementSibling?.classList.contains("desk-weekday")) continue
    const shown = document.createElement("span")
    shown.className = "desk-weekday"
    shown.setAttribute("aria-live", "polite")
    input.after(shown)
    const show = () => { shown.textContent = weekday(input.value) }
    input.addEventListener("input", show)
    show()
  }
}
