/** Which tags a registry has. The typo is the one of the Deployment page of kubernetes.io: "nginx:1.161 instead of nginx:1.16.1". */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { lookUp } from '../../src/cluster/runtime/images/look-up.ts';

describe('tags', () => {
  it.each([
    'nginx',
    'nginx:1.16.1',
    'nginx:1.14.2',
    'nginx:1.29-alpine',
    'nginx:latest',
    'nginx:stable-alpine3.20',
    'redis:6.0.5',
    'busybox:1.28',
    'postgres:16',
    'gcr.io/google-samples/hello-app:1.0',
    'registry.k8s.io/e2e-test-images/agnhost:2.39',
    'example.io/shop/cart:v12',
    'ghcr.io/a/b:main',
    'radial/busyboxplus:curl',
    'debian:stretch',
    'ubuntu:bionic',
    'registry.k8s.io/nginx-slim:0.24',
    'gcr.io/google-samples/kubernetes-bootcamp:v1',
    'jocatalin/kubernetes-bootcamp:v2',
  ])('%s is there', (image) => {
    expect(lookUp(image)).not.toHaveProperty('error');
  });
  it.each([
    'nginx:1.161',
    'nginx:9.99.99-nope',
    'nginx:9.9',
    'redis:99',
    'nginx:does-not-exist',
    'nginx:1.29-nonexistent',
    'ghcr.io/a/b:nonexistent',
    'gcr.io/google-samples/kubernetes-bootcamp:v10',
    'radial/busyboxplus:no',
  ])('%s is not', (image) => {
    expect(lookUp(image)).toHaveProperty('error', expect.stringContaining('not found'));
  });
});

/**
 * Sources: containerd 2.2 internal/cri/server/images/image_pull.go, core/transfer/local/pull.go; cri-client pkg/remote_image.go PullImage strips the code Unknown and no other.
 * The first as github.com/kubernetes-sigs/kube-network-policies/issues/307 has it.
 */
it.each([
  [
    'registry.k8s.io/networking/kube-network-policies:v1.nope.0',
    'rpc error: code = NotFound desc = failed to pull and unpack image "registry.k8s.io/networking/kube-network-policies:v1.nope.0": failed to resolve image: registry.k8s.io/networking/kube-network-policies:v1.nope.0: not found',
  ],
  [
    'nowhere.example/shop/cart:1',
    'failed to pull and unpack image "nowhere.example/shop/cart:1": failed to resolve image: failed to do request: Head "https://nowhere.example/v2/shop/cart/manifests/1": dial tcp: lookup nowhere.example: no such host',
  ],
])('%s is missed in the words of the runtime', (image, error) => expect(lookUp(image)).toEqual({ error }));

// website content/en/docs/tutorials/kubernetes-basics: every answer names the pod and the version, which are the image's.
it('a server says which version it is', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  cluster.kubectl('create deployment kubernetes-bootcamp --image=gcr.io/google-samples/kubernetes-bootcamp:v1');
  cluster.settle();
  const asked = (): string => cluster.kubectl('exec deploy/kubernetes-bootcamp -- curl -s localhost:8080').stdout;
  const said = [asked()];
  cluster.kubectl('set image deployments/kubernetes-bootcamp kubernetes-bootcamp=docker.io/jocatalin/kubernetes-bootcamp:v2');
  cluster.settle();
  said.push(asked());
  expect(said.map((line) => line.replace(/-\w+-\w+ /, ' '))).toEqual([
    'Hello Kubernetes bootcamp! | Running on: kubernetes-bootcamp | v=1\n',
    'Hello Kubernetes bootcamp! | Running on: kubernetes-bootcamp | v=2\n',
  ]);
});
