// Embeds: a paragraph that holds only an address of a known provider shows as its player.
// Here it is a paragraph like others with a label on it, so that it can be mended.

import { Extension, Plugin, pm } from "django-prose-editor/editor"

import { linkAddress } from "./addresses.js"
import { parse } from "./parsing.js"

const { Decoration, DecorationSet } = pm.view
const ADDRESS = /^https?:\/\/([a-z0-9.-]+)(\/[^\s#\\<>"']*)(?:#\S*)?$/i
const FRAME = /^<iframe\s[\s\S]*<\/iframe>$/i
const PLAYED = { "w.soundcloud.com/player": "url", "www.facebook.com/plugins/video.php": "href" }

const locationOf = (address) => {
  const match = ADDRESS.exec(address)
  return match && match[1].toLowerCase() + match[2]
}

// Some players say in their query which page they play.
function playedPage(location) {
  const [path, query = ""] = location.split(/\?(.*)/s)
  const name = PLAYED[path.replace(/\/+$/, "")]
  return name && locationOf(new URLSearchParams(query).get(name) ?? "")
}

/** A function that gives the title of what is embedded at an address, or null. */
export function titleFinder(patterns) {
  const compiled = patterns.map(({ title, pattern }) => [new RegExp(`^(?:${pattern})$`), title])
  return (address) => {
    const location = locationOf(address)
    if (!location) return null
    const page = playedPage(location) || location
    return compiled.find(([pattern]) => pattern.test(page))?.[1] ?? null
  }
}

function embedIn(node, titleOf) {
  if (node.type.name !== "paragraph" || node.childCount !== 1 || !node.firstChild.isText) return null
  const { text, marks } = node.firstChild
  const link = marks.find((mark) => mark.type.name === "link")
  return !link || link.attrs.href === text || titleOf(link.attrs.href) ? titleOf(text) : null
}

function labels({ doc }, titleOf) {
  const found = []
  doc.forEach((node, pos) => {
    const title = embedIn(node, titleOf)
    if (title) {
      const attributes = { class: "embedded", "data-embed": title }
      found.push(Decoration.node(pos, pos + node.nodeSize, attributes))
    }
  })
  return DecorationSet.create(doc, found)
}

// The address in what was pasted, if it is one and nothing else, be it a player's HTML.
function pastedAddress(text) {
  const pasted = text.trim()
  if (FRAME.test(pasted)) {
    const frame = parse(pasted).querySelector("iframe")
    return frame.getAttribute("src")?.replace(/^\/\//, "https://") ?? null
  }
  return /^https?:\/\/\S+$/i.test(pasted) ? linkAddress(pasted) : null
}

function paste(view, event, titleOf) {
  const address = pastedAddress(event.clipboardData?.getData("text/plain") ?? "")
  const { state } = view
  const { selection, schema, tr } = state
  const { $from, empty } = selection
  if (!address || !$from.parent.type.allowsMarkType(schema.marks.link)) return false
  const link = schema.marks.link.create({ href: address })
  if (!empty && $from.sameParent(selection.$to) && !titleOf(address)) {
    view.dispatch(tr.addMark(selection.from, selection.to, link))
    return true
  }
  const alone = empty && $from.depth === 1 && !$from.parent.content.size
  tr.replaceSelectionWith(schema.text(address, [link]), false).removeStoredMark(link)
  if (alone && titleOf(address)) tr.split(tr.selection.from)
  view.dispatch(tr.scrollIntoView())
  return true
}

export const Embeds = Extension.create({
  name: "embeds",
  addOptions: () => ({ patterns: [] }),
  addProseMirrorPlugins() {
    const titleOf = titleFinder(this.options.patterns)
    return [
      new Plugin({
        props: {
          decorations: (state) => labels(state, titleOf),
          handlePaste: (view, event) => paste(view, event, titleOf),
        },
      }),
    ]
  },
})
