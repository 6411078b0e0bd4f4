/** A real etcd, asked over its JSON gateway. `ETCD_PATH`, or etcd on the PATH. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = process.env.ETCD_PATH ?? 'etcd';
export const etcdVersion = () => {
  const { stdout, error } = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' });
  return error ? undefined : /etcd Version: (\S+)/.exec(stdout)?.[1];
};

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
const b64 = (text) => Buffer.from(text).toString('base64');
const text = (data) => (data === undefined ? '' : Buffer.from(data, 'base64').toString());
const kv = (k) => ({
  key: text(k.key),
  value: text(k.value),
  create: Number(k.create_revision ?? 0),
  mod: Number(k.mod_revision ?? 0),
  version: Number(k.version ?? 0),
});
/** The end of the range of all keys with a prefix. */
const endOf = (prefix) => {
  const bytes = Buffer.from(prefix);
  bytes[bytes.length - 1]++;
  return bytes.toString('base64');
};
const opOf = (op) =>
  op.op === 'put'
    ? { request_put: { key: b64(op.key), value: b64(op.value) } }
    : op.op === 'delete'
      ? { request_delete_range: { key: b64(op.key) } }
      : { request_range: { key: b64(op.key), ...(op.op === 'prefix' ? { range_end: endOf(op.key) } : {}) } };

/** What etcd answers to each step, in order. */
export async function askEtcd(steps) {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-'));
  const [client, peer] = [await freePort(), await freePort()];
  const server = spawn(
    PROGRAM,
    [
      '--data-dir',
      dir,
      '--listen-client-urls',
      `http://127.0.0.1:${client}`,
      '--advertise-client-urls',
      `http://127.0.0.1:${client}`,
      '--listen-peer-urls',
      `http://127.0.0.1:${peer}`,
      '--initial-advertise-peer-urls',
      `http://127.0.0.1:${peer}`,
      '--initial-cluster',
      `default=http://127.0.0.1:${peer}`,
    ],
    { stdio: 'ignore' },
  );
  const post = async (path, body) =>
    (await fetch(`http://127.0.0.1:${client}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) })).json();
  try {
    for (let i = 0; ; i++) {
      try {
        await post('kv/range', { key: b64('x') });
        break;
      } catch (error) {
        if (i > 100) throw error;
        await new Promise((r) => setTimeout(r, 100));
      }
    }
    const said = [];
    for (const step of steps) said.push(await answer(step, post, `http://127.0.0.1:${client}/v3/watch`));
    return said;
  } finally {
    server.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
}

async function answer(step, post, watchUrl) {
  if (step.do === 'txn') {
    const out = await post('kv/txn', {
      compare: step.txn.compare.map((c) => ({ key: b64(c.key), target: 'MOD', result: 'EQUAL', mod_revision: c.modRevision })),
      success: step.txn.success.map(opOf),
      failure: step.txn.failure.map(opOf),
    });
    return {
      succeeded: out.succeeded === true,
      revision: Number(out.header.revision),
      ranges: (out.responses ?? []).flatMap((r) => (r.response_range ? [(r.response_range.kvs ?? []).map(kv)] : [])),
    };
  }
  if (step.do === 'rangeAt') {
    const out = await post('kv/range', { key: b64(step.prefix), range_end: endOf(step.prefix), revision: step.revision });
    return out.error ? { error: out.error } : { kvs: (out.kvs ?? []).map(kv) };
  }
  if (step.do === 'compact') {
    const out = await post('kv/compaction', { revision: step.revision });
    return out.error ? { error: out.error } : { ok: true };
  }
  return watched(step, watchUrl);
}

/** All changes under a prefix from a revision on, until the stream has been still for a while. */
async function watched(step, url) {
  const abort = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({
      create_request: { key: b64(step.prefix), range_end: endOf(step.prefix), start_revision: step.from, prev_kv: true },
    }),
    signal: abort.signal,
  });
  const changes = [];
  let compacted = false;
  let rest = '';
  let timer = setTimeout(() => abort.abort(), 600);
  try {
    for await (const part of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), 300);
      const lines = (rest + Buffer.from(part).toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter(Boolean)) {
        const { result } = JSON.parse(line);
        if (result.compact_revision) compacted = true;
        for (const e of result.events ?? [])
          changes.push({
            type: e.type === 'DELETE' ? 'delete' : 'put',
            key: text(e.kv.key),
            value: text(e.kv.value),
            mod: Number(e.kv.mod_revision),
            version: Number(e.kv.version ?? 0),
            prev: e.prev_kv ? text(e.prev_kv.value) : null,
          });
      }
    }
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  }
  return compacted ? { error: 'compacted' } : { changes };
}
