/** What kubectl refuses, and gives up. Every text is what kubectl v1.32.4 said against the same API, but for "from … namespace", which delete says since v1.34. */
import { expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { tells, type Row } from './said.ts';

const CONFLICT = 'the object has been modified; please apply your changes to the latest version and try again\n';
const NO_TYPE = (word: string): string => `error: the server doesn't have a resource type "${word}"\n`;
tells({
  'a resource version': [
    ['create deployment w --image=nginx:1.29', 'deployment.apps/w created\n'],
    [
      'label deploy w a=b --resource-version=1',
      `Error from server (Conflict): Operation cannot be fulfilled on deployments.apps "w": ${CONFLICT}`,
    ],
    [
      'annotate deploy w a=b --resource-version=1',
      `Error from server (Conflict): Operation cannot be fulfilled on deployments.apps "w": ${CONFLICT}`,
    ],
    [
      'label deploy w nope- --resource-version=1',
      `label "nope" not found.\nError from server (Conflict): Operation cannot be fulfilled on deployments.apps "w": ${CONFLICT}`,
    ],
    ['label deploy -l app=w a=b --resource-version=1', 'error: --resource-version may only be used with a single resource\n'],
    ['annotate deploy --all a=b --resource-version=1', 'error: --resource-version may only be used with a single resource\n'],
    ['label deploy w --list --resource-version=1', 'app=w\n'],
    ['label deploy w a=b --resource-version=1 --dry-run=client', 'deployment.apps/w labeled (dry run)\n'],
    [
      'set selector svc kubernetes a=b --resource-version=1',
      `Error from server (Conflict): Operation cannot be fulfilled on services "kubernetes": ${CONFLICT}`,
    ],
  ],
  'full names of resources': [
    ['create deployment w --image=nginx:1.29', 'deployment.apps/w created\n'],
    ...[
      'deployments.v1.apps',
      'deploy.apps',
      'deployments.ap',
      'deploy.v1.apps',
      'deploy.ap',
      'deployments.v1.',
      'deploy.v1beta1.apps',
      'Deployment.v1.apps',
      'DEPLOYMENTS',
    ].map((word): Row => [`get ${word} w -o name`, 'deployment.apps/w\n']),
    ['get pods. -o name --ignore-not-found -l a=b', ''],
    ['get pods.v1. -o name -l a=b', ''],
    ['get deployment.v1beta1.apps', NO_TYPE('deployment')],
    ['get deployment.v1', NO_TYPE('deployment')],
    ['get deployments.v2.', NO_TYPE('deployments')],
    ['get pods.v1', NO_TYPE('pods')],
    ['get po.v1', NO_TYPE('po')],
    ['get deployment.v1beta1.apps/w', NO_TYPE('deployment')],
    ['get DEPLOY', NO_TYPE('DEPLOY')],
    ['delete deployment.v1beta1.apps w', NO_TYPE('deployment')],
  ],
  'no directory to kustomize': [
    ['get pods -k .', 'error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well\n'],
    ['get -f x.yaml -k .', 'error: only one of -f or -k can be specified\n'],
    [
      'apply -k /x',
      "error: must build at directory: not a valid directory: evalsymlink failure on '/x' : lstat /x: no such file or directory\n",
    ],
  ],
  logs: [
    ['create deployment w --image=nginx:1.29', 'deployment.apps/w created\n'],
    ['logs deploy/w --limit-bytes=-1', 'error: --limit-bytes must be greater than 0\n'],
    ['logs deploy/w --since=-5s', 'error: --since must be greater than 0\n'],
    ['logs deploy/w -c nginx --all-containers', 'error: --all-containers=true should not be specified with container name nginx\n'],
    ['logs deploy/w nginx --all-containers', 'error: --all-containers=true should not be specified with container name nginx\n'],
    ['logs deploy/w -c c c', 'error: only one of -c or an inline [CONTAINER] arg is allowed\n'],
  ],
  wait: [
    ['create deployment w --image=nginx:1.29', 'deployment.apps/w created\n'],
    ['wait deploy/w --for=condition=Foo --timeout=1s', 'error: timed out waiting for the condition on deployments/w\n'],
    ['wait deploy/w --for=condition=Foo --timeout=0', 'error: condition not met for deployments/w\n'],
    ['wait deploy/w --for=delete --timeout=0s', 'error: condition not met for deployments/w\n'],
  ],
});

it('delete waits as long as --timeout says', () => {
  const cluster = openCluster();
  cluster.kubectl(
    'create -f -',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {nodeName: worker-1, containers: [{name: c, image: nginx:1.29}]}\n',
  );
  cluster.settle();
  cluster.fault({ do: 'stop', what: 'worker-1/kubelet' });
  const at = cluster.now;
  expect(cluster.kubectl('delete pod x --timeout=5s')).toEqual({
    stdout: 'pod "x" deleted from default namespace\n',
    stderr: 'error: timed out waiting for the condition on pods/x\n',
    exitCode: 1,
  });
  expect(Math.round(cluster.now - at)).toBe(5);
});

it('logs asks for what its flags say', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('run x --image=nginx:1.29');
  cluster.settle();
  const asked = (flags: string): unknown => {
    cluster.kubectl(`logs x ${flags}`);
    return [...cluster.trace()]
      .flatMap((e) =>
        e.type === 'hop' && e.from.startsWith('laptop/')
          ? [(e.body as { readonly request?: { readonly path: string; readonly query?: object } }).request]
          : [],
      )
      .findLast((r) => r?.path.endsWith('/log'))?.query;
  };
  expect(asked('--since=1500ms --limit-bytes=10 --tail=-1')).toEqual({ container: 'x', sinceSeconds: '2', limitBytes: '10' });
  expect(asked('--since-time=2026-05-04T09:00:00Z --tail=0')).toEqual({
    container: 'x',
    sinceTime: '2026-05-04T09:00:00Z',
    tailLines: '0',
  });
});
