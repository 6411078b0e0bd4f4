/** Applies what the editor shows, unless the cluster is busy or the text is too long to be read. Returns whether it did. */
import { tooLong } from '../../api/manifest/limits.ts';
import { useStore } from '../app/store.ts';
import { activeText } from './drafts.ts';

export function applyDraft(then: 'play' | 'step' = 'play'): boolean {
  const { status, isBusy, act } = useStore.getState();
  const stdin = activeText();
  if (status !== 'ready' || isBusy || tooLong(stdin) !== undefined) return false;
  act({ do: 'kubectl', args: ['apply', '-f', '-'], stdin }, then);
  return true;
}
