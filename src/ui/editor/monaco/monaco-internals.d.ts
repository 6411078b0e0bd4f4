/** Parts of monaco-editor that ship without types. */
declare module 'monaco-editor/editor/standalone/browser/standaloneServices.js' {
  export const StandaloneServices: { initialize(overrides: Readonly<Record<string, unknown>>): void };
}
declare module 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
declare module 'monaco-editor/languages/definitions/yaml/yaml.js' {
  export const language: import('monaco-editor/editor/editor.api').languages.IMonarchLanguage;
}
