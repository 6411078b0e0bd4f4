/** Messages as upstream's own golden files have them, beside the same objects as JSON. Source: k8s.io/api testdata/HEAD (v0.36.4). */
import { describe, expect, it } from 'vitest';
import { fromProtobuf } from '../../src/api/protobuf/decode.ts';
import { openCluster } from '../../src/engine/headless.ts';
import golden from './protobuf.recorded.json' with { type: 'json' };

const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

describe('protobuf', () => {
  it.each(Object.entries(golden))('%s', (_name, { pb, json }) => expect(fromProtobuf(bytesOf(pb))).toEqual(json));

  it('says what is no message', () => {
    expect(() => fromProtobuf(new TextEncoder().encode('{"kind":"Pod"}'))).toThrow(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
    expect(() => fromProtobuf(bytesOf(golden['core.v1.Secret'].pb).subarray(0, 100))).toThrow('unexpected EOF');
  });

  it('is taken by the apiserver', () => {
    const cluster = openCluster();
    const sent = (body: Uint8Array) =>
      cluster.request({
        method: 'POST',
        path: '/api/v1/namespaces/default/configmaps',
        headers: { 'Content-Type': 'application/vnd.kubernetes.protobuf' },
        body,
      });
    // ConfigMap { metadata { name: 'sky' } data { 'colour': 'blue' } }
    const message = [
      0x0a,
      0x05,
      0x0a,
      0x03,
      ...new TextEncoder().encode('sky'),
      0x12,
      0x0e,
      0x0a,
      0x06,
      ...new TextEncoder().encode('colour'),
      0x12,
      0x04,
      ...new TextEncoder().encode('blue'),
    ];
    const envelope = [
      0x6b,
      0x38,
      0x73,
      0x00,
      0x0a,
      0x0f,
      0x0a,
      0x02,
      ...new TextEncoder().encode('v1'),
      0x12,
      0x09,
      ...new TextEncoder().encode('ConfigMap'),
      0x12,
      message.length,
      ...message,
    ];
    expect(sent(Uint8Array.from(envelope))).toMatchObject({
      status: 201,
      body: { kind: 'ConfigMap', metadata: { name: 'sky', namespace: 'default' }, data: { colour: 'blue' } },
    });
    expect(sent(Uint8Array.from(envelope.slice(1)))).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
  });
});
