/** What a text that is no YAML is blamed for. Every text is what kubectl v1.32.4 said of it. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { yamlWords } from '../../src/kubectl/yaml-words.ts';

const BROKEN: readonly (readonly [text: string, words: string])[] = [
  ['a: [\n', 'line 1: did not find expected node content'],
  ['a: b: c\n', 'mapping values are not allowed in this context'],
  ['a:\n\t- b\n', 'line 2: found character that cannot start any token'],
  ['a: "x\n', 'line 2: found unexpected end of stream'],
  ['apiVersion: v1\nkind: Pod\n  metadata: x\n', 'line 3: mapping values are not allowed in this context'],
  ['- a\nb: c\n', "line 1: did not find expected '-' indicator"],
  ['a: *x\n', "unknown anchor 'x' referenced"],
  ['a: {b\n', "line 1: did not find expected ',' or '}'"],
  ['key: [a, b\nother: c\n', "line 1: did not find expected ',' or ']'"],
  ['a: @x\n', 'found character that cannot start any token'],
  ['a: `x\n', 'found character that cannot start any token'],
  ['a: %x\n', 'found character that cannot start any token'],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n data: x\n', 'line 4: did not find expected key'],
  ["a: 'x\n", 'line 2: found unexpected end of stream'],
  ['a: b\n c: d\n', 'line 2: mapping values are not allowed in this context'],
  ['a:\n  - b\n - c\n', 'line 2: did not find expected key'],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n', 'line 4: found character that cannot start any token'],
  ['x: "\\q"\n', 'found unknown escape character'],
  ['a: ]\n', 'did not find expected node content'],
  ['a: - b\n', 'block sequence entries are not allowed in this context'],
  ['a: b\n- c\n', 'line 1: did not find expected key'],
  ['"a": b\n"c"\n', "line 3: could not find expected ':'"],
  ['apiVersion v1\nkind: Pod\n', 'line 2: mapping values are not allowed in this context'],
  ['apiVersion: v1\nkind Pod\nmetadata: x\n', "line 3: could not find expected ':'"],
  ['apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n   image: b\n', 'line 5: did not find expected key'],
  [
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: b: c\n',
    'line 6: mapping values are not allowed in this context',
  ],
  ['a: "b" c\n', 'did not find expected key'],
  ['apiVersion: v1\nkind: Pod\nmetadata:\n  name: "x\nspec: {}\n', 'line 6: found unexpected end of stream'],
  ['x:\n  - a: 1\n    b: 2\n   c: 3\n', "line 3: did not find expected '-' indicator"],
  ['a: [b, c\n', "line 1: did not find expected ',' or ']'"],
  ['a: [b c: d\n', "line 1: did not find expected ',' or ']'"],
  ['a: {b: c\nd: e\n', "line 1: did not find expected ',' or '}'"],
  ['a:\n- b\nc\n', "line 4: could not find expected ':'"],
  ['a: [1, 2]]\n', 'did not find expected key'],
  ['a: |\nb\n', "line 3: could not find expected ':'"],
  ['a: b\n\tc: d\n', 'line 2: found a tab character that violates indentation'],
  ['a: !x [\n', 'line 1: did not find expected node content'],
  ['- - a\n - b\n', "line 1: did not find expected '-' indicator"],
  ['a: {b: c, d\n', "line 1: did not find expected ',' or '}'"],
  ['a: b:\n  c: d\n', 'mapping values are not allowed in this context'],
  ['foo: bar\n baz\nqux: "a\n  b\n', 'line 5: found unexpected end of stream'],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ok}\n---\na: [\n', 'line 1: did not find expected node content'],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ok}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ok2}\n---\na: b\n c: d\n',
    'line 2: mapping values are not allowed in this context',
  ],
  ['---\na: b\n c: d\n', 'line 3: mapping values are not allowed in this context'],
];

describe('a text that is no YAML', () => {
  const cluster = openCluster({ topology: { workers: 1 } });
  const out = (line: string, stdin: string): string => {
    const r = cluster.kubectl(line, stdin);
    return r.stderr;
  };
  it.each(BROKEN)('%j', (text, words) =>
    expect(out('apply -f - --dry-run=client', text)).toBe(`error: error parsing STDIN: error converting YAML to JSON: yaml: ${words}\n`),
  );
  it('is nothing when all can be read', () => expect(yamlWords('a: 1\n---\nb: [2]\n')).toBeUndefined());

  it.each([
    [
      'delete -f -',
      'a: [\n',
      'error: error parsing STDIN: error converting YAML to JSON: yaml: line 1: did not find expected node content\n',
    ],
    ['get -f -', 'a: [\n', 'error parsing STDIN: error converting YAML to JSON: yaml: line 1: did not find expected node content\n'],
    ['label -f - a=b', 'a: 5\n', `error: unable to decode "STDIN": Object 'Kind' is missing in '{"a":5}'\n`],
    ['delete -f -', 'a: 5\n', `error: unable to decode "STDIN": Object 'Kind' is missing in '{"a":5}'\n`],
    [
      'replace -f -',
      'a: 5\n',
      'error: error validating "STDIN": error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false\n',
    ],
    [
      'apply -f -',
      '- a\n',
      'error: error validating "STDIN": error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false\n',
    ],
    [
      'get -f -',
      'apiVersion: v2\nkind: Foo\nmetadata: {name: a}\n',
      'resource mapping not found for name: "a" namespace: "" from "STDIN": no matches for kind "Foo" in version "v2"\nensure CRDs are installed first\n',
    ],
  ])('%s of %j', (line, text, says) => expect(out(line, text)).toBe(says));
});
