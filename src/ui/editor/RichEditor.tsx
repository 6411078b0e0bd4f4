/** Monaco's place in the page: waits for it, shows the plain editor until then, and changes the one for the other under the user's hands. */
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from 'react';
import { useFields, useStore } from '../app/store.ts';
import { applyDraft } from './apply.ts';
import type { Draft } from './draft-list.ts';
import { activeDraft, editDraft } from './drafts.ts';
import type { Findings } from './language-protocol.ts';
import { PlainEditor, type PlainSurface } from './PlainEditor.tsx';
import type { Mounted, MountOptions, Surface } from './surface.ts';
import css from './editor.module.css';

interface Props {
  readonly draft: Draft;
  readonly findings: Findings;
  readonly handle: Ref<Surface>;
  /** Always the same function. */
  readonly onTabFree: (isFree: boolean) => void;
}
type Mount = (host: HTMLElement, options: MountOptions) => Mounted;

/** Monaco is large: it comes when the stage has been drawn and nothing else happens, or at once when somebody reaches for the editor. */
const REST_MS = 1800;
function whenWanted(host: HTMLElement, run: () => void): () => void {
  const events = ['pointerenter', 'focusin'] as const;
  const stop = (): void => {
    window.clearTimeout(timer);
    for (const name of events) host.removeEventListener(name, start);
  };
  const start = (): void => {
    stop();
    run();
  };
  const timer = window.setTimeout(() => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(start, { timeout: REST_MS });
    else start();
  }, REST_MS);
  for (const name of events) host.addEventListener(name, start);
  return stop;
}

let loaded: Promise<Mount | undefined> | undefined;
/** Once it is here, it is there before the next paint: coming back from another tab shows no plain text. */
let here: Mount | undefined;
/** Undefined where it cannot be loaded: the plain editor stays, and the next page tries again. */
const load = (): Promise<Mount | undefined> =>
  (loaded ??= import('./monaco/mount.ts').then(
    (m) => (here = m.default),
    () => undefined,
  ));

/** As a click on Apply does: it plays, and the keys are the stage's again. */
const apply = (): void => {
  if (applyDraft()) (document.activeElement as HTMLElement).blur();
};

export function RichEditor({ draft, findings, handle, onTabFree }: Props) {
  const { status, theme } = useFields('status', 'theme');
  const box = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<PlainSurface>(null);
  const [rich, setRich] = useState<Mounted>();

  const isReady = status !== 'booting';
  useLayoutEffect(() => {
    if (!isReady) return undefined;
    let isGone = false;
    let mounted: Mounted | undefined;
    const replace = (mount: Mount | undefined): void => {
      if (isGone || !mount || !host.current || !plain.current) return;
      if (plain.current.isComposing()) {
        window.setTimeout(() => replace(mount), 200);
        return;
      }
      mounted = mount(host.current, {
        draft: activeDraft(),
        theme: useStore.getState().theme,
        standing: plain.current.standing(),
        onText: editDraft,
        onApply: apply,
        onTabFree,
      });
      setRich(mounted);
    };
    if (here) replace(here);
    const cancel = box.current && !here ? whenWanted(box.current, () => void load().then(replace)) : undefined;
    return () => {
      isGone = true;
      cancel?.();
      mounted?.dispose();
      setRich(undefined);
    };
  }, [isReady, onTabFree]);
  /** Asked for anew: an effect may run after the next key, and must not put the older text back. */
  useEffect(() => rich?.setDraft(activeDraft()), [rich, draft]);
  useEffect(() => rich?.setFindings(findings), [rich, draft.id, findings]);
  useEffect(() => rich?.setTheme(theme), [rich, theme]);
  useImperativeHandle(
    handle,
    () => ({
      focus: () => (rich ?? plain.current)?.focus(),
      show: (span) => (rich ?? plain.current)?.show(span),
      replace: (span, text) => (rich ?? plain.current)?.replace(span, text),
    }),
    [rich],
  );

  return (
    <div ref={box} className={css.text} data-editor={rich ? 'monaco' : 'plain'}>
      <div ref={host} className={css.monaco} />
      {!rich && (
        <PlainEditor draft={draft} findings={findings} handle={plain} onText={(text) => editDraft(draft.id, text)} onApply={apply} />
      )}
    </div>
  );
}
