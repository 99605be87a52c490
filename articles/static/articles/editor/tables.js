// Tables: cells hold blocks; how cells are selected, joined and split is prosemirror-tables' work.

import { callOrReturn, getExtensionField, Node, pm } from "django-prose-editor/editor"

const span = (name) => ({
  default: 1,
  parseHTML: (element) => Math.max(1, Math.min(Number.parseInt(element.getAttribute(name)) || 1, 100)),
})

const attributes = () => ({
  colspan: span("colspan"),
  rowspan: span("rowspan"),
  colwidth: { default: null, parseHTML: () => null, rendered: false }, // asked for by the library
})

const cellOf = (name, tag, tableRole) =>
  Node.create({
    name,
    tableRole,
    content: "block+",
    isolating: true,
    addAttributes: attributes,
    parseHTML: () => [{ tag }],
    renderHTML: ({ node: { attrs } }) => {
      const { colspan, rowspan } = attrs
      return [tag, { colspan: colspan > 1 ? colspan : null, rowspan: rowspan > 1 ? rowspan : null }, 0]
    },
  })

export const TableCell = cellOf("tableCell", "td", "cell")
export const TableHeader = cellOf("tableHeader", "th", "header_cell")

export const TableRow = Node.create({
  name: "tableRow",
  tableRole: "row",
  content: "(tableCell | tableHeader)+",
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: () => ["tr", 0],
})

export const Table = Node.create({
  name: "table",
  tableRole: "table",
  group: "block",
  content: "tableRow+",
  isolating: true,
  parseHTML: () => [{ tag: "table", getAttrs: (element) => element.querySelector("tr") && null }],
  renderHTML: () => ["table", ["tbody", 0]],
  extendNodeSchema(extension) {
    const context = { name: extension.name, options: extension.options, storage: extension.storage }
    return { tableRole: callOrReturn(getExtensionField(extension, "tableRole", context)) }
  },
  addProseMirrorPlugins: () => [pm.tables.tableEditing()],
  addKeyboardShortcuts() {
    const { goToNextCell, addRowAfter, isInTable } = pm.tables
    const run = (command) => command(this.editor.state, this.editor.view.dispatch)
    return {
      Tab: () =>
        isInTable(this.editor.state) &&
        (run(goToNextCell(1)) || (run(addRowAfter) && run(goToNextCell(1)))),
      "Shift-Tab": () => isInTable(this.editor.state) && (run(goToNextCell(-1)) || true),
    }
  },
})

/** A table of empty cells whose first row is of headings. */
export function makeTable(schema, rows, columns) {
  const { table, tableRow, tableCell, tableHeader } = schema.nodes
  const row = (type) =>
    tableRow.create(null, Array.from({ length: columns }, () => type.createAndFill()))
  return table.create(
    null,
    Array.from({ length: rows }, (_, number) => row(number ? tableCell : tableHeader)),
  )
}
