/** What apply and diff would send, or why there is no such patch. Upstream: k8s.io/kubectl pkg/cmd/apply/patcher.go createPatchErrFormat (v0.36). */
import { goJson } from '../api/machinery/go-json.ts';
import { threeWayPatch } from '../api/machinery/patch/apply.ts';

export function ownPatch(r: Parameters<typeof threeWayPatch>[0]): { readonly patch: object } | { readonly why: string } {
  try {
    return { patch: threeWayPatch(r) };
  } catch (error) {
    const json = (value: unknown): string => (value === undefined ? '' : `${goJson(value)}\n`);
    return {
      why: `error when patching "STDIN": creating patch with:\noriginal:\n${json(r.original)}\nmodified:\n${json(r.modified)}\ncurrent:\n${json(r.current)}\nfor:: ${(error as Error).message}\n`,
    };
  }
}
