/** kubectl version. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/version/version.go (v1.36). Simplified: the client was built when the server was. */
import { toYaml } from '../../api/manifest/print.ts';
import { VERSION } from '../../cluster/apiserver/version.ts';
import { serverError, type Command, type Env, type Output } from '../command.ts';

const KUSTOMIZE = 'v5.8.1';

function said(serverVersion: { readonly gitVersion?: string } | undefined, env: Env): string {
  const all = { clientVersion: VERSION, kustomizeVersion: KUSTOMIZE, ...(serverVersion ? { serverVersion } : {}) };
  switch (env.argv.flags.get('output')) {
    case 'json':
      return `${JSON.stringify(all, null, 2)}\n`;
    case 'yaml':
      return `${toYaml(all)}\n`;
    default:
      return `Client Version: ${VERSION.gitVersion}\nKustomize Version: ${KUSTOMIZE}\n${serverVersion ? `Server Version: ${serverVersion.gitVersion}\n` : ''}`;
  }
}

export default [
  {
    name: 'version',
    init(env): Output {
      const { flags, words } = env.argv;
      if (words.length > 0) return { err: `error: extra arguments: [${words.join(' ')}]\n`, exit: 1 };
      if (!['', 'json', 'yaml'].includes(flags.get('output') ?? '')) return { err: "error: --output must be 'yaml' or 'json'\n", exit: 1 };
      return flags.has('client')
        ? { out: said(undefined, env), exit: 0 }
        : { ask: [{ tag: 'version', request: { method: 'GET', path: '/version' } }] };
    },
    update: (_state, { response }, env) =>
      response?.code === 200
        ? { out: said(response.body as { readonly gitVersion?: string }, env), exit: 0 }
        : { out: said(undefined, env), err: serverError(response), exit: 1 },
  },
] satisfies readonly Command[];
