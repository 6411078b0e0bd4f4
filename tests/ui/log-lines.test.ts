import { expect, it } from 'vitest';
import { boot, command, createEngine, settle } from '../../src/engine/engine.ts';
import { sessionOf } from '../../src/engine/core.ts';
import { logAt } from '../../src/ui/terminal/log-lines.ts';

const engine = createEngine();
boot(engine);
const bootRows = engine.trace.length;
for (const line of ['get nodes', 'get nowhere', 'get pods']) command(engine, { do: 'kubectl', args: line.split(' '), stdin: '' });
settle(engine, engine.world.now + 10_000_000);
const events = Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
const at = (row: number): readonly string[] =>
  logAt({ events, session: sessionOf(engine), bootRows, row }).lines.map(({ kind, text }) => `${kind}: ${text.split('\n')[0]}`);
const rowAfter = (says: string): number => events.findIndex((e) => e.type === 'note' && e.fact.says === says) + 1;

it('what was typed is shown at once, and waits until it is answered', () => {
  expect(at(bootRows)).toEqual(['wait: $ kubectl get nodes', 'wait: $ kubectl get nowhere', 'wait: $ kubectl get pods']);
  expect(at(rowAfter('kubectl/started'))).toEqual(['wait: $ kubectl get nodes', 'wait: $ kubectl get nowhere', 'wait: $ kubectl get pods']);
  expect(at(events.length)).toEqual(
    expect.arrayContaining([
      'in: $ kubectl get nodes',
      expect.stringMatching(/^out: NAME/),
      'in: $ kubectl get nowhere',
      expect.stringMatching(/^err: error: /),
    ]),
  );
  expect(at(events.length), 'what is no failure is not told as one').toContain('note: No resources found in default namespace.');
  expect(at(events.length).some((line) => line.startsWith('wait'))).toBe(false);
});

/** A laptop with its own terminal: what it shows at a row, by default at the end. */
function terminal() {
  const laptop = createEngine();
  boot(laptop);
  const from = laptop.trace.length;
  const run = (what: Parameters<typeof command>[1] | string, us = 10_000_000): number => {
    const n = command(laptop, typeof what === 'string' ? { do: 'kubectl', args: what.split(' '), stdin: '' } : what);
    settle(laptop, laptop.world.now + us);
    return n;
  };
  const log = (row = laptop.trace.length) => {
    const rows = Array.from({ length: laptop.trace.length }, (_, i) => laptop.trace.event(i));
    const { lines, running, ended, given } = logAt({ events: rows, session: sessionOf(laptop), bootRows: from, row });
    return {
      lines: lines.map(({ kind, text }) => `${kind}: ${text.trim().split('\n')[0]}`),
      running: running.map(({ text }) => text),
      isFree: ended === given,
    };
  };
  /** The row after the n-th note that says so. */
  const rowOf = (says: string, n = 1): number => {
    let left = n;
    for (let i = from; i < laptop.trace.length; i++) {
      const event = laptop.trace.event(i);
      if (event.type === 'note' && event.fact.says === says && --left === 0) return i + 1;
    }
    throw new Error(`it is not said ${n} times: ${says}`);
  };
  return { laptop, run, log, rowOf };
}

it('one that goes on says what it prints, and waits for nobody, until Ctrl-C', () => {
  const { run, log } = terminal();
  const n = run('port-forward deploy/coredns 8080:8080 -n kube-system');
  const line = '$ kubectl port-forward deploy/coredns 8080:8080 -n kube-system';
  const begun = [`in: ${line}`, 'out: Forwarding from 127.0.0.1:8080 -> 8080'];
  expect(log()).toEqual({ lines: begun, running: [line], isFree: true });
  run({ do: 'connect', connect: { from: 'laptop', to: 'localhost:8080/health' } });
  const asked = ['out: Handling connection for 8080', 'in: laptop$ curl localhost:8080/health', 'out: OK'];
  expect(log()).toEqual({ lines: [...begun, ...asked], running: [line], isFree: true });
  run({ do: 'hang-up', client: `laptop/kubectl-${n}` });
  expect(log()).toEqual({ lines: [...begun, ...asked, 'note: ^C'], running: [], isFree: true });
});

it('a watch prints a line at the row of its message, runs while others are given, and ends with Ctrl-C', () => {
  const { laptop, run, log, rowOf } = terminal();
  const n = run('get pods -w');
  const line = '$ kubectl get pods -w';
  expect(log(), 'nothing is there to print, and it is said to run').toEqual({ lines: [`in: ${line}`], running: [line], isFree: true });
  run('run one --image=nginx:1.29', 60_000_000);
  const end = laptop.trace.length;
  const states = (row: number) =>
    log(row).lines.flatMap((text) => /^out: one .*? (Pending|ContainerCreating|Running) /.exec(text)?.[1] ?? []);
  const all = states(end);
  expect(log(end)).toMatchObject({ running: [line], isFree: true });
  expect(all.filter((state, i) => state !== all[i - 1])).toEqual(['Pending', 'ContainerCreating', 'Running']);
  expect(log(end).lines.filter((text) => text === 'out: pod/one created')).toHaveLength(1);
  expect(states(rowOf('kubectl/printed', 3)).length).toBeLessThan(all.length);
  run({ do: 'hang-up', client: `laptop/kubectl-${n}` });
  expect(log()).toMatchObject({ running: [], isFree: true });
  expect(log().lines.at(-1)).toBe('note: ^C');
  expect([log(end).running, states(end)], 'before that it runs').toEqual([[line], all]);
});

it('one whose end is in the trace is waited for, and says each thing once', () => {
  const { run, log, rowOf } = terminal();
  run('create deployment web --image=nginx:1.29', 100_000);
  run('rollout status deployment/web');
  const row = rowOf('kubectl/printed');
  const line = '$ kubectl rollout status deployment/web';
  expect(log(row)).toMatchObject({ running: [line], isFree: false });
  const begun = log(row).lines.slice(-2);
  expect(begun).toEqual([`in: ${line}`, expect.stringMatching(/^out: Waiting for deployment/)]);
  const { lines, ...rest } = log();
  expect(lines.slice(-3)).toEqual([...begun, 'out: deployment "web" successfully rolled out']);
  expect(rest).toEqual({ running: [], isFree: true });
});
