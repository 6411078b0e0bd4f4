/** The stage in a real browser: into machines and components and out again by mouse and keys, texts that fit, pods that stay, links that lead back. */
import { atRest, caption, press } from './page.mjs';

/** Texts that are too small, cut off, or on top of each other, of what is on the stage. */
const textFaults = (least) => {
  const faults = [];
  /** Widths are whole numbers before they are scaled: of a narrow element they say too little. */
  const scaleOf = (e) => {
    const wide = e.offsetWidth > 100 || !e.parentElement ? e : undefined;
    return wide ? wide.getBoundingClientRect().width / wide.offsetWidth : scaleOf(e.parentElement);
  };
  const stage = document.querySelector('[data-testid=stage]').getBoundingClientRect();
  const leaves = [...document.querySelectorAll('[data-testid=stage] *')].filter(
    (e) =>
      [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== '') &&
      e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      !e.closest('title'),
  );
  const rects = [];
  for (const e of leaves) {
    const box = e.getBoundingClientRect();
    if (box.width === 0) continue;
    const scale =
      e instanceof SVGElement
        ? (e.ownerSVGElement?.getBoundingClientRect().width ?? 1) / (e.ownerSVGElement?.width.baseVal.value || 1)
        : scaleOf(e);
    const size = parseFloat(getComputedStyle(e).fontSize) * scale;
    const name = `“${e.textContent.trim().slice(0, 30)}”`;
    if (size < least - 0.05) faults.push(`${name} is ${size.toFixed(1)} px`);
    const range = document.createRange();
    range.selectNodeContents(e);
    const text = range.getBoundingClientRect();
    if (text.right > stage.right + 1 || text.bottom > stage.bottom + 1 || text.left < stage.left - 1)
      faults.push(`${name} leaves the stage`);
    for (let parent = e; parent && parent !== document.body; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflow !== 'hidden') continue;
      const p = parent.getBoundingClientRect();
      if (text.right > p.right + 2 || text.bottom > p.bottom + 3) {
        faults.push(`${name} is cut`);
        break;
      }
    }
    rects.push({ name, e, x: text.left, y: text.top + text.height * 0.2, r: text.right, b: text.bottom - text.height * 0.2 });
  }
  for (let i = 0; i < rects.length; i++)
    for (let j = i + 1; j < rects.length; j++) {
      const [a, b] = [rects[i], rects[j]];
      if (!a.e.contains(b.e) && !b.e.contains(a.e) && a.x < b.r - 2 && b.x < a.r - 2 && a.y < b.b - 2 && b.y < a.b - 2)
        faults.push(`${a.name} and ${b.name} overlap`);
    }
  return faults;
};

const at = (page) => page.getAttribute('[data-testid=stage]', 'data-at');
const crumbs = async (page) => (await page.textContent('[data-testid=crumbs] ol')).replace(/\s*›\s*/g, ' › ').trim();
const inside = (page) => page.waitForFunction(() => Number(document.querySelector('[data-testid=cutaway]')?.getAttribute('data-row')) >= 0);
/** As the address bar leads there, back and forward: the page stays. */
const goTo = async (page, address) => {
  await page.evaluate((to) => {
    history.replaceState(null, '', `?at=${encodeURIComponent(to)}`);
    dispatchEvent(new PopStateEvent('popstate'));
  }, address);
  await page.waitForFunction(
    (to) =>
      document.querySelector('[data-testid=stage]').dataset.at === to && document.querySelectorAll('[data-testid=cutaway]').length === 1,
    address,
  );
  await inside(page);
};

async function to(page, words) {
  for (let i = 0; i < 90; i++) {
    await press(page, 'PageDown');
    if (words.test(await caption(page))) return;
  }
  throw new Error(`no beat says ${words}`);
}

const COMPONENTS = [
  'cp-1/kube-apiserver',
  'cp-1/etcd',
  'cp-1/kube-scheduler',
  'cp-1/kube-controller-manager',
  'worker-1/kubelet',
  'worker-1/kube-proxy',
  'worker-1/linux',
  'worker-1/containerd',
  'worker-1/cni',
];

/** From now on each frame's strongest box of the stage is noted: 0 is a blank, less than 1 one that fades in. */
const watchFrames = (page) =>
  page.evaluate(() => {
    const weight = (e) => {
      let seen = getComputedStyle(e).visibility === 'hidden' ? 0 : 1;
      for (let up = e; up !== document.body; up = up.parentElement) seen *= Number(getComputedStyle(up).opacity);
      return seen;
    };
    window.faint = [];
    const look = () => {
      const most = Math.max(
        0,
        ...[...document.querySelectorAll('[data-testid=stage] :is([data-testid^=machine-], [data-testid=cutaway] section)')].map(weight),
      );
      const pods = [...document.querySelectorAll('[data-testid=stage] > :not([data-waits]) [data-testid^=machine-] [data-pod]')].map(
        weight,
      );
      if (Math.min(1, ...pods) < 0.99) window.faint.push(`pods: ${Math.min(...pods).toFixed(2)}`);
      if (most < 0.99) window.faint.push(`${document.querySelector('[data-testid=stage]').dataset.at || 'cluster'}: ${most.toFixed(2)}`);
      requestAnimationFrame(look);
    };
    look();
  });

export function stageChecks({ check, looks, assert, open, applied, axe }) {
  looks('stage: a double click enters a machine, breadcrumbs say where, Escape leaves', async (page) => {
    await page.dblclick('[data-testid=machine-worker-2] [data-opens=worker-2]');
    await inside(page);
    assert((await crumbs(page)) === 'Cluster › worker-2', await crumbs(page));
    assert((await page.textContent('[data-testid=cutaway]')).includes('cni0'), 'the bridge is there');
    assert(new URL(page.url()).searchParams.get('at') === 'worker-2', 'the address bar says where');
    await press(page, 'Escape');
    await press(page, 'Escape');
    await page.waitForSelector('[data-testid=machine-worker-2]');
    assert((await at(page)) === '', 'back at the cluster');
  });
  check('stage: a cluster of forty machines is tiles that say what they are, and lead inside', async (page) => {
    await page.addInitScript(() => {
      globalThis.counts = new Set();
      new MutationObserver(() => {
        const words = document.querySelector('main [role=status]')?.textContent ?? '';
        globalThis.counts.add(Number(/(\d+) ready/.exec(words)?.[1] ?? 0));
      }).observe(document, { childList: true, subtree: true, characterData: true });
    });
    await open(page, '?workers=40');
    const counts = await page.evaluate(() => [...globalThis.counts]);
    assert(counts.length > 3 && Math.max(...counts) <= 41, `how far it is while it starts: ${counts}`);
    await applied(page);
    await press(page, 'End');
    const tiles = page.locator('[aria-label="40 machines"] button');
    assert((await tiles.count()) === 40, `${await tiles.count()} tiles`);
    const named = await tiles.evaluateAll((all) => all.map((e) => `${e.textContent} ${e.title}`));
    assert(named.filter((words) => /^1 worker-\d+, 1 pod$/.test(words)).length >= 3, named.join('; '));
    assert(
      named.every((words) => /^\d* ?worker-\d+, \d+ pods?$/.test(words)),
      named.join('; '),
    );
    await page.dblclick('[data-opens=worker-40]');
    await inside(page);
    assert((await crumbs(page)) === 'Cluster › worker-40', await crumbs(page));
    assert(new URL(page.url()).search === '?workers=40&at=worker-40', page.url());
    await press(page, 'Escape');
    await page.waitForSelector('[aria-label="40 machines"] button');
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run('[data-testid=stage]', { resultTypes: ['violations'] }));
    assert(violations.length === 0, JSON.stringify(violations.map((v) => [v.id, v.nodes[0].html])));
    await open(page, '?workers=many');
    const said = await page.textContent('body');
    assert(said.includes('?workers= is a whole number from 0 to 5000, not "many"'), 'why there are three machines is said');
    assert((await page.locator('[data-testid^=machine-worker-]').count()) === 3, 'a cluster runs nonetheless');
  });
  looks('stage: by keys alone into a machine, on into its kubelet, and back with the focus', async (page) => {
    await page.focus('[data-opens=worker-1]');
    await page.keyboard.press('Enter');
    await inside(page);
    await page.focus('[data-opens="worker-1/kubelet"]');
    await page.keyboard.press('Enter');
    await inside(page);
    assert((await crumbs(page)) === 'Cluster › worker-1 › kubelet', await crumbs(page));
    await page.keyboard.press('Escape');
    await inside(page);
    assert((await crumbs(page)) === 'Cluster › worker-1', await crumbs(page));
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-opens') === 'worker-1');
  });
  check('stage: in no frame is it blank: not on the way in, further in or out, and not at a step', async (page) => {
    await open(page);
    await applied(page);
    await press(page, 'End');
    await atRest(page);
    await watchFrames(page);
    for (const way of ['worker-2', 'worker-2/kubelet', 'Escape', 'Escape', 'PageUp', 'worker-2']) {
      if (way.startsWith('worker')) {
        await page.focus(`[data-opens="${way}"]`);
        await page.keyboard.press('Enter');
        await inside(page);
      } else await press(page, way);
      await atRest(page);
    }
    assert((await at(page)) === 'worker-2', await at(page));
    const faint = await page.evaluate(() => window.faint);
    assert(faint.length === 0, faint.join(', '));
  });
  check('stage: every component opens, by link, with its tables, and nothing serious for axe', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, `?at=${encodeURIComponent(COMPONENTS[0])}`, '[data-testid=cutaway]');
    await page.evaluate(axe);
    for (const address of COMPONENTS) {
      await goTo(page, address);
      assert((await crumbs(page)).endsWith(address.split('/')[1]), `${address}: ${await crumbs(page)}`);
      assert((await page.locator('[data-testid=cutaway] section').count()) > 0, `${address} has panels`);
      const { violations } = await page.evaluate(() => globalThis.axe.run('[data-testid=stage]', { resultTypes: ['violations'] }));
      const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
      assert(
        serious.length === 0,
        `${address}: ${serious
          .map(
            (v) =>
              `${v.id}: ${v.nodes
                .slice(0, 3)
                .map((n) => n.target.join(' '))
                .join(' | ')}`,
          )
          .join('\n')}`,
      );
    }
  });
  check('stage: an undo while a question is with the worker leaves nothing unanswered', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, '?at=worker-1/kubelet', '[data-testid=cutaway]');
    await inside(page);
    const row = () => page.getAttribute('[data-testid=cutaway]', 'data-row');
    const first = await row();
    await applied(page);
    await press(page, 'End');
    await page.waitForFunction((old) => document.querySelector('[data-testid=cutaway]').dataset.row !== old, first);
    await page.evaluate(async () => {
      const key = (name) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
      key('ArrowLeft');
      await new Promise((done) => {
        setTimeout(done, 0);
      });
      key('u');
    });
    await page.waitForFunction((old) => document.querySelector('[data-testid=cutaway]').dataset.row === old, first);
  });
  check('stage: a shared link with a view brings session and view back', async (page) => {
    await open(page);
    await applied(page);
    await press(page, 'End');
    await page.click('text=Share');
    await page.waitForFunction(() => location.hash.startsWith('#s='));
    const hash = await page.evaluate(() => location.hash);
    await open(page, `?at=worker-1${hash}`, '[data-testid=cutaway]');
    await inside(page);
    await press(page, 'End');
    await page.waitForFunction(() => document.querySelector('[data-testid=cutaway]')?.textContent?.includes('nginx'));
    assert(page.url().includes('#s='), 'the session is still in the link');
  });
  looks('stage: the scheduler shows its last decision, etcd its newest key, the apiserver the request', async (page) => {
    await press(page, 'Home');
    await to(page, /scheduler chooses/);
    await page.click('[data-testid=component-kube-scheduler] button', { clickCount: 2 });
    await page.waitForFunction(() => /TaintToleration[\s\S]*◀/.test(document.querySelector('[data-testid=cutaway]')?.textContent ?? ''));
    const chosen = /chooses (\S+) for/.exec(await caption(page))[1];
    const table = await page.evaluate(() => {
      const t = document.querySelector('table[aria-label^="last decision"]');
      const heads = [...t.querySelectorAll('th')].map((h) => h.textContent);
      const sums = [...t.querySelectorAll('tbody tr')].at(-1).querySelectorAll('td');
      return heads[[...sums].findIndex((c) => c.textContent.endsWith('◀'))];
    });
    assert(chosen.startsWith(table.replace('…', '')) || table === chosen, `${table} is ${chosen}`);
  });
  for (const [w, h] of [
    [1280, 720],
    [1920, 1080],
  ]) {
    looks(`stage: presenting at ${w}×${h}, no text is small, cut or covered, from start to end`, async (page) => {
      await page.setViewportSize({ width: w, height: h });
      await press(page, 'p');
      await press(page, 'Home');
      for (let i = 0; i < 14; i++) {
        await atRest(page);
        const faults = await page.evaluate(textFaults, h / 50);
        assert(faults.length === 0, `${await caption(page)}: ${faults.slice(0, 6).join('; ')}`);
        for (let k = 0; k < 5; k++) await press(page, 'PageDown');
      }
      for (const address of ['worker-1', 'cp-1', ...COMPONENTS]) {
        await goTo(page, address);
        await atRest(page);
        const faults = await page.evaluate(textFaults, h / 50);
        assert(faults.length === 0, `${address}: ${faults.slice(0, 6).join('; ')}`);
      }
    });
  }
  looks('stage: in the workbench, with and without the inspector, no text is cut or covered', async (page) => {
    for (const [w, h] of [
      [1280, 720],
      [1920, 1080],
    ]) {
      await page.setViewportSize({ width: w, height: h });
      await press(page, 'End');
      for (const selector of ['', '[data-testid=machine-worker-2] [data-opens=worker-2]', '[data-pod^="default/web"]']) {
        if (selector) await page.locator(selector).first().click();
        await atRest(page);
        const faults = await page.evaluate(textFaults, 10);
        assert(faults.length === 0, `${w} ${selector}: ${faults.slice(0, 6).join('; ')}`);
      }
      await press(page, 'Escape');
    }
    await page.locator('[data-pod^="default/web"]').first().click();
    await page.waitForFunction(() =>
      /owned by[\s\S]*ReplicaSet/.test(document.querySelector('[aria-label="Related objects"]')?.textContent ?? ''),
    );
    await page.click('[aria-label="Related objects"] >> text=ReplicaSet');
    await page.waitForFunction(() => document.querySelector('[aria-label=Details]')?.textContent?.includes('kind: ReplicaSet'));
  });
  looks('stage: held upright, the tools lie below the stage, and nothing is cut', async (page) => {
    for (const [w, h, least] of [
      [820, 1180, 8],
      [390, 844, 4],
    ]) {
      await page.setViewportSize({ width: w, height: h });
      await press(page, 'End');
      await atRest(page);
      const boxes = await page.evaluate(() => {
        const box = (selector) => document.querySelector(selector).getBoundingClientRect().toJSON();
        const within = [...document.querySelectorAll('header *, [data-testid=caption] *, [data-testid=scoreboard] *')];
        return {
          stage: box('main'),
          tools: box('[aria-label=Tools]'),
          caption: box('[data-testid=caption]'),
          page: document.documentElement.scrollWidth,
          out: within.filter((e) => e.getBoundingClientRect().right > window.innerWidth).map((e) => e.textContent),
        };
      });
      assert(boxes.page <= w && boxes.out.length === 0, `${w}: ${boxes.page} ${boxes.out.join(' | ')}`);
      assert(boxes.stage.width === w && boxes.stage.bottom <= boxes.tools.top, JSON.stringify(boxes));
      assert(boxes.tools.width === w && boxes.tools.bottom <= boxes.caption.top, JSON.stringify(boxes));
      const faults = await page.evaluate(textFaults, least);
      assert(faults.length === 0, `${w}: ${faults.slice(0, 6).join('; ')}`);
      await page.click('text=Why?');
      await page.waitForSelector('[data-testid=why] li');
      const why = await page.evaluate(() => document.querySelector('[aria-label=Inspector]').getBoundingClientRect().toJSON());
      assert(why.top >= boxes.stage.bottom && why.right <= w, JSON.stringify(why));
      await press(page, 'Escape');
      await page.waitForSelector('[aria-label=Inspector]', { state: 'detached' });
    }
  });
  check('stage: Services that find no place are counted', async (page) => {
    await open(page);
    await applied(page);
    await press(page, 'End');
    await page.click('role=tab[name=kubectl]');
    const services = '[data-testid=stage] .react-flow__node-service';
    for (const name of ['shop', 'search', 'news']) {
      await page.waitForSelector('[aria-label="kubectl command"][aria-busy=false]');
      await page.fill('[aria-label="kubectl command"]', `expose deployment web --name=${name} --port=80`);
      await page.keyboard.press('Enter');
      await page.waitForSelector(`[aria-label="Undo kubectl expose deployment web --name=${name} --port=80"]`);
      await page.locator('header').first().click();
      await press(page, 'End');
    }
    const shown = await page.locator(services).count();
    assert(shown < 4, `${shown} of 4 are drawn, so none needs counting`);
    assert(
      (await page.locator(services).last().textContent()).endsWith(`+${4 - shown}`),
      await page.locator(services).last().textContent(),
    );
    const faults = await page.evaluate(textFaults, 12);
    assert(faults.length === 0, faults.join('\n'));
  });
  check('stage: pods that nothing happened to do not move', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await page.hover('[aria-label=Examples]');
    await page.waitForFunction(() => document.querySelectorAll('[aria-label=Examples] option').length > 1);
    await page.selectOption('[aria-label=Examples]', 'twelve-replicas');
    await applied(page);
    await press(page, 'p');
    await page.click('[aria-label="To the start"]').catch(() => undefined);
    const places = () =>
      page.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll('[class*=machine] [data-pod]')].map((e) => [e.dataset.pod, `${e.style.left} ${e.style.top}`]),
        ),
      );
    let before = await places();
    for (let i = 0; i < 60; i++) {
      await press(page, 'PageDown');
      const now = await places();
      const moved = Object.keys(before).filter((pod) => now[pod] !== undefined && now[pod] !== before[pod]);
      assert(moved.length === 0, `${await caption(page)}: ${moved.map((p) => `${p} from ${before[p]} to ${now[p]}`).join(', ')}`);
      before = now;
    }
    await press(page, 'End');
    assert(Object.keys(await places()).length === 12, 'all twelve pods are drawn');
  });
  looks('stage: at every beat one thing glows', async (page) => {
    await press(page, 'Home');
    for (let i = 0; i < 30; i++) {
      await press(page, 'PageDown');
      const glowing = await page.evaluate(
        () => [...document.querySelectorAll('[data-testid=stage] [data-glow]')].filter((e) => !e.querySelector('[data-glow]')).length,
      );
      assert(glowing === 1, `${await caption(page)}: ${glowing} glow`);
    }
  });
}
