/** kubectl events. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/events (v1.36). */
import { age } from '../../api/machinery/columns.ts';
import { kindNamed } from '../../api/registry.ts';
import type { CoreV1Event } from '../../api/schema/kubernetes.ts';
import { goSorted } from '../../lib/go-sort.ts';
import { columnWidths, textTable } from '../../lib/text-table.ts';
import { listOf } from '../argv.ts';
import { serverError, type Command, type Env, type Output } from '../command.ts';
import { formatted } from '../printing.ts';
import { nameOf, noSuchType } from '../resources.ts';

interface State {
  readonly query: Readonly<Record<string, string>>;
  readonly read: readonly CoreV1Event[];
  /** Of the columns that a watch has printed. */
  readonly widths: readonly number[];
}

const path = (env: Env): string => (env.argv.flags.has('all-namespaces') ? '/api/v1/events' : `/api/v1/namespaces/${env.namespace}/events`);
const lastSeen = (e: CoreV1Event): string => (e.series?.lastObservedTime ?? e.lastTimestamp ?? e.eventTime ?? '').replace(/Z$/, '');

/** '5s', '2m (x3 over 10m)' */
function interval(e: CoreV1Event, nowMs: number): string {
  const first = age(e.eventTime ?? e.firstTimestamp, nowMs);
  if (e.series) return `${age(e.series.lastObservedTime, nowMs)} (x${e.series.count ?? 0} over ${first})`;
  return (e.count ?? 0) > 1 ? `${age(e.lastTimestamp, nowMs)} (x${e.count} over ${first})` : first;
}

function linesOf(events: readonly CoreV1Event[], env: Env, header: boolean): readonly (readonly string[])[] {
  const { flags } = env.argv;
  const inAll = (namespace: string): readonly string[] => (flags.has('all-namespaces') ? [namespace] : []);
  const rows = events.map((e) => [
    ...inAll(e.metadata.namespace ?? ''),
    interval(e, env.nowMs),
    e.type ?? '',
    e.reason ?? '',
    `${e.involvedObject.kind ?? ''}/${e.involvedObject.name ?? ''}`,
    (e.message ?? '').trim(),
  ]);
  return header && !flags.has('no-headers') ? [[...inAll('NAMESPACE'), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'], ...rows] : rows;
}

const typesOf = ({ argv }: Env): readonly string[] => listOf(argv, 'types').map((type) => type.toLowerCase());
const isShown = ({ type = '' }: CoreV1Event, env: Env): boolean => {
  const types = typesOf(env);
  return types.length === 0 || types.includes(type.toLowerCase());
};

/** The object that --for names, as a field selector. */
function queryOf({ argv }: Env): Readonly<Record<string, string>> | string {
  const about = argv.flags.get('for') ?? '';
  if (about === '') return {};
  const [word, name, ...more] = about.split('/');
  if (name === undefined) return 'error: --for must be in resource/name form\n';
  if (more.length > 0) return 'error: arguments in resource/name form may not have more than one slash\n';
  const kind = kindNamed(word);
  return kind ? { fieldSelector: `involvedObject.kind=${kind.kind},involvedObject.name=${name}` } : `${noSuchType(word)}\n`;
}

function printed(events: readonly CoreV1Event[], env: Env): Output {
  if (events.length === 0)
    return {
      err: env.argv.flags.has('all-namespaces') ? 'No events found.\n' : `No events found in ${env.namespace} namespace.\n`,
      exit: 0,
    };
  const sorted = goSorted(events, (a, b) => lastSeen(a) < lastSeen(b));
  const output = env.argv.flags.get('output') ?? '';
  if (output === 'name') return { exit: 0 };
  return {
    ...(formatted(output, {
      apiVersion: 'v1',
      kind: 'EventList',
      metadata: {},
      items: sorted.map((e) => ({ ...e, eventTime: e.eventTime ?? null })),
    }) ?? { out: textTable(linesOf(sorted, env, true)) }),
    exit: 0,
  };
}

function printEvent(state: State, event: CoreV1Event, env: Env): Output {
  const output = env.argv.flags.get('output') ?? '';
  if (output === 'name') return { out: `${nameOf(event)}\n` };
  const said = formatted(output, event);
  if (said) return said;
  const lines = linesOf([event], env, state.widths.length === 0);
  return { out: textTable(lines, state.widths), state: { ...state, widths: columnWidths(lines, state.widths) } satisfies State };
}

export default [
  {
    name: 'events',
    init(env) {
      const query = queryOf(env);
      if (typeof query === 'string') return { err: query, exit: 1 };
      if (typesOf(env).some((type) => type !== 'normal' && type !== 'warning'))
        return { err: 'error: valid --types are Normal or Warning\n', exit: 1 };
      const state: State = { query, read: [], widths: [] };
      if (env.argv.flags.get('watch') === 'true')
        return {
          state,
          ask: [{ tag: 'watch', isWatch: true, request: { method: 'GET', path: path(env), query: { ...query, watch: '1' } } }],
        };
      return { state, ask: [{ tag: 'list', request: { method: 'GET', path: path(env), query: { ...query, limit: '500' } } }] };
    },
    update(model, told, env) {
      const state = model as State;
      if (told.event) {
        const event = told.event.object as CoreV1Event;
        return told.event.type === 'DELETED' || !isShown(event, env) ? {} : printEvent(state, event, env);
      }
      const { response } = told;
      if (!response) return {};
      if (response.code !== 200) return { err: serverError(response), exit: 1 };
      const { items = [], metadata } = response.body as {
        readonly items?: readonly CoreV1Event[];
        readonly metadata?: { readonly continue?: string };
      };
      const read = [...state.read, ...items.map((item) => ({ ...item, apiVersion: 'v1', kind: 'Event' }))];
      if (metadata?.continue)
        return {
          state: { ...state, read } satisfies State,
          ask: [
            {
              tag: 'list',
              request: { method: 'GET', path: path(env), query: { ...state.query, limit: '500', continue: metadata.continue } },
            },
          ],
        };
      return printed(
        read.filter((event) => isShown(event, env)),
        env,
      );
    },
  },
] satisfies readonly Command[];
