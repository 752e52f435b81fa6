/**
 * node:http without what an `import` of it loads: that enumerates its exports, and the getter of one of them (`WebSocket`) brings
 * undici, 12 MiB that an agent never uses.
 */
export const { Agent, createServer, request } = process.getBuiltinModule('node:http')
