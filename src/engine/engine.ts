/** The engine with every role. The page's worker starts without the late ones, and fetches them while the cluster boots. */
import descriptions from '../api/schema/descriptions.ts';
import { learnWords } from '../api/schema/words.ts';
import { engineWith, type Engine, type EngineOptions } from './core.ts';
import { lateRoles } from './late-roles.ts';
import { clusterRoles, rulesOf } from './rules.ts';

export * from './core.ts';

learnWords(descriptions);
const rules = rulesOf([...clusterRoles, ...lateRoles]);
export const createEngine = (options: EngineOptions = {}): Engine => engineWith(rules, options);
