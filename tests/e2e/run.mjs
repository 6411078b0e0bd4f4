/** The page in a real browser: opens, applies, steps, goes back, breaks, shares; hostile text; axe. Writes test-results/e2e.json. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { findBrowser, LAUNCH_ARGS } from '../../scripts/browser.mjs';
import { answered, atRest, caption, drawn, pick, press } from './page.mjs';
import { editorChecks } from './editor.mjs';
import { teacherChecks } from './teacher.mjs';
import { stageChecks } from './stage.mjs';
import { firstUseChecks } from './first-use.mjs';

mkdirSync('test-results', { recursive: true });
/** A port that nobody has. */
const PORT = await new Promise((resolve) => {
  const probe = createServer().listen(0, () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const server = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'preview', '--port', String(PORT), '--strictPort'], {
  stdio: 'ignore',
});
const results = { passed: 0, failed: 0 };
const checks = [];
/** `node tests/e2e/run.mjs squiggle`: only checks whose name has the word. */
const only = process.argv[2] ?? '';
const check = (name, run) => checks.push({ name, run });
/** A check that only looks: it gets the page of those before it, put back to the sample at its end, in the dark workbench at 1280×720, without motion. It gives no command and opens nothing. */
const looks = (name, run) => checks.push({ name, run, isLook: true });
const assert = (claim, message) => {
  if (!claim) throw new Error(message);
};
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

const scores = (page) => page.textContent('[data-testid=scoreboard]');
/** All that is drawn, whatever the order in which attributes were set. */
const frame = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-testid=stage] .react-flow__nodes *')]
      .map((e) =>
        [e.tagName, ...[...e.attributes].map((a) => `${a.name}=${a.value}`).sort(), e.children.length === 0 ? e.textContent : ''].join(' '),
      )
      .join('\n'),
  );
async function open(page, path = '', until = '[data-testid=stage] .react-flow__node') {
  await page.goto('about:blank');
  await page.goto(`http://localhost:${PORT}/${path}`);
  await page.waitForSelector('[data-status=ready]', { timeout: 20000 });
  await page.waitForSelector(until);
}
async function applied(page) {
  await page.click('text=kubectl apply');
  await page.waitForFunction(() => / \/ [1-9]/.test(document.querySelector('[data-testid=caption]')?.textContent ?? ''));
}
/** As a class sees it. */
async function presenting(page, width, height) {
  await page.setViewportSize({ width, height });
  await press(page, 'p');
}
/** However the check before has left it. */
async function putBack(page, isKnown) {
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  if (!isKnown) {
    await open(page);
    await applied(page);
  }
  await page.evaluate(() => document.activeElement?.blur());
  const isOpen = (selector) => page.locator(selector).count();
  for (let i = 0; i < 4 && (await isOpen('[aria-label=Inspector], section[aria-label=Legend], [data-testid=stage]:not([data-at=""])')); i++)
    await press(page, 'Escape');
  for (const [selector, key] of [
    ['[data-presenting]', 'p'],
    ['html[data-theme=light]', 't'],
    ['[aria-label="Beats"] [aria-pressed=true]', 's'],
  ])
    if (await isOpen(selector)) await press(page, key);
  await page.click('role=tab[name=Manifest]');
  await page.selectOption('[aria-label=Pace]', '1');
  await page.evaluate(() => document.activeElement?.blur());
  await press(page, 'End');
  await page.waitForFunction(
    () =>
      document.querySelector('[data-testid=stage][data-at=""] [data-testid=machine-worker-3]') &&
      document.querySelector('[data-testid=scoreboard]')?.textContent?.endsWith('ready 3') &&
      !document.querySelector('[aria-label=Inspector], section[aria-label=Legend], [data-testid=sequence], [data-presenting]'),
  );
}
/** Types a line into the terminal, and goes to the end of what it does. */
async function say(page, line, until) {
  await page.click('role=tab[name=kubectl]');
  await page.waitForSelector('[aria-label="kubectl command"][aria-busy=false]');
  await page.fill('[aria-label="kubectl command"]', line);
  await page.press('[aria-label="kubectl command"]', 'Enter');
  await page.waitForSelector(`[aria-label="Undo kubectl ${line}"]:enabled`);
  await page.locator('header').first().click();
  await press(page, 'End');
  await page.waitForFunction((text) => document.querySelector('[role=log]')?.textContent?.includes(text), until, { timeout: 20000 });
}

check('opens with a running cluster, without an error in the console', async (page) => {
  const errors = [];
  page.on('console', (m) => {
    if (m.type() === 'error') errors.push(m.text());
  });
  page.on('pageerror', (e) => errors.push(e.message));
  await open(page);
  assert((await page.textContent('[data-testid=stage]')).includes('worker-3'), 'three workers are on the stage');
  assert(errors.length === 0, errors.join('\n'));
});
check('apply, then to the end: three pods are ready', async (page) => {
  await open(page);
  await applied(page);
  await press(page, 'End');
  await page.waitForFunction(
    () => document.querySelector('[data-testid=scoreboard]')?.textContent === 'want 3 · created 3 · bound 3 · running 3 · ready 3',
  );
  assert((await page.textContent('[data-testid=stage]')).includes('3 of 3'), 'the Service has three ready endpoints');
});
looks('28 beats forward and as many back give the identical first frame', async (page) => {
  await press(page, 'Home');
  await atRest(page);
  const before = [await frame(page), await scores(page)];
  for (let i = 0; i < 28; i++) await press(page, 'PageDown');
  assert((await scores(page)) !== before[1], 'something happened');
  for (let i = 0; i < 28; i++) await press(page, 'PageUp');
  await atRest(page);
  assert((await frame(page)) === before[0], 'the stage is the same');
  assert((await scores(page)) === before[1], 'the scoreboard is the same');
});
looks('why? leads back to the command', async (page) => {
  await page.click('text=Why?');
  const text = await page.textContent('[data-testid=why]');
  assert(/laptop\/kubectl-\d+/.test(text), `the chain names the command: ${text.slice(-300)}`);
});
check('kubectl in the page prints what kubectl prints', async (page) => {
  await open(page);
  await say(page, 'get nodes', 'worker-1   Ready');
});
check('what is written on both streams keeps its order in the terminal, and explain has its words', async (page) => {
  await open(page);
  await applied(page);
  await press(page, 'End');
  await say(page, 'logs deploy/web --tail=1', 'Found ');
  const kinds = await page.$$eval('[role=log] pre', (all) => all.map((pre) => `${pre.dataset.kind}: ${pre.textContent}`));
  const at = kinds.findIndex((text) => text.startsWith('note: Found '));
  assert(at > 0 && kinds[at + 1]?.startsWith('out: '), kinds.slice(-3).join(' | '));
  await say(page, 'explain pod.spec.restartPolicy', 'Restart policy for all containers within the pod.');
});
check('port-forward in the terminal, curl of localhost beside it, and Ctrl-C', async (page) => {
  await open(page);
  await applied(page);
  await press(page, 'End');
  await say(page, 'port-forward deploy/web 8080:80', 'Forwarding from 127.0.0.1:8080 -> 80');
  await page.fill('#prompt[aria-busy=false]', 'curl localhost:8080');
  await page.press('#prompt', 'Enter');
  await page.waitForSelector('[aria-label="Undo curl localhost:8080"]:enabled');
  await page.locator('header').first().click();
  await press(page, 'End');
  const prints = (text) =>
    page.waitForFunction((t) => document.querySelector('[role=log]')?.textContent?.includes(t), text, { timeout: 20000 });
  await prints('Welcome to nginx');
  await prints('Handling connection for 8080');
  await page.press('#prompt', 'Control+c');
  await prints('^C');
});
check('exec -it: a shell in a pod reads what is typed, Ctrl-C ends what it runs, and Ctrl-D the shell', async (page) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  await say(page, 'run box --image=busybox:1.36 -- sleep 36000', 'pod/box created');
  await page.locator('header').first().click();
  await press(page, 'End');
  await say(page, 'exec -it box -- sh', '$ kubectl exec -it box -- sh');
  const prompts = (text) => page.waitForFunction((is) => document.querySelector('#prompt').closest('label').textContent === is, text);
  const reads = async (line, then, prompt) => {
    await page.fill('#prompt', line);
    await page.press('#prompt', 'Enter');
    await page.waitForFunction((is) => document.querySelector('[role=log]').textContent.includes(is), then);
    await prompts(prompt);
  };
  await prompts('/ # ');
  await reads('cd /tmp && x=1', '/ # cd /tmp && x=1', '/tmp # ');
  await reads('echo $x$HOSTNAME', '1box', '/tmp # ');
  await reads('for i in 7 8; do', 'for i in 7 8; do', '> ');
  await reads('echo got$i; done', 'got8', '/tmp # ');
  await reads('cat > note', 'cat > note', '');
  await reads('typed into a file', 'typed into a file', '');
  await page.press('#prompt', 'Control+d');
  await reads('wc -w note', '4 note', '/tmp # ');
  await reads('ping 127.0.0.1', 'PING 127.0.0.1', '');
  await page.press('#prompt', 'Control+c');
  await prompts('/tmp # ');
  assert((await page.textContent('[role=log]')).includes('ping statistics'), await page.textContent('[role=log]'));
  await page.locator('header').first().click();
  for (let i = 0; i < 30 && !(await caption(page)).includes('You type cd'); i++) await press(page, 'PageUp');
  assert(!(await page.textContent('[role=log]')).includes('1box'), 'what came later is not there yet');
  await press(page, 'End');
  await prompts('/tmp # ');
  await page.press('#prompt', 'Control+d');
  await prompts('$ kubectl ');
});
check('what kubectl prints has room when it is asked for, and the stage has it back', async (page) => {
  await open(page);
  await say(page, 'get nodes -o wide', 'KERNEL-VERSION');
  const widths = () => page.$eval('[role=log]', ({ clientWidth, scrollWidth }) => ({ clientWidth, scrollWidth }));
  const before = await widths();
  assert(before.scrollWidth > before.clientWidth, 'a wide table is cut');
  await page.click('text=↔ widen');
  await page.waitForSelector('text=↔ as before');
  assert((await widths()).clientWidth > before.clientWidth, 'it is not wider');
  await page.click('text=↔ as before');
  await page.waitForSelector('text=↔ widen');
  assert((await widths()).clientWidth === before.clientWidth, 'it is as wide as before');
});
check('get pods -w prints as the story is told, beside the editor; it goes back with the cursor, and ends with Ctrl-C', async (page) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  const running = '[aria-label="Ctrl-C: end kubectl get pods -w"]';
  const lines = () => page.$$eval('[role=log] pre[data-kind=out]', (all) => all.map((pre) => pre.textContent ?? ''));
  /** What the lines of one pod say of it, each once where it is said again. */
  const states = async () => {
    const rows = (await lines()).map((text) => text.trim().split('\n').at(-1).split(/ {2,}/));
    return rows.filter(([name]) => name === rows.find(([first]) => first.startsWith('web-'))?.[0]).map((row) => row[2]);
  };
  const shown = async () => (await states()).filter((state, i, all) => state !== all[i - 1]).join(' → ');
  await say(page, 'get pods -w', '$ kubectl get pods -w');
  await page.waitForSelector(running);
  assert((await lines()).length === 0, 'there is no pod to print');
  await page.click('role=tab[name=Manifest]');
  await page.click('text=kubectl apply');
  await page.waitForSelector('[aria-label="Undo kubectl apply -f -"]:enabled');
  await page.click('role=tab[name=kubectl]');
  await page.locator('header').first().click();
  await press(page, 'Home');
  const seen = [];
  for (let i = 0; i < 80 && (await page.locator('[aria-label="Forward a beat"]:enabled').count()); i++) {
    await press(page, 'PageDown');
    const now = await shown();
    if (now !== seen.at(-1)) seen.push(now);
  }
  const all = 'Pending → ContainerCreating → Running';
  assert(seen.filter((text) => text !== '').join() === `Pending,Pending → ContainerCreating,${all}`, seen.join(' | '));
  const printed = await lines();
  await page.click(running);
  await page.waitForFunction(() => document.querySelector('[role=log] pre:last-child')?.textContent === '^C');
  assert((await page.locator(running).count()) === 0, 'nothing runs any more');
  for (let i = 0; i < 80 && (await shown()) !== 'Pending'; i++) await press(page, 'PageUp');
  assert((await page.locator(running).count()) === 1, 'there it runs');
  assert(
    (await lines()).every((text, i) => text === printed[i]),
    'what was printed until then',
  );
  await press(page, 'End');
  assert(JSON.stringify(await lines()) === JSON.stringify(printed), 'and all of it again at the end');
});
check('breaking something: a killed container comes back', async (page) => {
  await open(page);
  await applied(page);
  await press(page, 'End');
  await pick(page, 'Break something', 'kill container nginx');
  await press(page, 'End');
  await page.waitForFunction(() => document.querySelector('[data-testid=scoreboard]')?.textContent?.endsWith('ready 3'));
});
check('menus by keyboard: arrows choose, Enter acts, the focus stays; ← and → step', async (page) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  await applied(page);
  await press(page, 'End');
  const menu = page.locator('select[aria-label="Break something"]');
  const before = await caption(page);
  await menu.focus();
  await page.keyboard.press('ArrowDown');
  await answered(page);
  await page.keyboard.press('ArrowDown');
  await answered(page);
  assert((await caption(page)) === before, 'nothing is broken yet');
  await page.keyboard.press('Enter');
  await page.waitForFunction((was) => document.querySelector('[data-testid=caption] h2').textContent !== was, before);
  assert(await menu.evaluate((e) => document.activeElement === e), 'the focus stays');
  const pace = page.locator('select[aria-label=Pace]');
  await pace.focus();
  const after = await caption(page);
  await page.keyboard.press('ArrowLeft');
  assert((await caption(page)) !== after && (await pace.inputValue()) === '1', 'it steps, and the pace is the same');
});
check('a request is followed packet by packet: rules, DNAT, the answer', async (page) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  await applied(page);
  await press(page, 'End');
  await pick(page, 'Send a request', 'curl http://web.default');
  const seen = [];
  for (let i = 0; i < 40 && !seen.some((t) => t.startsWith('The answer is here')); i++) {
    await press(page, 'PageDown');
    const title = await caption(page);
    seen.push(title);
    if (title.startsWith('PREROUTING') && seen.filter((t) => t === title).length === 1)
      assert((await page.textContent('[data-testid=packet]')).includes('KUBE-SVC-'), 'the rules are shown');
  }
  assert(seen.some((t) => t.startsWith('DNAT on')) && seen.some((t) => t.startsWith('The answer is here: HTTP 200')), seen.join(' | '));
});
check('a link brings the same session back, and so does a reload; damaged ones say so', async (page) => {
  await open(page);
  await applied(page);
  await press(page, 'End');
  const score = await scores(page);
  for (let i = 0; i < 6; i++) await press(page, 'PageUp');
  const title = await caption(page);
  await page.click('text=Share');
  await page.waitForFunction(() => location.hash.startsWith('#s='));
  await page.waitForSelector('[role=alert] >> text=The link to this moment is in the address bar');
  const hash = await page.evaluate(() => location.hash);
  await open(page, hash);
  assert((await caption(page)) === title, 'the same moment');
  await press(page, 'End');
  assert((await scores(page)) === score, 'the same end');
  for (let i = 0; i < 4; i++) await press(page, 'PageUp');
  await press(page, 'p');
  const there = await page.textContent('[data-testid=caption]');
  const reload = async () => {
    await page.reload();
    await page.waitForSelector('[data-status=ready]', { timeout: 20000 });
    await page.waitForSelector('[data-testid=caption] h2');
  };
  await reload();
  assert(
    (await page.textContent('[data-testid=caption]')) === there && (await page.isVisible('[data-presenting]')),
    `a reload takes up the run, the moment and Present: ${await page.textContent('[data-testid=caption]')}`,
  );
  await open(page, '#s=not-a-session');
  assert((await page.textContent('[role=alert]')).includes('could not be read'), 'it says so');
  for (const [broken, says] of [
    ['{"hash":', undefined],
    ['{"hash":"#s=not-a-session","row":1,"session":{"seed":7,"commands":[5]}}', 'could not be taken up'],
  ]) {
    await page.addInitScript((text) => {
      sessionStorage['orrery/run'] = text;
      Storage.prototype.setItem = () => undefined;
    }, broken);
    await reload();
    await page.waitForFunction(
      (text) => (document.querySelector('[role=alert]')?.textContent ?? '').includes(text),
      says ?? 'could not be read',
    );
    assert((await page.textContent('[data-testid=stage]')).includes('worker-3'), 'a cluster is there all the same');
  }
});
for (const title of ['From YAML to a running Pod', 'A Service is only rules', 'Why the pause container exists']) {
  check(`the lesson “${title}” plays to its end`, async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await page.click('role=tab[name=Lessons]');
    await page.click(`text=${title}`);
    await page.waitForSelector('[data-testid=lesson]');
    await press(page, 'p');
    const captions = new Set();
    for (let i = 0; i < 60; i++) {
      const next = page.locator('[data-testid=lesson-next]:not([disabled])');
      await next.waitFor({ timeout: 10000 });
      captions.add(await caption(page));
      const option = page.locator('[data-testid=lesson] fieldset button:not([disabled])').first();
      if (await option.count()) {
        await option.click();
        assert(/Right|It is/.test(await page.textContent('[data-testid=lesson] fieldset')), 'the question is answered');
      }
      const beyond = await page.evaluate(() => {
        const [next, why, caption] = ['[data-testid=lesson-next]', '[data-testid=lesson] fieldset p', '[data-testid=caption]'].map((s) =>
          document.querySelector(s)?.getBoundingClientRect(),
        );
        return Math.max(next.bottom - caption.top, why ? why.bottom - next.top : 0);
      });
      assert(beyond <= 0, `${beyond} px of step ${captions.size} are out of sight`);
      const isLast = (await next.textContent()) === 'Finish';
      await next.click();
      if (isLast) break;
      await drawn(page);
    }
    await press(page, 'p');
    await page.waitForSelector('text=1 of 3 lessons seen');
    assert(captions.size > 7, `the stage moved with the lesson: ${[...captions].join(' | ')}`);
  });
}
check('the same session has the same digest in Node and in the browser', async (page) => {
  const play = (openCluster, replay, manifest) => {
    const cluster = openCluster({ seed: 11 });
    cluster.kubectl('apply -f -', manifest);
    cluster.settle();
    cluster.fault({ do: 'kill', what: 'worker-2' });
    cluster.advance(60);
    return [cluster.digest(), replay(cluster.session()).digest(), cluster.kubectl('get pods -A -o wide').stdout];
  };
  const manifest =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "nginx:1.29"}]}}}\n';
  const engine = await import('../../dist/engine/index.js');
  const here = play(engine.openCluster, engine.replay, manifest);
  await page.goto(`http://localhost:${PORT}/`);
  const there = await page.evaluate(async (text) => {
    const { openCluster, replay } = await import(new URL('./engine/index.js', location.href).href);
    const cluster = openCluster({ seed: 11 });
    cluster.kubectl('apply -f -', text);
    cluster.settle();
    cluster.fault({ do: 'kill', what: 'worker-2' });
    cluster.advance(60);
    return [cluster.digest(), replay(cluster.session()).digest(), cluster.kubectl('get pods -A -o wide').stdout];
  }, manifest);
  assert(here[0] === here[1], 'a replay has the digest of its session');
  assert(JSON.stringify(here) === JSON.stringify(there), `Node ${here[0]}, browser ${there[0]}`);
});
check('offline the second time', async (page) => {
  await open(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(
    async () => (await (await caches.open((await caches.keys()).find((n) => n.startsWith('orrery-')))).keys()).length > 8,
  );
  await page.context().setOffline(true);
  try {
    await open(page);
    await applied(page);
    await press(page, 'End');
    await page.waitForFunction(() => document.querySelector('[data-testid=scoreboard]')?.textContent?.includes('ready 3'));
  } finally {
    await page.context().setOffline(false);
  }
});
looks('the sequence of messages: lanes, and a cursor that can be dragged', async (page) => {
  await press(page, 'Home');
  await press(page, 's');
  const canvas = page.locator('[data-testid=sequence] canvas');
  await canvas.waitFor();
  assert((await page.textContent('[data-testid=sequence]')).includes('kube-schedulercp-1worker-1'), 'a lane each');
  const box = await canvas.boundingBox();
  await page.mouse.move(box.x + 30, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 60, { steps: 6 });
  const there = await page.textContent('[data-testid=caption]');
  await page.mouse.move(box.x + 60, box.y + 60, { steps: 6 });
  await page.mouse.up();
  assert((await page.textContent('[data-testid=caption]')) !== there, 'dragging moves through the story');
  await page.focus('[data-testid=sequence] [role=slider]');
  const before = await page.getAttribute('[data-testid=sequence] [role=slider]', 'aria-valuenow');
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction(
    (was) => Number(document.querySelector('[data-testid=sequence] [role=slider]').getAttribute('aria-valuenow')) === Number(was) + 1,
    before,
  );
  await presenting(page, 1280, 720);
  await page.waitForSelector('main [data-testid=sequence] li');
  await atRest(page);
  const seen = await page.evaluate(() => ({
    text: parseFloat(getComputedStyle(document.querySelector('[data-testid=sequence] li')).fontSize),
    drawn: document.querySelector('[data-testid=sequence] canvas').clientHeight / document.querySelector('main').clientHeight,
    stages: document.querySelectorAll('[data-testid=stage]').length,
  }));
  assert(seen.text >= 720 / 50 && seen.drawn > 0.85 && seen.stages === 0, `presenting, it has the stage's place: ${JSON.stringify(seen)}`);
});
looks('axe finds nothing serious, in both themes and presenting', async (page) => {
  for (const key of ['', 't', 's', 'p']) {
    if (key) await press(page, key);
    await atRest(page);
    if (key === 's')
      await page.waitForFunction(() => {
        const opened = document.querySelector('[data-testid=sequence]');
        return opened && getComputedStyle(opened).opacity === '1';
      });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
    assert(
      serious.length === 0,
      serious
        .map(
          (v) =>
            `${v.id}: ${v.nodes
              .slice(0, 3)
              .map((n) => n.target.join(' '))
              .join(' | ')}`,
        )
        .join('\n'),
    );
  }
});
looks('nothing is cut or overflows at 1280×720 while presenting; text is large enough', async (page) => {
  await press(page, 'p');
  await atRest(page);
  const report = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight,
    title: parseFloat(getComputedStyle(document.querySelector('[data-testid=caption] h2')).fontSize),
    why: parseFloat(getComputedStyle(document.querySelector('[data-testid=caption] p')).fontSize),
  }));
  assert(!report.overflow && report.title >= 20 && report.why >= 20, JSON.stringify(report));
});

editorChecks({ check, assert, open });
teacherChecks({ check, looks, assert, open, applied, presenting, scores });
stageChecks({ check, looks, assert, open, applied, axe });
firstUseChecks({ check, looks, assert, open, applied, presenting });

let browser;
try {
  const executablePath = await findBrowser();
  for (let i = 0; i < 50; i++) {
    try {
      await fetch(`http://localhost:${PORT}/`);
      break;
    } catch {
      await new Promise((r) => setTimeout(r, 200));
    }
  }
  browser = await chromium.launch({ executablePath, args: LAUNCH_ARGS });
  const newPage = async (name) =>
    (
      await browser.newContext({ viewport: { width: 1280, height: 720 }, serviceWorkers: name.startsWith('offline') ? 'allow' : 'block' })
    ).newPage();
  let shared;
  /** What went wrong, undefined when nothing did. A page that something went wrong on is not used again. */
  async function tried({ name, run, isLook }) {
    const page = isLook && shared ? shared : await newPage(name);
    let fault;
    try {
      if (isLook) await putBack(page, page === shared);
      await run(page);
    } catch (error) {
      fault = String(error.message).split('\n').slice(0, 12).join('\n    ');
      await page.screenshot({ path: `test-results/failed-${results.failed + 1}.png` }).catch(() => undefined);
    }
    if (!isLook || fault !== undefined) await page.context().close();
    if (isLook) shared = fault === undefined ? page : undefined;
    return fault;
  }
  for (const one of checks.filter((c) => c.name.includes(only))) {
    const first = await tried(one);
    // A machine that does much else may stop for seconds: what fails is tried once more, and what passes only then is named.
    const fault = first === undefined ? undefined : await tried(one);
    if (fault === undefined) results.passed++;
    else results.failed++;
    console.log(
      `  ${fault === undefined ? '✓' : '✗'} ${one.name}${first !== undefined && fault === undefined ? `, the second time; the first: ${first}` : ''}${fault === undefined ? '' : `\n    ${fault}`}`,
    );
  }
} catch (error) {
  results.failed++;
  console.log(`  ✗ the browser: ${error.stack}`);
} finally {
  await browser?.close();
  server.kill();
}
writeFileSync('test-results/e2e.json', JSON.stringify(results));
process.exit(results.failed === 0 ? 0 : 1);
