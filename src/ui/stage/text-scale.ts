/** Texts are made for a screen 720 pixels high and grow with it, so that a projector's back row reads them as well at 1080; as far as a screen that is held upright is wide enough. */
const DESIGNED_FOR = { height: 720, width: 800 };
export const textScale = (): number =>
  Math.max(0.8, Math.min(window.innerHeight / DESIGNED_FOR.height, window.innerWidth / DESIGNED_FOR.width));
