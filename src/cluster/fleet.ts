/** More machines than this are a fleet: what each of them would hear of each is told in lists that they share (docs/decisions/0011-fleets-hear-what-concerns-them.md). */
export const FLEET = 100;
