/** The teacher's checks that a machine can judge without a page: titles, truth of names, the picture against the store, odd manifests, two seeds. */
import { describe, expect, it } from 'vitest';
import { podLine } from '../../src/api/pods/print.ts';
import type { V1Pod } from '../../src/api/schema/kubernetes.ts';
import { advanceTo, boot, command, createEngine, settle, worldAt, type Engine } from '../../src/engine/engine.ts';
import { lessons } from '../../src/lessons/registry.ts';
import { SAMPLE } from '../../src/scenarios/sample.ts';
import { beatNow, beatsOf, timesAt, type Beat } from '../../src/story/beats.ts';
import { objectsOf, openBook, pictureAt } from '../../src/story/picture.ts';
import { momentAt } from '../../src/views/moment.ts';
import { slotsAt } from '../../src/views/slots.ts';
import { sceneOf, type Scene } from '../../src/views/cluster.ts';

interface Run {
  readonly engine: Engine;
  readonly bootRows: number;
  readonly events: ReturnType<typeof eventsOf>;
  readonly beats: readonly Beat[];
}
const eventsOf = (engine: Engine) => Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i));
function run(manifest: string, seed = 7, limitSeconds = 60): Run {
  const engine = createEngine({ seed });
  boot(engine);
  const bootRows = engine.trace.length;
  command(engine, { do: 'kubectl', args: ['apply', '-f', '-'], stdin: manifest });
  settle(engine, engine.world.now + limitSeconds * 1_000_000);
  const events = eventsOf(engine);
  return { engine, bootRows, events, beats: beatsOf(events, bootRows) };
}
const sceneAt = (r: Run, row: number): Scene => {
  const book = openBook(r.events);
  return sceneOf({
    picture: pictureAt(book, row),
    moment: momentAt(book, r.beats, row),
    slots: slotsAt(book, row),
    room: { w: 1280, h: 495 },
  });
};
const sample = run(SAMPLE);
const words = (text: string): number => text.trim().split(/\s+/).length;
const deployment = (replicas: number, image: string, rest = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec:\n  replicas: ${replicas}\n  selector: {matchLabels: {app: x}}\n  template:\n    metadata: {labels: {app: x}}\n    spec:\n      containers:\n      - name: c\n        image: ${image}\n${rest}`;

describe('the story of the sample', () => {
  it('has about 28 beats, each one row range after the other, none empty', () => {
    expect(sample.beats.length).toBeGreaterThanOrEqual(26);
    expect(sample.beats.length).toBeLessThanOrEqual(32);
    sample.beats.forEach((beat, i) => {
      expect(beat.to).toBeGreaterThan(beat.from);
      if (i > 0) expect(beat.from).toBe(sample.beats[i - 1].to);
    });
  });
  it('has titles of at most twenty words (check 4)', () => {
    for (const beat of sample.beats) expect(words(beat.title), beat.title).toBeLessThanOrEqual(20);
  });
  it('names nothing that the trace does not hold at that moment (check 5)', () => {
    let seen = '';
    let row = 0;
    let names = 0;
    for (const beat of sample.beats) {
      for (; row < beat.to; row++) seen += JSON.stringify(sample.events[row]);
      for (const name of `${beat.title} ${beat.why}`.match(/\d+\.\d+\.\d+\.\d+|\b[a-z]+(?:-[a-z0-9]+)*-[0-9][a-z0-9-]*\b/g) ?? []) {
        names++;
        expect(seen.includes(name), `“${name}” in “${beat.title}”`).toBe(true);
      }
    }
    expect(names).toBeGreaterThan(20);
  });
  it('counts only the siblings that have done it by then, and all of them in the end (check 5)', () => {
    const said = (beat: Beat, row: number): number =>
      sample.events.slice(sample.bootRows, row).filter((e) => e.type === 'note' && e.fact.says === beat.fact.says).length;
    const folded = sample.beats.filter((b) => b.done.length === 3 && /^(kubelet|containerd|cni)\//.test(b.fact.says));
    expect(folded.length).toBeGreaterThanOrEqual(6);
    let partly = 0;
    for (const beat of folded) {
      for (let row = beat.to; row <= sample.events.length; row++) {
        const times = said(beat, row);
        if (times < 3) partly++;
        expect(timesAt(beat, row), `“${beat.title}” at ${row}`).toBe(times < 3 ? `\u00a0(${times}\u00a0of\u00a03)` : '\u00a0×3');
      }
    }
    expect(partly).toBeGreaterThan(0);
    const saw = sample.beats.find((b) => b.fact.says === 'kubelet/saw-pod');
    const bound = objectsOf<V1Pod>(pictureAt(openBook(sample.events), saw?.to ?? 0), 'pods').filter(
      (p) => p.metadata?.namespace === 'default' && p.spec?.nodeName,
    ).length;
    expect(bound).toBeLessThan(3);
    expect(beatNow(sample.beats, saw?.to ?? 0)).toBe(sample.beats.findIndex((b) => b === saw));
    expect(saw && timesAt(saw, saw.to)).toBe('\u00a0(1\u00a0of\u00a03)');
  });
  it('says that nothing but heartbeats remains only where nothing follows', () => {
    for (const beat of sample.beats.slice(0, -1)) expect(`${beat.title} ${beat.why}`).not.toContain('heartbeats remain');
    expect(sample.beats.findIndex((b) => b.fact.says === 'deployment/complete')).toBe(sample.beats.length - 2);
    expect(sample.beats.at(-2)?.why).toContain('rules may follow');
    expect(sample.beats.at(-1)?.fact.says).toBe('kube-proxy/synced');
  });
  it('holds the acts of the walkthrough in order', () => {
    const first = [1, 2, 3, 4, 5].map((act) => sample.beats.findIndex((b) => b.act === act));
    expect(first).toEqual([...first].sort((a, b) => a - b));
    expect(first).not.toContain(-1);
  });
});

it('draws at every beat what etcd holds (check 6)', () => {
  for (const beat of sample.beats) {
    const delivered = sample.engine.trace.deliveriesBefore(beat.to);
    const store = worldAt(sample.engine, delivered).actors.get('cp-1/etcd')?.state as {
      readonly store: { readonly keys: ReadonlyMap<string, { readonly value: V1Pod }> };
    };
    const pods = [...store.store.keys].filter(([key]) => key.startsWith('/registry/pods/default/')).map(([, kv]) => kv.value);
    const scene = sceneAt(sample, beat.to);
    const drawn = [...scene.machines.flatMap((m) => m.pods), ...scene.tray.pods]
      .filter((p) => !p.isSystem)
      .map((p) => `${p.name} ${p.status} ${p.foundation?.isReported ? p.foundation.ip : ''}`)
      .sort();
    expect(drawn).toEqual(pods.map((p) => `${p.metadata?.name} ${podLine(p, 0).status} ${p.status?.podIP ?? ''}`).sort());
  }
});

describe('odd manifests run, or say why (check 7)', () => {
  const said = (r: Run, says: string): Beat | undefined => r.beats.find((b) => b.fact.says === says);
  it('a tag that does not exist', () => {
    const { engine, bootRows } = run(deployment(1, 'nginx:9.99.99-nope'), 7, 30);
    advanceTo(engine, engine.world.now + 90_000_000);
    const tries = beatsOf(eventsOf(engine), bootRows).filter((b) => b.fact.says === 'kubelet/pull-failed');
    expect(tries[0]?.why).toContain('not found');
    expect(tries.map((b) => /again in (\d+) s/.exec(b.why)?.[1]).slice(0, 3)).toEqual(['10', '20', '40']);
  });
  const pod = (rest: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n  containers:\n  - name: c\n    image: nginx:1.29\n${rest}`;
  it.each([
    [
      'a ConfigMap that is not there, in the environment',
      '    envFrom: [{configMapRef: {name: absent}}]\n',
      'The kubelet cannot start container c of app.',
      'CreateContainerConfigError: configmap "absent" not found',
    ],
    [
      'a Secret that is not there, as files',
      '    volumeMounts: [{name: v, mountPath: /v}]\n  volumes: [{name: v, secret: {secretName: absent}}]\n',
      'The kubelet cannot mount a volume of app: nothing starts.',
      'FailedMount: secret "absent" not found',
    ],
    [
      'an image that may not be pulled',
      '    imagePullPolicy: Never\n',
      'The kubelet cannot start container c of app.',
      'ErrImageNeverPull: Container image "nginx:1.29" is not present with pull policy of Never',
    ],
  ])('%s: told once', (_what, rest, title, why) => {
    const told = run(pod(rest), 7, 60).beats.filter((b) => b.fact.says === 'kubelet/cannot-start');
    expect(told.map((b) => b.title)).toEqual([title]);
    expect(told[0].why).toBe(`${why}. It tries again by itself, until this is mended.`);
  });
  it('a pod that has done its work: no foundation is left to stand', () => {
    const once = run(pod("    command: [sh, -c, 'echo done']\n  restartPolicy: Never\n"), 7, 60);
    expect(said(once, 'kubelet/container-died')?.why).toMatch(
      /^It has done its job. Nothing is started again, so the sandbox is stopped too: 10.200.\d.2 is free.$/,
    );
    expect(said(run(pod("    command: [sh, -c, 'exit 1']\n"), 7, 30), 'kubelet/container-died')?.why).toMatch(
      /^The foundation stands: the pod keeps its address 10.200.\d.2.$/,
    );
  });
  it('whatever kubectl prints, the title can be read at a glance', () => {
    const { engine, bootRows } = run(pod(''), 7, 30);
    const titleOf = (...args: readonly string[]): string => {
      command(engine, { do: 'kubectl', args, stdin: '' });
      settle(engine, engine.world.now + 60_000_000);
      return beatsOf(eventsOf(engine), bootRows).findLast((b) => b.fact.says === 'kubectl/exited')?.title ?? '';
    };
    expect(titleOf('logs', 'app')).toBe('kubectl prints: /docker-entrypoint.sh: Configuration complete; ready for st… …');
    expect(titleOf('get', 'events', '-A')).toMatch(/^kubectl prints: \d+ events$/);
    expect(titleOf('describe', 'pod', 'app')).toBe('kubectl prints: all about app, in 52 lines');
    expect(titleOf('get', 'nodes')).toBe('kubectl prints: cp-1 Ready · worker-1 Ready · worker-2 Ready …');
  });
  it('a DaemonSet: each pod names its machine, and the others are not looked at', () => {
    const manifest =
      'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: x}\nspec:\n  selector: {matchLabels: {app: x}}\n  template:\n    metadata: {labels: {app: x}}\n    spec: {containers: [{name: c, image: "nginx:1.29"}]}\n';
    const beat = said(run(manifest), 'scheduler/filtered');
    expect([beat?.title.replace(/x-\w{5}/, 'x'), beat?.why]).toEqual([
      'The scheduler looks at 1 of 4 machines for x; 1 fits.',
      '3 machines are not what the pod selects.',
    ]);
  });
  it('a selector that does not match', () => {
    const manifest = deployment(1, 'nginx:1.29').replace('matchLabels: {app: x}', 'matchLabels: {app: other}');
    expect(said(run(manifest), 'kubectl/exited')?.why).toContain('`selector` does not match template `labels`');
  });
  it('twelve replicas, all counted', () => {
    const r = run(deployment(12, 'nginx:1.29'));
    const scene = sceneAt(r, r.events.length);
    expect(
      scene.machines.reduce(
        (n, m) => n + m.pods.filter((p) => !p.isSystem).length + m.cells.filter((p) => !p.isSystem).length + m.more,
        0,
      ) + scene.tray.waiting,
    ).toBe(12);
    expect(said(r, 'deployment/complete')).toBeDefined();
    expect(r.beats.length).toBeLessThan(60);
  });
  it('no probe', () => {
    expect(said(run(deployment(2, 'nginx:1.29')), 'deployment/complete')).toBeDefined();
  });
  it('a kind that is not here', () => {
    expect(said(run('apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n'), 'kubectl/exited')?.why).toContain(
      'no matches for kind "Widget" in version "example.com/v1"',
    );
  });
  it('more than the machines have', () => {
    const r = run(deployment(1, 'nginx:1.29', '        resources: {requests: {cpu: "64"}}\n'), 7, 20);
    expect(said(r, 'scheduler/unschedulable')?.why).toContain('Insufficient cpu');
  });
});

it('computes the answers of its questions from the run: seeds differ in who gets a pod (check 8)', () => {
  const lesson = lessons.find((l) => l.id === 'yaml-to-pod');
  const question = lesson?.steps.find((s) => s.question?.ask.startsWith('Which machine'))?.question;
  const answers = [1, 2, 3, 4, 5, 6].map((seed) => {
    const r = run(SAMPLE, seed, 20);
    const at = r.beats.find((b) => b.fact.says === 'scheduler/bound');
    const picture = pictureAt(openBook(r.events), at?.to ?? 0);
    const answer = question?.answer(r.beats, at?.to ?? 0, picture) ?? -1;
    const placed = objectsOf<V1Pod>(pictureAt(openBook(r.events), r.events.length), 'pods').map((p) => p.spec?.nodeName);
    expect(placed).toContain(question?.options(r.beats, 0, picture)[answer]);
    return answer;
  });
  expect(new Set(answers).size).toBeGreaterThan(1);
});
