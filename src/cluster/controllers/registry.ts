/** All controllers, one file each in this folder. */
import { assert } from '../../lib/assert.ts';
import type { Controller } from './controller.ts';

const files = import.meta.glob<Controller>(
  ['./*.ts', '!./{controller,claims,paths,reconcile-part,registry,controller-manager,manager-state,jobs,job-events,work-queue}.ts'],
  { eager: true, import: 'default' },
);
export const controllers: readonly Controller[] = Object.keys(files)
  .sort((a, b) => (a < b ? -1 : 1))
  .map((path) => files[path]);
assert(
  controllers.length > 0 && controllers.every((c) => c?.reconcile !== undefined),
  'every file in controllers/ but the harness exports a controller',
);
