/** The settings of a file as JSON gives them. */
export type Tree = { [key: string]: unknown }

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at keys joined by dots; undefined where there is none. */
export function get(tree: Tree, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, key) => (isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined), tree)
}

/** Sets the value at keys joined by dots. Leaves the tree as it is where a value stands in place of an object: the check then tells of that. */
export function put(tree: Tree, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop() as string
  let node = tree
  for (const key of keys) {
    node[key] ??= {}
    const child = node[key]
    if (!isTree(child)) return
    node = child
  }
  node[last] = value
}
