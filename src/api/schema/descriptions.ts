/** Upstream's words about models and fields, by 'V1Pod' and 'V1Pod.status'. They are as large as half the engine, so that a page loads them only when they are asked for. */
import table from './descriptions.json' with { type: 'json' };

export default table as Readonly<Record<string, string>>;
