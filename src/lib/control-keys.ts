/** Keys that a terminal hands on as characters. Source: termios(3), VINTR and VEOF. */
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

/** What people call it; undefined: it is words. */
export const keyName = (text: string): string | undefined => (text === CTRL_C ? 'Ctrl-C' : text === CTRL_D ? 'Ctrl-D' : undefined);
/** What a shell prompts with in the middle of a command. */
export const PS2 = '> ';
