/** Learns what the cluster is, and tells it as a whole picture each time that something changed. */
export type Discovery = {
  /** To be called each second. */
  look: () => void
  close: () => void
}

/** Nobody tells: what is known is what agents see. */
export const noDiscovery: Discovery = { look: () => undefined, close: () => undefined }
