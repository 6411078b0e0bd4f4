/** A hash of everything in a world, canonical over Maps, Sets and objects: two worlds with the same hash will behave alike. */
import { fnv1a32, mix, mix53 } from '../lib/hash.ts';
import { LayeredMap } from '../lib/layered-map.ts';
import type { World } from './world.ts';

export function hashData(value: unknown, hash = 17): number {
  switch (typeof value) {
    case 'undefined':
      return mix(hash, 1);
    case 'boolean':
      return mix(hash, value ? 3 : 2);
    case 'number':
      return Number.isInteger(value) ? mix53(mix(hash, 4), value) : mix(mix(hash, 5), fnv1a32(String(value)));
    case 'string':
      return mix(mix(hash, 6), fnv1a32(value));
    case 'object':
      break;
    default:
      return mix(hash, 7);
  }
  if (value === null) return mix(hash, 8);
  if (value instanceof Map || value instanceof LayeredMap) {
    let sum = 0;
    for (const [key, item] of value) sum = (sum + hashData(item, hashData(key, 9))) >>> 0;
    return mix(mix(hash, sum), value.size);
  }
  if (value instanceof Set) {
    let sum = 0;
    for (const item of value) sum = (sum + hashData(item, 10)) >>> 0;
    return mix(mix(hash, sum), value.size);
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    let h = mix(hash, 11);
    for (const item of value as unknown as Iterable<unknown>) h = hashData(item, h);
    return h;
  }
  const known = Object.isFrozen(value) ? sums.get(value) : undefined;
  const { sum, size } = known ?? sumOf(value);
  return mix(mix(hash, sum), size);
}

interface Sum {
  readonly sum: number;
  readonly size: number;
}
/** Of frozen objects: many actors hold the same ones. */
const sums = new WeakMap<object, Sum>();
/** Fields in it; what has fewer is added up again as fast. */
const WORTH_REMEMBERING = 4;

function sumOf(value: object): Sum {
  let sum = 0;
  let size = 0;
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    size++;
    sum = (sum + hashData(item, fnv1a32(key))) >>> 0;
  }
  if (size >= WORTH_REMEMBERING && Object.isFrozen(value)) sums.set(value, { sum, size });
  return { sum, size };
}

export function hashWorld(world: World): number {
  let hash = hashData([world.now, world.nextId, world.digest, world.foreground]);
  let sum = 0;
  for (const actor of world.actors.values())
    sum = (sum + hashData([actor.address, actor.life, actor.state, actor.calls, actor.isPaused])) >>> 0;
  hash = mix(hash, sum);
  return mix(mix(hash, hashData(world.disks)), world.queue.items.length);
}
