/** A Vite plugin that writes sw.js: the page works offline from its second visit on. What is small is fetched at once, the rest (Monaco) is kept when it is first used. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const MOST_BYTES = 900_000;
const sizeOf = (file) => (file.type === 'chunk' ? file.code.length : file.source.length);

export const offline = () => ({
  name: 'orrery-offline',
  apply: 'build',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const files = [
      './',
      ...Object.values(bundle)
        .filter((file) => sizeOf(file) < MOST_BYTES)
        .map((file) => `./${file.fileName}`)
        .filter((name) => name !== './index.html')
        .sort(),
    ];
    const version = createHash('sha256').update(Object.keys(bundle).sort().join('\n')).digest('hex').slice(0, 12);
    const source = readFileSync(new URL('service-worker.js', import.meta.url), 'utf8')
      .replace('__VERSION__', version)
      .replace('__FILES__', JSON.stringify(files));
    this.emitFile({ type: 'asset', fileName: 'sw.js', source });
  },
});
