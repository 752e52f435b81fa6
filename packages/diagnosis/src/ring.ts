/**
 * Counts over the last so many stretches of time, e.g. ten minutes: a ring of slots for each of some rows. What is older than the ring is
 * forgotten, whatever the order in which it comes.
 */
export type Ring = {
  /** Seconds that a slot stands for. */
  slotSeconds: number
  slots: number
  /** Which stretch of time a slot holds now (time ÷ slotSeconds); −1 for none. */
  stretch: Int32Array
  /** Row r, slot s at r × slots + s: how many were asked, and how many of them are counted. */
  asked: Uint16Array
  counted: Uint16Array
}

export type Counts = { asked: number; counted: number }

export function createRing(rows: number, slots: number, slotSeconds: number): Ring {
  const buffer = new ArrayBuffer(slots * 4 + rows * slots * 4)
  return {
    slotSeconds,
    slots,
    stretch: new Int32Array(buffer, 0, slots).fill(-1),
    asked: new Uint16Array(buffer, slots * 4, rows * slots),
    counted: new Uint16Array(buffer, slots * 4 + rows * slots * 2, rows * slots),
  }
}

/** @param takenAt seconds on the aggregator's clock */
export function addTo(ring: Ring, row: number, takenAt: number, counts: boolean): void {
  const stretch = Math.floor(takenAt / ring.slotSeconds)
  const slot = stretch % ring.slots
  const held = ring.stretch[slot] as number
  if (held > stretch) return
  if (held < stretch) clearSlot(ring, slot, stretch)
  const at = row * ring.slots + slot
  if (ring.asked[at] === 0xffff) return
  ring.asked[at] = (ring.asked[at] as number) + 1
  if (counts) ring.counted[at] = (ring.counted[at] as number) + 1
}

function clearSlot(ring: Ring, slot: number, stretch: number): void {
  ring.stretch[slot] = stretch
  for (let at = slot; at < ring.asked.length; at += ring.slots) {
    ring.asked[at] = 0
    ring.counted[at] = 0
  }
}

/** The sums of one row, as of `now`. */
export function sumOf(ring: Ring, row: number, now: number): Counts {
  const oldest = Math.floor(now / ring.slotSeconds) - ring.slots
  const sum = { asked: 0, counted: 0 }
  for (let slot = 0; slot < ring.slots; slot++) {
    if ((ring.stretch[slot] as number) <= oldest) continue
    sum.asked += ring.asked[row * ring.slots + slot] as number
    sum.counted += ring.counted[row * ring.slots + slot] as number
  }
  return sum
}

/** Forgets everything. */
export function clear(ring: Ring): void {
  ring.stretch.fill(-1)
  ring.asked.fill(0)
  ring.counted.fill(0)
}

/** Takes over a row of another ring of the same shape. */
export function carryRow(from: Ring, fromRow: number, to: Ring, toRow: number): void {
  to.stretch.set(from.stretch)
  const start = fromRow * from.slots
  to.asked.set(from.asked.subarray(start, start + from.slots), toRow * to.slots)
  to.counted.set(from.counted.subarray(start, start + from.slots), toRow * to.slots)
}
