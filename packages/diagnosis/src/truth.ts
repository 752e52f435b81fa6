/**
 * What is known of a condition. `wait`: not decided yet, and will be within a round or two; `no-data`: nobody looks, so it stays unknown.
 */
export type Truth = 'yes' | 'no' | 'wait' | 'no-data'

/** From what is surely known. */
export const truth = (known: boolean): Truth => (known ? 'yes' : 'no')

/** Every condition holds. One `no` decides, whatever the others will come to. `yes` of none. */
export const all = (...conditions: readonly Truth[]): Truth => weakest(conditions, ['no', 'wait', 'no-data', 'yes'])

/** One condition holds at least. One `yes` decides. `no` of none. */
export const any = (...conditions: readonly Truth[]): Truth => weakest(conditions, ['yes', 'wait', 'no-data', 'no'])

/** The opposite; what is unknown stays unknown. */
export const not = (condition: Truth): Truth => (condition === 'yes' ? 'no' : condition === 'no' ? 'yes' : condition)

function weakest(conditions: readonly Truth[], order: readonly [Truth, Truth, Truth, Truth]): Truth {
  return order.find((one) => conditions.includes(one)) ?? order[3]
}
