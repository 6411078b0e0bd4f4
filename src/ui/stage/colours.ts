/** The colour of each protocol, as the tokens have it. Read once for each theme: the canvas asks for it many times a second. */
import type { Protocol } from '../../story/hop-words.ts';

const TOKENS: Readonly<Record<Protocol, string>> = {
  api: '--control',
  watch: '--control',
  etcd: '--storage',
  cri: '--machine',
  cni: '--network',
  net: '--network',
  probe: '--machine',
  packet: '--network',
  registry: '--network',
  other: '--client',
};
const read = new Map<string, string>();
let theme: string | undefined;

export function colourOf(token: string): string {
  if (theme !== document.documentElement.dataset.theme) {
    theme = document.documentElement.dataset.theme;
    read.clear();
  }
  const known = read.get(token);
  if (known !== undefined) return known;
  const value = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  read.set(token, value);
  return value;
}

export const protocolColour = (protocol: Protocol, failed: boolean): string => colourOf(failed ? '--bad' : TOKENS[protocol]);
