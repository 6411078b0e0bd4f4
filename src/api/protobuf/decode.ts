/**
 * Objects as client libraries written in Go send them: bytes of a message in an envelope that names its kind. What comes out is what they would have sent as JSON.
 * Upstream: apimachinery pkg/runtime/serializer/protobuf, pkg/runtime/generated.proto Unknown; numbers of the fields by scripts/build-go.mjs (v1.36).
 * Simplified: requests alone; every answer is JSON.
 */
import { encodeBytes } from '../../lib/base64.ts';
import { textOf } from '../../lib/utf8.ts';
import { rfc3339, rfc3339Micro } from '../machinery/time.ts';
import table from './messages.json' with { type: 'json' };

interface Field {
  readonly name: string;
  readonly type: string;
  /** It is sent even when it is zero. */
  readonly isPointer: boolean;
}
const messages = new Map<string, ReadonlyMap<number, Field>>();
for (const [id, text] of Object.entries(table))
  messages.set(
    id,
    new Map(
      text
        .split(' ')
        .filter((part) => part !== '')
        .map((part) => {
          const [name, number, type] = part.split(':');
          return [Number(number), { name, type: type.replace('*', ''), isPointer: type.endsWith('*') }];
        }),
    ),
  );

/** 'k8s' and a zero. */
const MAGIC = [0x6b, 0x38, 0x73, 0];

/** Reads one message's parts: a number for what is short, bytes for what has a length. Throws an Error when they end too early. */
function* partsOf(bytes: Uint8Array): Generator<{ readonly number: number; readonly value: bigint | Uint8Array }> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length || shift > 63n) throw new Error('unexpected EOF');
      value |= BigInt(bytes[at] & 0x7f) << shift;
      if (bytes[at++] < 0x80) return BigInt.asUintN(64, value);
    }
  };
  const taken = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error('unexpected EOF');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const wire = key & 7;
    if (wire === 0) yield { number: key >>> 3, value: varint() };
    else if (wire === 2) yield { number: key >>> 3, value: taken(Number(varint())) };
    else if (wire === 1 || wire === 5) taken(wire === 1 ? 8 : 4);
    else throw new Error(`proto: illegal wireType ${wire}`);
  }
}

/** The last value of each field. */
const valuesOf = (bytes: Uint8Array): ReadonlyMap<number, bigint | Uint8Array> =>
  new Map([...partsOf(bytes)].map(({ number, value }) => [number, value]));
const bytesOf = (value: bigint | Uint8Array | undefined): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());
const numberOf = (value: bigint | Uint8Array | undefined): number => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0);

function timeOf(bytes: Uint8Array, isMicro: boolean): string | null {
  const values = valuesOf(bytes);
  const [seconds, nanos] = [numberOf(values.get(1)), numberOf(values.get(2))];
  if (seconds === 0 && nanos === 0) return null;
  return isMicro ? rfc3339Micro(seconds * 1000, Math.floor(nanos / 1000)) : rfc3339(seconds * 1000);
}

function valueOf(type: string, value: bigint | Uint8Array): unknown {
  switch (type) {
    case 'bool':
      return value !== 0n;
    case 'int32':
    case 'int64':
      return numberOf(value);
    case 'string':
      return textOf(bytesOf(value));
    case 'bytes':
      return encodeBytes(bytesOf(value));
    case 'quantity':
      return textOf(bytesOf(valuesOf(bytesOf(value)).get(1)));
    case 'time':
    case 'microTime':
      return timeOf(bytesOf(value), type === 'microTime');
    case 'raw': {
      const raw = textOf(bytesOf(valuesOf(bytesOf(value)).get(1)));
      return raw === '' ? null : (JSON.parse(raw) as unknown);
    }
    case 'intOrString': {
      const values = valuesOf(bytesOf(value));
      return numberOf(values.get(1)) === 0 ? numberOf(values.get(2)) : textOf(bytesOf(values.get(3)));
    }
    default:
      return messageOf(type, bytesOf(value));
  }
}

const isZero = (value: unknown): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  value === null ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

function messageOf(id: string, bytes: Uint8Array): Record<string, unknown> | unknown[] {
  const fields = messages.get(id);
  if (!fields) throw new Error(`no message ${id}`);
  const object: Record<string, unknown> = {};
  for (const { number, value } of partsOf(bytes)) {
    const field = fields.get(number);
    if (!field) continue;
    const { name, type, isPointer } = field;
    if (type.startsWith('[]')) ((object[name] ??= []) as unknown[]).push(valueOf(type.slice(2), value));
    else if (type.startsWith('{}')) {
      const entry = valuesOf(bytesOf(value));
      const map = (object[name] ??= {});
      Object.defineProperty(map, textOf(bytesOf(entry.get(1))), {
        value: valueOf(type.slice(2), entry.get(2) ?? new Uint8Array()),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    } else {
      const one = valueOf(type, value);
      if (name === '.') Object.assign(object, one);
      else if (isPointer || !isZero(one)) object[name] = one;
    }
  }
  // A Go type that is a list has a message of its own around it.
  return id.endsWith('.ExtraValue') ? ((object.items ?? []) as unknown[]) : object;
}

/** 'apps/v1' → 'apps/v1', 'v1' → 'core/v1', 'discovery.k8s.io/v1' → 'discovery/v1'. Options stand in the group of what they are sent to. */
const idOf = (apiVersion: string, kind: string): string =>
  `${kind === 'DeleteOptions' || kind === 'Status' ? 'meta/v1' : apiVersion.includes('/') ? apiVersion.replace(/\.[^/]*/, '') : `core/${apiVersion}`}.${kind}`;

/** Throws an Error in the serializer's words when the bytes are no such message. */
export function fromProtobuf(bytes: Uint8Array): Record<string, unknown> {
  if (!MAGIC.every((byte, i) => bytes[i] === byte))
    throw new Error(`provided data does not appear to be a protobuf message, expected prefix [${MAGIC.join(' ')}]`);
  const unknown = valuesOf(bytes.subarray(MAGIC.length));
  const type = valuesOf(bytesOf(unknown.get(1)));
  const [apiVersion, kind] = [1, 2].map((number) => textOf(bytesOf(type.get(number))));
  const id = idOf(apiVersion, kind);
  return { apiVersion, kind, ...(messages.has(id) ? messageOf(id, bytesOf(unknown.get(2))) : {}) };
}
