/** What a script sees of its container, and where what it says goes. */
import type { Context } from '../../kernel/component.ts';
import { ROOT } from './linux-user.ts';
import type { Signal } from './process-protocol.ts';
import { log, tell, type ProcessState } from './process-state.ts';
import type { Where } from './shell/commands.ts';
import { dateText } from './shell/date.ts';
import type { Surroundings } from './shell/rest.ts';
import { catches, isServer } from './shell/run.ts';
import type { Script } from './shell/script.ts';

function whereOf({ config, besides, startedAt, beside }: ProcessState, n: number, ctx: Context): Where {
  const processes = beside.get(n)?.processes ?? config.processes;
  const ms = config.epochMs + Math.floor(ctx.now / 1000);
  return {
    hostname: config.env.told.HOSTNAME ?? config.env.before.HOSTNAME ?? config.pod,
    user: config.user ?? ROOT,
    argv: config.argv,
    pid: besides + (processes?.at(-1)?.pid ?? 0) + 6,
    ...(processes ? { processes } : {}),
    ip: config.ip,
    dateText: dateText(ms),
    seconds: Math.floor(ms / 1000),
    startedMs: config.epochMs + Math.floor(startedAt / 1000),
    hasUnknownFiles: config.isMadeUp ?? false,
    hasUnknownPrograms: config.isBusybox !== true,
    hasBusybox: config.hasBusybox === true,
    ...(config.programs ? { programs: config.programs } : {}),
    ...(config.isOfCluster ? { isOfCluster: true as const } : {}),
  };
}

/** `n`: the script's number. */
export function surroundings(state: ProcessState, n: number, script: Script, ctx: Context): Surroundings {
  const { config } = state;
  return {
    script,
    files: state.files,
    written: state.written,
    ...(state.mounts ? { mounts: state.mounts } : {}),
    where: whereOf(state, n, ctx),
    now: ctx.now,
    term: () => {
      signalled(state, ctx);
      return n === 0 && catches(script);
    },
    ...(n === 0 && config.isAwaited !== true ? { mayServe: true as const } : {}),
    signal: (address, signal) => ctx.send(address, { protocol: 'signal', signal } satisfies Signal),
    log: (text) => tell(state, text, ctx),
    print: (text, isComplaint) => {
      const beside = state.beside.get(n);
      if (beside?.typing?.isMain) tell(state, text, ctx);
      if (beside) beside[isComplaint && !beside.typing ? 'complained' : 'said'] += text;
      else if (!isComplaint) tell(state, text, ctx);
      else for (const line of text.replace(/\n$/, '').split('\n')) log(state, line, ctx);
    },
  };
}

/** SIGTERM came to the first process: a server ends, a script looks at it when it can. */
export function signalled(state: ProcessState, ctx: Context): void {
  const { ignoresTerm, termCode = 0 } = state.config.behaviour;
  if (state.main && state.config.sharesPids && !catches(state.main)) ctx.wake(0, { exit: 143 });
  else if (state.main && !isServer(state.main)) state.isTermed = true;
  else if (ignoresTerm !== true) ctx.wake(30_000, { exit: termCode });
}
