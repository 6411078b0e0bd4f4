/** Templates as kubectl v1.32.4 carries them out: each text is what it printed of such a Deployment. Comparisons, and the second tables: cli-runtime v0.36.4 pkg/printers NewGoTemplatePrinter over Go 1.26's text/template. */
import { describe, expect, it } from 'vitest';
import { openCluster } from '../../src/engine/headless.ts';
import { printTemplate } from '../../src/kubectl/go-template/print-template.ts';
import { outputOf } from './said.ts';

const WEB = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'w', generation: 1, labels: { app: 'w' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'w' } },
    template: { spec: { containers: [{ image: 'nginx:1.29', name: 'nginx' }] } },
  },
  status: { conditions: [{ type: 'Available' }, { type: 'Progressing' }] },
};

const prints: readonly (readonly [template: string, prints: string])[] = [
  ['{{.metadata.name}}', 'w'],
  ['{{.spec.replicas}} {{.nope}} {{.spec.nope.x}}', '1 <no value> <no value>'],
  ['{{range $k, $v := .metadata.labels}}{{$k}}={{$v}};{{end}}', 'app=w;'],
  ['{{range .nope}}x{{else}}none{{end}}', 'none'],
  ['{{if .spec.paused}}paused{{else if .spec.replicas}}runs{{else}}no{{end}}', 'runs'],
  ['{{with .metadata}}{{.name}} {{$.kind}}{{end}}', 'w Deployment'],
  ['{{with .nope}}x{{else}}y{{end}}', 'y'],
  ['{{index .metadata.labels "app"}}', 'w'],
  ['{{index .spec.template.spec.containers 0 "image"}}', 'nginx:1.29'],
  ['{{(index .spec.template.spec.containers 0).image}}', 'nginx:1.29'],
  ['{{index .metadata.labels "nope"}}', '<no value>'],
  ['{{len .spec.template.spec.containers}} {{len .metadata.name}} {{len .metadata.labels}}', '1 1 1'],
  [
    '{{printf "%s-%v|%5d|%-5s|%05d|%q|%x|%t|%%" .kind .spec.replicas 7 "ab" 42 "q" 255 true}}',
    'Deployment-1|    7|ab   |00042|"q"|ff|true|%',
  ],
  ['{{printf "%d" .spec.replicas}}', '1'],
  ['{{printf "%s" .spec.replicas}}', '%!s(int64=1)'],
  ['{{printf "%d" 1 2}}', '1%!(EXTRA int=2)'],
  ['{{eq .kind "Deployment"}} {{ne .kind "x"}} {{eq .kind "a" "Deployment"}}', 'true true true'],
  ['{{eq .spec.replicas 1}}', 'true'],
  ['{{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 1.5 1.0}} {{lt "a" "b"}}', 'true true false true true'],
  ['{{and .kind 0}} {{or "" "x"}} {{not .kind}} {{and true .nope}}', '0 x false <no value>'],
  ['{{.metadata.name | printf "%s!" | len}}', '2'],
  ['{{/* a comment */}}x{{- " y " -}} z', 'x y z'],
  ['{{$n := .metadata.name}}{{$n}}{{$n = "b"}}{{$n}}', 'wb'],
  ['{{define "T"}}<{{.}}>{{end}}{{template "T" .kind}}', '<Deployment>'],
  ['{{block "B" .kind}}[{{.}}]{{end}}', '[Deployment]'],
  ['{{range .spec.template.spec.containers}}{{break}}{{end}}done', 'done'],
  ['{{slice .metadata.name 0 1}}', 'w'],
  ['{{base64decode "aGk="}}', 'hi'],
  ['{{exists .metadata "name"}} {{exists . "nope" "x"}}', 'true false'],
  ['{{"quoted \\"x\\"\\t\\u00e9"}} {{`raw\\n`}} {{1.50}} {{0x10}} {{1e3}}', 'quoted "x"\té raw\\n 1.5 16 1000'],
  ['{{.kind | }}', 'Deployment'],
  ['{{(.metadata).name}} {{.metadata.labels.app}}', 'w w'],
  ['{{.spec.replicas | printf "%v-%v" 1}}', '1-1'],
  ['{{range $i := .spec.template.spec.containers}}{{$i.name}}{{end}}', 'nginx'],
  ['{{if eq .spec.replicas 1}}one{{end}}', 'one'],
  ['{{- .kind -}}   x   {{- 3}}', 'Deploymentx3'],
  [
    '{{html "<a>"}} {{js "a<b"}} {{urlquery "a b&c"}} {{print 1 2 "x" "y" 3}} {{println "z" 1}}|',
    '&lt;a&gt; a\\u003Cb a+b%26c 1 2xy3 z 1\n|',
  ],
  ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
  ['{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}', '21'],
  ['{{(index .spec.template.spec.containers 0).ports.x}}', '<no value>'],
  ['{{eq .nope "x"}} {{eq .nope .nada}}', 'false true'],
  ['{{with $x := .kind}}{{$x}}{{.}}{{end}}', 'DeploymentDeployment'],
  ['{{with .nope}}a{{else with .kind}}b{{.}}{{end}}', 'bDeployment'],
  ['{{range $i, $c := .status.conditions}}{{if $i}},{{end}}{{$c.type}}{{end}}', 'Available,Progressing'],
  ['{{range .status.conditions}}{{if eq .type "Progressing"}}{{continue}}{{end}}{{.type}}{{end}}', 'Available'],
  ['x{{/* c */ -}}   y', 'xy'],
  ['{{printf "%s %d %v" .nope 1}}', '%!s(<nil>) 1 %!v(MISSING)'],
  ['{{printf "%6.2f|%+d|%08.3f|%e|%g" 1.5 3 2.25 1234.5 0.1}}', '  1.50|+3|0002.250|1.234500e+03|0.1'],
  ['{{exists .metadata.labels "app"}}', 'true'],
  ['{{print .nope}} {{.nope | print}}', '<nil> <nil>'],
  ['{{-3}} {{ -3 }}', '-3 -3'],
  ['{{range .metadata.labels}}{{.}}{{end}} {{range $.metadata.labels}}{{.}}{{end}}', 'w w'],
  ['{{if not (eq .kind "Pod")}}{{"not"}} a pod{{end}}', 'not a pod'],
  ['{{template "T" .}}{{define "T"}}{{.kind}}{{end}}', 'Deployment'],
  ['{{if eq .kind "Pod"}}p{{else if eq .kind "Deployment"}}d{{end}}', 'd'],
  ['{{ .kind}}-{{.spec.selector.matchLabels.app }}', 'Deployment-w'],
  ['{{len "é"}} {{index "abc" 1}} {{"a\\tb"}}', '2 98 a\tb'],
  ['{{true | not}} {{not true}} {{"" | not}}', 'false false true'],
  ["{{'c'}} {{'\\n'}} {{eq 'c' 99}}", '99 10 true'],
  ['{{010}} {{1_000}} {{0b101}} {{0.0000001}} {{1e21}}', '8 1000 5 1e-07 1e+21'],
  ['{{exists .nope}} {{exists .metadata}}', 'true true'],
  ['{{html .nope}} {{urlquery .nope}}', '&lt;no value&gt; %3Cno+value%3E'],
  [
    '{{printf "%08v|%5.2s|%-6t|%#q|% x|%+.1e|%T" .kind "abc" true "x" "ab" 12.5 .spec.replicas}}',
    'Deployment|   ab|true  |`x`|61 62|+1.2e+01|int64',
  ],
  ['{{printf "%5d" .kind}}', '%!d(string=Deployment)'],
  ['{{index "abc" (len "x")}}', '98'],
];
const unreadable: readonly (readonly [template: string, error: string])[] = [
  ['{{nofunc 1}}', 'function "nofunc" not defined'],
  ['{{.metadata.name', 'unclosed action'],
  ['{{if .kind}}x', 'unexpected EOF'],
  ['{{end}}', 'unexpected {{end}}'],
  ['{{else}}', 'unexpected {{else}}'],
  ['{{}}', 'missing value for command'],
  ['{{$x}}', 'undefined variable "$x"'],
  ['{{.a b}}', 'function "b" not defined'],
  ['{{"a}}', 'unterminated quoted string'],
  ['{{if}}x{{end}}', 'missing value for if'],
  ['{{range}}', 'missing value for range'],
  ['{{define "a"}}x', 'unexpected EOF'],
  ['{{template}}', 'unexpected "}}" in template clause'],
  ['{{break}}', '{{break}} outside {{range}}'],
  ['{{else if .x}}', 'unexpected {{else}}'],
  ['{{if .kind}}a{{else}}b{{else}}c{{end}}', 'expected end; found {{else}}'],
  ['{{', 'unclosed action'],
  ['{{/* x }}', 'unclosed comment'],
  ['{{ (1 }}', 'unclosed left paren'],
  ['{{ 1) }}', 'unexpected right paren'],
  ['{{.kind}', "bad character U+007D '}'"],
  ['{{a.b}}', 'function "a" not defined'],
  ['{{"x" | "y"}}', 'non executable command in pipeline stage 2'],
  ['{{.kind | 1}}', 'non executable command in pipeline stage 2'],
  ['{{@}}', 'unexpected "@" in command'],
  ['{{.kind | | print}}', 'unexpected "|" in command'],
  ['{{1.2.3}}', 'unexpected ".3" in operand'],
  ['{{"\\z"}}', 'invalid syntax'],
  ["{{'ab'}}", "malformed character constant: 'ab'"],
  ["{{'a}}", 'unterminated character constant'],
  ['{{089}}', 'integer overflow: "089"'],
  ['{{+}}', 'illegal number syntax: "+"'],
  ['{{"a".b}}', 'unexpected . after term "\\"a\\""'],
  ['{{if .x}}{{define "T"}}{{end}}{{end}}', 'unexpected <define> in command'],
  ['{{range .x}}{{else if .y}}{{end}}', 'unexpected <if> in input'],
  ['{{end .spec.f}}', 'unexpected ".spec" in end'],
  ['{{range $a, 1 := .x}}{{end}}', 'range can only initialize variables'],
  ['{{1x}}', 'bad number syntax: "1x"'],
  ['{{$a, $b := .x}}', 'too many declarations in command'],
  ['{{.kind := 1}}', 'unexpected ":=" in operand'],
];
const failing: readonly (readonly [template: string, before: string, error: string])[] = [
  ['{{.spec.replicas.x}}', '', 'output:1:7: executing "output" at <.spec.replicas.x>: can\'t evaluate field x in type interface {}'],
  ['{{.metadata.name.x}}', '', 'output:1:11: executing "output" at <.metadata.name.x>: can\'t evaluate field x in type interface {}'],
  [
    '{{index .spec.template.spec.containers 5}}',
    '',
    'output:1:2: executing "output" at <index .spec.template.spec.containers 5>: error calling index: index out of range: 5',
  ],
  ['{{true}} {{nil}}', 'true ', 'output:1:11: executing "output" at <nil>: nil is not a command'],
  ['{{range .kind}}x{{end}}', '', 'output:1:8: executing "output" at <.kind>: range can\'t iterate over Deployment'],
  ['{{len 3}}', '', 'output:1:2: executing "output" at <len 3>: error calling len: len of type int'],
  [
    '{{index .kind "x"}}',
    '',
    'output:1:2: executing "output" at <index .kind "x">: error calling index: cannot index slice/array with type string',
  ],
  ['{{index 1 2}}', '', 'output:1:2: executing "output" at <index 1 2>: error calling index: can\'t index item of type int'],
  ['{{template "no"}}', '', 'output:1:11: executing "output" at <{{template "no"}}>: template "no" not defined'],
  ['{{eq 1 "a"}}', '', 'output:1:2: executing "output" at <eq 1 "a">: error calling eq: incompatible types for comparison: int and string'],
  ['{{lt .metadata 1}}', '', 'output:1:2: executing "output" at <lt .metadata 1>: error calling lt: invalid type for comparison'],
  ['{{not}}', '', 'output:1:2: executing "output" at <not>: wrong number of args for not: want 1 got 0'],
  ['{{len}}', '', 'output:1:2: executing "output" at <len>: wrong number of args for len: want 1 got 0'],
  ['{{.kind 1}}', '', 'output:1:2: executing "output" at <.kind>: kind is not a method but has arguments'],
  [
    '{{if and .kind (eq .spec.replicas 1.0)}}one{{end}}',
    '',
    'output:1:16: executing "output" at <eq .spec.replicas 1.0>: error calling eq: incompatible types for comparison: int64 and float64',
  ],
  ['{{1 | .kind}}', '', 'output:1:6: executing "output" at <.kind>: kind is not a method but has arguments'],
  ['{{"x" 1}}', '', 'output:1:2: executing "output" at <"x">: can\'t give argument to non-function "x"'],
  ['{{$ 1}}', '', 'output:1:2: executing "output" at <$>: can\'t give argument to non-function $'],
  ['{{index .nope "a"}}', '', 'output:1:2: executing "output" at <index .nope "a">: error calling index: index of untyped nil'],
  [
    '{{len .nope}}',
    '',
    'output:1:2: executing "output" at <len .nope>: error calling len: reflect: call of reflect.Value.Type on zero Value',
  ],
  ['{{printf}}', '', 'output:1:2: executing "output" at <printf>: wrong number of args for printf: want at least 1 got 0'],
  ['{{printf 1}}', '', 'output:1:9: executing "output" at <1>: expected string; found 1'],
  ['{{not 1 2}}', '', 'output:1:2: executing "output" at <not>: wrong number of args for not: want 1 got 2'],
  [
    '{{.metadata.labels.app.x.y}}',
    '',
    'output:1:11: executing "output" at <.metadata.labels.app.x.y>: can\'t evaluate field x in type interface {}',
  ],
  [
    '{{$l := .metadata.labels}}{{$l.app}} {{$l.app.x}}',
    'w ',
    'output:1:41: executing "output" at <$l.app.x>: can\'t evaluate field x in type interface {}',
  ],
  [
    '{{slice .metadata.name 5}}',
    '',
    'output:1:2: executing "output" at <slice .metadata.name 5>: error calling slice: index out of range: 5',
  ],
  ['{{slice 1 2}}', '', 'output:1:2: executing "output" at <slice 1 2>: error calling slice: can\'t slice item of type int'],
  [
    '{{index .metadata.labels 1}}',
    '',
    'output:1:2: executing "output" at <index .metadata.labels 1>: error calling index: value has type int; should be string',
  ],
  ['{{eq 1}}', '', 'output:1:2: executing "output" at <eq 1>: error calling eq: missing argument for comparison'],
  ['{{and}}', '', 'output:1:2: executing "output" at <and>: wrong number of args for and: want at least 1 got 0'],
  ['{{lt 1 "a"}}', '', 'output:1:2: executing "output" at <lt 1 "a">: error calling lt: incompatible types for comparison: int and string'],
  [
    '{{base64decode "!"}}',
    '',
    'output:1:2: executing "output" at <base64decode "!">: error calling base64decode: base64 decode failed: illegal base64 data at input byte 0',
  ],
  ['{{.spec.replicas | len}}', '', 'output:1:19: executing "output" at <len>: error calling len: len of type int64'],
  ['{{with .kind}}{{.x}}{{end}}', '', 'output:1:16: executing "output" at <.x>: can\'t evaluate field x in type string'],
  ['{{$x := $x}}', '', 'output:1:8: executing "output" at <$x>: undefined variable: $x'],
  [
    '{{define "T"}}{{.x.y}}{{end}}{{template "T" .kind}}',
    '',
    'output:1:18: executing "T" at <.x.y>: can\'t evaluate field x in type string',
  ],
  [
    '{{range $i, $x := .spec.replicas}}{{end}}',
    '',
    'output:1:23: executing "output" at <.spec.replicas>: can\'t use 1 to iterate over more than one variable',
  ],
  [
    '{{slice .kind .spec.replicas}}',
    '',
    'output:1:2: executing "output" at <slice .kind .spec.replicas>: error calling slice: cannot index slice/array with type interface {}',
  ],
  [
    '{{index .status.conditions 2}}',
    '',
    'output:1:2: executing "output" at <index .status.conditions 2>: error calling index: reflect: slice index out of range',
  ],
  ['{{base64decode .nope}}', '', 'output:1:15: executing "output" at <.nope>: invalid value; expected string'],
  [
    '{{eq .metadata .metadata.labels}}',
    '',
    'output:1:2: executing "output" at <eq .metadata .metadata.labels>: error calling eq: non-comparable type map[app:w]: map[string]interface {}',
  ],
  ['{{$x = 1}}', '', 'output:1:7: executing "output" at <1>: undefined variable: $x'],
];

describe('-o go-template', () => {
  it.each(prints)('%s', (template, out) => expect(printTemplate(template, WEB)).toEqual({ out }));
  it.each(unreadable)('%s cannot be read', (template, error) =>
    expect(printTemplate(template, WEB)).toEqual({
      out: '',
      err: `error: error parsing template ${template}, template: output:1: ${error}\n`,
    }),
  );
  it.each(failing)('%s fails', (template, before, error) => {
    const { out, err } = printTemplate(template, WEB);
    expect(err).toBe(`error: error executing template ${JSON.stringify(template)}: template: ${error}\n`);
    expect(
      out.startsWith(
        `${before}Error executing template: template: ${error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t{"apiVersion":"apps/v1",`,
      ),
    ).toBe(true);
    expect(out).toMatch(/\n\tobject given to template engine was:\n\t\tmap\[apiVersion:apps\/v1 .*\]\]\n\n$/);
  });
  it('names the line', () => {
    const parsed = (template: string): string | undefined =>
      printTemplate(template, WEB).err?.slice(`error: error parsing template ${template}, `.length);
    expect(parsed('a\nb{{nope}}')).toBe('template: output:2: function "nope" not defined\n');
    expect(parsed('{{.kind\n')).toBe('template: output:2: unclosed action started at output:1\n');
    expect(parsed('{{.kind\n "x')).toBe('template: output:2: unterminated quoted string in action started at output:1\n');
  });
  it('counts, as Go does since 1.24', () => expect(printTemplate('{{range $i := 3}}{{$i}}{{end}}', WEB).out).toBe('012'));

  it('is an output of every command', () => {
    const cluster = openCluster({ topology: { workers: 1 } });
    const out = outputOf(cluster);
    expect(out(['create', 'cm', 'c', '--from-literal=a=b', '-o', 'go-template={{.data.a}}'])).toBe('b');
    expect(out(['get', 'cm', '-o', 'template={{range .items}}{{.metadata.name}} {{end}}'])).toBe('c kube-root-ca.crt ');
    expect(out(['get', 'cm', 'c', '--template={{.kind}}'])).toBe('ConfigMap');
    expect(out(['get', 'cm', 'c', '--template={.kind}', '-o', 'jsonpath'])).toBe('ConfigMap');
    expect(out(['get', 'cm', 'c', '--template={{.kind}}', '-o', 'name'])).toBe('configmap/c\n');
    expect(out(['label', 'cm', 'c', 'q=r', '-o', 'go-template={{.metadata.labels.q}}'])).toBe('r');
    expect(out(['get', 'cm', '-o', 'go-template'])).toBe('error: template format specified but no template given\n');
    expect(out(['get', 'cm', '-o', 'go-template-file=x'])).toBe('error: error reading --template x, open x: no such file or directory\n');
  });
});
