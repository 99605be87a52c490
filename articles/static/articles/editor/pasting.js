// What Word, Google Docs and web pages put on the clipboard, made plain HTML: looks become marks,
// Word's numbered paragraphs lists. What the editor does not know it leaves out by itself.

import { Extension, Plugin } from "django-prose-editor/editor"
import { parse } from "./parsing.js"

const OURS = "[data-pm-slice]"
const HIDDEN = "head, style, script, meta, link, title, template, noscript, svg, button"
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre, div, figure, hr"

/** `html` from the clipboard as plain HTML; what was copied in the editor stays as it is. */
export function cleanPasted(html) {
  const { body } = parse(html)
  if (body.querySelector(OURS)) return html
  removeHidden(body)
  makeWordLists(body)
  for (const element of [...body.querySelectorAll("[data-style]")]) markLooks(element)
  unwrapUnlike(body)
  for (const frame of body.querySelectorAll("iframe[src]")) frame.replaceWith(linkTo(frame))
  for (const caption of body.querySelectorAll("table > caption")) {
    caption.closest("table").before(rename(caption, "p"))
  }
  removeRest(body)
  return body.innerHTML
}

function removeHidden(body) {
  for (const element of body.querySelectorAll(HIDDEN)) element.remove()
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT)
  const comments = []
  while (walker.nextNode()) comments.push(walker.currentNode)
  for (const comment of comments) comment.remove()
  for (const element of body.querySelectorAll("*")) {
    if (element.nodeName.includes(":")) unwrap(element) // o:p and its like
  }
}

const styleOf = (element) => element.getAttribute("data-style") ?? ""
const unwrap = (element) => element.replaceWith(...element.childNodes)

function rename(element, name) {
  const renamed = element.ownerDocument.createElement(name)
  renamed.append(...element.childNodes)
  element.replaceWith(renamed)
  return renamed
}

function linkTo(frame) {
  const address = frame.getAttribute("src").replace(/^\/\//, "https://")
  const paragraph = frame.ownerDocument.createElement("p")
  const link = frame.ownerDocument.createElement("a")
  link.setAttribute("href", address)
  link.textContent = address
  paragraph.append(link)
  return paragraph
}

// Word: <p style="mso-list:l0 level2 lfo1"><span style="mso-list:Ignore">o </span>Text</p>

const LEVEL = /mso-list:\s*l\d+\s+level(\d)/i

function makeWordLists(body) {
  let open = [] // the lists that are open, from the outside in
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const level = Number(LEVEL.exec(styleOf(paragraph))?.[1] ?? 0)
    if (!level) {
      open = []
      continue
    }
    if (open.length && open[0].nextElementSibling !== paragraph) open = []
    const kind = takeMarker(paragraph)
    open = open.slice(0, level)
    if (open.length === level && open.at(-1).nodeName !== kind.toUpperCase()) open.pop()
    const list = open.length === level ? open.at(-1) : openList(open, kind, paragraph)
    const item = paragraph.ownerDocument.createElement("li")
    list.append(item)
    item.append(paragraph)
    if (paragraph.nodeName !== "P") rename(paragraph, "p")
  }
}

function openList(open, kind, paragraph) {
  const list = paragraph.ownerDocument.createElement(kind)
  const item = open.at(-1)?.lastElementChild
  if (item) {
    item.append(list)
  } else {
    paragraph.before(list)
  }
  open.push(list)
  return list
}

// Takes the bullet or number away, and says which of them it was.
function takeMarker(paragraph) {
  let text = ""
  for (const span of [...paragraph.querySelectorAll("span")]) {
    if (/mso-list:\s*ignore/i.test(styleOf(span))) {
      text += span.textContent
      span.remove()
    }
  }
  return /^\s*\(?(?:\d+|[a-zа-я]{1,5})[.)]/i.test(text) ? "ol" : "ul"
}

// Looks: only what a style says of the element itself.

const WEIGHT = /(?:^|[;\s])font-weight:\s*(bold|bolder|[6-9]00)\b/i
const STYLE = /(?:^|[;\s])font-style:\s*(?:italic|oblique)/i
const UNDERLINED = /(?:^|[;\s])text-decoration(?:-line)?:[^;]*underline/i
const STRUCK = /(?:^|[;\s])text-decoration(?:-line)?:[^;]*line-through/i
const RAISED = /(?:^|[;\s])vertical-align:\s*super/i
const LOWERED = /(?:^|[;\s])vertical-align:\s*sub\b/i

function markLooks(element) {
  const style = styleOf(element)
  const heading = element.closest("h1, h2, h3, h4, h5, h6")
  const linked = element.closest("a") || element.querySelector("a")
  const isBlock = element.matches(`${BLOCKS}, li, td, th, body`)
  const wanted = [
    WEIGHT.test(style) && !heading && "strong",
    STYLE.test(style) && "em",
    UNDERLINED.test(style) && !linked && "u",
    STRUCK.test(style) && "s",
    RAISED.test(style) && "sup",
    LOWERED.test(style) && "sub",
  ]
  if (isBlock && element.querySelector(BLOCKS)) return
  for (const name of wanted.filter(Boolean)) {
    const mark = element.ownerDocument.createElement(name)
    mark.append(...element.childNodes)
    element.append(mark)
  }
}

// Google Docs wraps everything in a <b> that is not bold; headings are bold by themselves.
function unwrapUnlike(body) {
  for (const element of [...body.querySelectorAll("b, strong")]) {
    const plain = /font-weight:\s*(?:normal|[1-5]00)\b/i.test(styleOf(element))
    if (plain || element.querySelector(BLOCKS) || element.closest("h1, h2, h3, h4, h5, h6")) {
      unwrap(element)
    }
  }
  for (const element of [...body.querySelectorAll("i, em")]) {
    if (/font-style:\s*normal/i.test(styleOf(element))) unwrap(element)
  }
  for (const link of [...body.querySelectorAll('a[href^="#_"], a:not([href])')]) unwrap(link)
}

// Styles, which have been read, and lines of nothing.
function removeRest(body) {
  for (const element of body.querySelectorAll("[data-style]")) element.removeAttribute("data-style")
  for (const line of [...body.querySelectorAll("br")]) {
    const between = [line.previousElementSibling, line.nextElementSibling]
    const alone = line.parentElement.querySelector(`:scope > :is(${BLOCKS})`)
    if (alone && between.some((each) => each?.matches(BLOCKS))) line.remove()
  }
  for (const element of [...body.querySelectorAll("p, h2, h3, h4, li")]) {
    if (!element.textContent.trim() && !element.querySelector("img, hr")) element.remove()
  }
}

export const Pasting = Extension.create({
  name: "pasting",
  addProseMirrorPlugins: () => [new Plugin({ props: { transformPastedHTML: cleanPasted } })],
})
