/** What every check does with a page. Nothing here sleeps and hopes: a machine may be ten times slower than another. */

/** What was begun is drawn: a frame has passed in which it was, and nothing is left to do. */
export const drawn = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(() => done(), { timeout: 2000 })));
      }),
  );

/** A key goes to the page, and its first frames are drawn: a step without motion is at its end then. */
export async function press(page, key) {
  await page.locator('body').press(key);
  await drawn(page);
}

/** Nothing moves, grows or fades any more. */
export async function atRest(page) {
  const look = () =>
    page.evaluate(() => {
      const isMoving = document
        .getAnimations()
        .some((a) => a.playState === 'running' && Number.isFinite(a.effect?.getComputedTiming().endTime));
      return isMoving
        ? undefined
        : [...document.querySelectorAll('#root *')]
            .map((e) => {
              const { x, y, width, height } = e.getBoundingClientRect();
              return [x, y, width, height, e.style?.cssText].join();
            })
            .join('\n');
    });
  for (let before, left = 300; left > 0; left--) {
    await page.waitForTimeout(100);
    await drawn(page);
    const now = await look();
    if (now !== undefined && now === before) return;
    before = now;
  }
  throw new Error('the page does not come to rest');
}

/** The worker has answered what was asked of it. */
export async function answered(page) {
  await drawn(page);
  await page.waitForFunction(() => document.querySelector('[aria-label="Let time pass"]:enabled')?.ariaDisabled === 'false');
}

/** Chooses from a menu by what it says, and waits for the answer. */
export async function pick(page, label, words) {
  const value = await page.locator(`select[aria-label="${label}"] option`, { hasText: words }).first().getAttribute('value');
  await page.selectOption(`select[aria-label="${label}"]`, value);
  await answered(page);
}

export const caption = (page) => page.textContent('[data-testid=caption] h2');
/** The beat that the cursor is at, as it is written between the arrows. */
export const beat = (page) => page.inputValue('[aria-label^="Go to beat"]');
