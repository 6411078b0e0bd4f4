/** What a teacher does at a projector, in a real browser: begin, break, wait, take back, jump, with a presenter's keys, at any size; and the checks on sight that a machine can judge. */
import { answered, atRest, beat, caption, drawn, pick, press } from './page.mjs';

async function until(page, words) {
  for (let i = 0; i < 60; i++) {
    if (words.test(await caption(page))) return;
    await press(page, 'PageDown');
  }
  throw new Error(`no beat says ${words}; the last says ${await caption(page)}`);
}

export function teacherChecks({ check, looks, assert, open, applied, presenting, scores }) {
  check('teacher: presenting from the first moment, one key begins the story (check 2)', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await press(page, 'p');
    await press(page, 'PageDown');
    await page.waitForFunction(() => document.querySelector('[data-testid=caption] h2')?.textContent?.startsWith('You run kubectl apply'));
  });
  looks('teacher: back to the start gives the identical first frame, message by message too (check 3)', async (page) => {
    await press(page, 'Home');
    const before = await page.textContent('[data-testid=stage]');
    await page.selectOption('[aria-label=Pace]', 'hop');
    for (let i = 0; i < 12; i++) await press(page, 'ArrowRight');
    assert((await page.textContent('[data-testid=stage]')) !== before, 'messages have moved it');
    await press(page, 'Home');
    assert((await page.textContent('[data-testid=stage]')) === before, 'the same stage');
  });
  check('teacher: a plug is pulled, time passes until something happens, pods are evicted, and all is taken back', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await applied(page);
    await press(page, 'End');
    await pick(page, 'Break something', 'pull the plug of worker-3');
    await until(page, /You pull the plug of worker-3/);
    await press(page, 'w');
    await answered(page);
    await until(page, /worker-3 has been silent/);
    await press(page, 'End');
    await page.click('text=Then what?');
    await answered(page);
    await page.waitForFunction(() => !document.querySelector('[data-testid=caption]').textContent.includes('Waiting'));
    await until(page, /evicted from worker-3/);
    await press(page, 'End');
    await page.waitForFunction(() => document.querySelector('[data-testid=scoreboard]')?.textContent?.endsWith('ready 3'));
    assert(
      (await page.locator('[class*=machine][data-state=off] [class*=kernel][data-lit]').count()) === 0,
      'a machine that is off has no rules',
    );
    for (const next of ['waiting', 'kill worker-3', 'kubectl apply -f -']) {
      await press(page, 'u');
      await page.waitForFunction((title) => {
        const undo = document.querySelector('[aria-label^=Undo]');
        return undo?.title === title && !undo.disabled;
      }, `Undo (U): ${next}`);
    }
    assert((await scores(page)).endsWith('bound 3 · running 3 · ready 3'), await scores(page));
    assert((await page.locator('[class*=machine][data-state=off]').count()) === 0, 'worker-3 is on again');
  });
  check('teacher: a lesson is presented by the keyboard alone, forwards and back', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await page.focus('role=tab[name=Lessons]');
    await page.keyboard.press('Enter');
    await page.locator('button', { hasText: 'Why the pause container exists' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=lesson]');
    await press(page, 'p');
    const step = () => page.textContent('[data-testid=lesson] p');
    const go = async (key) => {
      await page.waitForSelector('[data-testid=lesson-next]:not([disabled])');
      await press(page, key);
      await page.waitForSelector('[data-testid=lesson-next]:not([disabled])');
      await drawn(page);
    };
    for (let i = 0; i < 7; i++) await go('PageDown');
    await page.waitForFunction(() => document.querySelector('[data-testid=lesson] p')?.textContent === 'step 8 of 15');
    const there = await caption(page);
    for (let i = 0; i < 3; i++) await go('PageUp');
    assert((await step()) === 'step 5 of 15', await step());
    for (let i = 0; i < 3; i++) await go('n');
    assert((await step()) === 'step 8 of 15' && (await caption(page)) === there, `${await step()}: ${await caption(page)}, was ${there}`);
    const brand = await page.evaluate(() => {
      const e = document.querySelector('[data-testid=brand]');
      return [e.textContent, e.clientHeight, e.scrollHeight < 48].join();
    });
    assert(brand === 'Why the pause container exists,32,true', `its name is in the bar, whole, in two lines: ${brand}`);
    const machine = await page.getAttribute('[data-testid=stage]', 'data-at');
    assert(/^worker-\d$/.test(machine), `it leads into the machine: ${machine}`);
    await page.reload();
    await page.waitForFunction(() => document.querySelector('[data-testid=lesson] p')?.textContent === 'step 8 of 15');
    await go('PageDown');
    assert(
      (await step()) === 'step 9 of 15' && (await caption(page)) === 'Container web of duo runs.',
      `after a reload it goes on: ${await step()}: ${await caption(page)}`,
    );
    await press(page, 'p');
    await page.click('text=Leave');
    await page.waitForSelector('[data-testid=stage][data-at=""]');
  });
  looks('teacher: a wire says why it exists: who opened it, what it watches, what it selects', async (page) => {
    await page.focus('[aria-label^="Connection of worker-1"]');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() =>
      /podskubeletspec.nodeName=worker-1/.test(document.querySelector('[aria-label=Details] table')?.textContent ?? ''),
    );
    await page.locator('[aria-label^="Connection of etcd"] path').first().click({ force: true });
    await page.waitForFunction(() =>
      document.querySelector('[aria-label=Details]')?.textContent?.includes('Only the apiserver speaks to etcd'),
    );
  });
  looks('teacher: a number typed over the beat goes there', async (page) => {
    await page.fill('[aria-label^="Go to beat"]', '5');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('[aria-label^="Go to beat"]')?.value === '5');
    assert((await caption(page)).includes('ReplicaSet controller'), await caption(page));
  });
  for (const [w, h] of [
    [1280, 720],
    [1920, 1080],
    [1024, 768],
  ]) {
    looks(`teacher: presenting at ${w}×${h}, bars and caption fit and can be read (check 1)`, async (page) => {
      await presenting(page, w, h);
      await atRest(page);
      const found = await page.evaluate(() => {
        const wide = (selector) => document.querySelector(selector).getBoundingClientRect().right;
        const size = (selector) => {
          const e = document.querySelector(selector);
          return (
            parseFloat(getComputedStyle(e).fontSize) *
            (e.getBoundingClientRect().height / e.offsetHeight > 1.01
              ? e.getBoundingClientRect().height / e.offsetHeight
              : (e.currentCSSZoom ?? 1))
          );
        };
        return {
          overflow: document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight,
          bar: Math.max(...[...document.querySelectorAll('header > *')].map((e) => e.getBoundingClientRect().right)),
          caption: wide('[data-testid=caption]'),
          title: size('[data-testid=caption] h2'),
          why: size('[data-testid=caption] p'),
          clock: size('header output'),
          ticks: size('nav[aria-label=Beats] button[aria-pressed]'),
        };
      });
      const scale = Math.min(h / 720, w / 1280);
      assert(!found.overflow && found.bar <= w && found.caption <= w + 1, JSON.stringify(found));
      if (scale >= 1)
        assert(
          found.title >= 24 * scale - 0.1 && found.why >= 20 * scale - 0.1 && found.clock >= h / 50 - 0.1 && found.ticks >= h / 50 - 0.1,
          JSON.stringify(found),
        );
    });
  }
  looks('teacher: without any colour, planes differ in shape and states in glyph and word (check 9)', async (page) => {
    const words = new Map();
    await press(page, 'Home');
    for (let i = 0; i < 34; i++) {
      await press(page, 'PageDown');
      const seen = await page.evaluate(() =>
        [...document.querySelectorAll('[data-pod^="default/"]')].map((e) => [
          /[●◐○◌✗◇]/.exec(e.textContent)?.[0] ?? '',
          /: ([a-z ]+)/.exec(e.title)?.[1].trim() ?? '',
        ]),
      );
      for (const [glyph, word] of seen) words.set(word, glyph);
    }
    assert(
      words.get('ready') === '●' && words.get('running') === '◐' && words.get('bound') === '○' && !words.has(''),
      JSON.stringify([...words]),
    );
    const shapes = await page.evaluate(() =>
      ['kube-apiserver', 'etcd', 'kubectl', 'registry'].map((id) => {
        const e = document.querySelector(`[data-testid=component-${id}]`);
        const s = getComputedStyle(e);
        return [s.borderTopStyle, s.borderTopLeftRadius, getComputedStyle(e, '::before').content].join(' ');
      }),
    );
    assert(new Set(shapes).size === shapes.length, shapes.join('\n'));
  });
  check('teacher: dots are seen to move, at most three at once (check 4)', async (page) => {
    await open(page);
    await applied(page);
    await press(page, 'Home');
    await page.selectOption('[aria-label=Pace]', '4');
    await page.evaluate(() => {
      window.seen = [];
      const look = () => {
        const n = document.querySelector('[data-testid=dots]')?.dataset.moving;
        if (n !== undefined) window.seen.push(Number(n));
        requestAnimationFrame(look);
      };
      look();
    });
    await press(page, ' ');
    await page.waitForFunction(() => Number(document.querySelector('[aria-label^="Go to beat"]').value) >= 12, undefined, {
      timeout: 60000,
    });
    const seen = await page.evaluate(() => window.seen);
    assert(Math.max(...seen) <= 3 && seen.filter((n) => n > 0).length > 40, `${Math.max(...seen)} at once, in ${seen.length} frames`);
  });
  check('teacher: of thirty pods none is hidden uncounted, and none moves that is not concerned (check 10)', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await applied(page);
    await press(page, 'End');
    await page.click('role=tab[name=kubectl]');
    await page.fill('[aria-label="kubectl command"]', 'scale deployment web --replicas=30');
    await page.press('[aria-label="kubectl command"]', 'Enter');
    await page.waitForFunction(() => document.querySelector('[aria-label="Undo kubectl scale deployment web --replicas=30"]:enabled'));
    const standing = () =>
      page.evaluate(() => {
        const drawn = [
          ...document.querySelectorAll('[data-testid=stage] [data-pod^="default/"], [data-testid=stage] [data-testid^=machine-]'),
        ];
        return Object.fromEntries(
          drawn.map((e) => {
            const { x, y, width, height } = e.getBoundingClientRect();
            const where = e.closest('[data-testid^=machine-]')?.dataset.testid ?? 'tray';
            return [`${e.dataset.pod ?? ''} ${where}`, [x, y, width, height].map(Math.round).join()];
          }),
        );
      });
    const counted = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('[data-testid^=machine-worker]')].map((m) => [
          m.querySelectorAll('[data-pod^="default/"]').length,
          Number(/· (\d+) pods/.exec(m.querySelector('button').textContent)?.[1] ?? 0),
        ]),
      );
    let before = await standing();
    for (let i = 0; i < 200; i++) {
      await press(page, 'PageDown');
      const now = await standing();
      const moved = Object.keys(before).filter((key) => now[key] !== undefined && now[key] !== before[key]);
      assert(moved.length === 0, `${await caption(page)}: ${moved.map((key) => `${key} from ${before[key]} to ${now[key]}`).join(', ')}`);
      before = now;
      if (await page.locator('[aria-label="Forward a beat"]').isDisabled()) break;
    }
    assert((await scores(page)) === 'want 30 · created 30 · bound 30 · running 30 · ready 30', await scores(page));
    const machines = await counted();
    assert(
      machines.reduce((n, [drawn]) => n + drawn, 0) === 30 && machines.every(([drawn, all]) => all === drawn + 2),
      JSON.stringify(machines),
    );
    await page.setViewportSize({ width: 900, height: 600 });
    await atRest(page);
    const met = await page.evaluate(() =>
      [...document.querySelectorAll('[data-testid^=machine-worker]')].flatMap((m) => {
        const words = document.createRange();
        words.selectNodeContents(m.querySelector('[class*=kernel] span:last-child'));
        const { left } = words.getBoundingClientRect();
        return [...m.querySelectorAll('[class*=cell]')]
          .filter((c) => getComputedStyle(c).visibility === 'visible' && c.getBoundingClientRect().right > left)
          .map((c) => c.title);
      }),
    );
    assert(met.length === 0, `the kernel's words lie over ${met.join(', ')}`);
  });
  looks('teacher: no caption of the sample is cut at 1280×720, and each has its page of the documentation (check 1)', async (page) => {
    await press(page, 'Home');
    await page.evaluate(() => {
      window.countIsAlone = (title) => {
        const count = /\u00a0(×\d+|\(\d+\u00a0of\u00a0\d+\))$/.exec(title.textContent)?.[1];
        const nodes = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
        const tops = [];
        for (let node = nodes.nextNode(); node; node = nodes.nextNode())
          for (let i = 0; i < node.data.length; i++) {
            const range = document.createRange();
            range.setStart(node, i);
            range.setEnd(node, i + 1);
            tops.push(range.getBoundingClientRect().top);
          }
        return count !== undefined && tops.at(-1) !== tops.at(-2 - count.length);
      };
    });
    for (let i = 0; i < 31; i++) {
      await press(page, 'PageDown');
      const [hidden, beyond, doc, isTorn] = await page.evaluate(() => {
        const box = document.querySelector('[data-testid=caption]');
        const why = box.querySelector('p');
        return [
          why.scrollHeight - why.clientHeight,
          why.parentElement.getBoundingClientRect().height - box.getBoundingClientRect().height,
          box.querySelector('a').href,
          window.countIsAlone(box.querySelector('h2')),
        ];
      });
      assert(!isTorn, `${await caption(page)}: its count is alone on a line`);
      assert(
        hidden <= 1 && beyond <= 0 && doc.startsWith('https://kubernetes.io/docs/'),
        `${await caption(page)}: ${hidden} px hidden, ${beyond} px too high, ${doc}`,
      );
    }
  });
  check('teacher: the heartbeats of a resting cluster can be watched, when they are asked for', async (page) => {
    await open(page);
    await page.selectOption('[aria-label=Pace]', 'chatter');
    await page.selectOption('[aria-label="Let time pass"]', '10');
    await answered(page);
    await press(page, 'Home');
    const moves = () => page.evaluate(() => Number(document.querySelector('[data-testid=dots]').dataset.moving ?? 0));
    const clock = () => page.textContent('header output');
    const before = await clock();
    // The first may be a probe, which stays within a machine.
    for (let i = 0, most = 0; most === 0; i++) {
      assert(i < 100, 'no dot moves');
      if (i % 20 === 0) await press(page, 'ArrowRight');
      most = await moves();
      await page.waitForTimeout(50);
    }
    assert((await moves()) <= 3, String(await moves()));
    for (let i = 0; i < 30; i++) await press(page, 'ArrowRight');
    await page.waitForFunction((was) => document.querySelector('header output').textContent !== was, before);
    assert((await scores(page)).startsWith('want 0'), 'nothing was applied');
  });
  check('teacher: after a click on Present, Space plays and does not press Present again', async (page) => {
    await open(page);
    await page.click('header >> text=Present');
    await page.keyboard.press(' ');
    await page.waitForSelector('[aria-label=Pause]');
    assert(await page.isVisible('[data-presenting]'), 'still presenting');
  });
  check('teacher: who leaves a lesson can have the own cluster back, as it was', async (page) => {
    await open(page);
    await applied(page);
    const first = await page.textContent('[data-testid=caption] h2');
    await page.fill('[aria-label^="Go to beat"]', '9');
    await page.press('[aria-label^="Go to beat"]', 'Enter');
    await page.waitForFunction((was) => document.querySelector('[data-testid=caption] h2').textContent !== was, first);
    const where = () =>
      page.evaluate(() =>
        [
          document.querySelector('[data-testid=caption] h2').textContent,
          document.querySelector('[data-testid=scoreboard]').textContent,
        ].join(' · '),
      );
    const before = await where();
    await page.click('role=tab[name=Lessons]');
    await page.click('text=A Service is only rules');
    await page.waitForSelector('[data-testid=lesson]');
    await page.click('text=Leave');
    await page.click('text=Back to your own cluster');
    await page.waitForFunction(
      (was) =>
        [
          document.querySelector('[data-testid=caption] h2')?.textContent,
          document.querySelector('[data-testid=scoreboard]')?.textContent,
        ].join(' · ') === was,
      before,
    );
    await page.click('role=tab[name=Manifest]');
    assert((await page.textContent('[id^=file-][aria-selected=true]')) === 'web.yaml', 'the file is open again');
  });
  check('teacher: the first → tells one beat and waits; in a lesson U takes nothing away', async (page) => {
    await open(page);
    await press(page, 'ArrowRight');
    await page.waitForFunction(() => document.querySelector('[aria-label^="Go to beat"]')?.value === '1');
    await page.waitForTimeout(2600);
    assert((await beat(page)) === '1' && (await page.locator('[aria-label=Play]').count()) === 1, 'it stands at the first beat');
    await page.click('role=tab[name=Lessons]');
    await page.click('text=Why the pause container exists');
    await page.waitForSelector('[data-testid=lesson]');
    assert(await page.locator('[aria-label^=Undo]').isDisabled(), 'a lesson is not undone');
  });
  check('teacher: commands are typed one after the other, without losing the line or the place', async (page) => {
    await open(page);
    await page.selectOption('[aria-label=Pace]', '1000');
    await page.click('role=tab[name=kubectl]');
    const line = page.locator('[aria-label="kubectl command"]');
    for (const words of ['run one --image=nginx', 'get nodes', 'get pods -o wide', 'describe pod one']) {
      await line.pressSequentially(words);
      await line.press('Enter');
    }
    await page.waitForFunction(() => /Events:/.test(document.querySelector('[role=log]').textContent));
    const { isAtEnd, focused } = await page.evaluate(() => {
      const log = document.querySelector('[role=log]');
      return { isAtEnd: log.scrollHeight - log.scrollTop - log.clientHeight < 2, focused: document.activeElement?.ariaLabel };
    });
    assert(isAtEnd && focused === 'kubectl command', JSON.stringify({ isAtEnd, focused }));
    await line.press('ArrowUp');
    assert((await line.inputValue()) === 'describe pod one', await line.inputValue());
  });
  looks('teacher: what is broken with the mouse shows its kubectl command, or says that kubectl cannot (check 7)', async (page) => {
    const groups = await page.evaluate(() =>
      [...document.querySelectorAll('select[aria-label="Break something"] optgroup')].map((g) => [
        g.label,
        [...g.children].map((o) => o.textContent),
      ]),
    );
    assert(
      groups.length === 3 &&
        groups[2][1].join() === 'start over with a fresh cluster' &&
        groups[0][1].every((t) => t.startsWith('kubectl ')) &&
        groups[1][0].includes('kubectl cannot') &&
        groups[1][1].every((t) => !t.startsWith('kubectl ')),
      JSON.stringify(groups),
    );
  });
}
