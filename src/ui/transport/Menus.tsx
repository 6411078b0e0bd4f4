/** What can be done to the cluster now: time passes, a command is undone, it is broken, mended, thrown away, sent a request, or shared. */
import type { ReactNode } from 'react';
import { pictureAt } from '../../story/picture.ts';
import { linkOf } from '../app/share.ts';
import { lastWait, openWorker, useFields, useStore } from '../app/store.ts';
import { openOnKey } from '../design/open-on-key.ts';
import { breaksAt, type Break } from './breaks.ts';
import { commandText } from './command-text.ts';
import { Icon } from './Icon.tsx';
import { requestsAt } from './requests.ts';
import css from './transport.module.css';

const FRESH = 'fresh';
const SPANS = [
  [10, '10 seconds'],
  [60, '1 minute'],
  [300, '5 minutes'],
] as const;

interface ActionsProps {
  readonly label: string;
  readonly first: string;
  readonly isNarrow?: true;
  readonly title?: string;
  readonly isOff?: boolean;
  readonly onChoose: (value: string) => void;
  readonly children: ReactNode;
}

/** A select that does what is chosen in it. While the cluster is at work it keeps the focus, which a disabled one would lose. */
function Actions({ label, first, isNarrow, title, isOff = false, onChoose, children }: ActionsProps) {
  const { status, isBusy } = useFields('status', 'isBusy');
  const ifBusy = (event: { readonly preventDefault: () => void }): void => {
    if (isBusy) event.preventDefault();
  };
  return (
    <select
      className={isNarrow ? css.time : css.break}
      value=""
      aria-label={label}
      title={title}
      disabled={status !== 'ready' || isOff}
      aria-disabled={isBusy}
      onMouseDown={ifBusy}
      onKeyDown={(e) => {
        if (!isBusy) openOnKey(e);
        else if (e.key !== 'Tab') e.preventDefault();
      }}
      onChange={(e) => {
        if (!isBusy) onChoose(e.target.value);
      }}
    >
      <option value="">{first}</option>
      {children}
    </select>
  );
}

/** Virtual time: so much of it, or until there is something to tell. */
function TimePasses() {
  const { events, set, advance, wait } = useFields('events', 'set', 'advance', 'wait');
  return (
    <Actions
      label="Let time pass"
      first="Wait …"
      isNarrow
      title="Let time pass (W: until something happens)"
      onChoose={(value) => {
        if (value === 'wait') wait();
        else {
          set({ row: events.length });
          advance(Number(value));
        }
      }}
    >
      {SPANS.map(([seconds, text]) => (
        <option key={seconds} value={seconds}>
          {text}
        </option>
      ))}
      <option value="wait">until something happens</option>
    </Actions>
  );
}

function Undo() {
  const { waits, session, isBusy, status, lesson, undo } = useFields('waits', 'session', 'isBusy', 'status', 'lesson', 'undo');
  const last = session?.commands.at(-1);
  const undone = lastWait({ waits, session }) ? 'waiting' : last && commandText(last.command);
  return (
    <button
      type="button"
      onClick={undo}
      disabled={isBusy || status !== 'ready' || !undone || lesson !== undefined}
      title={lesson !== undefined ? 'A lesson goes back with its own Back' : undone ? `Undo (U): ${undone}` : 'Nothing to undo'}
      aria-label={undone ? `Undo ${undone}` : 'Undo'}
    >
      <Icon d="M6 3 2.5 6.5 6 10M3 6.5h6.5a3.2 3.2 0 0 1 0 6.4H6" isLine />
    </button>
  );
}

export const Time = () => (
  <>
    <TimePasses />
    <Undo />
  </>
);

function Options({ of, isKubectl, label }: { readonly of: readonly Break[]; readonly isKubectl: boolean; readonly label: string }) {
  return (
    of.some((o) => o.isKubectl === isKubectl) && (
      <optgroup label={label}>
        {of.map(
          (o, i) =>
            o.isKubectl === isKubectl && (
              <option key={o.label} value={i}>
                {o.label}
              </option>
            ),
        )}
      </optgroup>
    )
  );
}

/** So long a notice is read that asks for nothing. */
const READ_MS = 6000;

function Share() {
  const { session, row, set } = useFields('session', 'row', 'set');
  const share = async (): Promise<void> => {
    if (!session) return;
    const link = await linkOf(session, row);
    history.replaceState(null, '', link);
    const isCopied = await Promise.resolve(navigator.clipboard?.writeText(link)).then(
      () => navigator.clipboard !== undefined,
      () => false,
    );
    const message = `The link to this moment is in the address bar${isCopied ? ' and on your clipboard' : ''}.`;
    set({ message });
    setTimeout(() => {
      if (useStore.getState().message === message) set({ message: '' });
    }, READ_MS);
  };
  return (
    <button type="button" onClick={() => void share()} disabled={!session}>
      Share
    </button>
  );
}

export default function Menus() {
  const { book, row, session, act } = useFields('book', 'row', 'session', 'act');
  const picture = pictureAt(book, row);
  const options = breaksAt(picture, session);
  const requests = requestsAt(picture);
  return (
    <>
      <Actions
        label="Break something"
        first="Break …"
        onChoose={(value) => {
          const found = options[Number(value)];
          if (value === FRESH) openWorker();
          else if (found) act(found.command);
        }}
      >
        <Options of={options} isKubectl label="with kubectl" />
        <Options of={options} isKubectl={false} label="on the machines: kubectl cannot" />
        <optgroup label="everything">
          <option value={FRESH}>start over with a fresh cluster</option>
        </optgroup>
      </Actions>
      <Actions
        label="Send a request"
        first="Request …"
        isOff={requests.length === 0}
        onChoose={(value) => {
          const found = requests[Number(value)];
          if (found) act(found.command);
        }}
      >
        {requests.map((o, i) => (
          <option key={o.label} value={i}>
            {o.label}
          </option>
        ))}
      </Actions>
      <Share />
    </>
  );
}
