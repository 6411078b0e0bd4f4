/** The bar at the top: where we are in time, and what can be done to the cluster. */
import { objectsOf, pictureAt } from '../../story/picture.ts';
import type { Command } from '../../engine/session.ts';
import type { V1Node, V1Pod } from '../../api/schema/kubernetes.ts';
import { linkOf } from '../app/share.ts';
import { useStore } from '../app/store.ts';
import { requestsAt } from './requests.ts';
import { goTo, goToEnd, stepBack, stepForward, togglePlay } from './playback.ts';
import css from './transport.module.css';

interface Break { readonly label: string; readonly command: Command }

/** What can be broken now, by name. */
function breaks(pods: readonly V1Pod[], nodes: readonly V1Node[]): readonly Break[] {
  const own = pods.filter((p) => !(p.metadata?.namespace ?? '').startsWith('kube-') && p.spec?.nodeName).slice(0, 6);
  const workers = nodes.filter((n) => n.metadata?.labels?.['node-role.kubernetes.io/control-plane'] === undefined).slice(0, 4);
  return [
    ...own.flatMap((p): readonly Break[] => {
      const key = `${p.metadata?.namespace}/${p.metadata?.name}`;
      return [
        { label: `delete pod ${p.metadata?.name}`, command: { do: 'kubectl', args: ['delete', 'pod', p.metadata?.name ?? '', '-n', p.metadata?.namespace ?? '', '--wait=false'], stdin: '' } },
        ...(p.spec?.containers ?? []).map((c): Break => ({ label: `kill container ${c.name} of ${p.metadata?.name}`, command: { do: 'kill', what: `${key}/${c.name}` } })),
        { label: `kill pause of ${p.metadata?.name}`, command: { do: 'kill', what: `${key}/pause` } },
      ];
    }),
    ...workers.flatMap((n): readonly Break[] => {
      const name = n.metadata?.name ?? '';
      return [{ label: `stop the kubelet of ${name}`, command: { do: 'stop', what: `${name}/kubelet` } }, { label: `cut ${name} off`, command: { do: 'partition', a: 'cp-1', b: name } }, { label: `pull the plug of ${name}`, command: { do: 'kill', what: name } }, { label: `start ${name} again`, command: { do: 'start', what: name } }, { label: `heal the network of ${name}`, command: { do: 'heal', a: 'cp-1', b: name } }];
    }),
  ];
}

const duration = (us: number): string => (us < 1000 ? `${us} µs` : us < 1_000_000 ? `${(us / 1000).toFixed(1)} ms` : `${(us / 1_000_000).toFixed(2)} s`);

/** Drawn, not typed: not every machine has a font with these signs. */
function Icon({ d }: { readonly d: string }) {
  return <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d={d} fill="currentColor" stroke="currentColor" strokeWidth="1.500" strokeLinejoin="round" /></svg>;
}

export function Transport() {
  const { book, row, events, bootRows, isPlaying, speed, theme, isPresenting, session, isBusy, status, act, set, advance } = useStore();
  const picture = pictureAt(book, row);
  const options = breaks(objectsOf<V1Pod>(picture, 'pods'), objectsOf<V1Node>(picture, 'minions'));
  const requests = requestsAt(picture);
  const since = session?.commands.filter((c) => c.at <= picture.at).at(-1)?.at;
  const clock = since === undefined ? `T + ${duration(picture.at)}` : `+ ${duration(picture.at - since)}`;
  const share = async (): Promise<void> => { if (!session) return; const link = await linkOf(session, row); history.replaceState(null, '', link); await navigator.clipboard?.writeText(link).catch(() => undefined); set({ message: 'The link to this moment is in the address bar and on your clipboard.' }); };
  return (
    <header className={css.bar}>
      <b className={css.brand}>Kube Orrery</b>
      <div className={css.group} role="group" aria-label="Playback">
        <button type="button" onClick={() => goTo(bootRows)} disabled={row <= bootRows} title="To the start" aria-label="To the start"><Icon d="M4 3v10M13 3 6 8l7 5z" /></button>
        <button type="button" onClick={stepBack} disabled={row <= bootRows} title="Back a beat (←)" aria-label="Back a beat"><Icon d="M11 3 4 8l7 5z" /></button>
        <button type="button" className={css.primary} onClick={togglePlay} disabled={row >= events.length} title="Play (Space)" aria-label={isPlaying ? 'Pause' : 'Play'}><Icon d={isPlaying ? 'M4 3h3v10H4zM9 3h3v10H9z' : 'M4 2l9 6-9 6z'} /></button>
        <button type="button" onClick={stepForward} disabled={row >= events.length} title="Forward a beat (→)" aria-label="Forward a beat"><Icon d="M4 3l6 5-6 5zM12 3v10" /></button>
        <button type="button" onClick={goToEnd} disabled={row >= events.length} title="To the end (End)" aria-label="Settle"><Icon d="M3 3l4.500 5L3 13zM8 3l4.500 5L8 13zM14 3v10" /></button>
      </div>
      <label className={css.pace}><select aria-label="Pace" title="Pace" value={speed} onChange={(e) => set({ speed: Number(e.target.value) })}>{[0.5, 1, 2, 4].map((n) => <option key={n} value={n}>{n} ×</option>)}</select></label>
      <button type="button" onClick={() => advance(10)} disabled={status !== 'ready' || isBusy} title="Let ten seconds pass">+10 s</button>
      <span className={css.space} />
      <output className={css.clock} aria-label="Virtual clock" title="Virtual time since the last command, and etcd's revision">{clock} · rev {picture.revision}</output>
      <select className={css.break} value="" aria-label="Break something" disabled={status !== 'ready' || isBusy} onChange={(e) => { const found = options[Number(e.target.value)]; if (found) act(found.command); }}>
        <option value="">Break …</option>
        {options.map((o, i) => <option key={o.label} value={i}>{o.label}</option>)}
      </select>
      <select className={css.break} value="" aria-label="Send a request" disabled={status !== 'ready' || isBusy || requests.length === 0} onChange={(e) => { const found = requests[Number(e.target.value)]; if (found) act(found.command); }}>
        <option value="">Request …</option>
        {requests.map((o, i) => <option key={o.label} value={i}>{o.label}</option>)}
      </select>
      <button type="button" onClick={() => void share()} disabled={!session}>Share</button>
      <button type="button" aria-pressed={isPresenting} onClick={() => set({ isPresenting: !isPresenting })}>Present</button>
      <button type="button" onClick={() => set({ showsLegend: !useStore.getState().showsLegend })} aria-label="Legend">?</button>
      <button type="button" onClick={() => set({ theme: theme === 'dark' ? 'light' : 'dark' })} aria-label="Theme"><Icon d={theme === 'dark' ? 'M12.500 10A5.500 5.500 0 0 1 6 3.500 5.500 5.500 0 1 0 12.500 10z' : 'M8 4.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM8 1v1M8 14v1M1 8h1M14 8h1'} /></button>
    </header>
  );
}
