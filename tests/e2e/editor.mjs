/** The manifest editor in a real browser: completion, hover, squiggles and fixes, files, hostile text, and what survives what. */
import { atRest } from './page.mjs';
import { readFileSync } from 'node:fs';
import { BUDGETS, sizes } from '../../scripts/sizes.mjs';

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const INPUT = '.monaco-editor textarea';
const PROBLEMS = '[aria-label=Problems]';
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
  .split('')
  .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
  .join('\n')}\n`;
const MANY = Array.from(
  { length: 90_000 },
  (_, i) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c-${i}\ndata:\n  key: ${'x'.repeat(50)}\n`,
).join('');
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: a\n    image: nginx:1.29\n';

const rich = (page) => page.waitForSelector('[data-editor=monaco] .view-line', { timeout: 15000 });
/** What is kept of the file that is shown; the editor writes it a moment after the last key. */
const kept = (page) =>
  page.evaluate(() => {
    const index = JSON.parse(localStorage.getItem('orrery/drafts') ?? '{}');
    return localStorage.getItem(`orrery/draft/${index.active}`) ?? '';
  });
const keeps = (page, words) =>
  page.waitForFunction((w) => {
    const index = JSON.parse(localStorage.getItem('orrery/drafts') ?? '{}');
    return (localStorage.getItem(`orrery/draft/${index.active}`) ?? '').includes(w);
  }, words);
/** The whole text is replaced as by Ctrl+A, Ctrl+V. */
export async function paste(page, text) {
  await rich(page);
  await page.locator(INPUT).focus();
  await pasteHere(page, text);
}
/** A paste that no clipboard is needed for; what the browser itself would do with it must be done by the page. */
async function pasteHere(page, text) {
  await page.keyboard.press('Control+a');
  await page.evaluate((t) => {
    const data = new DataTransfer();
    data.setData('text/plain', t);
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}
const says = (page, words, timeout = 8000) =>
  page.waitForFunction(([at, w]) => document.querySelector(at)?.textContent?.includes(w), [PROBLEMS, words], { timeout });
/** The longest time in which the page painted nothing. */
/** Whoever waits so long for a frame takes the page for dead; the machine that checks may be three times slower than theirs. */
const HUNG_MS = 10_000;
const watchStalls = (page) =>
  page.evaluate(() => {
    globalThis.longest = 0;
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      globalThis.longest = Math.max(globalThis.longest, now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });

export function editorChecks({ check, assert, open }) {
  check('the first paint and the stage stay within their bytes, and wait for nothing that comes later', async (page) => {
    const found = sizes();
    for (const [name, most] of Object.entries(BUDGETS)) assert(found[name] <= most, `${name}: ${found[name]} of ${most} bytes`);
    const asked = [];
    page.on('request', (r) => asked.push(r.url()));
    await page.goto('about:blank');
    const opened = open(page);
    await page.waitForSelector('[data-status=booting]');
    await page.waitForSelector('[data-status=ready]');
    const early = asked.filter((url) => /\/(?:mount|language-worker|Lessons|Terminal|Inspector|registry)-/.test(url));
    assert(early.length === 0, `fetched before the cluster was there: ${early.join(', ')}`);
    await opened;
    await rich(page);
  });
  check('the plain editor hands text, selection and focus over without a jump', async (page) => {
    let release = () => undefined;
    const held = new Promise((done) => {
      release = done;
    });
    await page.route('**/mount-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await open(page);
    const area = page.locator('textarea[aria-label=Manifest]');
    await area.focus();
    await area.evaluate((a) => a.setSelectionRange(a.value.indexOf('replicas'), a.value.indexOf('replicas') + 8));
    const top = await page.evaluate(() => document.querySelector('[data-editor=plain] textarea').getBoundingClientRect().top);
    release();
    await rich(page);
    await page.waitForFunction(() => document.activeElement?.closest('.monaco-editor'));
    assert(
      Math.abs((await page.evaluate(() => document.querySelector('.monaco-editor').getBoundingClientRect().top)) - top) < 2,
      'the text stays where it was',
    );
    await page.keyboard.type('paused');
    await keeps(page, '\n  paused: 3\n');
  });
  check('where Monaco cannot be loaded the plain editor does its work', async (page) => {
    await page.route('**/mount-*.js', (route) => route.abort());
    await open(page);
    await page.waitForTimeout(800);
    await page.fill('[aria-label=Manifest]', 'apiVersion: v1\nkind: Pood\nmetadata: {name: x}\n');
    await says(page, 'no matches for kind');
    await page.click('text=Fix >> visible=true');
    await page.waitForFunction(() => document.querySelector('textarea[aria-label=Manifest]').value.includes('kind: Pod\n'));
    await page.keyboard.press('Control+z');
    await page.waitForFunction(() => document.querySelector('textarea[aria-label=Manifest]').value.includes('kind: Pood\n'));
    await page.fill('[aria-label=Manifest]', POD);
    await page.press('[aria-label=Manifest]', 'Control+Enter');
    await page.waitForFunction(() => / \/ [1-9]/.test(document.querySelector('[data-testid=caption]')?.textContent ?? ''));
  });
  check('completion pops up, says what a field is, and inserts it', async (page) => {
    await open(page);
    await paste(page, POD);
    await page.keyboard.press('Control+End');
    await page.keyboard.type('    imageP');
    await page.waitForSelector('.suggest-widget.visible >> text=imagePullPolicy');
    await page.waitForSelector('.suggest-details >> text=Image pull policy');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.suggest-widget.visible >> text=IfNotPresent');
    await page.keyboard.type('Nev');
    await page.keyboard.press('Enter');
    await keeps(page, '    imagePullPolicy: Never');
  });
  check('typing as people type: Enter ends a line, lists and blocks are indented', async (page) => {
    await open(page);
    await paste(page, '');
    await page.keyboard.type('apiVersion: v1\nkind: Pod\nmetadata:\nname: x\n', { delay: 15 });
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('spec:\ncontainers:\n- name: a\nimage: nginx\nports:\n- containerPort: 80\n', { delay: 15 });
    await keeps(
      page,
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec:\n  containers:\n    - name: a\n      image: nginx\n      ports:\n        - containerPort: 80\n',
    );
  });
  check('hover shows upstream’s description, the default, and what is not simulated', async (page) => {
    await open(page);
    await paste(page, `${POD}    stdinOnce: true\n`);
    await page.waitForSelector('.orrery-inert');
    await page.hover('.orrery-inert');
    await page.waitForSelector('.monaco-hover:not(.hidden) >> text=Accepted, not simulated');
    assert(
      /spec\.containers\[0\]\.stdinOnce.*single attach/is.test(await page.textContent('.monaco-hover:not(.hidden) .monaco-hover-content')),
      'path and description',
    );
    assert((await page.textContent('[role=status]')).includes('1 field not simulated'), 'the status counts it');
  });
  check('a squiggle at the right line, and a fix that mends it', async (page) => {
    await open(page);
    await paste(page, POD.replace('image:', 'imgae:'));
    await says(page, 'line 8: unknown field');
    const box = await page.locator('.squiggly-warning').boundingBox();
    const line = await page.locator('.view-line', { hasText: 'imgae' }).boundingBox();
    assert(box && line && Math.abs(box.y - line.y) < 12, `the squiggle is at its line: ${JSON.stringify([box, line])}`);
    await page.click(`${PROBLEMS} >> text=did you mean image?`);
    await page.keyboard.press('Control+.');
    await page.waitForSelector('text=write image');
    await page.keyboard.press('Enter');
    await page.waitForFunction((at) => !document.querySelector(at), PROBLEMS);
    await keeps(page, '    image: nginx');
    await page.keyboard.press('Control+z');
    await says(page, 'unknown field');
    await page.click('[aria-label="Fix line 8: write image"]');
    await keeps(page, '    image: nginx');
  });
  check('hostile and broken text: a message at the line, the page alive, the text kept', async (page) => {
    await open(page);
    for (const [text, words] of [
      ['kind: [', 'line'],
      ['apiVersion: v1\nkind: Pood\nmetadata: {name: x}\n', 'no matches for kind'],
      ['__proto__: {polluted: 1}\n', 'line 1'],
      [bomb, 'excessive aliasing'],
      [
        'apiVersion: v1\nkind: Pod\nmetadata: {name: "<img src=x onerror=alert(1)>"}\nspec: {containers: [{name: a, image: b}]}\n',
        'line 3',
      ],
      ['apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\nspec: {replicas: "three"}\n', 'line 4'],
    ]) {
      await paste(page, text);
      await says(page, words);
    }
    await keeps(page, 'three');
    assert((await page.locator('img').count()) === 0, 'markup in a name is text');
    await page.reload();
    await page.waitForSelector('[data-status=ready]');
    await page.waitForFunction(
      () =>
        document.querySelector('[aria-label="Tools"]')?.textContent?.includes('three') ||
        document.querySelector('textarea[aria-label=Manifest]')?.value?.includes('three'),
    );
    assert((await page.evaluate(() => ({}).polluted)) === undefined, 'no prototype was touched');
  });
  check('ten megabytes: a clear message, nothing lost, the page alive', async (page) => {
    await open(page);
    await rich(page);
    await watchStalls(page);
    await paste(page, MANY);
    await says(page, 'MiB long; at most 3 MiB can be read');
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# mine ');
    await page.waitForSelector('.view-line >> text=# mine');
    const longest = await page.evaluate(() => globalThis.longest);
    assert(longest < HUNG_MS, `the page stood still for ${Math.round(longest)} ms`);
    assert(await page.isDisabled('text=kubectl apply'), 'it cannot be applied');
    await page.click('[aria-label="New file"]');
    await paste(page, POD);
    await keeps(page, 'kind: Pod');
    console.log(`    (${(MANY.length / 1048576).toFixed(1)} MiB: at most ${Math.round(longest)} ms without a frame)`);
  });
  check('ten megabytes without Monaco, and two after a reload: the page is alive too', async (page) => {
    await page.route('**/mount-*.js', (route) => route.abort());
    await open(page);
    await watchStalls(page);
    await page.focus('textarea[aria-label=Manifest]');
    await pasteHere(page, MANY);
    await says(page, 'at most 3 MiB can be read');
    await page.focus('textarea[aria-label=Manifest]');
    await page.click('[aria-label="New file"]');
    await page.focus('textarea[aria-label=Manifest]');
    await pasteHere(page, MANY.slice(0, 2_400_000));
    await keeps(page, 'c-19000');
    assert((await page.evaluate(() => globalThis.longest)) < HUNG_MS, 'the page did not stand still');
    await page.reload();
    await page.waitForSelector('[data-status=ready]');
    assert((await kept(page)).length === 2_400_000, 'all of it is kept');
    assert((await page.inputValue('textarea[aria-label=Manifest]')).length <= 200_000, 'the beginning is shown');
  });
  check('files: added, renamed, closed, brought back; all there after a reload', async (page) => {
    await open(page);
    await rich(page);
    await page.click('[aria-label="New file"]');
    await paste(page, POD);
    await page.dblclick('role=tab[name="untitled.yaml"]');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('pod.yaml');
    await page.keyboard.press('Enter');
    await keeps(page, 'kind: Pod');
    await page.click('[aria-label="Close this file"]');
    await page.waitForFunction(() => document.querySelectorAll('[aria-label=Files] [role=tab]').length === 1);
    await page.click('[aria-label="Bring back pod.yaml"]');
    await page.waitForSelector('text=kubectl apply -f - < pod.yaml');
    await page.reload();
    await page.waitForSelector('role=tab[name="pod.yaml"][selected]');
    await rich(page);
    assert((await kept(page)) === POD, 'the text is the same');
    await page.hover('[aria-label=Examples]');
    await page.waitForFunction(() => document.querySelectorAll('[aria-label=Examples] option').length > 12);
    await page.selectOption('[aria-label=Examples]', 'crash-loop');
    await keeps(page, 'exit 1');
    assert((await page.locator('[aria-label=Files] [role=tab]').count()) === 3, 'an example has a file of its own');
  });
  check('a dropped file is opened; two windows show the same text', async (page) => {
    await open(page);
    await rich(page);
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'dropped.yaml'));
      document
        .querySelector('.monaco-editor')
        .dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    }, POD);
    await page.waitForSelector('role=tab[name="dropped.yaml"][selected]');
    await keeps(page, 'kind: Pod');
    const other = await page.context().newPage();
    await open(other);
    await rich(other);
    await page.locator(INPUT).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# from one window');
    await other.waitForSelector('.view-line >> text=# from one window');
    await other.close();
  });
  check('a dead simulation, a dead checker and a damaged link leave the text alone', async (page) => {
    await open(page);
    await paste(page, POD);
    await keeps(page, 'kind: Pod');
    for (const worker of page.workers())
      await worker
        .evaluate(() => {
          setTimeout(() => {
            throw new Error('killed');
          });
        })
        .catch(() => undefined);
    await page.waitForSelector('[role=alert] >> text=The simulation stopped');
    await page.locator(INPUT).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('bad: ');
    await says(page, 'unknown field "bad"');
    await page.click('text=Start a fresh cluster');
    await page.waitForSelector('[data-status=ready]');
    await keeps(page, 'bad:');
    await open(page, '#s=broken');
    assert((await kept(page)).includes('bad:'), 'the text is kept');
  });
  check('keyboard: Ctrl+Enter applies, Escape then Tab leaves, the width moves by arrows', async (page) => {
    await open(page);
    await rich(page);
    const hint = page.locator('text=Esc, Tab: leave');
    assert(!(await hint.isVisible()), 'nothing holds Tab yet');
    await page.locator(INPUT).focus();
    await hint.waitFor({ state: 'visible' });
    assert(await hint.evaluate((e) => e.scrollWidth <= e.clientWidth), 'the way out is said whole');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[role=status] >> text=Tab leaves the editor now');
    await page.keyboard.press('Tab');
    assert(!(await page.evaluate(() => document.activeElement?.closest('.monaco-editor'))), 'Tab went on');
    await page.locator(INPUT).focus();
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(() => / \/ [1-9]/.test(document.querySelector('[data-testid=caption]')?.textContent ?? ''));
    const width = () => page.evaluate(() => document.querySelector('aside').offsetWidth);
    const before = await width();
    await page.focus('[data-testid=splitter]');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((w) => document.querySelector('aside').offsetWidth > w, before);
    const after = await width();
    await page.reload();
    await page.waitForSelector('[data-status=ready]');
    assert((await width()) === after, 'the width is remembered');
  });
  check('another tab and back, presenting and back: the same place, the same undo', async (page) => {
    await open(page);
    await paste(page, POD);
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# mine');
    for (const away of ['role=tab[name=kubectl]', 'text=Present']) {
      await page.click(away);
      await page.waitForSelector('.monaco-editor', { state: 'detached' });
      await page.click(away === 'text=Present' ? away : 'role=tab[name=Manifest]');
      await page.waitForSelector('[data-editor=monaco] .view-line', { timeout: 1000 });
    }
    await page.locator(INPUT).focus();
    await page.keyboard.type('!');
    await keeps(page, '# mine!');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Control+z');
    await page.waitForFunction(() => !document.querySelector('.view-lines')?.textContent?.includes('mine'));
  });
  check('axe finds nothing serious in the editor, in both themes', async (page) => {
    await open(page);
    await paste(page, POD.replace('image:', 'imgae:').replace('nginx', '"nginx"'));
    await says(page, 'line 8');
    for (const theme of ['dark', 'light']) {
      if (theme === 'light') await page.click('[aria-label=Theme]');
      await atRest(page);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
      assert(
        serious.length === 0,
        `${theme}: ${serious
          .map(
            (v) =>
              `${v.id}: ${v.nodes
                .slice(0, 3)
                .map((n) => `${n.target.join(' ')} ${n.failureSummary}`)
                .join(' | ')}`,
          )
          .join('\n')}`,
      );
    }
  });
}
