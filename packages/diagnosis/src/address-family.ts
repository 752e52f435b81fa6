/** Whether an address is of IPv6: only those have colons (RFC 4291 section 2.2). */
export const isIPv6 = (address: string): boolean => address.includes(':')
