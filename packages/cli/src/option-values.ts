import { parseAddress } from '@oddnode/protocol'
import { InvalidArgumentError } from 'commander'

/** A TCP port. @throws InvalidArgumentError with what is allowed, as all here */
export function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('allowed is a whole number from 1 to 65535.')
  return port
}

/** Words between commas. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** One more address, `address` or `address:port`; a name would need the DNS that is on trial. */
export function addressesOf(text: string, before: readonly string[] = []): string[] {
  if (parseAddress(text, 1) === null)
    throw new InvalidArgumentError('allowed is an address, 192.0.2.53 or [2001:db8::53]:5353, and no name.')
  return [...before, text]
}

/** Seconds within a range, both ends included. */
export const secondsOf =
  (least: number, most: number) =>
  (text: string): number => {
    const seconds = Number(text)
    if (text.trim() === '' || !(seconds >= least && seconds <= most))
      throw new InvalidArgumentError(`allowed is a number of seconds from ${least} to ${most}.`)
    return seconds
  }
