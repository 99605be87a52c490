// What the modules share: the form, what the server told the page, words, elements, requests.

const told = document.getElementById("desk-data")

export const page = {
  data: told ? JSON.parse(told.textContent) : null,
  form: document.getElementById("article_form"),
}

/** A sentence of the server's by its name, its `{}` filled in one after the other. */
export function say(name, ...values) {
  let sentence = page.data.words[name]
  for (const value of values) sentence = sentence.replace("{}", () => value)
  return sentence
}

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value)
    }
  }
  element.append(...children)
  return element
}

/** The token of the login as it is now: signing in again changes it, and the form's is old then. */
export function token() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)
  return found ? found[1] : page.form?.elements.csrfmiddlewaretoken?.value
}

/**
 * Posts, and returns { status, answer }; status 0 without a connection, "signed out" where the
 * server would rather have a password.
 */
export async function post(address, data) {
  data.set("csrfmiddlewaretoken", token()) // the form's own would be looked at first
  try {
    const response = await fetch(address, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      redirect: "manual",
    })
    if (response.type === "opaqueredirect") return { status: "signed out" }
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json")
    // Refused before anything of ours was asked: the cookies are gone, or older than the login.
    if (response.status === 403 && !isJson) return { status: "signed out" }
    return { status: response.status, answer: isJson ? await response.json() : {} }
  } catch {
    return { status: 0 }
  }
}

/** A banner above the form, one for each kind; null takes it away. */
export function banner(kind, sentence, ...buttons) {
  document.getElementById(`desk-banner-${kind}`)?.remove()
  if (sentence === null) return
  const shown = make(
    "div",
    { class: "desk-banner", id: `desk-banner-${kind}`, role: "alert" },
    make("p", {}, sentence),
    ...buttons,
  )
  page.form.before(shown)
}

export function button(label, does) {
  const made = make("button", { type: "button" }, label)
  made.addEventListener("click", does)
  return made
}
