/** `kube-orrery serve`: the cluster's API over HTTP, so that the real kubectl and every client library can be pointed at it. Virtual time follows the wall clock. */
import { createServer } from 'node:http';
import { upgrade } from './exec.mjs';

const headersOf = (request) => Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
const bodyOf = async (request) => { const parts = []; for await (const part of request) parts.push(part); return Buffer.concat(parts); };

/** However long nobody asked, so much time passes at most. */
const MOST_S = 600;

/** Where time does not pass by itself, the beginning of a watch takes so long. */
const WATCH_S = 0.1;

/** `isLive`: virtual time follows the wall clock; else it passes only as requests take it. Returns the server, listening on 127.0.0.1. */
export function serve(cluster, { port = 8001, tickMs = 100, isLive = true } = {}) {
  const watches = new Set();
  let last = Date.now();
  const catchUp = () => { const now = Date.now(); if (isLive && now > last) cluster.advance(Math.min(MOST_S, (now - last) / 1000)); last = now; };
  const timer = setInterval(() => { if (watches.size > 0) catchUp(); }, tickMs);
  timer.unref();
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const url = new URL(request.url, 'http://cluster');
    const isWatch = /^(1|true)$/.test(url.searchParams.get('watch') ?? '');
    try {
      catchUp();
      if (isWatch && (request.method ?? 'GET') === 'GET') return watch(request, response);
      const answer = cluster.request({ method: request.method ?? 'GET', path: request.url, headers: headersOf(request), ...(body.length === 0 ? {} : { body }) });
      response.writeHead(answer.status, answer.headers);
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    } catch (error) { response.writeHead(500, { 'content-type': 'text/plain' }); response.end(`${error.message}\n`); }
  });
  function watch(request, response) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const open = cluster.watch(request.url, (event) => response.write(`${JSON.stringify(event)}\n`), { headers: headersOf(request), onEnd: () => response.end() });
    watches.add(open);
    if (!isLive) cluster.advance(WATCH_S);
    response.on('close', () => { watches.delete(open); open.stop(); });
  }
  server.on('upgrade', (request, socket) => { catchUp(); upgrade(request, socket, (asked) => cluster.request({ ...asked, headers: headersOf(request) })); });
  server.on('close', () => clearInterval(timer));
  return server.listen(port, '127.0.0.1');
}
