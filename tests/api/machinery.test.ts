import { describe, expect, it } from 'vitest';
import { required } from '../../src/api/machinery/field-error.ts';
import { matchesFields, parseFieldSelector } from '../../src/api/machinery/field-selector.ts';
import { scaledValue } from '../../src/api/machinery/int-or-string.ts';
import { formatSelector, matchesLabels, parseSelector, selectorMatches } from '../../src/api/machinery/labels.ts';
import { checkName, labelKeyErrors, labelValueErrors } from '../../src/api/machinery/names.ts';
import { addQuantities, canonicalQuantity, compareQuantities, cpuMilli, isQuantity, wholeUnits } from '../../src/api/machinery/quantity.ts';
import { safeEncode } from '../../src/api/machinery/rand.ts';
import { conflict, invalid, notFound } from '../../src/api/machinery/status.ts';
import { templateHash } from '../../src/api/machinery/template-hash.ts';
import { humanDuration, parseTime, rfc3339 } from '../../src/api/machinery/time.ts';

describe('label selectors', () => {
  // apimachinery/pkg/labels/selector_test.go TestSelectorParse
  it.each(['x=a,y=b,z=c', '', 'x!=a,y=b', 'x=', 'x= ', 'x=,z= ', 'x= ,z= ', '!x', 'x>1', 'x>1,z<5'])('%j reads and prints back', (text) => {
    expect(formatSelector(parseSelector(text))).toBe(text.replace(/ /g, ''));
  });
  it.each(['x=a||y=b', 'x==a==b', '!x=a', 'x<a', 'x in a', 'x in (a', ',x', 'x,,y'])('%j is refused', (text) => {
    expect(() => parseSelector(text)).toThrow();
  });
  it("says what is wrong in upstream's words", () => {
    expect(() => parseSelector('!x=a')).toThrow("found '=', expected: ',' or 'end of string'");
    expect(() => parseSelector('x,,y')).toThrow("found ',', expected: identifier after ','");
    expect(() => parseSelector('x in a')).toThrow("unable to parse requirement: found 'a' expected: '('");
  });
  // selector_test.go TestSelectorMatches
  it.each<[string, Record<string, string>, boolean]>([
    ['', { x: 'y' }, true],
    ['x=y', { x: 'y' }, true],
    ['x=y,z=w', { x: 'y', z: 'w' }, true],
    ['x!=y,z!=w', { x: 'z', z: 'a' }, true],
    ['notin=in', { notin: 'in' }, true],
    ['x', { x: 'z' }, true],
    ['!x', { y: 'z' }, true],
    ['x>1', { x: '2' }, true],
    ['x<1', { x: '0' }, true],
    ['x=z', {}, false],
    ['x=y', { x: 'z' }, false],
    ['x=y,z=w', { x: 'w', z: 'w' }, false],
    ['x', { y: 'z' }, false],
    ['!x', { x: 'z' }, false],
    ['x>1', { x: '0' }, false],
    ['x<1', { x: '2' }, false],
    ['x in (a,b)', { x: 'b' }, true],
    ['x notin (a,b)', { y: 'b' }, true],
    ['x in (,a)', { x: '' }, true],
  ])('%j over %j', (text, labels, expected) => {
    expect(matchesLabels(parseSelector(text), labels)).toBe(expected);
  });
  it('an absent LabelSelector matches nothing, an empty one everything', () => {
    expect(selectorMatches(undefined, { a: 'b' })).toBe(false);
    expect(selectorMatches({}, { a: 'b' })).toBe(true);
    expect(selectorMatches({ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] }, {})).toBe(true);
  });
  // apimachinery/pkg/fields/selector_test.go (v0.36) TestSplitTerms, TestEscapeValue, TestSelectorParse, TestSelectorMatches
  it.each<[string, readonly string[]]>([
    ['', []],
    ['a=a,', ['a=a']],
    [',a=a', ['a=a']],
    ['a=avalue,b==bvalue,c!=cvalue', ['a=avalue', 'b=bvalue', 'c!=cvalue']],
    ['k=\\,,k2=v2', ['k=,', 'k2=v2']],
    ['k=\\\\,k2=v2', ['k=\\', 'k2=v2']],
    ['x=a||y\\=b', ['x=a||y=b']],
    ['x=a\\=\\=b', ['x=a==b']],
    ['함=수,목=록', ['함=수', '목=록']],
  ])('field selector %j', (text, expected) => {
    expect(parseFieldSelector(text).map((r) => `${r.field}${r.operator}${r.value}`)).toEqual(expected);
  });
  it.each([
    ['x=a||y=b', 'invalid field selector: unescaped character in value: 61'],
    ['x==a==b', 'invalid field selector: unescaped character in value: 61'],
    ['x=a,b', "invalid selector: 'x=a,b'; can't understand 'b'"],
    ['x in (a)', "invalid selector: 'x in (a)'; can't understand 'x in (a)'"],
    ['x', "invalid selector: 'x'; can't understand 'x'"],
    ['x=\\a', 'invalid field selector: invalid escape sequence: \\a'],
    ['x=\\', 'invalid field selector: invalid escape sequence: \\'],
    ['x=\\\\\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('field selector %j is refused', (text, why) => {
    expect(() => parseFieldSelector(text)).toThrow(new Error(why));
  });
  it.each<[string, boolean]>([
    ['foo=bar', true],
    ['foo=bar,baz=blah,complex=\\=value\\\\\\,\\\\', true],
    ['foo=blah', false],
    ['foo=bar,foobar=bar,baz=blah', false],
  ])('fields match %j: %s', (text, expected) => {
    expect(matchesFields(parseFieldSelector(text), { foo: 'bar', baz: 'blah', complex: '=value\\,\\' })).toBe(expected);
  });
  it('field selectors', () => {
    expect(
      matchesFields(parseFieldSelector('spec.nodeName=,status.phase!=Running'), { 'spec.nodeName': '', 'status.phase': 'Pending' }),
    ).toBe(true);
    expect(matchesFields(parseFieldSelector('status.phase==Running'), { 'status.phase': 'Pending' })).toBe(false);
  });
});

describe('quantities', () => {
  // apimachinery/pkg/api/resource/quantity_test.go TestQuantityString, TestQuantityParseEmit
  it.each([
    ['1Ki', '1Ki'],
    ['1Mi', '1Mi'],
    ['1024Ki', '1Mi'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['1000m', '1'],
    ['0.5', '500m'],
    ['0.5Mi', '512Ki'],
    ['100m', '100m'],
    ['1e3', '1e3'],
    ['1000', '1k'],
    ['1000000', '1M'],
    ['1024', '1024'],
    ['0', '0'],
    ['0.0001Ki', '102400u'],
    ['0.9765625Ki', '1k'],
    ['-1', '-1'],
    ['1.0', '1'],
    ['.5', '500m'],
    ['0Gi', '0'],
  ])('%s is stored as %s', (text, expected) => {
    expect(canonicalQuantity(text)).toBe(expected);
  });
  it.each(['', '1.1.1', '1+', '0.1mi', '1ki', 'a', '1e', '1 Gi'])('%j is no quantity', (text) => {
    expect(isQuantity(text)).toBe(false);
  });
  it('counts exactly', () => {
    expect([cpuMilli('100m'), cpuMilli('0.1'), cpuMilli('2'), cpuMilli('1.0005')]).toEqual([100, 100, 2000, 1001]);
    expect([wholeUnits('64Mi'), wholeUnits('1G'), wholeUnits('1500m')]).toEqual([67108864, 1000000000, 2]);
    expect(addQuantities('100m', '900m')).toBe('1');
    expect(addQuantities('512Mi', '0.5Gi')).toBe('1Gi');
    expect(compareQuantities('1Gi', '1024Mi')).toBe(0);
    expect(compareQuantities('1G', '1Gi')).toBe(-1);
  });
});

describe('names', () => {
  // apimachinery/pkg/util/validation/validation_test.go
  it.each(['a', 'ab', 'abc', 'a1', 'a-1', 'a--1--2--b', '0', '01', '1-a', 'a.a', 'a.b.c.d.e'])('%s may be a subdomain', (name) => {
    expect(checkName(name, 'metadata.name')).toEqual([]);
  });
  it.each(['A', 'ABC', 'aBc', '-', 'a-', '-a', '_', 'a_', 'a@', ' ', 'a b', '.', 'a.', '.a', 'a..b', 'a'.repeat(254)])(
    '%j may not',
    (name) => {
      expect(checkName(name, 'metadata.name')).toHaveLength(1);
    },
  );
  it("uses upstream's words", () => {
    expect(checkName('Web', 'metadata.name')[0].message).toBe(
      `Invalid value: "Web": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    );
    expect(checkName('a.b', 'x', 'label')[0].message).toBe('Invalid value: "a.b": must not contain dots');
  });
  it.each(['simple', '1-num.2-num/3-num', '1234/5678', 'example.com/Uppercase_Is_OK.123', 'requests.storage-foo'])(
    '%s may be a key',
    (key) => {
      expect(labelKeyErrors(key)).toEqual([]);
    },
  );
  it.each(['nospecialchars%^=@', '-cantstartwithdash', 'only/one/slash', 'Example.com/abc', 'example.com/', '/simple', 'a'.repeat(64)])(
    '%s may not be a key',
    (key) => {
      expect(labelKeyErrors(key).length).toBeGreaterThan(0);
    },
  );
  it('values may be empty and at most 63 long', () => {
    expect([
      labelValueErrors(''),
      labelValueErrors('a'.repeat(63)),
      labelValueErrors('a'.repeat(64)).length,
      labelValueErrors('-x').length,
    ]).toEqual([[], [], 1, 1]);
  });
});

describe('times', () => {
  // apimachinery/pkg/util/duration/duration_test.go TestHumanDuration
  const [m, h, d, y] = [60, 3600, 86400, 31536000];
  it.each<[number, string]>([
    [1, '1s'],
    [70, '70s'],
    [190, '3m10s'],
    [70 * m, '70m'],
    [47 * h, '47h'],
    [49 * h, '2d1h'],
    [8 * d + 2 * h, '8d'],
    [367 * d, '367d'],
    [(365 * 2 + 25) * d, '2y25d'],
    [365 * 8 * d + 2 * d, '8y'],
    [10 * m, '10m'],
    [8 * h, '8h'],
    [2 * y, '2y'],
    [-1, '0s'],
    [-2, '<invalid>'],
  ])('%d s is %s', (seconds, text) => {
    expect(humanDuration(seconds)).toBe(text);
  });
  it('RFC 3339 there and back', () => {
    for (const text of ['1970-01-01T00:00:00Z', '2000-02-29T23:59:59Z', '2026-11-21T02:30:39Z', '2100-03-01T00:00:00Z'])
      expect(rfc3339(parseTime(text))).toBe(text);
    expect(parseTime('2026-04-22T12:00:00+02:00')).toBe(parseTime('2026-04-22T10:00:00Z'));
    expect(parseTime('2026-04-22T10:00:00Z')).toBe(1776852000000);
  });
});

describe('refusals', () => {
  it("are in upstream's words", () => {
    expect(notFound('deployments.apps', 'web')).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'deployments.apps "web" not found',
      details: { name: 'web', group: 'apps', kind: 'deployments' },
    });
    expect(
      conflict('deployments.apps', 'web', 'the object has been modified; please apply your changes to the latest version and try again')
        .message,
    ).toBe(
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(invalid({ group: 'apps', kind: 'Deployment' }, 'web', [required('spec.x')])).toMatchObject({
      code: 422,
      message: 'Deployment.apps "web" is invalid: spec.x: Required value',
      details: { causes: [{ reason: 'FieldValueRequired', field: 'spec.x', message: 'Required value' }] },
    });
    expect(invalid({ group: '', kind: 'Pod' }, 'p', [required('a'), required('b')]).message).toBe(
      'Pod "p" is invalid: [a: Required value, b: Required value]',
    );
  });
});

describe('odds and ends', () => {
  // apimachinery/pkg/util/intstr/intstr_test.go TestGetValueFromIntOrPercent
  it('percentages round as asked', () => {
    expect([scaledValue('25%', 10, true), scaledValue('25%', 10, false), scaledValue('90%', 100, false), scaledValue(3, 10, true)]).toEqual(
      [3, 2, 90, 3],
    );
  });
  it('safe encoding has no vowels', () => {
    expect(safeEncode('3597968521')).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/);
  });
  it('a template hash rests on content, not on order, and on collisions', () => {
    expect(templateHash({ a: 1, b: undefined, c: { d: 2, e: 3 } })).toBe(templateHash({ c: { e: 3, d: 2 }, a: 1 }));
    expect(templateHash({ a: 1 })).not.toBe(templateHash({ a: 1 }, 1));
  });
});
