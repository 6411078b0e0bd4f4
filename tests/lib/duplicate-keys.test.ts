import { expect, it } from 'vitest';
import { duplicateKeys } from '../../src/lib/duplicate-keys.ts';

/** Paths as sigs.k8s.io/json writes them; test/integration/apiserver/field_validation_test.go. */
it.each<[string, string[]]>([
  ['{}', []],
  ['[]', []],
  ['7', []],
  ['{"a":{"b":1},"b":[1,2,{"a":null}]}', []],
  ['{"a":1,"a":2,"a":3}', ['a']],
  ['{"spec":{"replicas":2,"replicas":3,"x":"a\\"}"}}', ['spec.replicas']],
  [' { "spec" : { "containers" : [ { "name" : "a" } , { "image" : "x" , "image" : "y" } ] } } ', ['spec.containers[1].image']],
  ['{"a":{"b":true},"a":{"b":[{"c":-1e3,"\\u0063":2}]}}', ['a', 'a.b[0].c']],
])('%s names twice: %j', (text, paths) => expect([...duplicateKeys(text)].sort()).toEqual(paths));
