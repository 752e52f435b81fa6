import type { Lab } from './lab.ts'
import { largeName, largeSizes } from './names.ts'

/** Agents ask for names with large answers from now on. */
export function askLargeNames(lab: Lab): void {
  lab.changePicture((picture) => {
    picture.largeNames = largeSizes.map((octets) => ({ name: largeName(octets), octets }))
  })
}
