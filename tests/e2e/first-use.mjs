/** What somebody does who sees the page for the first time, in a real browser: keys where they are expected to work, double clicks, waiting, asking why. */
import { atRest, beat, caption, press } from './page.mjs';

const focused = (page) => page.evaluate(() => document.activeElement.tagName);
/** Where something stands once the stage has come to rest. */
async function boxAtRest(page, selector) {
  await atRest(page);
  return page.locator(selector).boundingBox();
}

export function firstUseChecks({ check, looks, assert, open, applied, presenting }) {
  for (const [name, input, isPlain] of [
    ['the editor', '.monaco-editor textarea', false],
    ['the plain editor', 'textarea[aria-label=Manifest]', true],
  ]) {
    check(`first use: Ctrl+Enter in ${name} plays as Apply does, and gives the keys back`, async (page) => {
      if (isPlain) await page.route(/\/mount-/, (route) => route.abort());
      await open(page);
      await page.hover('[data-editor]');
      if (!isPlain) await page.waitForSelector('[data-editor=monaco] .view-line');
      await page.locator(input).focus();
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('[aria-label=Pause]');
      assert((await focused(page)) === 'BODY', await focused(page));
      await page.keyboard.press(' ');
      await page.waitForSelector('[aria-label=Play]');
      const before = Number(await beat(page));
      await page.keyboard.press('PageDown');
      await page.keyboard.press('PageDown');
      assert(Number(await beat(page)) > before, await caption(page));
    });
  }
  check('first use: who opens kubectl, by mouse or by key, types into its prompt', async (page) => {
    const prompt = page.locator('[aria-label="kubectl command"]');
    const tab = page.locator('role=tab[name=kubectl]');
    await page.route(/\/Terminal-/, async (route) => {
      await new Promise((done) => {
        setTimeout(done, 600);
      });
      await route.continue();
    });
    await open(page);
    await tab.click();
    await page.keyboard.type('stop', { delay: 250 });
    await prompt.waitFor();
    await page.keyboard.type(' it');
    assert((await prompt.inputValue()) === 'stop it', await prompt.inputValue());
    await page.click('role=tab[name=Manifest]');
    await tab.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('top');
    assert((await prompt.inputValue()) === 'top', await prompt.inputValue());
    assert(
      !(await page.isVisible('[data-presenting]')) && (await page.getAttribute('html', 'data-theme')) === 'dark',
      'no key did anything else',
    );
    await page.locator('header').first().click();
    await page.keyboard.press('p');
    await page.keyboard.press('p');
    await prompt.waitFor();
    assert((await focused(page)) === 'BODY', 'coming back from presenting leaves the keys to the stage');
  });
  check('first use: lines typed ahead are seen at once, and a question at the end of a story is answered at once', async (page) => {
    await open(page);
    await applied(page);
    await page.click('role=tab[name=kubectl]');
    await page.waitForSelector('#prompt[aria-busy]');
    const waiting = () => page.$$eval('[role=log] pre[data-kind=wait]', (all) => all.map((pre) => pre.firstChild.textContent));
    for (const words of ['get pods', 'scale deploy/web --replicas=4']) {
      await page.keyboard.type(words);
      await page.keyboard.press('Enter');
    }
    assert((await waiting()).slice(-2).join() === '$ kubectl get pods,$ kubectl scale deploy/web --replicas=4', (await waiting()).join());
    assert((await page.textContent('[role=log]')).includes('waits for the story: End shows its answer'), 'it says what for');
    await page.locator('header').first().click();
    await press(page, 'End');
    await page.waitForFunction(() => /3 of 3|1\/1/.test(document.querySelector('[role=log]').textContent));
    await page.waitForSelector('[aria-label^="Undo kubectl scale"]');
    await press(page, 'End');
    await page.waitForFunction(() => !document.querySelector('[role=log] pre[data-kind=wait]'));
    await page.fill('#prompt', 'get nodes');
    await page.press('#prompt', 'Enter');
    await page.waitForFunction(() => document.querySelector('[role=log]').textContent.includes('worker-1   Ready'), undefined, {
      timeout: 1500,
    });
    assert(await page.isVisible('text=Then what?'), 'it stands at the end');
  });
  check('first use: a line that is entered before the terminal is there runs when it is', async (page) => {
    let arrives;
    const asked = new Promise((isAsked) => {
      void page.route(/\/Terminal-.*\.js/, (route) => {
        arrives = () => route.continue();
        isAsked();
      });
    });
    await open(page);
    await page.click('role=tab[name=kubectl]');
    await asked;
    await page.waitForSelector('#prompt:not([aria-busy])');
    await page.keyboard.type('get nodes');
    await page.keyboard.press('Enter');
    await arrives();
    await page.waitForFunction(() => document.querySelector('[role=log]')?.textContent.includes('worker-1   Ready'));
    assert((await page.inputValue('#prompt')) === '', 'the line is free again');
  });
  check('first use: the first Tab goes to the manifest', async (page) => {
    await open(page);
    await page.keyboard.press('Tab');
    assert(
      (await page.evaluate(() => document.activeElement.textContent)) === 'Manifest',
      await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200)),
    );
  });
  check('first use: a double click anywhere on a machine opens it, but not on a pod; no words are chosen', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await applied(page);
    await press(page, 'End');
    const machine = await boxAtRest(page, '[data-testid=machine-worker-2]');
    await page.locator('[data-testid=machine-worker-2] [data-pod]').first().dblclick();
    await atRest(page);
    assert((await page.getAttribute('[data-testid=stage]', 'data-at')) === '', 'a pod is chosen, not entered');
    await press(page, 'Escape');
    await page.waitForFunction(
      (x) =>
        !document.querySelector('[aria-label=Inspector]') &&
        Math.abs(document.querySelector('[data-testid=machine-worker-2]').getBoundingClientRect().x - x) < 1,
      machine.x,
    );
    await page.mouse.dblclick(machine.x + machine.width / 2, machine.y + machine.height * 0.7);
    await page.waitForSelector('[data-testid=stage][data-at=worker-2]');
    await page.click('text=Leave (Esc)');
    const frame = await boxAtRest(page, '[data-testid=machine-cp-1]');
    await page.mouse.dblclick(frame.x + frame.width / 2, frame.y + frame.height - 4);
    await page.waitForSelector('[data-testid=stage][data-at=cp-1]');
    assert((await page.evaluate(() => getSelection().toString())) === '', 'nothing is chosen');
  });
  check('first use: a cordoned machine says so, in its header and its tooltip', async (page) => {
    await open(page);
    await page.click('role=tab[name=kubectl]');
    for (const name of ['worker-2', 'cp-1']) {
      await page.fill('#prompt[aria-busy=false]', `cordon ${name}`);
      await page.keyboard.press('Enter');
      await page.waitForSelector(`[aria-label="Undo kubectl cordon ${name}"]`);
      await page.click('[aria-label=Settle]');
      await page.waitForFunction(
        (machine) => document.querySelector(`[data-testid=machine-${machine}] button span`).textContent.startsWith('cordoned'),
        name,
      );
    }
    assert(
      (await page.getAttribute('[data-testid=machine-worker-2] button', 'title')).includes('cordoned: no new pods'),
      'the tooltip, too',
    );
  });
  check('first use: at the end of a story, while a back-off runs, → and Space let time pass', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await page.click('role=tab[name=kubectl]');
    await page.fill('#prompt[aria-busy=false]', 'run bad --image=busybox -- sh -c "exit 1"');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[aria-label^="Undo kubectl run bad"]');
    await page.locator('header').first().click();
    for (const [key, button] of [
      ['ArrowRight', 'Forward a beat'],
      [' ', 'Play'],
    ]) {
      await press(page, 'End');
      assert((await page.getAttribute(`[aria-label="${button}"]:enabled`, 'title')).startsWith('Then what?'), 'the button says so');
      const before = await page.getAttribute('[aria-label^="Go to beat"]', 'aria-label');
      await page.keyboard.press(key);
      await page.waitForFunction((was) => document.querySelector('[aria-label^="Go to beat"]').ariaLabel !== was, before);
    }
    await page.waitForSelector('[aria-label="Undo waiting"]');
  });
  check('first use: every caption stands in the same place, and what is beside the clock stays under the mouse', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    const seen = { caption: new Set(), bar: new Set() };
    const look = async () => {
      const { title, size, room, left, hidden } = await page.evaluate(() => {
        const h2 = document.querySelector('[data-testid=caption] h2');
        const words = h2.parentElement;
        return {
          title: h2.getBoundingClientRect().top,
          size: getComputedStyle(h2).fontSize,
          room: words.clientWidth,
          left: [...document.querySelectorAll('header button, header select')]
            .map((e) => Math.round(e.getBoundingClientRect().left))
            .join(' '),
          hidden: words.scrollHeight - words.clientHeight,
        };
      });
      seen.caption.add(`${title} ${size} ${room}`);
      seen.bar.add(left);
      assert(hidden <= 1, `${await caption(page)}: ${hidden} px are cut`);
    };
    await page.waitForSelector('[aria-label="Break something"]:enabled');
    await look();
    await applied(page);
    await press(page, 'Home');
    for (let i = 0; i < 31; i++) {
      await press(page, 'PageDown');
      await look();
    }
    await page.click('role=tab[name=kubectl]');
    await page.fill('#prompt[aria-busy=false]', 'set resources deployment web --requests=memory=900Gi');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[aria-label^="Undo kubectl set resources"]');
    await page.locator('header').first().click();
    await press(page, 'End');
    await look();
    for (let i = 0; i < 12 && !(await caption(page)).startsWith('No machine fits'); i++) {
      await press(page, 'ArrowLeft');
      await look();
    }
    assert(
      (await page.textContent('[data-testid=caption] p')).includes('memory') && (await caption(page)).startsWith('No machine fits'),
      await caption(page),
    );
    assert(!/ [×(]/.test(await caption(page)), 'the number never stands alone');
    await page.click('role=tab[name=Lessons]');
    await page.click('text=Why the pause container exists');
    await page.waitForSelector('[data-testid=lesson] >> text=step 1');
    await look();
    assert((await page.getAttribute('[data-testid=brand]', 'title')) === 'Lesson: Why the pause container exists', 'the whole title');
    assert(seen.caption.size === 1 && seen.bar.size === 1, [...seen.caption, ...seen.bar].join('\n'));
  });
  check('first use: a story of two beats, a name of 63 characters and a notice have their room', async (page) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page);
    await page.click('role=tab[name=kubectl]');
    const say = async (line) => {
      await page.fill('#prompt[aria-busy=false]', line);
      await page.keyboard.press('Enter');
      await page.waitForSelector(`[aria-label="Undo kubectl ${line}"]`);
      await page.locator('header').first().click();
      await press(page, 'End');
    };
    await say('get pods');
    const act = await page.evaluate(
      () =>
        [...document.querySelectorAll('nav[aria-label=Beats] span')].find((e) => e.textContent === 'written down').getBoundingClientRect()
          .left,
    );
    assert(act >= 0, `the act's name begins at ${act}`);
    const name = 'customer-relationship-management-frontend-production-eu-west-12';
    await say(`create service clusterip ${name} --tcp=80:80`);
    for (let i = 0, seen = 0; i < 8; i++) {
      const { title, hidden } = await page.evaluate(() => {
        const h2 = document.querySelector('[data-testid=caption] h2');
        return { title: h2.textContent, hidden: h2.parentElement.scrollHeight - h2.parentElement.clientHeight };
      });
      if (title.includes('customer-')) seen++;
      assert(hidden <= 1 && !title.includes(name), `${title}: ${hidden} px are cut`);
      if (title.startsWith('You run')) {
        assert(seen > 2, 'the name was told');
        break;
      }
      await press(page, 'PageUp');
    }
    await press(page, 'End');
    for (const text of await page.$$eval('[data-testid^=machine-worker] button > span', (all) =>
      all.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent),
    ))
      assert(false, `${text} is cut`);
    assert((await page.textContent('[data-testid=machine-worker-1]')).includes('custom'), 'the rules of the Service are shown');
    await page.click('text=Share');
    await page.waitForSelector('[role=alert]');
    const { notice, stage } = await page.evaluate(() => ({
      notice: document.querySelector('[role=alert]').getBoundingClientRect().bottom,
      stage: document.querySelector('[data-testid=stage]').getBoundingClientRect().top,
    }));
    assert(notice <= stage, `the notice ends at ${notice}, and the stage begins at ${stage}`);
  });
  looks('first use: in a small window the clock can be read and the names of acts do not meet', async (page) => {
    await page.setViewportSize({ width: 900, height: 600 });
    await atRest(page);
    const { clock, acts, overflow } = await page.evaluate(() => {
      const output = document.querySelector('header output');
      return {
        clock: output.scrollWidth - output.clientWidth,
        overflow: document.documentElement.scrollWidth - innerWidth,
        acts: [...document.querySelectorAll('nav[aria-label=Beats] span')]
          .filter((e) => getComputedStyle(e).position === 'absolute')
          .map((e) => e.getBoundingClientRect())
          .map(({ left, right }) => [left, right]),
      };
    });
    assert(clock <= 0 && overflow <= 0 && acts.length > 2, JSON.stringify({ clock, overflow, acts }));
    acts.forEach(([left], i) => assert(i === 0 || left > acts[i - 1][1], JSON.stringify(acts)));
  });
  for (const [w, h] of [
    [1280, 720],
    [1920, 1080],
  ]) {
    looks(`first use: Why? while presenting at ${w}×${h} lies over the stage in large letters, and Escape leads back`, async (page) => {
      await presenting(page, w, h);
      const stage = () => page.evaluate(() => document.querySelector('[data-testid=stage]').getBoundingClientRect().width);
      const before = await stage();
      await page.click('text=Why?');
      await page.waitForSelector('[data-testid=why] li');
      assert((await stage()) === before, 'the stage stands');
      const small = await page.evaluate(
        (least) =>
          [...document.querySelectorAll('[aria-label=Inspector] :is(b, li, span, summary)')]
            .filter((e) => e.textContent && parseFloat(getComputedStyle(e).fontSize) * e.currentCSSZoom < least)
            .map((e) => e.textContent),
        h / 50,
      );
      assert(small.length === 0, small.join(' | '));
      await page.waitForFunction((width) => document.querySelector('[aria-label=Inspector]').getBoundingClientRect().right <= width, w);
      const { bottom, right } = await page.evaluate(() => document.querySelector('[aria-label=Inspector]').getBoundingClientRect());
      assert(
        right <= w &&
          bottom <= (await page.evaluate(() => document.querySelector('[data-testid=caption]').getBoundingClientRect().top)) + 1,
        `${right} ${bottom}`,
      );
      await page.keyboard.press('Escape');
      await page.waitForSelector('[aria-label=Inspector]', { state: 'detached' });
      assert(await page.isVisible('[data-presenting]'), 'still presenting');
    });
  }
}
