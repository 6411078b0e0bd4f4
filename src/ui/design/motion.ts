/** How panels come and go: from their edge, a little. For framer-motion's `m` elements. */
const slide = (away: object, here: object) => ({
  initial: { opacity: 0, ...away },
  animate: { opacity: 1, ...here },
  exit: { opacity: 0, ...away },
});

export const fromRight = slide({ x: 20 }, { x: 0 });
export const fromBelow = slide({ y: 14 }, { y: 0 });
