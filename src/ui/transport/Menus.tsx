/** What can be done to the cluster now: broken, mended, thrown away, or sent a request. */
import { pictureAt } from '../../story/picture.ts';
import { openWorker, useFields } from '../app/store.ts';
import { breaksAt, type Break } from './breaks.ts';
import { requestsAt } from './requests.ts';
import css from './transport.module.css';

const FRESH = 'fresh';

function Options({ of, isKubectl, label }: { readonly of: readonly Break[]; readonly isKubectl: boolean; readonly label: string }) {
  return of.some((o) => o.isKubectl === isKubectl) && <optgroup label={label}>{of.map((o, i) => o.isKubectl === isKubectl && <option key={o.label} value={i}>{o.label}</option>)}</optgroup>;
}

export default function Menus() {
  const { book, row, session, status, isBusy, act } = useFields('book', 'row', 'session', 'status', 'isBusy', 'act');
  const picture = pictureAt(book, row);
  const options = breaksAt(picture, session);
  const requests = requestsAt(picture);
  return (
    <>
      <select className={css.break} value="" aria-label="Break something" disabled={status !== 'ready' || isBusy} onChange={(e) => { const found = options[Number(e.target.value)]; if (e.target.value === FRESH) openWorker(); else if (found) act(found.command); }}>
        <option value="">Break …</option>
        <Options of={options} isKubectl label="with kubectl" />
        <Options of={options} isKubectl={false} label="on the machines: kubectl cannot" />
        <optgroup label="everything"><option value={FRESH}>start over with a fresh cluster</option></optgroup>
      </select>
      <select className={css.break} value="" aria-label="Send a request" disabled={status !== 'ready' || isBusy || requests.length === 0} onChange={(e) => { const found = requests[Number(e.target.value)]; if (found) act(found.command); }}>
        <option value="">Request …</option>
        {requests.map((o, i) => <option key={o.label} value={i}>{o.label}</option>)}
      </select>
    </>
  );
}
