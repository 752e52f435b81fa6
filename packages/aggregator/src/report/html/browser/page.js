// What a browser adds to the pages, which are complete without it: the reader's own time beside UTC, buttons that copy commands, and a
// page that follows the report: what changed is exchanged in place, so that scroll, focus, selection and open details stay as they are.

const REQUEST_MILLISECONDS = 10_000

const clockOfReader = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const dayOfReader = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })

enhance(document)
document.addEventListener('click', copyCommand)
followReport()

/** @param {Document} page */
function enhance(page) {
  const readsUtc = new Date().getTimezoneOffset() === 0
  for (const time of readsUtc ? [] : page.querySelectorAll('time')) time.append(localTimeOf(page, time.dateTime))
  for (const command of page.querySelectorAll('.command')) command.append(copyButton(page))
}

/** @param {Document} page @param {string} instant */
function localTimeOf(page, instant) {
  const local = page.createElement('span')
  const date = new Date(instant)
  const otherDay = date.getDate() !== date.getUTCDate() ? `${dayOfReader.format(date)} ` : ''
  local.className = 'local'
  local.textContent = ` (${otherDay}${clockOfReader.format(date)} here)`
  return local
}

/** @param {Document} page */
function copyButton(page) {
  const button = page.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = 'Copy'
  return button
}

/** @param {Event} event */
async function copyCommand({ target }) {
  if (!(target instanceof HTMLButtonElement) || target.className !== 'copy') return
  const code = target.parentElement?.querySelector('code')
  if (!code) return
  target.textContent = (await copied(code)) ? 'Copied' : 'Selected'
  setTimeout(() => {
    target.textContent = 'Copy'
  }, 2000)
}

/** Over plain HTTP a page may not write to the clipboard: then the command is selected, ready for the reader's own key. @param {Element} code */
async function copied(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '')
    return true
  } catch {
    getSelection()?.selectAllChildren(code)
    return false
  }
}

function followReport() {
  const seconds = Number(document.body.dataset['updateSeconds'])
  if (!(seconds > 0)) return
  const status = document.createElement('p')
  status.className = 'live'
  status.setAttribute('role', 'status')
  document.body.append(status)
  let reachedAt = new Date()
  let etag = ''
  let asking = false

  async function look() {
    if (document.hidden || asking) return
    asking = true
    try {
      etag = await update(etag)
      reachedAt = new Date()
      status.textContent = ''
    } catch (error) {
      const since = clockOfReader.format(reachedAt)
      const why = error instanceof Refused ? error.message : 'cannot be reached'
      status.textContent = `As of ${since} (your time). The aggregator ${why} since.`
    } finally {
      asking = false
    }
  }
  setInterval(look, seconds * 1000)
  document.addEventListener('visibilitychange', look)
}

/** The aggregator is there, and says no. */
class Refused extends Error {}

/** Takes over what changed on the server since the page with this ETag. @param {string} etag @returns {Promise<string>} the ETag now */
async function update(etag) {
  const answer = await fetch(location.href, {
    cache: 'no-store',
    headers: { accept: 'text/html', 'if-none-match': etag },
    signal: AbortSignal.timeout(REQUEST_MILLISECONDS),
  })
  if (answer.status === 304) return etag
  if (!answer.ok) throw new Refused(`answers ${answer.status} ${answer.statusText}`.trimEnd())
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
  if (scriptOf(next) !== scriptOf(document)) location.reload()
  enhance(next)
  const focused = document.activeElement
  document.title = next.title
  for (const part of ['header', 'main', 'footer']) {
    const before = document.querySelector(`body > ${part}`)
    const after = next.querySelector(`body > ${part}`)
    if (before && after) follow(before, after)
  }
  if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus({ preventScroll: true })
  return answer.headers.get('etag') ?? ''
}

/** Another one is another version of the program. @param {Document} page */
const scriptOf = (page) => page.querySelector('script')?.getAttribute('src')

/** @param {Node} before @param {Node} after */
function follow(before, after) {
  if (before.isEqualNode(after)) return
  if (before instanceof Text) {
    before.data = after.textContent ?? ''
  } else if (before instanceof Element && after instanceof Element) {
    followAttributes(before, after)
    followChildren(before, after)
  }
}

/** @param {Element} before @param {Element} after */
function followAttributes(before, after) {
  for (const { name } of [...before.attributes]) {
    if (name !== 'open' && !after.hasAttribute(name)) before.removeAttribute(name)
  }
  for (const { name, value } of after.attributes) {
    if (name !== 'open' && before.getAttribute(name) !== value) before.setAttribute(name, value)
  }
}

/** Children with an id or a key stay themselves wherever they move to; others by their place. @param {Element} before @param {Element} after */
function followChildren(before, after) {
  // Two of the same key stay in their order: none of them is ever lost.
  const keyed = Map.groupBy([...before.children], keyOf)
  /** @type {ChildNode | null} */
  let place = before.firstChild
  for (const child of [...after.childNodes]) {
    const key = keyOf(child)
    const known = key === '' ? unkeyed(place, child) : (keyed.get(key)?.shift() ?? null)
    if (known === null) {
      before.insertBefore(child, place)
      continue
    }
    if (known === place) place = place.nextSibling
    else before.insertBefore(known, place)
    follow(known, child)
  }
  while (place) {
    const rest = place.nextSibling
    place.remove()
    place = rest
  }
}

/** The node at this place if it is one of the same kind. @param {ChildNode | null} place @param {Node} like */
const unkeyed = (place, like) => (place && keyOf(place) === '' && place.nodeName === like.nodeName ? place : null)

/** '' for what has neither. @param {Node} node */
function keyOf(node) {
  if (!(node instanceof Element)) return ''
  const key = node.getAttribute('data-key') ?? node.id
  return key === '' ? '' : `${node.nodeName} ${key}`
}
