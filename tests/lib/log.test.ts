import { expect, it } from 'vitest';
import { append, createLog, newest } from '../../src/lib/log.ts';

it.each([0, 1, 255, 256, 257, 700])('of %i items the newest are those at the end that are as asked', (count) => {
  const log = createLog<number>();
  for (let i = 0; i < count; i++) append(log, i);
  const all = Array.from({ length: count }, (_, i) => i);
  for (const from of [0, 1, 200, 255, 256, 400, 699, 700]) expect(newest(log, (i) => i >= from)).toEqual(all.slice(from));
});

it('looks at nothing before the first that is not', () => {
  const log = createLog<number>();
  for (const item of [9, 1, 9, 9]) append(log, item);
  expect(newest(log, (i) => i === 9)).toEqual([9, 9]);
});
