/** `kube-orrery serve`: the cluster's API over HTTP, so that the real kubectl and every client library can be pointed at it. Virtual time follows the wall clock. */
import { createServer } from 'node:http';
import { upgrade } from './exec.mjs';

const headersOf = (request) => Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
const bodyOf = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
};

/** However long nobody asked, so much time passes at most. */
const MOST_S = 600;

/** The beginning of a watch takes so long; seconds of virtual time. */
const WATCH_S = 0.1;
/** A log is looked at so often. */
const FOLLOW_MS = 500;

/** `isLive`: virtual time follows the wall clock; else it passes only as requests and the beginnings of watches take it. Returns the server, listening on 127.0.0.1. */
export function serve(cluster, { port = 8001, tickMs = 100, isLive = true } = {}) {
  const followed = new Set();
  let last = Date.now();
  const catchUp = () => {
    const now = Date.now();
    if (isLive && now > last) cluster.advance(Math.min(MOST_S, (now - last) / 1000));
    last = now;
  };
  const timer = setInterval(() => {
    if (followed.size > 0) catchUp();
  }, tickMs);
  timer.unref();
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const url = new URL(request.url, 'http://cluster');
    const isWatch = !/^(0|false)$/i.test(url.searchParams.get('watch') ?? 'false') || /^\/apis?\/([^/]+\/){1,2}watch\//.test(url.pathname);
    try {
      catchUp();
      if (isWatch && (request.method ?? 'GET') === 'GET') return watch(request, response);
      if (url.pathname.endsWith('/log') && url.searchParams.get('follow') === 'true') return followLog(request, response, url);
      const answer = cluster.request({
        method: request.method ?? 'GET',
        path: request.url,
        headers: headersOf(request),
        ...(body.length === 0 ? {} : { body }),
      });
      response.writeHead(answer.status, answer.headers);
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`${error.message}\n`);
    }
  });
  /** The head waits for the server's answer, which may be a refusal. */
  function watch(request, response) {
    let refusal;
    const begun = [];
    const tell = (event) => response.write(`${JSON.stringify(event)}\n`);
    let hear = (event) => begun.push(event);
    const open = cluster.watch(request.url, (event) => hear(event), {
      headers: headersOf(request),
      onEnd: (answer) => {
        refusal = answer.status >= 400 ? answer : undefined;
        if (response.headersSent) response.end();
      },
    });
    cluster.advance(WATCH_S);
    last += WATCH_S * 1000;
    if (refusal) {
      response.writeHead(refusal.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(refusal.body));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    begun.forEach(tell);
    hear = tell;
    follow(response, () => open.stop());
  }
  /** What is followed needs time to pass, until nobody listens. */
  function follow(response, stop) {
    followed.add(response);
    response.on('close', () => {
      followed.delete(response);
      stop();
    });
  }
  /** `logs -f`: what has been written since, until the container has ended. */
  function followLog(request, response, url) {
    const path = url.pathname;
    const read = (params) =>
      cluster.request({ method: 'GET', path: `${path}?${new URLSearchParams(params)}`, headers: headersOf(request) });
    const named = url.searchParams.has('container') ? { container: url.searchParams.get('container') } : {};
    const first = read(Object.fromEntries([...url.searchParams].filter(([name]) => name !== 'follow')));
    response.writeHead(first.status, first.headers);
    response.write(typeof first.body === 'string' ? first.body : JSON.stringify(first.body));
    if (first.status !== 200) {
      response.end();
      return;
    }
    const times = url.searchParams.has('timestamps') ? { timestamps: url.searchParams.get('timestamps') } : {};
    const all = () => String(read({ ...named, ...times }).body);
    let seen = all().length;
    const isRunning = () => {
      const statuses =
        cluster.request({ method: 'GET', path: path.replace(/\/log$/, ''), headers: headersOf(request) }).body?.status?.containerStatuses ??
        [];
      return statuses.some((status) => (named.container === undefined || status.name === named.container) && status.state?.running);
    };
    const timer = setInterval(() => {
      const ends = !isRunning();
      const text = all();
      response.write(text.slice(seen));
      seen = text.length;
      if (ends) response.end();
    }, FOLLOW_MS);
    follow(response, () => clearInterval(timer));
  }
  server.on('upgrade', (request, socket) => {
    catchUp();
    upgrade(request, socket, (asked) => cluster.request({ ...asked, headers: headersOf(request) }));
  });
  server.on('close', () => clearInterval(timer));
  return server.listen(port, '127.0.0.1');
}
