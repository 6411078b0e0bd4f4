/** `npm run build:engine` → dist/engine: the library and its types. */
import { execSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { install } from './install.mjs';

install();
execSync('npx vite build -c vite.engine.config.ts --logLevel warn', { stdio: 'inherit' });
execSync('npx tsc -p tsconfig.engine.json --noEmit false --declaration --emitDeclarationOnly --rootDir src --outDir dist/engine/types', {
  stdio: 'inherit',
});
writeFileSync('dist/engine/index.d.ts', "export * from './types/engine/headless.ts';\n");
writeFileSync('dist/engine/parts.d.ts', "export * from './types/engine/parts.ts';\n");
console.log('dist/engine/index.js, dist/engine/parts.js');
