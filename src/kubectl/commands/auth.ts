/** kubectl auth whoami and can-i. Upstream: staging/src/k8s.io/kubectl/pkg/cmd/auth (v1.36). Simplified: no reconcile. */
import { kindNamed } from '../../api/registry.ts';
import { textTable } from '../../lib/text-table.ts';
import { serverError, type Command, type Output } from '../command.ts';
import { formatted } from '../printing.ts';
import { namespaceFor } from '../resources.ts';
import { rulesList, type RulesStatus } from '../policy-rules.ts';

/** Upstream: pkg/cmd/auth/whoami.go. */
const whoami: Command = {
  name: 'auth whoami',
  init: () => ({
    ask: [
      {
        tag: 'review',
        request: {
          method: 'POST',
          path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
          body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
        },
      },
    ],
  }),
  update(_state, told, env) {
    if (told.response?.code !== 201) return { err: serverError(told.response), exit: 1 };
    const said = formatted(env.argv.flags.get('output') ?? '', told.response.body);
    if (said) return { ...said, exit: 0 };
    const { username = '', groups = [] } =
      (
        told.response.body as {
          readonly status?: { readonly userInfo?: { readonly username?: string; readonly groups?: readonly string[] } };
        }
      ).status?.userInfo ?? {};
    return {
      out: textTable([
        ['ATTRIBUTE', 'VALUE'],
        ['Username', username],
        ['Groups', `[${groups.join(' ')}]`],
      ]),
      exit: 0,
    };
  },
};
const URL_VERBS: readonly string[] = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'];
const VERBS: readonly string[] = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'use',
  'bind',
  'impersonate',
  '*',
  'approve',
  'sign',
  'escalate',
  'attest',
];
/** Upstream: pkg/cmd/auth/cani.go. The server's own answer decides: a dry run of the request by the same user. */
const canI: Command = {
  name: 'auth can-i',
  init(env) {
    const [verb, what, ...more] = env.argv.words;
    if (env.argv.flags.has('list') && env.argv.words.length > 0)
      return { err: 'error: list option must be specified with no arguments\n', exit: 1 };
    if (env.argv.flags.has('list') && ['quiet', 'all-namespaces', 'subresource'].some((flag) => env.argv.flags.has(flag)))
      return { err: "error: list option can't be specified with neither quiet, all-namespaces nor subresource options\n", exit: 1 };
    if (env.argv.flags.has('list'))
      return {
        ask: [
          {
            tag: 'review',
            request: {
              method: 'POST',
              path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
              body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: namespaceFor(env) } },
            },
          },
        ],
      };
    if (verb === undefined || what === undefined || more.length > 0)
      return {
        err: "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.\n",
        exit: 1,
      };
    const review = (spec: object, said: string): Output => ({
      said,
      ask: [
        {
          tag: 'review',
          request: {
            method: 'POST',
            path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
            body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec },
          },
        },
      ],
    });
    const odd = (what.startsWith('/') ? URL_VERBS : VERBS).includes(verb) ? '' : `Warning: verb '${verb}' is not a known verb\n\n`;
    if (what.startsWith('/')) return review({ nonResourceAttributes: { verb, path: what } }, odd);
    const [word, name] = what.split('/');
    const kind = kindNamed(word);
    const namespace = kind?.namespaced ? namespaceFor(env) : undefined;
    const attributes = {
      verb,
      resource: kind?.plural ?? word,
      ...(kind?.group ? { group: kind.group } : {}),
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(env.argv.flags.has('subresource') ? { subresource: env.argv.flags.get('subresource') } : {}),
    };
    const isElsewhere = kind && !kind.namespaced && !env.argv.flags.has('all-namespaces');
    return review(
      { resourceAttributes: attributes },
      odd +
        (!kind && word !== '*'
          ? `Warning: the server doesn't have a resource type '${word}'\n\n`
          : isElsewhere
            ? `Warning: resource '${kind.plural}' is not namespace scoped\n\n`
            : ''),
    );
  },
  update(_state, told, env) {
    if (told.response?.code !== 201) return { err: serverError(told.response), exit: 1 };
    const { status = {} } = told.response.body as {
      readonly status?: RulesStatus & { readonly allowed?: boolean; readonly reason?: string };
    };
    if (env.argv.flags.has('list')) return { ...rulesList(status, env.argv.flags.has('no-headers')), exit: 0 };
    const isAllowed = status.allowed === true;
    return {
      out: env.argv.flags.has('quiet') ? '' : isAllowed ? 'yes\n' : `no${status.reason ? ` - ${status.reason}` : ''}\n`,
      exit: isAllowed ? 0 : 1,
    };
  },
};

export default [whoami, canI] satisfies readonly Command[];
