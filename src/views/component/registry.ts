/** Every component that can be entered, from the files beside this one: one file a component. */
import type { ComponentView } from '../cutaway.ts';

const files = import.meta.glob<ComponentView>(['./*.ts', '!./registry.ts'], { eager: true, import: 'default' });
const views: ReadonlyMap<string, ComponentView> = new Map(
  Object.keys(files)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => [files[path].part, files[path]]),
);

/** The view for an address: by its last part, 'any' when it has none of its own. */
export const viewFor = (address: string): ComponentView | undefined => views.get(address.split('/').at(-1) ?? '') ?? views.get('any');
export const viewNames = (): readonly string[] => [...views.keys()];
