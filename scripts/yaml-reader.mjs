/**
 * A Vite plugin that leaves out of the `yaml` library what makes and writes YAML and the types that no manifest may have: nothing here calls them, and no bundler can see that.
 * `src/api/manifest/print.ts` writes; `documents.ts` takes these types out before it reads. What is called all the same throws, and a reader of requests takes that for text that cannot be read.
 */
const WRITER = /[\\/]yaml[\\/]browser[\\/]dist[\\/](?:stringify[\\/]|doc[\\/](?:anchors|applyReviver|createNode)\.js)/;
const TYPE = /[\\/]yaml[\\/]browser[\\/]dist[\\/]schema[\\/]yaml-1\.1[\\/](?:binary|omap|pairs|set|timestamp)\.js/;

export const yamlReader = () => ({
  name: 'orrery-yaml-reader',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    const isWriter = WRITER.test(id);
    if (!isWriter && !TYPE.test(id)) return undefined;
    const names = [...code.matchAll(/^export \{([^}]*)\}/gm)].flatMap((match) => match[1].split(',').map((name) => name.trim()));
    if (names.length === 0) throw new Error(`${id} exports nothing that this plugin knows`);
    const tags = new Map([...code.matchAll(/^(?:const|let|var) (\w+) = \{[^]*?tag: '([^']+)'/gm)].map((match) => [match[1], match[2]]));
    return { code: names.map((name) => (isWriter || !tags.has(name) ? `export function ${name}() { throw new Error('left out'); }` : `export const ${name} = { tag: '${tags.get(name)}', format: 'TIME' };`)).join('\n'), map: null };
  },
});
