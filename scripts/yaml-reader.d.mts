import type { Plugin } from 'vite';

export declare const yamlReader: () => Plugin;
