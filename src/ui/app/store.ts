/** What the user intends (where they are, how fast, what is selected), and the trace that the worker sent. Everything else is derived. */
import { create } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { FromWorker, ToWorker } from '../../engine/protocol.ts';
import type { Command, Session } from '../../engine/session.ts';
import type { TraceEvent } from '../../kernel/trace.ts';
import type { Beat } from '../../story/beats.ts';
import { openBook, type PictureBook } from '../../story/picture.ts';

export type Tab = 'manifest' | 'kubectl' | 'lessons';
export type Theme = 'dark' | 'light';
export interface Moving {
  readonly row: number;
  readonly progress: number;
}

/** Where time was let pass: the head before it, and the trace's length. */
export interface Wait {
  readonly head: Session['head'];
  readonly commands: number;
  readonly row: number;
}
export interface Store {
  readonly status: 'booting' | 'ready' | 'halted';
  readonly message: string;
  readonly events: readonly TraceEvent[];
  readonly book: PictureBook;
  readonly beats: readonly Beat[];
  /** Rows of hops that are shown, in order. */
  readonly stops: readonly number[];
  readonly bootRows: number;
  readonly session: Session | undefined;
  /** The network that the machines stand on. */
  readonly infraCIDR: string;
  /** How many machines start beside the control plane's. */
  readonly workers: number;
  /** How many machines are ready while the cluster starts. */
  readonly readyMachines: number;
  readonly generation: number;
  readonly isBusy: boolean;
  /** The picture shown is the trace's first `row` events. */
  readonly row: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly selected: string | undefined;
  readonly why: number | undefined;
  readonly tab: Tab;
  readonly theme: Theme;
  readonly isPresenting: boolean;
  readonly showsLegend: boolean;
  readonly showsSequence: boolean;
  /** Whether forward goes message by message. */
  readonly isByHop: boolean;
  /** Heartbeats and the like move, too. */
  readonly showsChatter: boolean;
  /** The lesson that runs. */
  readonly lesson: string | undefined;
  set(patch: Partial<Store>): void;
  /** `then`: whether what follows is played, or only its first beat. */
  act(command: Command, then?: 'play' | 'step'): void;
  /** Counts the times that a command's first beat was asked for. */
  readonly steps: number;
  /** What Undo would take back: a command, or waiting. */
  readonly waits: readonly Wait[];
  advance(seconds: number): void;
  /** Lets time pass until there is something to tell, at most WAIT_S. */
  wait(): void;
  /** A speed, or 'hop': message by message, or 'chatter': with heartbeats. */
  paced(pace: string): void;
  /** Takes the last command back: everything since then is forgotten. */
  undo(): void;
}

const savedTheme = (): Theme => {
  try {
    return localStorage.getItem('orrery/theme') === 'light' ? 'light' : 'dark';
  } catch {
    return 'dark';
  }
};

/** What turns a trace into a story is fetched while the worker starts the cluster: the first paint has no use for it. */
let beatsOf: typeof import('../../story/beats.ts').beatsOf;
let leadersOf: typeof import('../../views/dots.ts').leadersOf;
let rowBefore: typeof import('../../story/given.ts').rowBefore;
const story = Promise.all([import('../../story/beats.ts'), import('../../views/dots.ts'), import('../../story/given.ts')]).then(
  ([beats, dots, given]) => {
    ({ beatsOf } = beats);
    ({ leadersOf } = dots);
    ({ rowBefore } = given);
  },
);

let worker: Worker | undefined;
const send = (message: ToWorker): void => worker?.postMessage(message);

/** Before the worker has said anything. */
const BEFORE_BOOT = {
  status: 'booting',
  message: '',
  events: [],
  book: openBook([]),
  beats: [],
  stops: [],
  bootRows: 0,
  session: undefined,
  infraCIDR: '192.168.0.0/24',
  workers: 3,
  readyMachines: 0,
  generation: 0,
  isBusy: false,
  row: 0,
  isPlaying: false,
  speed: 1,
  selected: undefined,
  why: undefined,
  tab: 'manifest',
  theme: savedTheme(),
  isPresenting: false,
  showsLegend: false,
  showsSequence: false,
  isByHop: false,
  showsChatter: false,
  lesson: undefined,
  steps: 0,
  waits: [],
} satisfies Partial<Store>;

export const useStore = create<Store>()((set, get) => ({
  ...BEFORE_BOOT,
  set: (patch) => set(patch),
  act(command, then = 'play') {
    const generation = get().generation + 1;
    wish = then;
    set({ generation, isBusy: true, isPlaying: false, message: '', waits: get().waits.filter((w) => w.row <= get().row) });
    send({ type: 'command', generation, row: get().row, command });
  },
  advance(seconds) {
    const { session, waits, events } = get();
    const generation = get().generation + 1;
    wish = 'play';
    const isFirst = waiting === undefined || waiting.left === WAIT_S;
    set({
      generation,
      isBusy: true,
      message: '',
      ...(session && isFirst ? { waits: [...waits, { head: session.head, commands: session.commands.length, row: events.length }] } : {}),
    });
    send({ type: 'advance', generation, seconds });
  },
  wait() {
    const { beats, events, advance } = get();
    set({ row: events.length, isPlaying: false });
    waiting = { beats: beats.length, left: WAIT_S };
    advance(STRIDE_S);
  },
  paced(pace) {
    const showsChatter = pace === 'chatter';
    const { events, bootRows } = get();
    set({
      isByHop: pace === 'hop' || showsChatter,
      speed: Number(pace) || 1,
      ...(showsChatter === get().showsChatter ? {} : { showsChatter, stops: leadersOf(events, bootRows, showsChatter) }),
    });
  },
  undo() {
    const { session, isBusy } = get();
    if (!session || isBusy) return;
    const waited = lastWait(get());
    if (waited) {
      set({ waits: get().waits.slice(0, -1) });
      reopen({ ...session, ...(waited.head ? { head: waited.head } : {}) }, waited.row);
      return;
    }
    if (session.commands.length === 0) return;
    const last = session.commands.at(-1);
    const row = rowBefore(get().events, session.commands, get().bootRows);
    const delivered = get().events.reduce((n, event, i) => n + (i < row && event.type === 'hop' ? 1 : 0), 0);
    reopen({ ...session, commands: session.commands.slice(0, -1), head: { at: last?.at ?? 0, delivered } }, row);
  },
}));

/** The waiting that came after the last command, if any. */
export const lastWait = ({ waits, session }: Pick<Store, 'waits' | 'session'>): Wait | undefined => {
  const last = waits.at(-1);
  return last && last.commands === session?.commands.length ? last : undefined;
};

/** Some fields of the store: who reads only these is not rendered again whenever the cursor moves. */
export const useFields = <K extends keyof Store>(...names: readonly K[]): Pick<Store, K> =>
  useStore(useShallow((s) => Object.fromEntries(names.map((name) => [name, s[name]])) as Pick<Store, K>));

/** How far "until something happens" goes, and in what strides, virtual seconds. */
const WAIT_S = 900;
const STRIDE_S = 20;
/** What is done when the worker has answered. */
let wish: 'play' | 'step' = 'play';
let waiting: { readonly beats: number; readonly left: number } | undefined;

/** Goes on waiting while nothing has happened; what has happened is played. */
function waitOn(): void {
  if (!waiting) return;
  const { beats, advance } = useStore.getState();
  const { beats: had, left } = waiting;
  waiting = beats.length > had || left <= 0 ? undefined : { beats: had, left: left - STRIDE_S };
  if (waiting) advance(STRIDE_S);
  else useStore.setState(beats.length > had ? { isPlaying: true } : { message: '15 minutes have passed: only heartbeats.' });
}

function received(message: FromWorker): void {
  const { generation, events: had, book, set, row } = useStore.getState();
  switch (message.type) {
    case 'batch': {
      if (message.generation < generation) return;
      const events = [...had.slice(0, message.from), ...message.events];
      const stops = leadersOf(events, message.bootRows, useStore.getState().showsChatter);
      const isFirst = generation === 0;
      set({
        status: 'ready',
        isBusy: false,
        events,
        book: openBook(events, book, message.from),
        beats: beatsOf(events, message.bootRows, message.session.commands),
        stops,
        bootRows: message.bootRows,
        session: message.session,
        infraCIDR: message.infraCIDR,
        row: isFirst ? Math.min(Math.max(firstRow ?? 0, message.bootRows), events.length) : Math.min(row, events.length),
        isPlaying: !isFirst && message.events.length > 0 && waiting === undefined && wish === 'play',
        ...(wish === 'step' && message.events.length > 0 ? { steps: useStore.getState().steps + 1 } : {}),
      });
      wish = 'play';
      waitOn();
      return;
    }
    case 'starting':
      set({ readyMachines: message.ready });
      return;
    case 'refused':
      set({ message: message.message, isBusy: false });
      return;
    case 'halted':
      set({ status: 'halted', message: message.message, isBusy: false });
      return;
    case 'looked':
      looks.get(message.id)?.(message.insides);
      looks.delete(message.id);
      return;
  }
}

type Insides = Extract<FromWorker, { type: 'looked' }>['insides'];
const looks = new Map<number, (insides: Insides | undefined) => void>();
let lookId = 0;

/** Asks the worker for actors' insides at a row; changes since another row are marked. Undefined when the worker was replaced before it answered. */
export function look(row: number, since: number, addresses: readonly string[]): Promise<Insides | undefined> {
  const id = ++lookId;
  return new Promise((done) => {
    looks.set(id, done);
    send({ type: 'look', id, row, since, addresses });
  });
}

/** Where the cursor is put when the cluster is up; by default after its boot. */
let firstRow: number | undefined;

/** Runs a session again in a new worker, while the stage stands: what is the same does not move. */
function reopen(session: Session, row: number): void {
  firstRow = row;
  useStore.setState({ isPlaying: false, message: '' });
  startWorker({ type: 'open', seed: session.seed, topology: session.topology, session });
  useStore.setState({ generation: 0, isBusy: true });
}

/** A link may hold anything; what cannot be built the worker refuses. */
const workersIn = ({ workers = 3 }: Session['topology']): number => (Array.isArray(workers) ? workers.length : Number(workers));

/** Starts (again) with a session, or fresh. `row`: where in its trace. */
export function openWorker(session?: Session, topology: Extract<ToWorker, { type: 'open' }>['topology'] = {}, row?: number): void {
  firstRow = row;
  const workers = workersIn(session?.topology ?? topology);
  useStore.setState({ status: 'booting', workers, readyMachines: 0, events: [], row: 0, generation: 0, isPlaying: false, waits: [] });
  startWorker({ type: 'open', seed: 7, topology, ...(session ? { session } : {}) });
}

function startWorker(first: ToWorker): void {
  waiting = undefined;
  worker?.terminate();
  for (const done of looks.values()) done(undefined);
  looks.clear();
  worker = new Worker(new URL('../../engine/worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener(
    'message',
    (event: MessageEvent<FromWorker>) =>
      void story.then(
        () => received(event.data),
        () => useStore.getState().set({ status: 'halted', message: 'a part of the page could not be loaded; reload it', isBusy: false }),
      ),
  );
  worker.addEventListener('error', (event) =>
    useStore.getState().set({ status: 'halted', message: event.message || 'the simulation could not be started', isBusy: false }),
  );
  send(first);
}
