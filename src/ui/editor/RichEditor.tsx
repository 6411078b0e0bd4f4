/** Monaco's place in the page: waits for it, shows the plain editor until then, and changes the one for the other under the user's hands. */
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { useStore } from '../app/store.ts';
import type { Draft } from './draft-list.ts';
import { editDraft } from './drafts.ts';
import type { Findings } from './language-protocol.ts';
import { PlainEditor, type PlainSurface } from './PlainEditor.tsx';
import type { Mounted, MountOptions, Surface } from './surface.ts';
import css from './editor.module.css';

interface Props { readonly draft: Draft; readonly findings: Findings; readonly handle: Ref<Surface>; onApply(): void; onTabFree(isFree: boolean): void }
type Mount = (host: HTMLElement, options: MountOptions) => Mounted;

const IDLE_MS = 2000;
const whenIdle = (run: () => void): (() => void) => {
  if (!('requestIdleCallback' in window)) { const timer = globalThis.setTimeout(run, IDLE_MS); return () => globalThis.clearTimeout(timer); }
  const handle = window.requestIdleCallback(run, { timeout: IDLE_MS });
  return () => window.cancelIdleCallback(handle);
};

let loaded: Promise<Mount | undefined> | undefined;
/** Undefined where it cannot be loaded: the plain editor stays, and the next page tries again. */
const load = (): Promise<Mount | undefined> => (loaded ??= import('./monaco/mount.ts').then((m) => m.default, () => undefined));

export function RichEditor({ draft, findings, handle, onApply, onTabFree }: Props) {
  const { status, theme } = useStore();
  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<PlainSurface>(null);
  const [rich, setRich] = useState<Mounted>();
  const now = useRef({ draft, onApply, onTabFree });
  useEffect(() => { now.current = { draft, onApply, onTabFree }; });

  const isReady = status !== 'booting';
  useEffect(() => {
    if (!isReady) return undefined;
    let isGone = false;
    let mounted: Mounted | undefined;
    const replace = (mount: Mount | undefined): void => {
      if (isGone || !mount || !host.current || !plain.current) return;
      if (plain.current.isComposing()) { window.setTimeout(() => replace(mount), 200); return; }
      mounted = mount(host.current, { draft: now.current.draft, theme: useStore.getState().theme, standing: plain.current.standing(), onText: editDraft, onApply: () => now.current.onApply(), onTabFree: (isFree) => now.current.onTabFree(isFree) });
      setRich(mounted);
    };
    const cancel = whenIdle(() => void load().then(replace));
    return () => { isGone = true; cancel(); mounted?.dispose(); setRich(undefined); };
  }, [isReady]);
  useEffect(() => rich?.setDraft(draft), [rich, draft]);
  useEffect(() => rich?.setFindings(findings), [rich, draft.id, findings]);
  useEffect(() => rich?.setTheme(theme), [rich, theme]);
  useImperativeHandle(handle, () => ({ focus: () => (rich ?? plain.current)?.focus(), show: (span) => (rich ?? plain.current)?.show(span) }), [rich]);

  return (
    <div className={css.text} data-editor={rich ? 'monaco' : 'plain'}>
      <div ref={host} className={css.monaco} />
      {!rich && <PlainEditor draft={draft} findings={findings} handle={plain} onText={(text) => editDraft(draft.id, text)} onApply={onApply} />}
    </div>
  );
}
