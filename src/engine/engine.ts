/** The engine with every role, kubectl's too. The page's worker starts without that one, and fetches it while the cluster boots. */
import descriptions from '../api/schema/descriptions.ts';
import { learnWords } from '../api/schema/words.ts';
import { kubectl } from '../kubectl/kubectl.ts';
import { engineWith, type Engine, type EngineOptions } from './core.ts';
import { clusterRoles, rulesOf } from './rules.ts';

export * from './core.ts';

learnWords(descriptions);
const rules = rulesOf([...clusterRoles, kubectl as never]);
export const createEngine = (options: EngineOptions = {}): Engine => engineWith(rules, options);
