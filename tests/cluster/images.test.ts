/** Which tags a registry has. The typo is the one of the Deployment page of kubernetes.io: "nginx:1.161 instead of nginx:1.16.1". */
import { describe, expect, it } from 'vitest';
import { lookUp } from '../../src/cluster/runtime/images/registry.ts';

describe('tags', () => {
  it.each(['nginx', 'nginx:1.16.1', 'nginx:1.14.2', 'nginx:1.29-alpine', 'nginx:latest', 'nginx:stable-alpine3.20', 'redis:6.0.5', 'busybox:1.28', 'postgres:16', 'gcr.io/google-samples/hello-app:1.0', 'registry.k8s.io/e2e-test-images/agnhost:2.39', 'example.io/shop/cart:v12', 'ghcr.io/a/b:main'])('%s is there', (image) => { expect(lookUp(image)).not.toHaveProperty('error'); });
  it.each(['nginx:1.161', 'nginx:9.99.99-nope', 'nginx:9.9', 'redis:99', 'nginx:does-not-exist', 'nginx:1.29-nonexistent', 'ghcr.io/a/b:nonexistent'])('%s is not', (image) => { expect(lookUp(image)).toHaveProperty('error', expect.stringContaining('not found')); });
});
