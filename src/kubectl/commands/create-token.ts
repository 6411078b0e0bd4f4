/** kubectl create token. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/create/create_token.go (v1.36). Simplified: the output is never a terminal, so that no line's end follows the token. */
import { durationUs } from '../../lib/go-duration.ts';
import { refusal, type Command, type Env } from '../command.ts';
import { nameError } from '../making.ts';
import { resultText } from '../result.ts';

const SECOND_US = 1_000_000;
const KINDS = ['Node', 'Pod', 'Secret'];

/** Upstream: TokenOptions.Validate. */
function flagError({ argv: { flags, all } }: Env): string | undefined {
  const us = durationUs(flags.get('duration')) ?? 0;
  const [kind = '', name = '', uid = ''] = ['kind', 'name', 'uid'].map((what) => flags.get(`bound-object-${what}`));
  if (flags.get('duration')?.startsWith('-')) return '--duration must be greater than or equal to 0';
  if (us % SECOND_US !== 0) return '--duration cannot be expressed in units less than seconds';
  if (all.get('audience')?.includes('')) return '--audience must not be an empty string';
  if (kind === '' && name !== '') return '--bound-object-name can only be set if --bound-object-kind is provided';
  if (kind === '' && uid !== '') return '--bound-object-uid can only be set if --bound-object-kind is provided';
  if (kind !== '' && !KINDS.includes(kind)) return `supported --bound-object-kind values are ${KINDS.join(', ')}`;
  return kind !== '' && name === '' ? '--bound-object-name is required if --bound-object-kind is provided' : undefined;
}

function requestOf({ argv: { flags, all } }: Env): object {
  const seconds = (durationUs(flags.get('duration')) ?? 0) / SECOND_US;
  const kind = flags.get('bound-object-kind');
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    spec: {
      audiences: all.get('audience') ?? null,
      expirationSeconds: seconds > 0 ? seconds : null,
      boundObjectRef: kind ? { kind, apiVersion: 'v1', name: flags.get('bound-object-name'), uid: flags.get('bound-object-uid') } : null,
    },
  };
}

const createToken: Command = {
  name: 'create token',
  init(env) {
    const wrong = nameError(env, 'create token');
    const flag = wrong === undefined ? flagError(env) : undefined;
    if (wrong !== undefined || flag !== undefined) return { err: wrong ?? `error: ${flag}\n`, exit: 1 };
    const path = `/api/v1/namespaces/${env.namespace}/serviceaccounts/${env.argv.words[0]}/token`;
    return { ask: [{ tag: 'made', request: { method: 'POST', path, body: requestOf(env) } }] };
  },
  update(_state, { response }, env) {
    if (!response) return {};
    if (response.code !== 201) return { err: refusal(response, 'failed to create token: '), exit: 1 };
    const { metadata, status } = response.body as {
      readonly metadata: { readonly name: string };
      readonly status: { readonly token: string };
    };
    return {
      out: env.argv.flags.has('output')
        ? resultText(env, { name: `tokenrequest.authentication.k8s.io/${metadata.name}`, word: 'created', object: response.body })
        : status.token,
      exit: 0,
    };
  },
};

export default [createToken] satisfies readonly Command[];
