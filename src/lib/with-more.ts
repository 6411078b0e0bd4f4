/**
 * `{ ...record, ...more }`, in the order of both. For a record that is not frozen yet, where many are made: V8 up to 12 gives each copy that a spread
 * begins and a new key continues a hidden class of its own, and code that meets such copies never gets fast.
 */
export const withMore = <A extends object, B extends object>(record: A, more: B): Omit<A, keyof B> & B => Object.assign({}, record, more);
