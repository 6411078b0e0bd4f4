/**
 * What one file under kinds/ says about a kind: its identity, defaults, rules and columns. Everything that treats kinds alike
 * (apiserver, kubectl, page) reads this and never names a kind.
 */
import type { KubeObject } from './object.ts';
import type { FieldError } from './machinery/field-error.ts';

/** What the server knows when it runs a strategy. `now` is RFC 3339 with seconds. */
export interface StrategyContext {
  readonly now: string;
}

export interface Column<O> {
  readonly name: string;
  /** Printed only with -o wide. */
  readonly wide?: true;
  /** A Table has numbers in it and not text. */
  readonly isNumber?: true;
  /** `nowMs`: milliseconds since 1970, for ages. `isWide`: printed with -o wide, where nothing is clipped. */
  readonly value: (object: O, nowMs: number, isWide?: boolean) => string;
}

export interface Kind<O extends KubeObject = KubeObject> {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Member of `kubectl get all`. */
  readonly inAll?: true;
  readonly namespaced: boolean;
  /** The model in the generated schema, such as 'V1Pod'. */
  readonly model: string;
  /** Commits to this kind are periodic chatter and never keep the cluster from being settled. */
  readonly heartbeat?: true;
  /** A PUT makes what is not there. Upstream: AllowCreateOnUpdate. */
  readonly isCreatedByUpdate?: true;
  /** `status`: PUT/PATCH …/status writes status only, and main writes leave status alone. */
  readonly subresources: readonly string[];
  /** Fills in what upstream's SetDefaults fills in. Pure; returns the same object when nothing is missing. */
  readonly applyDefaults?: (object: O) => O;
  /** The defaults of what is written to its status. */
  readonly defaultStatus?: (object: O) => O;
  /** Strategy.PrepareForCreate: drops status, sets generation 1 where the kind has one. */
  readonly prepareForCreate?: (object: O, context: StrategyContext) => O;
  /** Strategy.PrepareForUpdate: keeps the old status, bumps generation when the spec changed. */
  readonly prepareForUpdate?: (next: O, old: O, context: StrategyContext) => O;
  /** Validation beyond the schema, in upstream's words. */
  readonly validate?: (object: O) => readonly FieldError[];
  /** What only a new object must keep to. */
  readonly validateCreate?: (object: O) => readonly FieldError[];
  readonly validateUpdate?: (next: O, old: O) => readonly FieldError[];
  /** What is accepted and better written otherwise. Upstream: WarningsOnCreate, WarningsOnUpdate. */
  readonly warnings?: (object: O) => readonly string[];
  readonly updateWarnings?: (next: O, old: O) => readonly string[];
  /** Metadata that a write to the status leaves as it is. Upstream: PrepareForUpdate of the kind's status strategy. */
  readonly keptByStatus?: 'labels' | 'ownerReferences';
  /** Of a write to the status alone. */
  readonly validateStatusUpdate?: (next: O, old: O) => readonly FieldError[];
  /** Seconds of grace that a delete gives this object, `asked` being what the client wants; absent: deleted at once. */
  readonly graceSeconds?: (object: O, asked?: number) => number;
  /** Fields that a field selector may name, beyond metadata.name and metadata.namespace. */
  readonly selectableFields?: (object: O) => Readonly<Record<string, string>>;
  readonly columns: readonly Column<O>[];
  /** Why an object's row in a Table is told as completed; undefined while it is not. Upstream: TableRowCondition. */
  readonly completed?: (object: O) => { readonly reason: string; readonly message: string } | undefined;
}
