/** Texts are made for a screen 720 pixels high and grow with it, so that a projector's back row reads them as well at 1080. */
const DESIGNED_FOR = 720;
export const textScale = (): number => Math.max(0.8, window.innerHeight / DESIGNED_FOR);
