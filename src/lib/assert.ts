/** Throws when our own reasoning is wrong. Never used for the user's mistakes: those are Diagnostics or Status values. */
export function assert(claim: unknown, message: string): asserts claim {
  if (!claim) throw new Error(`assertion failed: ${message}`);
}

/** Makes the compiler check that a union was handled to its last member. */
export function assertNever(value: never): never {
  throw new Error(`assertion failed: unhandled ${JSON.stringify(value)}`);
}
