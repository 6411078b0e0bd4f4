/** Runs a list of commands with the real kubectl against a served cluster: what it prints is what ours must print. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { serve } from '../../bin/serve.mjs';

const run = (args, stdin) =>
  new Promise((resolve) => {
    const child = execFile(
      'kubectl',
      args,
      { timeout: 30_000, env: { PATH: process.env.PATH, HOME: '/nonexistent', KUBECTL_KUBERC: 'false' } },
      (error, stdout, stderr) => resolve({ stdout, stderr, exitCode: error ? (error.code ?? 1) : 0 }),
    );
    child.stdin.end(stdin);
  });

/** The version of the kubectl on this machine; undefined without one. */
export async function kubectlVersion() {
  const { stdout, exitCode } = await run(['version', '--client', '-o', 'json'], '');
  return exitCode === 0 ? JSON.parse(stdout).clientVersion.gitVersion : undefined;
}

/** `steps`: [arguments, stdin]. The cluster settles after each. */
export async function kubectlSays(cluster, steps) {
  const server = serve(cluster, { port: 0, isLive: false });
  await once(server, 'listening');
  const said = [];
  for (const [args, stdin = ''] of steps) {
    said.push(await run([`--server=http://127.0.0.1:${server.address().port}`, ...args], stdin));
    cluster.settle();
  }
  server.close();
  server.closeAllConnections();
  return said;
}
