/** The insides of actors at the cursor. One question at a time is with the worker; while it answers, only the newest cursor waits. */
import { useEffect, useRef, useState } from 'react';
import { beatNow } from '../../story/beats.ts';
import type { Inside } from '../../story/inside.ts';
import { look, useStore } from '../app/store.ts';

export type Insides = Readonly<Record<string, Inside>>;
export interface Answer {
  readonly insides: Insides;
  readonly for: string;
  readonly row: number;
}
interface Question {
  readonly key: string;
  readonly row: number;
  readonly since: number;
  readonly addresses: readonly string[];
}

const NONE: Answer = { insides: {}, for: '', row: -1 };

export function useInsides(addresses: readonly string[]): Answer {
  const row = useStore((s) => s.row);
  const beats = useStore((s) => s.beats);
  const key = addresses.join(' ');
  const [answer, setAnswer] = useState<Answer>(NONE);
  const ask = useRef<{ busy: boolean; next: Question | undefined; alive: boolean }>({ busy: false, next: undefined, alive: true });
  useEffect(() => {
    const state = ask.current;
    state.alive = true;
    return () => {
      state.alive = false;
    };
  }, []);
  useEffect(() => {
    const since = beats[beatNow(beats, row)]?.from ?? row;
    ask.current.next = { key, row, since, addresses: key === '' ? [] : key.split(' ') };
    const pump = (): void => {
      const { next, busy } = ask.current;
      if (busy || !next) return;
      ask.current.busy = true;
      ask.current.next = undefined;
      void look(next.row, next.since, next.addresses).then((insides) => {
        ask.current.busy = false;
        if (insides && ask.current.alive) setAnswer({ insides, for: next.key, row: next.row });
        pump();
      });
    };
    pump();
  }, [row, beats, key]);
  return answer.for === key ? answer : NONE;
}
