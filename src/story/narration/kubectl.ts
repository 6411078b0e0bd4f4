/** What kubectl does and prints, in sentences. */
import { keyName } from '../../lib/control-keys.ts';
import { many } from '../../lib/many.ts';
import { isTable, rowsOf, saidIn, statesOf } from '../printed-table.ts';
import type { Sentences } from '../sentence.ts';

const DOCS = 'https://kubernetes.io/docs/concepts';
const lines = (text: string): readonly string[] => text.trim().split('\n');

const PRINTED_CHARS = 84;

/** Three lines at most, as many as can be read at a glance: of a table a few columns, of Events their number. */
function printed(text: string): string {
  const all = lines(text);
  if (/^(NAMESPACE +)?LAST SEEN /.test(all[0] ?? '')) return many(all.length - 1, 'event');
  const described = /^Name: +(\S+)/.exec(all[0] ?? '')?.[1];
  if (described !== undefined) return `all about ${described}, in ${many(all.length, 'line')}`;
  const said = (isTable(text) ? rowsOf(text) : all).map((line) => {
    const bare = line.replace(/\s+/g, ' ');
    return bare.length > 60 ? `${bare.slice(0, 59)}…` : bare;
  });
  let count = 1;
  while (count < Math.min(3, said.length) && said.slice(0, count + 1).join(' · ').length <= PRINTED_CHARS) count++;
  return `${said.slice(0, count).join(' · ')}${said.length > count ? ' …' : ''}`;
}

/** The first thing that is accepted and had better be written otherwise, and how many more there are. */
function warned(stderr: string): string {
  const all = lines(stderr).flatMap((line) => (line.startsWith('Warning: ') ? [line.slice('Warning: '.length)] : []));
  return all.length === 0 ? '' : `It warns: ${all[0]}${all.length > 1 ? ` (and ${all.length - 1} more)` : ''}.`;
}

/** What kubectl's words mean, and what they do not. */
function answerWhy(stdout: string): string {
  if (/ created$/m.test(stdout)) return '“created” means: written down in etcd. It does not mean that a container runs.';
  if (/^pod "[^"]*" deleted/m.test(stdout))
    return '“deleted” means: the apiserver has agreed. A pod that runs is gone only when its kubelet has ended it.';
  if (/ unchanged$/m.test(stdout) && !/ configured$/m.test(stdout))
    return 'What is written down says so already: nobody has anything to do.';
  if (isTable(stdout)) return statesOf(stdout);
  return / (configured|scaled)$/m.test(stdout) ? 'Written down in etcd. Who watches the object acts on it, one after the other.' : '';
}

export default {
  'kubectl/started': {
    act: 1,
    title: (w) => `You run kubectl ${w.text('command')}.`,
    why: () => 'kubectl is only a client: it turns the command into HTTPS requests to the apiserver.',
    doc: `${DOCS}/overview/components/`,
  },
  'kubectl/typed': {
    act: 1,
    title: (w) => {
      const text = w.text('text');
      const key = keyName(text);
      return key === undefined ? `You type ${text.trim() || 'nothing'}.` : `You press ${key}.`;
    },
    why: () => 'kubectl sends it along: through the apiserver, the kubelet and containerd to the shell in the container.',
    doc: 'https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/',
  },
  'kubectl/printed': {
    act: 1,
    // What a watch has brought is told where it was done.
    isTold: (w) => w.list('printed').length > 0 && w.text('isNews') === '',
    title: (_w, fact) => `kubectl prints: ${printed(saidIn(fact))}`,
    why: (_w, fact) => {
      const text = saidIn(fact);
      return text.startsWith('Handling')
        ? 'It hands the request to the apiserver, which asks the kubelet of the pod’s machine.'
        : text.startsWith('Forwarding')
          ? 'What comes to this port goes through the apiserver and the kubelet to one pod, past every Service.'
          : answerWhy(text) || 'And it goes on.';
    },
    doc: 'https://kubernetes.io/docs/reference/kubectl/',
  },
  'kubectl/exited': {
    act: 1,
    title: (w, fact) =>
      w.number('exitCode') === 0
        ? saidIn(fact) === '' && w.text('stdout') !== ''
          ? 'kubectl has nothing more to wait for, and ends.'
          : `kubectl prints: ${printed(saidIn(fact))}`
        : /^Error from server/m.test(w.text('stderr'))
          ? 'kubectl is refused.'
          : 'kubectl reports an error.',
    why: (w, fact) =>
      w.number('exitCode') !== 0 ? lines(w.text('stderr')).join(' · ').slice(0, 400) : warned(w.text('stderr')) || answerWhy(saidIn(fact)),
    doc: 'https://kubernetes.io/docs/reference/kubectl/',
  },
} satisfies Sentences;
