/** The benchmark's crowd: two hundred messages that never end, between places of the stage. Loaded only by '?bench=dots'. */
import type { Protocol } from '../../story/hop-words.ts';
import { pictureAt } from '../../story/picture.ts';
import type { Dot } from '../../views/dots.ts';
import type { Track } from '../../views/geometry.ts';
import { useStore } from '../app/store.ts';
import { crowd, type Walker } from './crowd.ts';
import type { Route } from './Dots.tsx';

const WALKERS = 200;
const LAP_MS = 1700;
const PROTOCOLS: readonly Protocol[] = ['api', 'watch', 'etcd', 'cri', 'packet', 'registry'];

function waysOf(route: Route): readonly { readonly dot: Dot; readonly track: Track }[] {
  const { book, row } = useStore.getState();
  const api = 'cp-1/kube-apiserver';
  const addresses = [...pictureAt(book, row).actors.keys()].filter((a) => a !== api);
  const ways = addresses.flatMap((from, i) => {
    const to = i % 3 === 0 ? (addresses[(i * 7) % addresses.length] ?? api) : api;
    const track = route(from, to);
    return track
      ? [
          {
            track,
            dot: {
              from,
              to,
              protocol: PROTOCOLS[i % PROTOCOLS.length],
              text: 'GET pods',
              failed: i % 17 === 0,
              count: 1,
              isLost: false,
              isNested: i % 11 === 0,
            },
          },
        ]
      : [];
  });
  return ways.length === 0 ? [] : Array.from({ length: WALKERS }, (_, i) => ways[i % ways.length]);
}

let kept: { readonly route: Route; readonly ways: ReturnType<typeof waysOf> } | undefined;
crowd.current = (route, nowMs): readonly Walker[] => {
  if (kept?.route !== route) kept = { route, ways: waysOf(route) };
  return kept.ways.map((way, i) => ({ ...way, progress: ((nowMs + i * 97) % LAP_MS) / LAP_MS }));
};
