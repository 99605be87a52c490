// Addresses that a body may carry, as articles/body/addresses.py has them; the server decides.

const LINK = /^(?:https?:\/\/[^\s\\]+|\/(?![/\\])[^\s\\]*|#[^\s\\]+|(?:mailto|tel):[^\s\\/][^\s\\]*)$/i
const PICTURE = /^(?:https?:\/\/[^\s\\]+|\/(?![/\\])[^\s\\]*)$/i
const MAIL = /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/
const SITE = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:[/?#][^\s\\]*)?$/u

/** The address of a link as written, or null. */
export const linkAddress = (value) => (LINK.test(value) ? value : null)

/** The address of a picture as written, or null. */
export const pictureAddress = (value) => (PICTURE.test(value) ? value : null)

/** What people type for an address (`example.org/x`, `desk@example.org`) as one, or null. */
export function typedAddress(value) {
  const address = value.trim().replaceAll(" ", "%20")
  if (MAIL.test(address)) return `mailto:${address}`
  return linkAddress(SITE.test(address) ? `https://${address}` : address)
}
