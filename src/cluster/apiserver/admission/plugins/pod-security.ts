/**
 * Pods must be as the labels of their namespace ask. What is asked, and of whom: ../pod-security/pod-security.ts, which arrives late, since no namespace has such labels while a cluster boots.
 * Upstream: plugin/pkg/admission/security/podsecurity/admission.go (v1.36).
 */
import { late } from '../../../late.ts';
import type { ServerView } from '../../view.ts';
import type { AdmissionPlugin, Attributes } from '../admission.ts';

const JUDGED: ReadonlySet<string> = new Set(['namespaces', 'pods', 'deployments', 'replicasets', 'daemonsets']);

/** A status is nobody's wish; and whoever is privileged may do anything. */
function isAsked({ operation, info: { kind, namespace, subresource }, object, old }: Attributes, view: ServerView): boolean {
  if (operation === 'DELETE' || subresource === 'status' || !JUDGED.has(kind.plural)) return false;
  const said = kind.plural === 'namespaces' ? [object, old] : [view.get('namespaces', namespace ?? '')];
  return said.some((one) =>
    Object.entries(one?.metadata?.labels ?? {}).some(
      ([key, value]) => key.startsWith('pod-security.kubernetes.io/') && value !== 'privileged',
    ),
  );
}

export default {
  name: 'PodSecurity',
  order: 120,
  validate: (asked, view) => (isAsked(asked, view) ? late().podSecurity.refusal(asked, view) : undefined),
  warn: (asked, view) => (isAsked(asked, view) ? late().podSecurity.warnings(asked, view) : []),
} satisfies AdmissionPlugin;
