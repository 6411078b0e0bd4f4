/** Imported after Monaco's features and before the first use of any: its services are made once, from what is registered by then. Its storage remembers nothing and says that descriptions beside suggestions are open. */
import { StandaloneServices } from 'monaco-editor/editor/standalone/browser/standaloneServices.js';

const nothing = { dispose: () => undefined };
StandaloneServices.initialize({
  storageService: {
    onDidChangeValue: () => () => nothing,
    onDidChangeTarget: () => nothing,
    onWillSaveState: () => nothing,
    store: () => undefined,
    remove: () => undefined,
    get: (_key: string, _scope: number, otherwise?: unknown) => otherwise,
    getNumber: (_key: string, _scope: number, otherwise?: unknown) => otherwise,
    getObject: (_key: string, _scope: number, otherwise?: unknown) => otherwise,
    getBoolean: (key: string, _scope: number, otherwise?: unknown) => (key === 'expandSuggestionDocs' ? true : otherwise),
  },
});
